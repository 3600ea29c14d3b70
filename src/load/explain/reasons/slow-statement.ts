import { type Claim, figure, type Rule, shortened } from '../reason.ts';

/** Milliseconds a request, alone, from which a statement without a mend is worth a word. */
const LEAST_MS = 10;

/** A statement that takes long, for which no index was found. */
export const slowStatement: Rule = (rest, { statement }) =>
  rest.operation.statements.flatMap((use): Claim[] => {
    const text = statement(use.id);
    const spent = rest.database.get(use.id) ?? 0;
    // What an index takes off is said already.
    if (text === undefined || use.ms < LEAST_MS || spent < 0.5 * use.ms) return [];
    rest.database.set(use.id, 0);
    return [
      {
        code: 'slow-statement',
        message: (part) =>
          `${rest.operation.name} spends ${part} in one statement: ${shortened(text.sql)}; no index was found that makes its plan much cheaper`,
        evidence: {
          statement: shortened(text.sql, 500),
          ...(use.calls > 0 ? { 'calls a request': figure(use.calls) } : {}),
          'ms a request, alone': figure(use.ms),
          'ms a request, under load': figure(spent),
          ...(text.cost === undefined ? {} : { 'plan cost': figure(text.cost) }),
          ...Object.fromEntries(text.scans.map(({ table, rows }) => [`rows of ${table}, read whole`, rows])),
        },
        mend: { text: 'Ask for less, compute it ahead of time, or keep its answer for a while.' },
        takes: { database: new Map([[use.id, spent]]) },
        holdsConnection: true,
      },
    ];
  });
