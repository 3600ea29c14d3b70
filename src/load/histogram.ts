// A log-linear histogram in fixed memory, with the bucket layout of HdrHistogram: values below 2^bits
// each have a bucket of their own; above, each doubling is cut into 2^(bits-1) equal parts. The
// relative error of a value is at most 2^-bits. A plain record, so that it crosses threads as it is.

/** The largest value that can be recorded: 2^31 - 1 microseconds, almost 36 minutes. */
export const LARGEST_VALUE = 2 ** 31 - 1;

/** Three significant digits: what latencies are reported from. */
export const FINE_BITS = 11;

/** Half a percent: what series, saved blocks and heat maps are made of. */
export const COARSE_BITS = 8;

export interface Histogram {
  readonly bits: number;
  /** Counts are floating point: exact up to 2^53. */
  readonly counts: Float64Array;
  total: number;
  /** Exact, unlike what the buckets would give. */
  sum: number;
  min: number;
  max: number;
}

export function createHistogram(bits: number = FINE_BITS): Histogram {
  const length = (31 - bits + 2) << (bits - 1);
  return { bits, counts: new Float64Array(length), total: 0, sum: 0, min: LARGEST_VALUE, max: 0 };
}

/** Records one value: a whole number, clamped to 0 ... LARGEST_VALUE. Allocates nothing. */
export function record(histogram: Histogram, value: number): void {
  const clamped = value > LARGEST_VALUE ? LARGEST_VALUE : value > 0 ? value | 0 : 0;
  const index = bucketIndex(histogram.bits, clamped);
  histogram.counts[index] = (histogram.counts[index] ?? 0) + 1;
  histogram.total += 1;
  histogram.sum += clamped;
  if (clamped < histogram.min) histogram.min = clamped;
  if (clamped > histogram.max) histogram.max = clamped;
}

/** Takes one recorded value out again. The least and the greatest are then those of the buckets left. */
export function unrecord(histogram: Histogram, value: number): void {
  const clamped = value > LARGEST_VALUE ? LARGEST_VALUE : value > 0 ? value | 0 : 0;
  const index = bucketIndex(histogram.bits, clamped);
  histogram.counts[index] = (histogram.counts[index] ?? 0) - 1;
  histogram.total -= 1;
  histogram.sum -= clamped;
  if (clamped === histogram.min) histogram.min = edge(histogram, [...histogram.counts.keys()], LARGEST_VALUE);
  if (clamped === histogram.max) histogram.max = edge(histogram, [...histogram.counts.keys()].reverse(), 0);
}

function edge({ bits, counts }: Histogram, order: readonly number[], none: number): number {
  const index = order.find((bucket) => (counts[bucket] ?? 0) > 0);
  return index === undefined ? none : bucketRange(bits, index).low;
}

/** The bucket that holds `value`. */
export function bucketIndex(bits: number, value: number): number {
  const shift = 32 - bits - Math.clz32(value | ((1 << bits) - 1));
  return (shift << (bits - 1)) + (value >>> shift);
}

/** The lowest value of a bucket and the number of values that share it. */
export function bucketRange(bits: number, index: number): { readonly low: number; readonly width: number } {
  const half = 1 << (bits - 1);
  const shift = Math.max(0, Math.floor(index / half) - 1);
  return { low: (index - shift * half) * 2 ** shift, width: 2 ** shift };
}

/** Adds `from` to `into`; both have the same precision. Exact: the order of merges does not matter. */
export function mergeInto(into: Histogram, from: Histogram): void {
  if (into.bits !== from.bits) throw new RangeError('histograms of different precision cannot be merged');
  for (let index = 0; index < into.counts.length; index += 1) {
    into.counts[index] = (into.counts[index] ?? 0) + (from.counts[index] ?? 0);
  }
  into.total += from.total;
  into.sum += from.sum;
  into.min = Math.min(into.min, from.min);
  into.max = Math.max(into.max, from.max);
}

/** A new histogram that holds everything of `parts`. */
export function merged(parts: readonly Histogram[], bits: number = FINE_BITS): Histogram {
  const whole = createHistogram(bits);
  for (const part of parts) mergeInto(whole, part);
  return whole;
}

/**
 * The value at a percentile by nearest rank: the smallest recorded value that at least `percent` of all
 * values do not exceed; the middle of its bucket, within [min, max]. 0 when nothing was recorded.
 */
export function percentile(histogram: Histogram, percent: number): number {
  const rank = Math.max(1, Math.ceil((percent / 100) * histogram.total - 1e-9));
  let seen = 0;
  for (let index = 0; index < histogram.counts.length; index += 1) {
    seen += histogram.counts[index] ?? 0;
    if (seen >= rank) return clampToSeen(histogram, middle(histogram.bits, index));
  }
  return 0;
}

/** The arithmetic mean; exact. 0 when nothing was recorded. */
export function mean({ sum, total }: Histogram): number {
  return total === 0 ? 0 : sum / total;
}

/** The sample standard deviation, from the middles of the buckets. 0 for fewer than two values. */
export function standardDeviation(histogram: Histogram): number {
  if (histogram.total < 2) return 0;
  const centre = mean(histogram);
  let squares = 0;
  for (const [value, count] of entries(histogram)) squares += count * (value - centre) ** 2;
  return Math.sqrt(squares / (histogram.total - 1));
}

/** The occupied buckets in rising order: the middle of each and its count. */
function* entries(histogram: Histogram): Generator<readonly [value: number, count: number]> {
  for (let index = 0; index < histogram.counts.length; index += 1) {
    const count = histogram.counts[index] ?? 0;
    if (count > 0) yield [clampToSeen(histogram, middle(histogram.bits, index)), count];
  }
}

function middle(bits: number, index: number): number {
  const { low, width } = bucketRange(bits, index);
  return low + (width - 1) / 2;
}

function clampToSeen({ min, max }: Histogram, value: number): number {
  return Math.min(max, Math.max(min, value));
}
