import { FAULT_KINDS, type FaultCount, type FaultKind } from './fault.ts';
import { createHistogram, type Histogram, mergeInto, record, unrecord } from './histogram.ts';
import { addOperations, type OperationTally } from './operation-tally.ts';
import { addAnswer, addFault, createSeries, mergeSeries, retractAnswer, type Series } from './series.ts';

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
  /** Redirects that were followed on the way to an answer. */
  redirects: number;
  /** Of each step of a sequence; empty without one. */
  readonly steps: StepTally[];
  /** Of each operation; empty where they are not told apart. */
  readonly operations: OperationTally[];
  /** Milliseconds from the start to the end of the run, without what was needed to close. */
  elapsed: number;
}

/** What was counted of one step of a sequence. */
export interface StepTally {
  /** Of its successful requests, in microseconds. */
  readonly latencies: Histogram;
  failed: number;
}

/** Counts a request as one of a step; `microseconds` undefined: it failed. */
export function countStep(tally: Tally, step: number, microseconds: number | undefined): void {
  while (tally.steps.length <= step) tally.steps.push({ latencies: createHistogram(), failed: 0 });
  const own = tally.steps[step] as StepTally;
  if (microseconds === undefined) own.failed += 1;
  else record(own.latencies, microseconds);
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
    redirects: 0,
    steps: [],
    operations: [],
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

/** Counts an answer that `countAnswer` counted as one of the wrong length instead. */
export function retractCount(
  tally: Tally,
  answer: { readonly status: number; readonly microseconds: number; readonly at: number },
  isExpected: StatusRule,
  sample: string,
): void {
  const { status, microseconds, at } = answer;
  const histogram = tally.latencies[status];
  if (histogram === undefined) return;
  unrecord(histogram, microseconds);
  if (isExpected(status)) retractAnswer(tally.series, at, microseconds);
  addToKind(tally, 'wrong-length', at, sample);
}

/** Counts a failed request; `sample` is made into text only for the first of its kind. */
export function countFault(tally: Tally, kind: FaultKind, at: number, sample: string): void {
  addFault(tally.series, at);
  addToKind(tally, kind, at, sample);
}

function addToKind(tally: Tally, kind: FaultKind, at: number, sample: string): void {
  const known = tally.faults[kind];
  if (known === undefined) tally.faults[kind] = { count: 1, firstSeen: at, sample };
  else known.count += 1;
}

/** The statuses that were answered, in rising order, each with its latencies. */
export function answeredStatuses(tally: Tally): (readonly [status: number, latencies: Histogram])[] {
  return tally.latencies.flatMap((histogram, status) =>
    histogram === undefined || histogram.total === 0 ? [] : [[status, histogram] as const],
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
  whole.redirects += part.redirects;
  part.steps.forEach((step, at) => {
    whole.steps[at] ??= { latencies: createHistogram(), failed: 0 };
    mergeInto(whole.steps[at].latencies, step.latencies);
    whole.steps[at].failed += step.failed;
  });
  addOperations(whole.operations, part.operations);
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
