import type { ClusterReport } from './cluster/cluster-report.ts';
import { correctForOmission } from './correct.ts';
import { FAULT_KINDS, type FaultCount, type FaultKind } from './fault.ts';
import { type Histogram, merged, percentile } from './histogram.ts';
import { type LatencySummary, summariseLatency } from './latency.ts';
import { type AskedOperation, type OperationSummary, summariseOperation } from './operation-result.ts';
import type { RateLimitReport } from './rate-limit.ts';
import { type Measured, type Recommendation, recommend } from './recommend.ts';
import type { Series } from './series.ts';
import { answeredStatuses, type StatusRule, type StepTally, type Tally } from './tally.ts';
import { type Check, checkThreshold, type Figures, type Threshold } from './threshold.ts';

export interface FaultSummary extends Readonly<FaultCount> {
  readonly kind: FaultKind;
}

export interface StatusSummary {
  readonly status: number;
  readonly count: number;
  readonly expected: boolean;
  readonly latency: LatencySummary;
}

/** One step of a sequence. */
export interface StepSummary {
  readonly name: string;
  readonly successful: number;
  readonly failed: number;
  /** Of its successful requests; absent when there was none. */
  readonly latency?: LatencySummary;
}

/** What a run was asked to do. */
export interface RunSettings {
  readonly url: string;
  readonly method: string;
  readonly engine: string;
  readonly threads: number;
  /** `closed`: a connection waits for its answer; `open`: requests are due by the clock. */
  readonly model: 'closed' | 'open';
  readonly protocol: 'http/1.1' | 'h2';
  readonly connections: number;
  /** Requests at the same time on each connection. */
  readonly streams: number;
  /** HTTP/1.1: requests sent on a connection without waiting for an answer. */
  readonly pipeline: number;
  /** The open model's rates, one after the other; in seconds and requests per second. */
  readonly stages?: readonly { readonly duration: number; readonly rate: number }[];
  readonly warmup: number;
  readonly ramp: number;
  readonly duration: number;
  readonly timeout: number;
}

/** What the report has to know beside the counts. */
export interface Judgement {
  /** Which statuses count as success. */
  readonly isExpected: StatusRule;
  readonly interrupted: boolean;
  readonly thresholds: readonly Threshold[];
  readonly expectedStatuses?: readonly number[];
  readonly rateLimit?: RateLimitReport;
  /** The names of the steps of a sequence. */
  readonly steps?: readonly string[];
  /** The operations that requests were told apart by. */
  readonly operations?: readonly AskedOperation[];
  /** Why the token could not be renewed during the run. */
  readonly tokenProblem?: string;
}

/** One whole stretch of a run with all its latencies: what a later run is compared with. */
export interface SavedBlock {
  readonly seconds: number;
  readonly failed: number;
  /** Occupied buckets and their counts in turn: index, count, index, count ... (see histogram.ts, 8 bits). */
  readonly buckets: readonly number[];
}

/** One stretch of a run. */
interface SeriesPoint {
  /** Seconds from the start to the start of the stretch. */
  readonly at: number;
  readonly answers: number;
  readonly faults: number;
  readonly p50: number;
  readonly p99: number;
}

/** The report of one run. Times are in milliseconds unless the name says seconds. */
export interface LoadResult {
  readonly settings: RunSettings;
  /** How long it really ran; the time to close connections is not in it. */
  readonly elapsedSeconds: number;
  readonly interrupted: boolean;
  readonly requests: {
    /** Successful and failed ones. */
    readonly total: number;
    readonly successful: number;
    readonly failed: number;
    /** Still on the wire when the run ended; in no other count. */
    readonly cutOff: number;
    /** Due but never sent, in the open model; in no other count. */
    readonly unsent: number;
    /** Before what is measured; in no other count. */
    readonly warmUp: number;
    /** Redirects that were followed on the way to an answer; in no other count. */
    readonly redirects: number;
    readonly perSecond: number;
  };
  /** Of the successful requests; absent when there was none. */
  readonly latency?: LatencySummary;
  /**
   * In the closed model, `latency` as it would have been had no connection waited while the server
   * stalled (see correctForOmission). The open model needs no correction.
   */
  readonly corrected?: LatencySummary;
  /** The most requests that were due and waited for a connection, in the open model. */
  readonly largestBacklog: number;
  /** Of the successful requests: latency by percentile, from P0 to P100. */
  readonly distribution: readonly { readonly percent: number; readonly latency: number }[];
  readonly statuses: readonly StatusSummary[];
  readonly faults: readonly FaultSummary[];
  readonly connections: { readonly opened: number; readonly latency?: LatencySummary };
  readonly bytes: { readonly received: number; readonly sent: number; readonly megabitsPerSecond: number };
  readonly series: { readonly width: number; readonly points: readonly SeriesPoint[] };
  readonly blocks: readonly SavedBlock[];
  readonly rateLimit?: RateLimitReport;
  /** Of a sequence, in its order; empty without one. */
  readonly steps: readonly StepSummary[];
  /** Of a run of named requests, in the order of their first ones; empty without. */
  readonly operations: readonly OperationSummary[];
  /** The machines that it was made with, when there were several. */
  readonly cluster?: ClusterReport;
  /** Thresholds and expectations, in the order in which they were given. */
  readonly checks: readonly Check[];
  readonly recommendations: readonly Recommendation[];
}

/** Makes the report of what was counted. */
export function summarise(tally: Tally, settings: RunSettings, judgement: Judgement): LoadResult {
  const { isExpected, interrupted, rateLimit } = judgement;
  const answered = answeredStatuses(tally);
  const successes = merged(
    answered.flatMap(([status, histogram]) => (isExpected(status) ? [histogram] : [])),
  );
  const faults = summariseFaults(tally, isExpected);
  const failed = faults.reduce((sum, { count }) => sum + count, 0);
  const elapsedSeconds = tally.elapsed / 1000;
  const perSecond = (count: number): number => (elapsedSeconds > 0 ? count / elapsedSeconds : 0);
  const total = successes.total + failed;
  const report = {
    settings,
    elapsedSeconds,
    interrupted,
    requests: {
      total,
      successful: successes.total,
      failed,
      cutOff: tally.cutOff,
      unsent: tally.unsent,
      warmUp: tally.warmUp,
      redirects: tally.redirects,
      perSecond: perSecond(total),
    },
    ...optional('latency', summariseLatency(successes)),
    ...(settings.model === 'closed'
      ? optional('corrected', summariseLatency(correctForOmission(successes)))
      : {}),
    largestBacklog: tally.largestBacklog,
    distribution: successes.total === 0 ? [] : DISTRIBUTION.map((percent) => atPercent(successes, percent)),
    statuses: answered.map(([status, histogram]) => summariseStatus(status, histogram, isExpected)),
    faults,
    connections: { opened: tally.connects.total, ...optional('latency', summariseLatency(tally.connects)) },
    bytes: {
      received: tally.bytesReceived,
      sent: tally.bytesSent,
      megabitsPerSecond: perSecond(tally.bytesReceived) * 8e-6,
    },
    series: summariseSeries(tally.series),
    blocks: saveBlocks(tally.series, elapsedSeconds),
    ...optional('rateLimit', rateLimit),
    steps: (judgement.steps ?? []).map((name, at) => summariseStep(name, tally.steps[at])),
    operations: (judgement.operations ?? []).map((asked, at) =>
      summariseOperation(asked, tally.operations[at], isExpected, elapsedSeconds),
    ),
  };
  const figures = { latencies: successes, total, failed, perSecond: perSecond(successes.total) };
  const checks = [
    ...judgement.thresholds.map((threshold) =>
      checkThreshold(
        threshold,
        threshold.operation === undefined ? figures : figuresOf(threshold.operation, report, tally),
      ),
    ),
    ...checkExpectations(report, judgement),
  ];
  return { ...report, checks, recommendations: recommend(report, judgement.tokenProblem) };
}

/** Those of one operation; undefined when it was not sent. */
function figuresOf(
  name: string,
  { operations, elapsedSeconds }: Pick<Measured, 'operations' | 'elapsedSeconds'>,
  tally: Tally,
): Figures | undefined {
  const at = operations.findIndex((operation) => operation.name === name);
  const [own, latencies] = [operations[at], tally.operations[at]?.latencies];
  if (own === undefined || latencies === undefined) return undefined;
  const { successful, failed } = own;
  return {
    latencies,
    total: successful + failed,
    failed,
    perSecond: elapsedSeconds > 0 ? successful / elapsedSeconds : 0,
  };
}

const DISTRIBUTION = [0, 10, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.9, 99.95, 99.99, 99.999, 100];

const atPercent = (histogram: Histogram, percent: number): { percent: number; latency: number } => ({
  percent,
  latency: percentile(histogram, percent) / 1000,
});

function summariseStep(name: string, step: StepTally | undefined): StepSummary {
  return {
    name,
    successful: step?.latencies.total ?? 0,
    failed: step?.failed ?? 0,
    ...(step === undefined ? {} : optional('latency', summariseLatency(step.latencies))),
  };
}

function summariseStatus(status: number, histogram: Histogram, isExpected: StatusRule): StatusSummary {
  const latency = summariseLatency(histogram);
  if (latency === undefined) throw new RangeError('a status that was seen has latencies');
  return { status, count: histogram.total, expected: isExpected(status), latency };
}

/** The faults of the wire, and the answers whose status was not expected as a fault of their own. */
function summariseFaults(tally: Tally, isExpected: StatusRule): FaultSummary[] {
  const wrong = answeredStatuses(tally).filter(([status]) => !isExpected(status));
  const faults = { ...tally.faults };
  if (wrong.length > 0) {
    // Those of the tally are of steps that want a status of their own.
    const { count = 0, firstSeen = Number.POSITIVE_INFINITY, sample } = tally.faults.status ?? {};
    const samples = wrong.map(([status, { total }]) => `${status} (${total})`);
    faults.status = {
      count: count + wrong.reduce((sum, [, { total }]) => sum + total, 0),
      firstSeen: Math.min(firstSeen, ...wrong.map(([status]) => tally.statusFirstSeen[status] ?? 0)),
      sample: [...samples, ...(sample === undefined ? [] : [sample])].join(', '),
    };
  }
  return (Object.keys(FAULT_KINDS) as FaultKind[]).flatMap((kind) => {
    const fault = faults[kind];
    return fault === undefined ? [] : [{ kind, ...fault }];
  });
}

function summariseSeries({ width, slots }: Series): LoadResult['series'] {
  const points = Array.from(slots, (slot, index) => ({
    at: index * width,
    answers: slot?.latencies.total ?? 0,
    faults: slot?.faults ?? 0,
    p50: slot === undefined ? 0 : percentile(slot.latencies, 50) / 1000,
    p99: slot === undefined ? 0 : percentile(slot.latencies, 99) / 1000,
  }));
  return { width, points };
}

/** The whole slots; the last one of a run is seldom whole. */
function saveBlocks({ width, slots }: Series, elapsedSeconds: number): SavedBlock[] {
  return slots.flatMap((slot, index) => {
    if ((index + 1) * width > elapsedSeconds + 0.001 || slot === undefined) return [];
    const buckets: number[] = [];
    slot.latencies.counts.forEach((count, bucket) => {
      if (count > 0) buckets.push(bucket, count);
    });
    return [{ seconds: width, failed: slot.faults, buckets }];
  });
}

function checkExpectations({ statuses, rateLimit }: Measured, { expectedStatuses }: Judgement): Check[] {
  const checks: Check[] = [];
  if (expectedStatuses !== undefined) {
    const seen = statuses.map(({ status, count }) => `${status} (${count})`).join(', ');
    checks.push({
      text: `every status is ${expectedStatuses.join(' or ')}`,
      met: statuses.length > 0 && statuses.every(({ expected }) => expected),
      actual: seen === '' ? 'nothing was answered' : seen,
    });
  }
  if (rateLimit !== undefined) {
    const { seen, rejected, allowedFirst } = rateLimit;
    checks.push({
      text: 'a rate limit sets in',
      met: seen,
      actual: seen
        ? `${rejected} answers were 429, the first after ${allowedFirst} others`
        : 'no answer was 429',
    });
  }
  return checks;
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { [K in Key]?: Value };
}
