import type { Diagnostic } from '../../core/diagnostic.ts';
import { UserError } from '../../core/errors.ts';
import { counted } from '../../core/names.ts';
import { sortByText } from '../../core/order.ts';
import { type Engine, SqlFailure, STUB_ROLE } from '../engines/engine.ts';
import { packageOf } from '../engines/pglite-extensions.ts';
import { quoteName } from '../quote.ts';
import { mentionsOf } from './mentions.ts';
import type { Statement } from './statements.ts';

export interface LoadOptions {
  /** Extensions the engine can create; undefined when every name may be tried. */
  readonly extensions: ReadonlySet<string> | undefined;
  /** False when the engine is inside a transaction, where a failure must be rolled back to a savepoint. */
  readonly autocommit: boolean;
}

/**
 * Runs the statements of a schema in an empty database and says what was left out. A statement that
 * fails because something it names is not there yet is tried again after the others, so the order of
 * files and statements does not matter. Errors: DB013 for a statement that cannot be run at all.
 */
export async function loadStatements(
  engine: Engine,
  statements: readonly Statement[],
  options: LoadOptions,
): Promise<Diagnostic[]> {
  await engine.run('SET check_function_bodies = off; SET client_min_messages = error');
  const { roles, createdRoles } = mentionsOf(statements);
  await ensureRoles(engine, [...roles, ...createdRoles]);
  const { wanted, notes, missing } = selectStatements(statements, options);
  let pending = await runInBatches(engine, wanted, options);
  for (let before = wanted.length; pending.length > 0 && pending.length < before; ) {
    before = pending.length;
    const again = pending.map(({ statement }) => statement);
    pending = [];
    for (const statement of again) pending.push(...(await runOne(engine, statement, options)));
  }
  const [aside, failed] = withoutForeignGrants(pending, statements);
  notes.push(...aside);
  const [first, ...others] = failed;
  if (first !== undefined) throw loadFailure(first, others, missing);
  return notes;
}

interface Failed {
  readonly statement: Statement;
  readonly failure: SqlFailure;
}

/** Makes the roles that are missing, as stubs that cannot log in: what a database refers to must exist. */
export async function ensureRoles(engine: Engine, roles: Iterable<string>): Promise<void> {
  const present = await engine.rows<{ name: string }>('SELECT rolname AS name FROM pg_catalog.pg_roles');
  const known = new Set(present.map(({ name }) => name));
  const missing = sortByText(new Set(roles), (role) => role).filter((role) => !known.has(role));
  if (missing.length === 0) return;
  const makers = missing.map((role) => {
    const name = quoteName(role);
    return `CREATE ROLE ${name} NOLOGIN; COMMENT ON ROLE ${name} IS '${STUB_ROLE}'`;
  });
  await engine.run(makers.join('; '));
}

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

function selectStatements(
  statements: readonly Statement[],
  { extensions }: LoadOptions,
): {
  readonly wanted: Statement[];
  readonly notes: Diagnostic[];
  readonly missing: ReadonlySet<string>;
} {
  const notes: Diagnostic[] = [];
  const wanted: Statement[] = [];
  const missing = new Set<string>();
  let rows = 0;
  for (const statement of statements) {
    const reason = LEFT_OUT[statement.node] ?? missingExtension(statement, extensions, missing);
    if (isAboutExtension(statement, missing)) continue;
    if (reason !== undefined) notes.push(leftOut(statement, reason));
    else if (DATA.has(statement.node)) rows += 1;
    else if (!SILENT.has(statement.node)) wanted.push(statement);
  }
  if (rows > 0) {
    const message = `${counted(rows, 'statement')} that change rows were not run; only the schema is compared`;
    notes.push({ code: 'DB014', severity: 'info', message });
  }
  return { wanted, notes, missing };
}

function missingExtension(
  statement: Statement,
  extensions: LoadOptions['extensions'],
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

function leftOut({ text, location }: Statement, reason: string): Diagnostic {
  const statement = firstLine(text);
  return {
    code: 'DB012',
    severity: 'warning',
    message: `left out, ${reason}`,
    location: { ...location, statement },
  };
}

/** One round trip per statement would be the largest part of loading a large schema. */
const BATCH = 50;

async function runInBatches(
  engine: Engine,
  statements: readonly Statement[],
  options: LoadOptions,
): Promise<Failed[]> {
  const failed: Failed[] = [];
  for (let at = 0; at < statements.length; at += BATCH) {
    const batch = statements.slice(at, at + BATCH);
    const text = batch.map((statement) => statement.text).join('\n;\n');
    if (await succeeds(engine, text, options)) continue;
    for (const statement of batch) failed.push(...(await runOne(engine, statement, options)));
  }
  return failed;
}

async function succeeds(engine: Engine, text: string, options: LoadOptions): Promise<boolean> {
  try {
    await runProtected(engine, text, options);
    return true;
  } catch (error) {
    if (error instanceof SqlFailure) return false;
    throw error;
  }
}

/** Nothing when the statement ran or may be ignored; otherwise what PostgreSQL said. */
async function runOne(engine: Engine, statement: Statement, options: LoadOptions): Promise<Failed[]> {
  try {
    await runProtected(engine, statement.text, options);
    return [];
  } catch (failure) {
    if (!(failure instanceof SqlFailure)) throw failure;
    return HARMLESS[statement.node]?.includes(failure.state) ? [] : [{ statement, failure }];
  }
}

async function runProtected(engine: Engine, text: string, { autocommit }: LoadOptions): Promise<void> {
  if (autocommit) return engine.run(text);
  await engine.run('SAVEPOINT load');
  try {
    await engine.run(text);
    await engine.run('RELEASE load');
  } catch (error) {
    await engine.run('ROLLBACK TO load');
    throw error;
  }
}

/** A dump may set what another version does not know: undefined_object. */
const HARMLESS: Readonly<Record<string, readonly string[]>> = { VariableSetStmt: ['42704'] };

/**
 * A dump repeats what was granted on the functions of an extension. Where the extension is another version, or was
 * left out, they may not be there: that is no reason to compare nothing.
 */
function withoutForeignGrants(
  failed: readonly Failed[],
  statements: readonly Statement[],
): readonly [Diagnostic[], readonly Failed[]] {
  const isForeign = ({ statement, failure }: Failed): boolean =>
    statement.node === 'GrantStmt' && UNKNOWN.has(failure.state);
  if (!statements.some(({ node }) => node === 'CreateExtensionStmt')) return [[], failed];
  const notes = failed
    .filter(isForeign)
    .map(({ statement, failure }) => leftOut(statement, `${failure.message}, maybe because of an extension`));
  return [notes, failed.filter((one) => !isForeign(one))];
}

/** undefined_function, undefined_object, undefined_table, invalid_schema_name. */
const UNKNOWN: ReadonlySet<string> = new Set(['42883', '42704', '42P01', '3F000']);

/** What nobody knows because its extension was left out, or what PostgreSQL itself advises. */
function helpFor({ state, hint }: SqlFailure, missing: ReadonlySet<string>): string | undefined {
  if (missing.size === 0 || !UNKNOWN.has(state)) return hint;
  const names = [...missing].map((name) => `"${name}"`).join(', ');
  const packages = [...missing].flatMap((name) => packageOf(name) ?? []);
  const install =
    packages.length === 0 ? '' : `Install ${packages.join(', ')} beside senior-backend, or give`;
  return `The scratch database has no extension ${names}. ${install === '' ? 'Give' : install} --scratch postgres://... a server that has it.`;
}

function loadFailure(
  { statement, failure }: Failed,
  others: readonly Failed[],
  missing: ReadonlySet<string>,
): UserError {
  const help = helpFor(failure, missing);
  return new UserError('DB013', failure.message, {
    kind: 'usage',
    location: { ...statement.location, statement: firstLine(statement.text) },
    ...(help === undefined ? {} : { help }),
    diagnostics: others.slice(0, 10).map((other) => ({
      code: 'DB013',
      severity: 'error',
      message: other.failure.message,
      location: { ...other.statement.location, statement: firstLine(other.statement.text) },
    })),
    cause: failure,
  });
}

function firstLine(text: string): string {
  const line = text.split('\n')[0] ?? '';
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}
