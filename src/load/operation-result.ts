import type { FaultKind } from './fault.ts';
import { type LatencySummary, summariseLatency } from './latency.ts';
import type { OperationTally } from './operation-tally.ts';
import type { StatusRule } from './tally.ts';

/** One operation of a run. All its counts are in those of the run, and together are the run's. */
export interface OperationSummary {
  /** As its requests are named: `GET /orders/{id}`. */
  readonly name: string;
  readonly weight: number;
  readonly successful: number;
  readonly failed: number;
  /** Requests per second, successful and failed. */
  readonly perSecond: number;
  /** Of its successful requests, within half a percent; absent when there was none. */
  readonly latency?: LatencySummary;
  readonly statuses: readonly { readonly status: number; readonly count: number }[];
  readonly faults: readonly { readonly kind: FaultKind; readonly count: number }[];
  /** Of its answers: all of them over HTTP/1.1, their bodies over HTTP/2. */
  readonly bytesReceived: number;
}

/** An operation as it was asked for. */
export interface AskedOperation {
  readonly name: string;
  readonly weight: number;
}

/** What is reported of an operation of which `tally` was counted in `seconds`. */
export function summariseOperation(
  { name, weight }: AskedOperation,
  tally: OperationTally | undefined,
  isExpected: StatusRule,
  seconds: number,
): OperationSummary {
  const statuses = (tally?.statuses ?? []).flatMap((count, status) => (count > 0 ? [{ status, count }] : []));
  const faults = Object.entries(tally?.faults ?? {}).map(([kind, count]) => ({
    kind: kind as FaultKind,
    count,
  }));
  const sum = (list: readonly { readonly count: number }[]): number =>
    list.reduce((all, { count }) => all + count, 0);
  const successful = sum(statuses.filter(({ status }) => isExpected(status)));
  const failed = sum(statuses) - successful + sum(faults);
  const latency = tally === undefined ? undefined : summariseLatency(tally.latencies);
  return {
    name,
    weight,
    successful,
    failed,
    perSecond: seconds > 0 ? (successful + failed) / seconds : 0,
    ...(latency === undefined ? {} : { latency }),
    statuses,
    faults,
    bytesReceived: tally?.bytes ?? 0,
  };
}
