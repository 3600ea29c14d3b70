import { FAULT_KINDS, type FaultCount, type FaultKind } from './fault.ts';
import { createHistogram, type Histogram, mergeInto, record } from './histogram.ts';
import { addAnswer, addFault, createSeries, mergeSeries, type Series } from './series.ts';

/** Which statuses count as success. */
export type StatusRule = (status: number) => boolean;

/** The expected statuses or, when none are named, 2xx and, as no redirect is followed, 3xx. */
export function statusRule(expected: readonly number[] | undefined): StatusRule {
  return (status) => expected?.includes(status) ?? status < 400;
}

/** What one client counted. A plain record: it crosses threads as it is, and tallies add up exactly. */
export interface Tally {
  /** Latency in microseconds of every whole answer, by status: index = status. */
  readonly latencies: (Histogram | undefined)[];
  /** Milliseconds from the start to the first answer of each status and second. */
  readonly statusFirstSeen: number[];
  readonly faults: Partial<Record<FaultKind, FaultCount>>;
  /** Time to open a connection, TLS included, in microseconds. */
  readonly connects: Histogram;
  bytesReceived: number;
  bytesSent: number;
  /** Over time from the start of what is measured. */
  readonly series: Series;
  /** Answers and faults before the start of what is measured; in no other count. */
  warmUp: number;
  /** The open model's requests that were due but not begun when the run ended. */
  unsent: number;
  /** The most that were due and not begun at any time. */
  largestBacklog: number;
  /** Requests on the wire when the run ended: neither answered nor failed. */
  cutOff: number;
  /** Milliseconds from the start to the end of the run, without what was needed to close. */
  elapsed: number;
}

export function createTally(): Tally {
  return {
    latencies: [],
    statusFirstSeen: [],
    faults: {},
    connects: createHistogram(),
    bytesReceived: 0,
    bytesSent: 0,
    series: createSeries(),
    warmUp: 0,
    unsent: 0,
    largestBacklog: 0,
    cutOff: 0,
    elapsed: 0,
  };
}

/** Counts a whole answer, `at` milliseconds from the start. Allocates only at the first answer of each status and second. */
export function countAnswer(
  tally: Tally,
  status: number,
  microseconds: number,
  at: number,
  isExpected: StatusRule,
): void {
  let histogram = tally.latencies[status];
  if (histogram === undefined) {
    histogram = createHistogram();
    tally.latencies[status] = histogram;
    tally.statusFirstSeen[status] = at;
  }
  record(histogram, microseconds);
  if (isExpected(status)) addAnswer(tally.series, at, microseconds);
  else addFault(tally.series, at);
}

/** Counts a failed request; `sample` is made into text only for the first of its kind. */
export function countFault(tally: Tally, kind: FaultKind, at: number, sample: string): void {
  addFault(tally.series, at);
  const known = tally.faults[kind];
  if (known === undefined) tally.faults[kind] = { count: 1, firstSeen: at, sample };
  else known.count += 1;
}

/** The statuses that were answered, in rising order, each with its latencies. */
export function answeredStatuses(tally: Tally): (readonly [status: number, latencies: Histogram])[] {
  return tally.latencies.flatMap((histogram, status) =>
    histogram === undefined ? [] : [[status, histogram] as const],
  );
}

/** One tally of several clients that ran at the same time. */
export function mergeTallies(parts: readonly Tally[]): Tally {
  const [only, ...more] = parts;
  if (only !== undefined && more.length === 0) return only;
  const whole = createTally();
  for (const part of parts) addTally(whole, part);
  return whole;
}

function addTally(whole: Tally, part: Tally): void {
  for (const [status, histogram] of answeredStatuses(part)) {
    const own = whole.latencies[status] ?? createHistogram();
    whole.latencies[status] = own;
    mergeInto(own, histogram);
    const seen = part.statusFirstSeen[status] ?? 0;
    whole.statusFirstSeen[status] = Math.min(whole.statusFirstSeen[status] ?? seen, seen);
  }
  for (const kind of Object.keys(FAULT_KINDS) as FaultKind[]) addFaultCount(whole, kind, part.faults[kind]);
  mergeInto(whole.connects, part.connects);
  whole.bytesReceived += part.bytesReceived;
  whole.bytesSent += part.bytesSent;
  mergeSeries(whole.series, part.series);
  whole.warmUp += part.warmUp;
  whole.unsent += part.unsent;
  whole.largestBacklog += part.largestBacklog;
  whole.cutOff += part.cutOff;
  whole.elapsed = Math.max(whole.elapsed, part.elapsed);
}

function addFaultCount(whole: Tally, kind: FaultKind, part: FaultCount | undefined): void {
  if (part === undefined) return;
  const own = whole.faults[kind];
  const first = own === undefined || part.firstSeen < own.firstSeen ? part : own;
  whole.faults[kind] = {
    count: part.count + (own?.count ?? 0),
    firstSeen: first.firstSeen,
    sample: first.sample,
  };
}
