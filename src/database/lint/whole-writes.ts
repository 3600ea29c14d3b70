import { type Engine, SqlFailure } from '../engines/engine.ts';
import { quoteName } from '../quote.ts';
import type { Statement } from '../sources/statements.ts';
import type { DeltaContext, Finding } from './finding.ts';
import { SAY_WHICH } from './safe-ways.ts';
import { nodeAt, nodesIn, someNode, type Tree, wordIn } from './tree.ts';

/** A part of a statement that writes a table, and whether a condition chooses among its rows. */
export interface TableWrite {
  readonly operation: 'Update' | 'Delete' | 'Merge';
  readonly schema: string;
  readonly table: string;
  /** Whether every row of the table is taken, or none of them where another table has none. */
  readonly whole: boolean;
}

/** What writes rows that are there; INSERT and SELECT may do so in a WITH. */
const WRITES: ReadonlySet<string> = new Set(['UpdateStmt', 'DeleteStmt', 'MergeStmt']);

/** Whether a statement writes rows that are there, by itself or in a WITH. */
export const isWrite = ({ node, tree }: Statement): boolean =>
  WRITES.has(node) ||
  (['SelectStmt', 'InsertStmt'].includes(node) &&
    someNode(nodeAt(tree, 'withClause'), (name) => WRITES.has(name)));

/**
 * The tables that a statement writes, from PostgreSQL's own plan of it: a condition that is always true (`true`,
 * `1 = 1`, since PostgreSQL 17 `id IS NOT NULL` of a NOT NULL column) is not in there any more. Runs nothing, but
 * leaves locks to the transaction. Nothing is known of a statement that cannot be planned.
 */
export async function tableWrites(engine: Engine, { text }: Statement): Promise<readonly TableWrite[]> {
  try {
    const rows = await engine.rows<{ 'QUERY PLAN': unknown }>(`EXPLAIN (VERBOSE, FORMAT JSON) ${text}`);
    const plans = rows.flatMap((row) => parsed(row['QUERY PLAN']));
    return plans.flatMap((plan) => nodesBelow(nodeAt(plan, 'Plan')).flatMap(writeOf));
  } catch (failure) {
    if (!(failure instanceof SqlFailure)) throw failure;
    return [];
  }
}

/** Clients give JSON as a text or as a value. */
function parsed(plan: unknown): readonly unknown[] {
  const value: unknown = typeof plan === 'string' ? JSON.parse(plan) : plan;
  return Array.isArray(value) ? value : [];
}

const nodesBelow = (plan: Tree): readonly Tree[] => [plan, ...nodesIn(plan, 'Plans').flatMap(nodesBelow)];

/** A node and what feeds it: what is computed once beforehand, such as a WITH, chooses no rows. */
const inputsBelow = (plan: Tree): readonly Tree[] => [
  plan,
  ...nodesIn(plan, 'Plans')
    .filter((input) => wordIn(input, 'Parent Relationship') !== 'InitPlan')
    .flatMap(inputsBelow),
];

function writeOf(node: Tree): readonly TableWrite[] {
  const operation = wordIn(node, 'Operation');
  if (operation !== 'Update' && operation !== 'Delete' && operation !== 'Merge') return [];
  const targets = new Set([node, ...nodesIn(node, 'Target Tables')].map((target) => wordIn(target, 'Alias')));
  const inputs = inputsBelow(node);
  const isTarget = (input: Tree): boolean => input !== node && targets.has(wordIn(input, 'Alias'));
  const names = [...targets].flatMap((alias) => [`${alias}.`, `${quoteName(alias)}.`]);
  const chooses = (input: Tree): boolean =>
    conditionsOf(input).some(
      (condition) => isTarget(input) || names.some((name) => condition.includes(name)),
    );
  // What a foreign server is asked to do is not in the plan.
  const isRead = inputs.some((input) => isTarget(input) && wordIn(input, 'Node Type') !== 'Foreign Scan');
  return [
    {
      operation,
      schema: wordIn(node, 'Schema'),
      table: wordIn(node, 'Relation Name'),
      whole: isRead && !inputs.some(chooses),
    },
  ];
}

/** `Filter`, `Index Cond`, `Join Filter`; a One-Time Filter takes all rows or none. */
const conditionsOf = (node: Tree): readonly string[] =>
  Object.keys(node)
    .filter((name) => /(?:Cond|Filter)$/.test(name) && name !== 'One-Time Filter')
    .map((name) => wordIn(node, name));

/** The hazards of writing every row of a table that was there before the file. */
export function writeFindings(
  { tree }: Statement,
  writes: readonly TableWrite[],
  { oldTable }: DeltaContext,
): readonly Finding[] {
  return writes.flatMap(({ operation, schema, table, whole }): readonly Finding[] => {
    const name = oldTable(schema, table);
    const done = { Update: ['Update'], Delete: ['Delete'], Merge: merged(nodeAt({ tree }, 'tree'), whole) }[
      operation
    ];
    if (name === undefined || done.length === 0 || (operation !== 'Merge' && !whole)) return [];
    const every = { about: `all rows of ${name}`, tables: [name] };
    return [
      ...(done.includes('Delete') ? [{ hazard: 'data-loss', safeWay: SAY_WHICH, ...every } as const] : []),
      { hazard: 'unbounded-write', ...every },
    ];
  });
}

/** What a MERGE does to every row: those that match are all when ON chooses none, and the others are the rest. */
function merged(tree: Tree, matchesAll: boolean): readonly string[] {
  const first = (kind: string): Tree | undefined =>
    nodesIn(tree, 'mergeWhenClauses')
      .map((clause) => nodeAt(clause, 'MergeWhenClause'))
      .find((clause) => wordIn(clause, 'matchKind') === kind);
  const clauses = [first('MERGE_WHEN_MATCHED'), first('MERGE_WHEN_NOT_MATCHED_BY_SOURCE')];
  const does = (matchesAll ? clauses.slice(0, 1) : clauses).map((clause) =>
    clause?.['condition'] === undefined ? DOES[wordIn(clause, 'commandType')] : undefined,
  );
  return does.every((operation) => operation !== undefined) ? does : [];
}

const DOES: Readonly<Record<string, string>> = { CMD_UPDATE: 'Update', CMD_DELETE: 'Delete' };
