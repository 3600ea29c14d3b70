import { isChurning } from '../decompose.ts';
import { figure, type Rule } from '../reason.ts';

/** A connection is opened for each request. */
export const connectionPerRequest: Rule = (rest, { evidence }) => {
  const { load, connectMs } = evidence;
  const { sessions } = load;
  if (sessions === undefined || !isChurning(load) || rest.operation.statements.length === 0) return [];
  const { different, most, age } = sessions;
  const elsewhere = Math.min(rest.elsewhere, connectMs);
  const processor = Math.min(rest.processor, connectMs - elsewhere);
  rest.elsewhere -= elsewhere;
  rest.processor -= processor;
  return [
    {
      code: 'connection-per-request',
      message: (part) =>
        `${rest.operation.name} opens a connection to the database for each request and spends ${part.replace(/,$/, '')} on it`,
      evidence: {
        'sessions at a time, at most': most,
        'different sessions seen': different,
        'ms since they were opened, usually': figure(age),
        'ms to open one from here': figure(connectMs),
      },
      mend: { text: 'Keep a pool of connections for the whole service, and take them from it.' },
      takes: { elsewhere, processor },
      holdsConnection: false,
    },
  ];
};
