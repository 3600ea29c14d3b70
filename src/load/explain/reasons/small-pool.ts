import { type Context, figure, type Reason } from '../reason.ts';

/** Milliseconds a request below which nobody notices. */
const LEAST_MS = 5;
/** A request that is quicker than this when alone does not hold a connection for long. */
const LEAST_ALONE_MS = 2;

/** Requests wait for a connection of the pool, while the database could do more. `left`: of the queue, unclaimed. */
export function smallPool(
  left: number,
  { evidence, decomposition }: Context,
): Omit<Reason, 'share'> | undefined {
  const { sessions, concurrency, perSecond } = evidence.load;
  if (decomposition.queue !== 'connection' || sessions === undefined || left < LEAST_MS) return undefined;
  if (decomposition.parallel * 1000 < LEAST_ALONE_MS * perSecond) return undefined;
  const { most, active, idleInTransaction } = sessions;
  const idle = idleInTransaction > active;
  return {
    code: 'small-pool',
    operation: undefined,
    ms: left,
    message: `Requests wait ${figure(left)} ms for ${most === 1 ? 'the one connection' : `one of ${most} connections`} to the database${idle ? `, ${most === 1 ? 'which is held in an open transaction that does' : 'which are held in open transactions that do'} nothing` : ''}, while ${concurrency} are sent at a time`,
    evidence: {
      connections: most,
      'at work at a time': figure(active),
      'idle in a transaction at a time': figure(idleInTransaction),
      'requests worked on at a time': figure(decomposition.parallel),
      'connections of the load': concurrency,
      'times that statements take longer than alone': figure(decomposition.inflation),
      samples: sessions.samples,
    },
    mend: {
      text: evidence.embedded
        ? 'An embedded database has one connection: hold it for the statements alone, and give it back before waiting for anything else; a server has many.'
        : idle
          ? 'Take a connection only for the statements, and give it back before waiting for anything else; then a larger pool.'
          : `Make the pool larger than ${most} (in pg: new Pool({ max: ... })), up to what the database can serve.${most === 1 ? ' Where it is larger already, something lets requests through one at a time before they get to it.' : ''}`,
    },
  };
}
