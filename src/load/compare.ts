// Which of two targets is better, if that can be told at all.
import {
  type Block,
  type CompactBlocks,
  drawBlocks,
  expandedInterval,
  type Interval,
  normalQuantile,
  type Sample,
  sampleOf,
  studentQuantile,
} from './bootstrap.ts';
import { bucketRange } from './histogram.ts';

/** `worse` and `better` are those of the candidate. */
export type Verdict = 'better' | 'worse' | 'no difference shown' | 'too noisy';

/** One figure of both targets. */
export interface MetricComparison {
  readonly name: string;
  readonly unit: 'ms' | '/s';
  readonly baseline: number;
  readonly candidate: number;
  /** (candidate - baseline) / baseline. */
  readonly difference: number;
  readonly interval: Interval;
  /** The smallest relative difference that a run like this one finds four times in five. */
  readonly detectable: number;
  readonly verdict: Verdict;
}

interface Side {
  readonly answered: number;
  readonly failed: number;
  readonly failedShare: number;
}

export interface Comparison {
  readonly baseline: Side;
  readonly candidate: Side;
  readonly blocks: number;
  /** Drawn in pairs that were measured side by side; false: against a saved run. */
  readonly paired: boolean;
  readonly metrics: readonly MetricComparison[];
  readonly verdict: Verdict;
  /** Why the verdict is what it is, one sentence. */
  readonly reason: string;
}

const RESAMPLES = 2000;
/** The share of comparisons of equal targets that may be called different, over all metrics together. */
const FALSE_ALARMS = 0.05;
/** A run that could not even find a difference of this size is no evidence of equality. */
const NOISY_FROM = 0.25;
/** What a comparison needs of each target. */
export const FEWEST_BLOCKS = 4;

interface Metric {
  readonly name: string;
  readonly unit: 'ms' | '/s';
  /** 1 when more is better. */
  readonly sign: 1 | -1;
  readonly of: (sample: Sample) => number;
}

const METRICS: readonly Metric[] = [
  { name: 'Requests/s', unit: '/s', sign: 1, of: ({ answered, seconds }) => answered / seconds },
  { name: 'Avg', unit: 'ms', sign: -1, of: (sample) => meanOf(sample) / 1000 },
  ...[50, 90, 95, 99].map(
    (percent): Metric => ({
      name: `P${percent}`,
      unit: 'ms',
      sign: -1,
      of: (sample) => percentileOf(sample, percent) / 1000,
    }),
  ),
];

export interface CompareOptions {
  /** Block i of both was measured side by side; otherwise each side is drawn for itself. */
  readonly paired: boolean;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** The rate was given (open model): more requests a second are nobody's merit. */
  readonly fixedRate?: boolean;
}

/** Compares the blocks of two targets. Throws RangeError for fewer than four blocks of each. */
export function compareBlocks(
  baseline: readonly Block[],
  candidate: readonly Block[],
  options: CompareOptions,
): Comparison {
  if (Math.min(baseline.length, candidate.length) < FEWEST_BLOCKS) {
    throw new RangeError(`a comparison needs at least ${FEWEST_BLOCKS} blocks of each target`);
  }
  const [first, second] = [compact(baseline), compact(candidate)];
  const [whole, other] = [wholeOf(first), wholeOf(second)];
  const bothAnswer = whole.answered > 0 && other.answered > 0;
  const metrics = bothAnswer ? compareMetrics(first, second, options) : [];
  const sides = { baseline: sideOf(whole), candidate: sideOf(other) };
  return {
    ...sides,
    blocks: Math.min(baseline.length, candidate.length),
    paired: options.paired,
    metrics,
    ...conclude(sides.baseline, sides.candidate, metrics, failsMore(baseline, candidate)),
  };
}

const wholeOf = (blocks: CompactBlocks): Sample => sampleOf(blocks, [...blocks.counts.keys()]);

function compareMetrics(
  first: CompactBlocks,
  second: CompactBlocks,
  options: CompareOptions,
): MetricComparison[] {
  const metrics = METRICS.filter(({ unit }) => !(options.fixedRate && unit === '/s'));
  const [size, otherSize] = [first.counts.length, second.counts.length];
  const replicates = metrics.map((): number[] => []);
  for (let round = 0; round < RESAMPLES; round += 1) {
    const chosen = drawBlocks(size, options.random);
    const one = sampleOf(first, chosen);
    const two = sampleOf(second, options.paired ? chosen : drawBlocks(otherSize, options.random));
    if (one.answered === 0 || two.answered === 0) continue;
    metrics.forEach((metric, at) => {
      replicates[at]?.push(metric.of(two) / metric.of(one) - 1);
    });
  }
  const [whole, other] = [wholeOf(first), wholeOf(second)];
  const error = FALSE_ALARMS / metrics.length;
  return metrics.map((metric, at) =>
    judgeMetric(metric, whole, other, replicates[at] ?? [], Math.min(size, otherSize), error),
  );
}

function judgeMetric(
  metric: Metric,
  whole: Sample,
  other: Sample,
  replicates: readonly number[],
  blocks: number,
  error: number,
): MetricComparison {
  const [baseline, candidate] = [metric.of(whole), metric.of(other)];
  const interval = expandedInterval(replicates, blocks, error);
  const detectable = (normalQuantile(1 - error / 2) + normalQuantile(0.8)) * deviation(replicates);
  return {
    name: metric.name,
    unit: metric.unit,
    baseline,
    candidate,
    difference: candidate / baseline - 1,
    interval,
    detectable,
    verdict: verdictOf(interval, metric.sign, detectable),
  };
}

function verdictOf({ low, high }: Interval, sign: 1 | -1, detectable: number): Verdict {
  if (low > 0) return sign === 1 ? 'better' : 'worse';
  if (high < 0) return sign === 1 ? 'worse' : 'better';
  return detectable > NOISY_FROM ? 'too noisy' : 'no difference shown';
}

/** Errors come first: who fails more never wins. Then any metric that is worse, then any that is better. */
function conclude(
  baseline: Side,
  candidate: Side,
  metrics: readonly MetricComparison[],
  moreFailures: boolean,
): { verdict: Verdict; reason: string } {
  const share = ({ failedShare }: Side): string => `${(failedShare * 100).toFixed(2)} %`;
  if (baseline.answered + candidate.answered === 0) {
    return { verdict: 'too noisy', reason: 'neither target answered a single request with success' };
  }
  if (candidate.answered === 0)
    return { verdict: 'worse', reason: 'the candidate answered no request with success' };
  if (baseline.answered === 0)
    return { verdict: 'better', reason: 'the baseline answered no request with success' };
  const named = (verdict: Verdict): string =>
    metrics.flatMap((metric) => (metric.verdict === verdict ? [metric.name] : [])).join(', ');
  const [worse, better] = [named('worse'), named('better')];
  const failures = `it fails ${share(candidate)} of its requests, the baseline ${share(baseline)}`;
  if (moreFailures) return { verdict: 'worse', reason: failures };
  if (worse !== '')
    return { verdict: 'worse', reason: `${worse}: the interval lies wholly on the worse side` };
  if (better !== '' && candidate.failedShare > baseline.failedShare) {
    return { verdict: 'no difference shown', reason: `${better} would be better, but ${failures}` };
  }
  if (better !== '')
    return { verdict: 'better', reason: `${better}: the interval lies wholly on the better side` };
  if (named('too noisy') !== '') {
    return { verdict: 'too noisy', reason: `${named('too noisy')}: the runs vary too much to tell` };
  }
  return { verdict: 'no difference shown', reason: 'every interval includes zero' };
}

/** A share of failures that differs by less is nobody's concern. */
const SMALLEST_SHARE = 0.001;

/**
 * Whether the candidate fails more than chance explains: Welch's t over the blocks, one-sided, so that
 * failures that come in bursts are not taken for as many proofs.
 */
function failsMore(baseline: readonly Block[], candidate: readonly Block[]): boolean {
  const [first, second] = [failedShares(baseline), failedShares(candidate)];
  const gap = second.mean - first.mean;
  const degrees = Math.min(baseline.length, candidate.length) - 1;
  const limit = studentQuantile(1 - FALSE_ALARMS / 10, degrees);
  return gap > SMALLEST_SHARE && gap > limit * Math.sqrt(first.variance + second.variance);
}

/** The mean of the blocks' shares of failures, and the variance of that mean. */
function failedShares(blocks: readonly Block[]): { readonly mean: number; readonly variance: number } {
  const shares = blocks.map(({ failed, latencies }) => failed / Math.max(1, failed + latencies.total));
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const squares = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0);
  return { mean, variance: squares / (shares.length - 1) / shares.length };
}

function sideOf({ answered, failed }: Sample): Side {
  return { answered, failed, failedShare: answered + failed === 0 ? 0 : failed / (answered + failed) };
}

function compact(blocks: readonly Block[]): CompactBlocks {
  const used = new Set<number>();
  for (const { latencies } of blocks) {
    latencies.counts.forEach((count, index) => {
      if (count > 0) used.add(index);
    });
  }
  const indexes = [...used].sort((left, right) => left - right);
  const bits = blocks[0]?.latencies.bits ?? 1;
  return {
    values: Float64Array.from(indexes, (index) => {
      const { low, width } = bucketRange(bits, index);
      return low + (width - 1) / 2;
    }),
    counts: blocks.map(({ latencies }) =>
      Float64Array.from(indexes, (index) => latencies.counts[index] ?? 0),
    ),
    failed: blocks.map(({ failed }) => failed),
    seconds: blocks.map(({ seconds }) => seconds),
  };
}

function meanOf({ values, counts, answered }: Sample): number {
  let sum = 0;
  for (let at = 0; at < counts.length; at += 1) sum += (values[at] ?? 0) * (counts[at] ?? 0);
  return sum / answered;
}

function percentileOf({ values, counts, answered }: Sample, percent: number): number {
  const rank = Math.max(1, Math.ceil((percent / 100) * answered - 1e-9));
  let seen = 0;
  for (let at = 0; at < counts.length; at += 1) {
    seen += counts[at] ?? 0;
    if (seen >= rank) return values[at] ?? 0;
  }
  return 0;
}

function deviation(values: readonly number[]): number {
  const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}
