import type { ScriptStatement } from './script.ts';

type Tree = Readonly<Record<string, unknown>>;

const always = (): boolean => true;
const isConcurrent = ({ concurrent }: Tree): boolean => concurrent === true;

/**
 * Statements that PostgreSQL refuses inside a transaction block, by their node in its grammar: every call
 * of PreventInTransactionBlock in src/backend that can be told from the statement alone.
 */
const OUTSIDE: Readonly<Record<string, (tree: Tree) => boolean>> = {
  IndexStmt: isConcurrent,
  DropStmt: isConcurrent,
  ReindexStmt: (tree) =>
    optionsOf(tree['params']).includes('concurrently') || WHOLE.has(String(tree['kind'])),
  VacuumStmt: ({ is_vacuumcmd: isVacuum }) => isVacuum === true,
  ClusterStmt: ({ relation }) => relation === undefined,
  AlterTableStmt: ({ cmds }) => JSON.stringify(cmds ?? []).includes('"concurrent":true'),
  CreatedbStmt: always,
  DropdbStmt: always,
  AlterDatabaseStmt: ({ options }) => optionsOf(options).includes('tablespace'),
  CreateTableSpaceStmt: always,
  DropTableSpaceStmt: always,
  AlterSystemStmt: always,
  CreateSubscriptionStmt: always,
  AlterSubscriptionStmt: always,
  DropSubscriptionStmt: always,
};

const WHOLE: ReadonlySet<string> = new Set([
  'REINDEX_OBJECT_SCHEMA',
  'REINDEX_OBJECT_SYSTEM',
  'REINDEX_OBJECT_DATABASE',
]);

/** The names in a list of DefElem nodes. */
function optionsOf(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list.map((item: { DefElem?: { defname?: string } }) => item.DefElem?.defname ?? '');
}

/** Whether a statement has to run on its own, outside any transaction. */
export function runsOutside({ node, tree }: ScriptStatement): boolean {
  return OUTSIDE[node]?.(tree as Tree) === true;
}

/**
 * Whether a statement makes no reader or writer wait while it waits itself, so that it may wait as long as
 * it takes: a build waits for every transaction that is older, and giving up would begin it anew.
 */
export function waitsAlone({ node, tree }: ScriptStatement): boolean {
  if (node === 'ReindexStmt') return optionsOf((tree as Tree)['params']).includes('concurrently');
  return (node === 'IndexStmt' || node === 'DropStmt') && isConcurrent(tree as Tree);
}
