import { type ParsedStatement, parseStatement } from '../../advise/workload/parse-statement.ts';
import { isTree, listOfTrees, nodeOf, operatorOf, pathOf, type Tree } from '../../advise/workload/tree.ts';
import type { WorkloadStatement } from '../../advise/workload/workload.ts';
import { type Engine, SqlFailure } from '../../engines/engine.ts';
import { quoteText } from '../../quote.ts';
import { readRows } from '../facts/read-facts.ts';
import { readingForm } from './reading-form.ts';
import type { ExplainedStatement } from './statements.ts';
import { type PlanNode, WRITES, whyNotRun } from './why-not-run.ts';

/** How long one statement may run. */
export interface ExplainLimits {
  readonly timeoutMs: number;
  readonly lockTimeoutMs: number;
}

/**
 * Plans how a statement finds its rows and, where nothing in it can change anything, runs it: a SELECT that locks no
 * row, whose functions are all PostgreSQL's own and none of them volatile, in a transaction that is read-only and
 * rolled back. Nothing for what cannot be planned; what reads nothing, or writes in several places, is not.
 */
export async function explainStatement(
  engine: Engine,
  statement: WorkloadStatement,
  limits: ExplainLimits,
): Promise<ExplainedStatement | undefined> {
  const parsed = parseStatement(statement.sql);
  if (parsed === undefined) return undefined;
  const form = readingForm(parsed);
  if (form === undefined) {
    if (!WRITES.test(JSON.stringify(parsed.tree))) return undefined;
    const notRun = 'no SELECT finds the same rows';
    return { statement, cost: undefined, ms: undefined, scans: [], blocks: undefined, notRun };
  }
  return inReadOnly(engine, limits, async () => {
    const filled = await withValues(engine, form, statement);
    const plan = await planOf(engine, filled ?? form.sql, filled === undefined);
    if (plan === undefined) return undefined;
    const refusal =
      filled === undefined ? 'no real values for its parameters' : await whyNotRun(engine, parsed, plan);
    const base = {
      statement,
      cost: Number(plan['Total Cost']),
      ms: undefined,
      scans: await sized(engine, wholeReads(plan)),
      blocks: undefined,
    };
    if (refusal !== undefined || filled === undefined) return { ...base, notRun: refusal ?? '' };
    return { ...base, ...(await measured(engine, filled)) };
  });
}

async function inReadOnly<T>(
  engine: Engine,
  { timeoutMs, lockTimeoutMs }: ExplainLimits,
  work: () => Promise<T | undefined>,
): Promise<T | undefined> {
  await engine.run('BEGIN TRANSACTION READ ONLY');
  try {
    await engine.run(
      // The catalog was read with an empty path and without compiling; statements are to run as their application has it.
      `SET LOCAL search_path TO DEFAULT; SET LOCAL jit TO DEFAULT; SET LOCAL statement_timeout = ${Math.max(1, Math.round(timeoutMs))}; SET LOCAL lock_timeout = ${Math.round(lockTimeoutMs)}`,
    );
    return await work();
  } catch (error) {
    if (error instanceof SqlFailure) return undefined;
    throw error;
  } finally {
    await engine.run('ROLLBACK').catch(() => undefined);
  }
}

async function planOf(engine: Engine, sql: string, hasParameters: boolean): Promise<PlanNode | undefined> {
  if (hasParameters && engine.version < 160_000) return undefined;
  const [row] = await engine.rows<Record<string, unknown>>(
    `EXPLAIN (FORMAT JSON, VERBOSE${hasParameters ? ', GENERIC_PLAN' : ''}) ${sql}`,
  );
  return rootOf(row);
}

function rootOf(row: Record<string, unknown> | undefined): PlanNode | undefined {
  const answer = row?.['QUERY PLAN'];
  const list: unknown = typeof answer === 'string' ? JSON.parse(answer) : answer;
  const root = Array.isArray(list) ? list[0] : undefined;
  return isTree(root) && isTree(root['Plan']) ? root['Plan'] : undefined;
}

async function measured(
  engine: Engine,
  sql: string,
): Promise<Pick<ExplainedStatement, 'notRun' | 'ms' | 'scans' | 'blocks'> | { notRun: string }> {
  try {
    await engine.run('SAVEPOINT measured');
    const [row] = await engine.rows<Record<string, unknown>>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${sql}`,
    );
    const plan = rootOf(row);
    if (plan === undefined) return { notRun: 'its plan could not be read' };
    return {
      notRun: undefined,
      ms: Number(plan['Actual Total Time']) * Number(plan['Actual Loops'] ?? 1),
      scans: scansOf(plan),
      blocks: { hit: Number(plan['Shared Hit Blocks'] ?? 0), read: Number(plan['Shared Read Blocks'] ?? 0) },
    };
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    await engine.run('ROLLBACK TO measured');
    return { notRun: error.state === '57014' ? 'it ran into the time limit' : error.message };
  }
}

/** Fewer rows than this are read from beginning to end as quickly as any other way. */
const MANY_ROWS = 1000;

/** Tables read from beginning to end, as they were. */
const scansOf = (node: PlanNode): ExplainedStatement['scans'][number][] =>
  wholeReads(node).filter(({ rows }) => rows >= MANY_ROWS);

/** A plan alone tells the rows that are left; those that are read are the table's. */
async function sized(
  engine: Engine,
  scans: ExplainedStatement['scans'],
): Promise<ExplainedStatement['scans'][number][]> {
  if (scans.length === 0) return [];
  const known = await readRows<{ table: string; rows: number }>(
    engine,
    `SELECT n.nspname || '.' || c.relname AS table, greatest(c.reltuples, pg_catalog.pg_stat_get_live_tuples(c.oid))::float8 AS rows FROM pg_catalog.pg_class c
     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname || '.' || c.relname IN (${scans.map(({ table }) => quoteText(table)).join(', ')})`,
  );
  const rows = new Map(known.map((one) => [one.table, one.rows]));
  return scans
    .map((scan) => ({ ...scan, rows: Math.max(scan.rows, rows.get(scan.table) ?? 0) }))
    .filter((scan) => scan.rows >= MANY_ROWS);
}

function wholeReads(node: PlanNode): ExplainedStatement['scans'][number][] {
  const own =
    node['Node Type'] === 'Seq Scan'
      ? [
          {
            table: `${node['Schema'] === undefined ? '' : `${node['Schema']}.`}${node['Relation Name']}`,
            rows: Math.round(
              Number(node['Actual Rows'] ?? node['Plan Rows'] ?? 0) +
                Number(node['Rows Removed by Filter'] ?? 0),
            ),
          },
        ]
      : [];
  const children = listOfTrees(node['Plans']).filter(isTree);
  return [...own, ...children.flatMap(wholeReads)];
}

/**
 * The statement with values in the place of its parameters: those that a log told, or values that the column's
 * own statistics hold. Nothing when one of them is not known. What a log says came from somebody's clients, so the
 * values go to where the grammar saw a parameter, and the outcome has to be one statement of the same kind again.
 */
async function withValues(
  engine: Engine,
  parsed: ParsedStatement,
  { parameters }: WorkloadStatement,
): Promise<string | undefined> {
  const places = parametersOf(parsed.tree);
  if (places.length === 0) return parsed.sql;
  const values = new Map<number, string>();
  for (const { number, column } of places) {
    if (values.has(number)) continue;
    const given =
      parameters?.[number - 1] ?? (column === undefined ? undefined : await sampleOf(engine, column));
    if (given !== undefined) values.set(number, given);
  }
  if (places.some(({ number }) => !values.has(number))) return undefined;
  const filled = parseStatement(replaced(parsed.sql, places, values));
  return filled?.node === parsed.node && parametersOf(filled.tree).length === 0 ? filled.sql : undefined;
}

/** The text with each parameter, which begins at so many bytes, replaced by its value. */
function replaced(
  sql: string,
  places: readonly ParameterPlace[],
  values: ReadonlyMap<number, string>,
): string {
  const bytes = Buffer.from(sql);
  const parts: Buffer[] = [];
  let at = 0;
  for (const { number, start } of [...places].sort((left, right) => left.start - right.start)) {
    parts.push(bytes.subarray(at, start), Buffer.from(values.get(number) ?? 'NULL'));
    at = start + `$${number}`.length;
  }
  return Buffer.concat([...parts, bytes.subarray(at)]).toString();
}

interface ParameterPlace {
  readonly number: number;
  /** Where it begins, in bytes. */
  readonly start: number;
  readonly column: string | undefined;
}

/** Each parameter with the column that it is compared with; LIMIT and what is computed have none. */
function parametersOf(value: unknown, column?: string): ParameterPlace[] {
  if (Array.isArray(value)) return value.flatMap((item) => parametersOf(item, column));
  if (!isTree(value)) return [];
  const parameter = nodeOf(value, 'ParamRef');
  if (parameter !== undefined)
    return [{ number: Number(parameter['number'] ?? 0), start: Number(parameter['location'] ?? 0), column }];
  const comparison = nodeOf(value, 'A_Expr');
  if (comparison !== undefined) {
    const named = comparedColumn(comparison);
    return [comparison['lexpr'], comparison['rexpr']].flatMap((side) => parametersOf(side, named));
  }
  return Object.values(value).flatMap((item) => parametersOf(item));
}

function comparedColumn(comparison: Tree): string | undefined {
  if (
    !['=', '<', '>', '<=', '>=', '<>'].includes(operatorOf(comparison)) &&
    comparison['kind'] !== 'AEXPR_IN'
  )
    return undefined;
  const reference = nodeOf(comparison['lexpr'], 'ColumnRef') ?? nodeOf(comparison['rexpr'], 'ColumnRef');
  return reference === undefined ? undefined : pathOf(reference['fields']).at(-1);
}

/** A value that is in the column: one from the middle of its histogram, or its most common one. */
async function sampleOf(engine: Engine, column: string): Promise<string | undefined> {
  const [found] = await readRows<{ value: string | null }>(
    engine,
    `SELECT value FROM (SELECT quote_literal(coalesce((histogram_bounds::text::text[])[50], (histogram_bounds::text::text[])[2], (most_common_vals::text::text[])[1])) AS value
     FROM pg_catalog.pg_stats WHERE attname = ${quoteText(column)} AND schemaname !~ '^(pg_|information_schema)' AND NOT inherited) q
     WHERE value IS NOT NULL LIMIT 1`,
  );
  return found?.value ?? undefined;
}
