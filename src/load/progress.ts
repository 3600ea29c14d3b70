import { merged, percentile } from './histogram.ts';
import { answeredStatuses, type StatusRule, type Tally } from './tally.ts';

/** How a run is doing. Latencies are those of successful requests so far, in milliseconds. */
export interface LoadProgress {
  readonly elapsedSeconds: number;
  /** How long it is to last. */
  readonly durationSeconds: number;
  readonly requests: number;
  readonly failed: number;
  readonly p50: number;
  readonly p99: number;
}

/** What can be said of a tally while the run goes on. */
export function progressOf(tally: Tally, isExpected: StatusRule, durationSeconds: number): LoadProgress {
  const answered = answeredStatuses(tally);
  const faults = Object.values(tally.faults).reduce((sum, { count }) => sum + count, 0);
  const successes = merged(
    answered.flatMap(([status, histogram]) => (isExpected(status) ? [histogram] : [])),
  );
  const all = answered.reduce((sum, [, { total }]) => sum + total, 0);
  return {
    elapsedSeconds: Math.max(0, tally.elapsed / 1000),
    durationSeconds,
    requests: all + faults,
    failed: all - successes.total + faults,
    p50: percentile(successes, 50) / 1000,
    p99: percentile(successes, 99) / 1000,
  };
}
