import type { FaultCount, FaultKind } from './fault.ts';
import { createHistogram, type Histogram, record } from './histogram.ts';
import { addAnswer, addFault, createSeries, type Series } from './series.ts';

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
export function countAnswer(tally: Tally, status: number, microseconds: number, at: number): void {
  let histogram = tally.latencies[status];
  if (histogram === undefined) {
    histogram = createHistogram();
    tally.latencies[status] = histogram;
    tally.statusFirstSeen[status] = at;
  }
  record(histogram, microseconds);
  addAnswer(tally.series, at, microseconds);
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
