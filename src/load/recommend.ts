import type { LoadResult } from './result.ts';

/** Advice with the measured reason for it. `good` stands alone: it is never given beside another. */
export interface Recommendation {
  readonly level: 'good' | 'warning' | 'problem';
  readonly message: string;
  readonly reason: string;
}

/** A report before anybody judged it. */
export type Measured = Omit<LoadResult, 'recommendations' | 'checks'>;

/** A finding looks at the figures and gives its advice, or undefined when it does not apply. */
type Finding = (result: Measured) => Recommendation | undefined;

const P99_LIMIT = 500;
const P95_LIMIT = 200;
const SUCCESS_LIMIT = 0.99;
// Spread below this is scheduling, not the service.
const UNEVEN_FROM = 50;
// Milliseconds by which a corrected P99 must differ to be worth a word.
const OMISSION_FROM = 20;
// Below this many answers a P99 is hardly more than the largest value.
const FEWEST_ANSWERS = 100;

const FINDINGS: readonly Finding[] = [
  ({ requests: { successful, failed, cutOff } }) =>
    successful === 0
      ? problem(
          'No request succeeded: there is no latency to judge',
          failed > 0 ? `${failed} failed` : `${cutOff} were still waiting when the run ended`,
        )
      : undefined,
  ({ requests: { total, successful, failed } }) =>
    successful > 0 && successful / total < SUCCESS_LIMIT
      ? problem('Find out why requests fail before looking at latency', `${failed} of ${total} failed`)
      : undefined,
  ({ latency }) =>
    latency !== undefined && latency.p99 > P99_LIMIT
      ? warning(
          'Look for slow queries, locks or pauses behind the slowest requests',
          `P99 is ${ms(latency.p99)}, above ${P99_LIMIT} ms`,
        )
      : undefined,
  ({ latency }) =>
    latency !== undefined && latency.p95 > P95_LIMIT
      ? warning(
          'Consider caching, indexes or more capacity',
          `P95 is ${ms(latency.p95)}, above ${P95_LIMIT} ms`,
        )
      : undefined,
  ({ latency }) =>
    latency !== undefined && latency.stddev > latency.mean && latency.p99 > UNEVEN_FROM
      ? warning(
          'Response times are uneven: look for pauses, cold caches or queues',
          `the standard deviation, ${ms(latency.stddev)}, is above the mean, ${ms(latency.mean)}`,
        )
      : undefined,
  ({ latency, corrected }) =>
    latency !== undefined && corrected !== undefined && hidesWaiting(latency.p99, corrected.p99)
      ? warning(
          'The server stalled and, in the closed model, kept requests from being sent: use --rate to see what users would',
          `P99 is ${ms(latency.p99)}, corrected for the stall ${ms(corrected.p99)}`,
        )
      : undefined,
  ({ requests: { unsent }, largestBacklog, settings: { connections, model } }) =>
    model === 'open' && (unsent > 0 || largestBacklog > connections)
      ? warning(
          'The rate was not kept: give more connections (-c), or the service is at its limit',
          `up to ${largestBacklog} requests waited for one of ${connections} connections, ${unsent} were never sent`,
        )
      : undefined,
  ({ requests: { successful } }) =>
    successful > 0 && successful < FEWEST_ANSWERS
      ? warning('Run longer: the high percentiles rest on very few requests', `${successful} succeeded`)
      : undefined,
];

/** The advice for a run, the worst first; exactly one line of praise when there is nothing to advise. */
export function recommend(result: Measured, tokenProblem?: string): Recommendation[] {
  const found = FINDINGS.flatMap((finding) => finding(result) ?? []);
  if (tokenProblem !== undefined)
    found.unshift(problem('The token could not be renewed; the run went on with the old one', tokenProblem));
  if (found.length > 0 || result.latency === undefined) return found;
  const { successful, total } = result.requests;
  return [
    {
      level: 'good',
      message: 'Performance looks good for this load',
      reason: `P95 is ${ms(result.latency.p95)}, P99 is ${ms(result.latency.p99)}, ${successful} of ${total} succeeded`,
    },
  ];
}

const hidesWaiting = (measured: number, corrected: number): boolean =>
  corrected > 2 * measured && corrected - measured > OMISSION_FROM;

const problem = (message: string, reason: string): Recommendation => ({ level: 'problem', message, reason });
const warning = (message: string, reason: string): Recommendation => ({ level: 'warning', message, reason });

const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} ms`;
