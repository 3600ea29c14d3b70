import type { Diagnostic } from '../../core/diagnostic.ts';
import { UserError } from '../../core/errors.ts';
import { sortByText } from '../../core/order.ts';
import { type Engine, SqlFailure, STUB_ROLE } from '../engines/engine.ts';
import { packageOf } from '../engines/pglite-extensions.ts';
import { quoteName } from '../quote.ts';
import { mentionsOf } from './mentions.ts';
import { leftOut, selectStatements } from './select-statements.ts';
import { LOADING, type PlacedStatement, settingsAgain, settingsIn } from './session-settings.ts';
import { placeOf, type Statement } from './statements.ts';

export interface LoadOptions {
  /** Extensions the engine can create; undefined when every name may be tried. */
  readonly extensions: ReadonlySet<string> | undefined;
  /** False when the engine is inside a transaction, where a failure must be rolled back to a savepoint. */
  readonly autocommit: boolean;
}

/**
 * Runs the statements of a schema in an empty database and says what was left out. A statement that
 * fails because something it names is not there yet is tried again after the others, so the order of
 * files and statements does not matter. Errors: DB013 for a statement that cannot be run at all;
 * OutsideTransaction where it might be without the transaction around it.
 */
export async function loadStatements(
  engine: Engine,
  statements: readonly Statement[],
  options: LoadOptions,
): Promise<Diagnostic[]> {
  await engine.run(LOADING);
  const { roles, createdRoles } = mentionsOf(statements);
  await ensureRoles(engine, [...roles, ...createdRoles]);
  const { wanted, notes, missing } = selectStatements(statements, options.extensions);
  let pending = await runInBatches(engine, wanted, options);
  for (let before = wanted.length; pending.length > 0 && pending.length < before; ) {
    before = pending.length;
    pending = await runAgain(engine, wanted, pending, options);
  }
  const [aside, failed] = withoutForeignGrants(pending, statements);
  notes.push(...aside);
  const [first, ...others] = failed;
  if (first !== undefined) throw loadFailure(first, others, { missing, statements });
  return notes;
}

interface Failed extends PlacedStatement {
  readonly failure: SqlFailure;
}

/** What can be loaded only where every statement is a transaction of its own. */
export class OutsideTransaction extends Error {
  override readonly name = 'OutsideTransaction';
}

/**
 * A value that ALTER TYPE has added and that is used, a COMMIT in a procedure or a DO block, and what PostgreSQL runs in
 * no transaction at all.
 */
const NEEDS_OWN_TRANSACTION: ReadonlySet<string> = new Set(['55P04', '2D000', '25001']);

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

/** One round trip per statement would be the largest part of loading a large schema. */
const BATCH = 50;

async function runInBatches(
  engine: Engine,
  statements: readonly PlacedStatement[],
  options: LoadOptions,
): Promise<Failed[]> {
  const failed: Failed[] = [];
  for (let at = 0; at < statements.length; at += BATCH) {
    const batch = statements.slice(at, at + BATCH);
    const text = batch.map(({ statement }) => statement.text).join('\n;\n');
    if (await succeeds(engine, text, options)) continue;
    for (const placed of batch) failed.push(...(await runOne(engine, placed, options)));
  }
  return failed;
}

/** Runs what failed once more, each with the settings that it had in its place. */
async function runAgain(
  engine: Engine,
  all: readonly PlacedStatement[],
  failed: readonly Failed[],
  options: LoadOptions,
): Promise<Failed[]> {
  const names = settingsIn(all);
  const again: Failed[] = [];
  let settings: readonly Statement[] | undefined;
  for (const one of failed) {
    if (one.settings !== settings) {
      for (const statement of settingsAgain(names, one))
        await runOne(engine, { statement, settings: [] }, options);
    }
    settings = one.settings;
    again.push(...(await runOne(engine, one, options)));
  }
  return again;
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
async function runOne(
  engine: Engine,
  { statement, settings }: PlacedStatement,
  options: LoadOptions,
): Promise<Failed[]> {
  try {
    await runProtected(engine, statement.text, options);
    return [];
  } catch (failure) {
    if (!(failure instanceof SqlFailure)) throw failure;
    if (!options.autocommit && NEEDS_OWN_TRANSACTION.has(failure.state)) throw new OutsideTransaction();
    return HARMLESS[statement.node]?.includes(failure.state) ? [] : [{ statement, settings, failure }];
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

/** duplicate_table, duplicate_object, duplicate_function, duplicate_schema. */
const MADE_TWICE: ReadonlySet<string> = new Set(['42P07', '42710', '42723', '42P06']);

/** Where else a statement makes what this one makes. */
function otherPlace(
  { node, tree, location }: Statement,
  statements: readonly Statement[],
): string | undefined {
  const name = nameMade(tree);
  const other = statements.find(
    (one) => one.node === node && one.location !== location && nameMade(one.tree) === name,
  );
  return name === undefined || other === undefined
    ? undefined
    : `It is made at ${other.location.file}:${other.location.line} as well: keep one of the two.`;
}

/** What a CREATE statement calls what it makes, as a text that can be compared. */
function nameMade(tree: unknown): string | undefined {
  const made = tree as Readonly<Record<string, unknown>>;
  const fields = NAMES_MADE.find(([first]) => made[first] !== undefined);
  const names = fields?.map((field) => made[field]);
  return names && JSON.stringify(names, (key, value: unknown) => (key === 'location' ? undefined : value));
}

/** Of functions without their parameters: two of one name are rarely both meant. */
const NAMES_MADE = [
  ['idxname'],
  ['trigname', 'relation'],
  ['policy_name', 'table'],
  ['relation'],
  ['view'],
  ['funcname'],
  ['typeName'],
  ['domainname'],
  ['sequence'],
  ['schemaname'],
] as const;

function loadFailure(
  { statement, failure }: Failed,
  others: readonly Failed[],
  {
    missing,
    statements,
  }: { readonly missing: ReadonlySet<string>; readonly statements: readonly Statement[] },
): UserError {
  const twice = MADE_TWICE.has(failure.state) ? otherPlace(statement, statements) : undefined;
  const help = twice ?? helpFor(failure, missing);
  return new UserError('DB013', failure.message, {
    kind: 'usage',
    location: placeOf(statement),
    ...(help === undefined ? {} : { help }),
    diagnostics: others.slice(0, 10).map((other) => ({
      code: 'DB013',
      severity: 'error',
      message: other.failure.message,
      location: placeOf(other.statement),
    })),
    cause: failure,
  });
}
