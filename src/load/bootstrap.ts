// Confidence intervals from blocks of measurement, without assuming any distribution: the blocks are
// drawn again with replacement, and every figure is computed from what was drawn.
import type { Histogram } from './histogram.ts';

/** One stretch of measurement of one target. */
export interface Block {
  /** Of successful requests, in microseconds. */
  readonly latencies: Histogram;
  readonly failed: number;
  readonly seconds: number;
}

/** Blocks whose histograms hold only the buckets that any of them uses: what resampling adds up. */
export interface CompactBlocks {
  /** The middle value of each kept bucket, rising. */
  readonly values: Float64Array;
  readonly counts: readonly Float64Array[];
  readonly failed: readonly number[];
  readonly seconds: readonly number[];
}

/** The sum of some blocks. */
export interface Sample {
  readonly values: Float64Array;
  readonly counts: Float64Array;
  readonly answered: number;
  readonly failed: number;
  readonly seconds: number;
}

/** Adds up the blocks at `chosen`; one may be chosen more than once. */
export function sampleOf(blocks: CompactBlocks, chosen: readonly number[]): Sample {
  const times = new Float64Array(blocks.counts.length);
  for (const index of chosen) times[index] = (times[index] ?? 0) + 1;
  const counts = new Float64Array(blocks.values.length);
  let [failed, seconds] = [0, 0];
  blocks.counts.forEach((block, index) => {
    const weight = times[index] ?? 0;
    if (weight === 0) return;
    addWeighted(counts, block, weight);
    failed += weight * (blocks.failed[index] ?? 0);
    seconds += weight * (blocks.seconds[index] ?? 0);
  });
  let answered = 0;
  for (const count of counts) answered += count;
  return { values: blocks.values, counts, answered, failed, seconds };
}

/** The innermost loop of a comparison: a hundred million additions. Both have the same length. */
function addWeighted(into: Float64Array, block: Float64Array, weight: number): void {
  for (let at = 0; at < into.length; at += 1)
    into[at] = (into[at] as number) + weight * (block[at] as number);
}

/** Draws `size` indexes below `size` with replacement. `random` is uniform in [0, 1). */
export function drawBlocks(size: number, random: () => number): number[] {
  return Array.from({ length: size }, () => Math.floor(random() * size));
}

/** An interval that holds the true value with the given confidence. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The percentile interval of a bootstrap distribution, widened for few blocks as Hesterberg (2015, "What
 * Teachers Should Know about the Bootstrap", 3.3) gives it: without that it is too narrow by a factor of
 * sqrt((n - 1) / n) and takes the normal for the t distribution. `error` is 1 - confidence.
 */
export function expandedInterval(replicates: readonly number[], blocks: number, error: number): Interval {
  const sorted = [...replicates].sort((left, right) => left - right);
  const tail = normalCdf(-Math.sqrt(blocks / (blocks - 1)) * studentQuantile(1 - error / 2, blocks - 1));
  return { low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) };
}

function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

/** The standard normal distribution function (Abramowitz and Stegun 7.1.26; error below 1.5e-7). @internal */
export function normalCdf(x: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(x)) / Math.SQRT2);
  const poly =
    ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const upper = (poly * Math.exp((-x * x) / 2)) / 2;
  return x < 0 ? upper : 1 - upper;
}

/** The quantile of the normal distribution, by bisection of its distribution function. */
export function normalQuantile(share: number): number {
  let [low, high] = [-10, 10];
  for (let step = 0; step < 80; step += 1) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The quantile of Student's t (Cornish-Fisher expansion, Abramowitz and Stegun 26.7.5). */
export function studentQuantile(share: number, degrees: number): number {
  const z = normalQuantile(share);
  const terms = [
    z,
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
  ];
  return terms.reduce((sum, term, power) => sum + term / degrees ** power, 0);
}
