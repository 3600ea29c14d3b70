import { figure, type Rule, shortened } from '../reason.ts';

/** Milliseconds a request below which nobody notices. */
const LEAST_MS = 2;
/** Fewer samples of a wait than this are chance. */
const LEAST_SEEN = 3;

const WHAT: Readonly<Record<string, string>> = {
  transactionid: 'a row that another transaction has changed',
  tuple: 'a row that others wait for already',
  relation: 'a table',
  advisory: 'an advisory lock',
  object: 'an object of the catalog',
};

/** Statements that stand behind each other's locks. */
export const lockWait: Rule = (rest, { evidence }) => {
  const { sessions, locks, meanMs } = evidence.load;
  const [first] = locks;
  if (first === undefined || sessions === undefined || rest.lock < LEAST_MS) return [];
  if (sessions.lockWaiting * sessions.samples < LEAST_SEEN) return [];
  const spent = rest.lock;
  rest.lock = 0;
  const { holder } = first;
  const by =
    holder === undefined
      ? ''
      : `; the lock is held by a session that is ${holder.state}, last with: ${shortened(holder.sql, 100)}`;
  return [
    {
      code: 'lock-wait',
      message: (part) =>
        `${rest.operation.name} spends ${part} waiting for ${WHAT[first.event] ?? 'a lock'} in ${shortened(first.sql, 120)}${by}`,
      evidence: {
        'waiting at a time': figure(sessions.lockWaiting),
        'sessions at a time': sessions.most,
        samples: sessions.samples,
        statement: shortened(first.sql, 500),
        'what for': first.event,
        ...(holder === undefined
          ? {}
          : { 'held by a session that is': holder.state, 'which last ran': shortened(holder.sql, 500) }),
        'mean ms a request': figure(meanMs),
      },
      mend: {
        text: 'Hold the lock for less: write the contended row last, commit before doing anything else, or spread the row over several.',
      },
      takes: { lock: spent },
      holdsConnection: true,
    },
  ];
};
