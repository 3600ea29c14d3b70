import { type Context, figure, type Reason } from '../reason.ts';

/** Milliseconds from which a queue in the service is no jitter of the machine, alone and under load. */
const LEAST_ALONE_MS = 8;
const LEAST_MS = 20;

/** Requests are let through one after the other, and neither the processor nor the database is why. */
export function oneAtATime(
  left: number,
  { evidence, decomposition }: Context,
): Omit<Reason, 'share'> | undefined {
  const { concurrency, perSecond, busiest, sessions } = evidence.load;
  const alone = perSecond > 0 ? (decomposition.parallel * 1000) / perSecond : 0;
  if (decomposition.queue !== 'turn' || left < LEAST_MS || alone < LEAST_ALONE_MS) return undefined;
  // Who cannot see the sessions cannot say that the database is idle.
  if (sessions === undefined) return undefined;
  return {
    code: 'one-at-a-time',
    operation: undefined,
    ms: left,
    message: `Requests wait ${figure(left)} ms for their turn: one at a time is worked on, while ${busiest === undefined ? 'the database is not busy; whether the processor is cannot be seen from here' : 'neither the processor nor the database is busy'}`,
    evidence: {
      'requests worked on at a time': figure(decomposition.parallel),
      'connections of the load': concurrency,
      'ms a request, alone': figure(alone),
      ...(busiest === undefined ? {} : { 'busiest thread, % of the time': Math.round(busiest * 100) }),
      'connections to the database': sessions.most,
      'at work at a time': figure(sessions.active),
    },
    mend: {
      text: `Look for a lock or a queue of length one in the service (a mutex, a pool of one connection, one worker), or in what it waits for${busiest === undefined ? ', or for a handler that computes' : ''}.`,
    },
  };
}
