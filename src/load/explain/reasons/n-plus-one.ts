import type { OperationEvidence, StatementUse } from '../evidence.ts';
import { type Claim, figure, type Rule, shortened } from '../reason.ts';

/** Fewer calls of one statement than this are a page that asks several things. */
const LEAST_CALLS = 5;
/** Calls for each further row that are growth and not chance. */
const LEAST_GROWTH = 0.5;
/** Calls that nobody's rows explain have to be more to be called a loop. */
const LOOP_CALLS = 10;
const ROWS_LIKE_CALLS = 0.25;

const READS_OR_WRITES: ReadonlySet<string> = new Set([
  'select',
  'insert',
  'update',
  'delete',
  'with',
  'merge',
]);

/** A call costs a service more than it costs us to ask for nothing: the driver, the values, the rows. */
const TIMES_OF_ROUND_TRIP = 2;

/** Processor time of the calls; where another page size was tried, at least what the further rows cost. */
function priceOfCalls(
  { pages, cpuMs }: OperationEvidence,
  { calls }: StatementUse,
  roundTripMs: number,
): number {
  const usual = TIMES_OF_ROUND_TRIP * (calls - 1) * roundTripMs;
  const fewer = pages[0]?.cpuMs;
  return cpuMs === undefined || fewer === undefined ? usual : Math.max(usual, cpuMs - fewer);
}

interface Proof {
  readonly code: 'n-plus-one' | 'repeated-statement';
  readonly says: string;
  readonly evidence: Readonly<Record<string, string | number>>;
}

/** One statement for each row: proved by another page size, or by as many rows as calls. */
export const nPlusOne: Rule = (rest, { evidence, statement }) => {
  const { operation } = rest;
  const all = operation.statements.reduce((sum, { calls }) => sum + calls, 0);
  return operation.statements.flatMap((use): Claim[] => {
    const text = statement(use.id);
    if (use.calls < LEAST_CALLS || text === undefined || !READS_OR_WRITES.has(text.verb)) return [];
    const proof = proofOf(use, operation);
    if (proof === undefined) return [];
    const many = (use.calls - 1) / use.calls;
    const spent = (rest.database.get(use.id) ?? 0) * many;
    // What a call costs the service beside the statement, and never more than there is.
    const client = Math.min(
      rest.processor * (use.calls / all) * 0.95,
      priceOfCalls(operation, use, evidence.roundTripMs),
    );
    const trips = rest.trips * (use.calls / all) * many;
    rest.database.set(use.id, (rest.database.get(use.id) ?? 0) - spent);
    rest.processor -= client;
    rest.trips -= trips;
    return [
      {
        code: proof.code,
        message: (part) =>
          `${operation.name} runs one statement ${figure(use.calls)} times for one request and spends ${part} on it: ${shortened(text.sql)}${proof.says}`,
        evidence: {
          statement: shortened(text.sql, 500),
          'calls a request': figure(use.calls),
          'ms in it a request': figure(use.ms),
          ...proof.evidence,
        },
        mend: {
          text: 'Ask once: join it, or give all keys at once (= ANY($1)), or use the loader of your library.',
        },
        takes: { database: new Map([[use.id, spent]]), processor: client, trips },
        holdsConnection: true,
      },
    ];
  });
};

function proofOf(use: StatementUse, operation: OperationEvidence): Proof | undefined {
  return growth(use, operation) ?? rowsLikeCalls(use, operation) ?? loop(use, operation);
}

/** Fewer rows asked for, fewer calls. */
function growth(
  { id, calls }: StatementUse,
  { pages, lists, pageParameter }: OperationEvidence,
): Proof | undefined {
  const rows = lists[0] ?? 0;
  const [smaller] = pages;
  if (smaller === undefined || smaller.rows >= rows) return undefined;
  const fewer = smaller.statements.find((one) => one.id === id)?.calls ?? 0;
  const perRow = (calls - fewer) / (rows - smaller.rows);
  if (perRow < LEAST_GROWTH) return undefined;
  return {
    code: 'n-plus-one',
    says: `; with ${smaller.rows} rows in the answer ${figure(fewer)} times, with ${rows} rows ${figure(calls)} times (N+1)`,
    evidence: {
      'rows in the answer': rows,
      [`calls with ${smaller.rows} rows (${pageParameter})`]: figure(fewer),
      'calls for each further row': figure(perRow),
    },
  };
}

/** As many calls as the answer, or another statement, has rows. */
function rowsLikeCalls(
  { id, calls }: StatementUse,
  { lists, sent, statements, pages }: OperationEvidence,
): Proof | undefined {
  // Where the size was varied and the calls did not follow, they are not for the rows.
  if (pages.length > 0) return undefined;
  const isLike = (rows: number): boolean =>
    rows >= LEAST_CALLS && Math.abs(calls / rows - 1) <= ROWS_LIKE_CALLS;
  const received = sent.find(isLike);
  if (received !== undefined) {
    return {
      code: 'n-plus-one',
      says: `; the request has ${received} rows (N+1)`,
      evidence: { 'rows in the request': received },
    };
  }
  const list = lists.find(isLike);
  const parent = statements.find((one) => one.id !== id && one.calls * 2 <= calls && isLike(one.rows));
  if (list === undefined && parent === undefined) return undefined;
  return {
    code: 'n-plus-one',
    says: `; ${list === undefined ? `another statement finds ${figure(parent?.rows ?? 0)} rows` : `the answer has ${list} rows`} (N+1)`,
    evidence:
      list === undefined
        ? { 'rows of the statement before': figure(parent?.rows ?? 0) }
        : { 'rows in the answer': list },
  };
}

function loop({ calls }: StatementUse, { lists }: OperationEvidence): Proof | undefined {
  if (calls < LOOP_CALLS) return undefined;
  return {
    code: 'repeated-statement',
    says: '; whether that grows with the rows could not be shown',
    evidence: { 'rows in the answer': lists[0] ?? 0 },
  };
}
