import { bucketRange, createHistogram, type Histogram, percentile } from './histogram.ts';

/**
 * What a closed-model run would have seen had each connection gone on sending every median latency
 * while the server stalled: a latency v also stands for those of v - i, v - 2i ... that were never sent
 * (i the median; Gil Tene's correction for coordinated omission, as in HdrHistogram).
 */
export function correctForOmission(histogram: Histogram): Histogram {
  const interval = Math.max(1, percentile(histogram, 50));
  const corrected = createHistogram(histogram.bits);
  corrected.counts.set(histogram.counts);
  for (let source = 0; source < histogram.counts.length; source += 1) {
    const count = histogram.counts[source] ?? 0;
    const { low, width } = bucketRange(histogram.bits, source);
    const value = low + (width - 1) / 2;
    if (count > 0 && value >= 2 * interval) addMissing(corrected, value, interval, count);
  }
  summariseCounts(corrected, histogram);
  return corrected;
}

/** Counts each of value - k * interval that is at least one interval, in the bucket where it falls. */
function addMissing(into: Histogram, value: number, interval: number, count: number): void {
  for (let index = 0; index < into.counts.length; index += 1) {
    const { low, width } = bucketRange(into.bits, index);
    if (low > value) return;
    const upTo = Math.floor((value - Math.max(low, interval)) / interval);
    const before = Math.max(0, Math.floor((value - low - width) / interval));
    if (low + width <= interval || upTo <= before) continue;
    into.counts[index] = (into.counts[index] ?? 0) + count * (upTo - before);
  }
}

function summariseCounts(into: Histogram, original: Histogram): void {
  into.total = 0;
  into.sum = 0;
  into.min = original.min;
  into.max = original.max;
  for (let index = 0; index < into.counts.length; index += 1) {
    const count = into.counts[index] ?? 0;
    const { low, width } = bucketRange(into.bits, index);
    into.total += count;
    into.sum += count * (low + (width - 1) / 2);
  }
}
