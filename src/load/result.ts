import { FAULT_KINDS, type FaultCount, type FaultKind } from './fault.ts';
import { type Histogram, mean, merged, percentile, standardDeviation } from './histogram.ts';
import { type Recommendation, recommend } from './recommend.ts';
import { answeredStatuses, type Tally } from './tally.ts';

/** Latencies of a group of requests, in milliseconds. */
export interface LatencySummary {
  readonly min: number;
  readonly mean: number;
  readonly stddev: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export interface FaultSummary extends Readonly<FaultCount> {
  readonly kind: FaultKind;
}

export interface StatusSummary {
  readonly status: number;
  readonly count: number;
  readonly expected: boolean;
  readonly latency: LatencySummary;
}

/** What a run was asked to do. */
export interface RunSettings {
  readonly url: string;
  readonly method: string;
  readonly engine: string;
  readonly connections: number;
  readonly duration: number;
  readonly timeout: number;
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
    readonly perSecond: number;
  };
  /** Of the successful requests; absent when there was none. */
  readonly latency?: LatencySummary;
  readonly statuses: readonly StatusSummary[];
  readonly faults: readonly FaultSummary[];
  readonly connections: { readonly opened: number; readonly latency?: LatencySummary };
  readonly bytes: { readonly received: number; readonly sent: number; readonly megabitsPerSecond: number };
  readonly recommendations: readonly Recommendation[];
}

/** Which statuses count as success. */
export type StatusRule = (status: number) => boolean;

/** Makes the report of what was counted. */
export function summarise(
  tally: Tally,
  settings: RunSettings,
  isExpected: StatusRule,
  interrupted: boolean,
): LoadResult {
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
      perSecond: perSecond(total),
    },
    ...optional('latency', summariseLatency(successes)),
    statuses: answered.map(([status, histogram]) => summariseStatus(status, histogram, isExpected)),
    faults,
    connections: { opened: tally.connects.total, ...optional('latency', summariseLatency(tally.connects)) },
    bytes: {
      received: tally.bytesReceived,
      sent: tally.bytesSent,
      megabitsPerSecond: perSecond(tally.bytesReceived) * 8e-6,
    },
  };
  return { ...report, recommendations: recommend(report) };
}

/** The usual figures of a histogram of microseconds, in milliseconds; undefined when it is empty. */
function summariseLatency(histogram: Histogram): LatencySummary | undefined {
  if (histogram.total === 0) return undefined;
  const at = (percent: number): number => percentile(histogram, percent) / 1000;
  return {
    min: histogram.min / 1000,
    mean: mean(histogram) / 1000,
    stddev: standardDeviation(histogram) / 1000,
    p50: at(50),
    p90: at(90),
    p95: at(95),
    p99: at(99),
    p999: at(99.9),
    max: histogram.max / 1000,
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
    faults.status = {
      count: wrong.reduce((sum, [, { total }]) => sum + total, 0),
      firstSeen: Math.min(...wrong.map(([status]) => tally.statusFirstSeen[status] ?? 0)),
      sample: wrong.map(([status, { total }]) => `${status} (${total})`).join(', '),
    };
  }
  return (Object.keys(FAULT_KINDS) as FaultKind[]).flatMap((kind) => {
    const fault = faults[kind];
    return fault === undefined ? [] : [{ kind, ...fault }];
  });
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { [K in Key]?: Value };
}
