import type { FaultKind } from './fault.ts';
import { COARSE_BITS, createHistogram, type Histogram, mergeInto, record, unrecord } from './histogram.ts';
import type { StatusRule } from './tally.ts';

/** What was counted of one operation. Counts are exact; latencies are within half a percent. */
export interface OperationTally {
  /** Of its successful requests, in microseconds. */
  readonly latencies: Histogram;
  /** Whole answers by status: index = status, absent where there was none. */
  readonly statuses: number[];
  /** Requests without a whole answer. */
  readonly faults: Partial<Record<FaultKind, number>>;
  /** Of its answers. */
  bytes: number;
}

/** That of an operation by its place; made when it is first asked for. */
export function tallyOf(tallies: OperationTally[], operation: number): OperationTally {
  while (tallies.length <= operation) tallies.push(createOperationTally());
  return tallies[operation] as OperationTally;
}

/** Half a percent suffices: a contract may have a thousand operations, and each has a histogram. */
const createOperationTally = (): OperationTally => ({
  latencies: createHistogram(COARSE_BITS),
  statuses: [],
  faults: {},
  bytes: 0,
});

/** Counts a whole answer. */
export function countOperation(
  own: OperationTally,
  status: number,
  microseconds: number,
  bytes: number,
  isExpected: StatusRule,
): void {
  own.statuses[status] = (own.statuses[status] ?? 0) + 1;
  own.bytes += bytes;
  if (isExpected(status)) record(own.latencies, microseconds);
}

/** Counts an answer that was counted as one of the wrong length instead. */
export function retractOperation(
  own: OperationTally,
  status: number,
  microseconds: number,
  isExpected: StatusRule,
): void {
  own.statuses[status] = (own.statuses[status] ?? 0) - 1;
  if (isExpected(status)) unrecord(own.latencies, microseconds);
  countOperationFault(own, 'wrong-length');
}

export function countOperationFault(own: OperationTally, kind: FaultKind): void {
  own.faults[kind] = (own.faults[kind] ?? 0) + 1;
}

/** Adds those of another client. */
export function addOperations(into: OperationTally[], from: readonly OperationTally[]): void {
  from.forEach((part, operation) => {
    const own = tallyOf(into, operation);
    mergeInto(own.latencies, part.latencies);
    part.statuses.forEach((count, status) => {
      own.statuses[status] = (own.statuses[status] ?? 0) + count;
    });
    for (const [kind, count] of Object.entries(part.faults) as [FaultKind, number][])
      own.faults[kind] = (own.faults[kind] ?? 0) + count;
    own.bytes += part.bytes;
  });
}
