import type { Diagnostic } from '../../core/diagnostic.ts';
import { counted } from '../../core/names.ts';
import { mentionsOf } from './mentions.ts';
import { type PlacedStatement, placeStatements } from './session-settings.ts';
import { placeOf, type Statement } from './statements.ts';

/** Statements that fill tables or act on the server; a schema is compared without them. */
const DATA: ReadonlySet<string> = new Set([
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'CopyStmt',
]);

/** Statements that the scratch must not or need not run. CREATE SUBSCRIPTION breaks a PGlite for good. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  CreateSubscriptionStmt: 'subscriptions are not compared',
  AlterSubscriptionStmt: 'subscriptions are not compared',
  LoadStmt: 'libraries are not loaded',
  CreatedbStmt: 'only one database is compared',
  DropdbStmt: 'only one database is compared',
  AlterDatabaseStmt: 'settings of the database are not compared',
  AlterDatabaseSetStmt: 'settings of the database are not compared',
  AlterSystemStmt: 'settings of the server are not compared',
  CreateTableSpaceStmt: 'tablespaces are not compared',
  DropTableSpaceStmt: 'tablespaces are not compared',
};

/** Statements without meaning for a schema that is loaded as a whole. */
const SILENT: ReadonlySet<string> = new Set([
  'TransactionStmt',
  'VacuumStmt',
  'CheckPointStmt',
  'ExplainStmt',
  // Roles belong to the server: whoever is named gets a stub, and nobody a password or a right to log in.
  'CreateRoleStmt',
  'AlterRoleStmt',
  'AlterRoleSetStmt',
  'DropRoleStmt',
  'GrantRoleStmt',
]);

/** What of a schema's statements is run to load it, and what is said about the others. */
export function selectStatements(
  statements: readonly Statement[],
  extensions: ReadonlySet<string> | undefined,
): {
  readonly wanted: PlacedStatement[];
  readonly notes: Diagnostic[];
  readonly missing: ReadonlySet<string>;
} {
  const notes: Diagnostic[] = [];
  const wanted: PlacedStatement[] = [];
  const missing = new Set<string>();
  const filled = new Set<string>();
  let rows = 0;
  for (const placed of placeStatements(statements)) {
    const { statement } = placed;
    const reason = LEFT_OUT[statement.node] ?? missingExtension(statement, extensions, missing);
    if (isAboutExtension(statement, missing)) continue;
    if (reason !== undefined) notes.push(leftOut(statement, reason));
    else if (DATA.has(statement.node)) {
      rows += 1;
      for (const name of filledTables(statement)) filled.add(name);
    } else if (readsRows(statement, filled)) {
      notes.push({ code: 'DB014', severity: 'warning', message: ROWS_READ, location: placeOf(statement) });
      wanted.push(placed);
    } else if (!SILENT.has(statement.node)) wanted.push(placed);
  }
  if (rows > 0) {
    const message = `${counted(rows, 'statement')} that change rows were not run; only the schema is compared`;
    notes.push({ code: 'DB014', severity: 'info', message });
  }
  return { wanted, notes, missing };
}

const ROWS_READ = 'reads rows that were not put there: what it makes of them is not compared';

/** The table that a statement puts rows into. */
function filledTables({ tree }: Statement): readonly string[] {
  const name = (tree as { relation?: { relname?: string } }).relation?.relname;
  return name === undefined ? [] : [name];
}

/** A DO block that makes objects and names a table which rows were meant for: partitions for each tenant, say. */
function readsRows({ node, text }: Statement, filled: ReadonlySet<string>): boolean {
  if (node !== 'DoStmt' || !/\b(?:EXECUTE|CREATE|ALTER|DROP)\b/i.test(text)) return false;
  const words = new Set(text.match(/[\w$\u0080-\uffff]+/g));
  return [...filled].some((name) => words.has(name));
}

function missingExtension(
  statement: Statement,
  extensions: ReadonlySet<string> | undefined,
  missing: Set<string>,
): string | undefined {
  if (extensions === undefined || statement.node !== 'CreateExtensionStmt') return undefined;
  const [name = ''] = mentionsOf([statement]).extensions;
  if (extensions.has(name)) return undefined;
  missing.add(name);
  return `the scratch database has no extension "${name}"`;
}

/** COMMENT ON EXTENSION for an extension that was left out; pg_dump writes one for each. */
function isAboutExtension({ node, tree }: Statement, missing: ReadonlySet<string>): boolean {
  if (node !== 'CommentStmt' || missing.size === 0) return false;
  const { objtype, object } = tree as { objtype?: string; object?: { String?: { sval?: string } } };
  return objtype === 'OBJECT_EXTENSION' && missing.has(object?.String?.sval ?? '');
}

/** A statement that is not run, and why. */
export function leftOut(statement: Statement, reason: string): Diagnostic {
  return { code: 'DB012', severity: 'warning', message: `left out, ${reason}`, location: placeOf(statement) };
}
