import { bucketIndex, bucketRange, createHistogram, type Histogram, percentile } from './histogram.ts';

/**
 * What a closed-model run would have seen had each connection gone on sending every median latency
 * while the server stalled: a latency v also stands for those of v - i, v - 2i ... that were never sent
 * (i the median; Gil Tene's correction for coordinated omission, as in HdrHistogram).
 */
export function correctForOmission(histogram: Histogram): Histogram {
  const interval = Math.max(1, percentile(histogram, 50));
  const corrected = createHistogram(histogram.bits);
  corrected.counts.set(histogram.counts);
  const buckets = histogram.counts.length;
  // The lower edge of each bucket, and one beyond the last.
  const edges = Float64Array.from(
    { length: buckets + 1 },
    (_, index) => bucketRange(histogram.bits, index).low,
  );
  histogram.counts.forEach((count, source) => {
    if (count === 0) return;
    const value = ((edges[source] as number) + (edges[source + 1] as number) - 1) / 2;
    if (value >= 2 * interval) addMissing(corrected, edges, value, interval, count);
  });
  summariseCounts(corrected, histogram);
  return corrected;
}

/** Counts each of value - k * interval that is at least one interval, in the bucket where it falls. */
function addMissing(
  into: Histogram,
  edges: Float64Array,
  value: number,
  interval: number,
  count: number,
): void {
  const last = bucketIndex(into.bits, Math.floor(value));
  for (let index = bucketIndex(into.bits, Math.floor(interval)); index <= last; index += 1) {
    const low = Math.max(edges[index] as number, interval);
    const upTo = Math.floor((value - low) / interval);
    const before = Math.max(0, Math.floor((value - (edges[index + 1] as number)) / interval));
    if (upTo > before) into.counts[index] = (into.counts[index] as number) + count * (upTo - before);
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
