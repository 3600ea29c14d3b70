import type { ParsedStatement } from '../../advise/workload/parse-statement.ts';
import { isTree, nodeOf, pathOf } from '../../advise/workload/tree.ts';
import type { Engine } from '../../engines/engine.ts';
import { quoteText } from '../../quote.ts';
import { readRows } from '../facts/read-facts.ts';

/** A node of what EXPLAIN (FORMAT JSON) says. */
export type PlanNode = Readonly<Record<string, unknown>>;

/** What stands in the tree of a statement that changes rows. */
export const WRITES = /"(?:Insert|Update|Delete|Merge)Stmt":/;

/** Why a statement may not be run; undefined when nothing in it can change anything. */
export async function whyNotRun(
  engine: Engine,
  parsed: ParsedStatement,
  plan: PlanNode,
): Promise<string | undefined> {
  if (parsed.node !== 'SelectStmt') return 'it is not a SELECT';
  const text = JSON.stringify(parsed.tree);
  if (WRITES.test(text) || /"(?:intoClause|LockingClause|lockingClause)":/.test(text)) {
    return 'it writes or locks rows';
  }
  const planned = JSON.stringify(plan);
  if (/"(?:ModifyTable|LockRows)"/.test(planned)) return 'it writes or locks rows';
  // What stands behind one may be a program, or a view elsewhere that does anything.
  if (/"(?:Foreign Scan|Custom Scan)"/.test(planned)) return 'it reads a foreign table';
  return (
    (await hiddenCalls(engine)) ?? unsafeCall(engine, functionsOf(parsed.tree), textsOf(plan).join('\n'))
  );
}

/** Declared as harmless, but each runs a query over a table that is named to it, which may be a view. */
const RUNS_QUERIES = '^(table|schema|database|query|cursor)_to_xml';

/**
 * A function is unsafe when it is volatile or not PostgreSQL's own: what users wrote may be declared stable and do
 * anything all the same. Calls of the statement are known by name, whoever's of that name is meant; views and
 * policies bring calls of their own, which stand in the texts of the plan as PostgreSQL prints them.
 */
async function unsafeCall(
  engine: Engine,
  called: readonly string[],
  texts: string,
): Promise<string | undefined> {
  const names = [...new Set(called)].map((name) => quoteText(name)).join(', ');
  const found = await readRows<{ name: string; printed: string; isCalled: boolean }>(
    engine,
    `SELECT DISTINCT p.proname AS name, quote_ident(p.proname) AS printed, p.proname IN (${names === '' ? 'NULL' : names}) AS "isCalled"
     FROM pg_catalog.pg_proc p WHERE (p.provolatile = 'v' OR p.oid >= 16384 OR p.proname ~ '${RUNS_QUERIES}')
       AND (p.proname IN (${names === '' ? 'NULL' : names}) OR strpos(${quoteText(texts)}, quote_ident(p.proname) || '(') > 0)`,
  );
  const unsafe = found.find(({ printed, isCalled }) => isCalled || isPrinted(texts, printed));
  return unsafe === undefined ? undefined : `it calls ${unsafe.name}, which may change something`;
}

/** Whether a call of the name stands in the texts, and not only of one that ends like it. */
function isPrinted(texts: string, name: string): boolean {
  for (let at = texts.indexOf(`${name}(`); at >= 0; at = texts.indexOf(`${name}(`, at + 1)) {
    if (name.startsWith('"') || at === 0 || !/[\w$\u0080-\uffff]/.test(texts[at - 1] ?? '')) return true;
  }
  return false;
}

/**
 * Functions that users wrote and that no text shows where they are called: behind operators, casts, operator classes and
 * the checks of domains. Those of extensions are in C, where what is declared is so.
 */
async function hiddenCalls(engine: Engine): Promise<string | undefined> {
  const written = `EXISTS (SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang WHERE p.oid = `;
  const byHand = `AND p.oid >= 16384 AND l.lanname NOT IN ('c', 'internal'))`;
  const [answer] = await readRows<{ what: string | null }>(
    engine,
    `SELECT CASE
      WHEN EXISTS (SELECT FROM pg_catalog.pg_operator o WHERE o.oid >= 16384 AND ${written} o.oprcode ${byHand}) THEN 'an operator'
      WHEN EXISTS (SELECT FROM pg_catalog.pg_cast c WHERE c.oid >= 16384 AND ${written} c.castfunc ${byHand}) THEN 'a cast'
      WHEN EXISTS (SELECT FROM pg_catalog.pg_amproc a WHERE a.oid >= 16384 AND ${written} a.amproc ${byHand}) THEN 'an operator class'
      WHEN EXISTS (SELECT FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_depend d ON d.classid = 'pg_constraint'::regclass AND d.objid = k.oid
        AND d.refclassid = 'pg_proc'::regclass WHERE k.contypid <> 0 AND ${written} d.refobjid ${byHand}) THEN 'the check of a domain'
    END AS what`,
  );
  return answer?.what == null ? undefined : `the database has ${answer.what} that calls what users wrote`;
}

function functionsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(functionsOf);
  if (!isTree(value)) return [];
  const call = nodeOf(value, 'FuncCall');
  const own = call === undefined ? [] : [pathOf(call['funcname']).at(-1) ?? ''];
  return [...own, ...Object.values(value).flatMap(functionsOf)];
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return isTree(value) ? Object.values(value).flatMap(textsOf) : [];
}
