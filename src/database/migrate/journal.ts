import { UserError } from '../../core/errors.ts';
import { SqlFailure } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import { JOURNAL_MARK } from '../journal-mark.ts';
import { quoteName, quoteText } from '../quote.ts';

/**
 * `running`: some of it is done. `applied`: all of it. `baseline`: recorded without being run.
 * `rolling back`: some of its way back is done. `rolled back`, `replaced` (a repeatable one that ran
 * again): history.
 */
export type EntryState = 'running' | 'applied' | 'baseline' | 'rolling back' | 'rolled back' | 'replaced';

/** One line of the journal. */
export interface Entry {
  readonly name: string;
  readonly checksum: string;
  readonly state: EntryState;
  /** How many statements the file has, or its way back when that is what runs. */
  readonly statements: number;
  /** How many of them are done. */
  readonly reached: number;
  /** SHA-256 of those. */
  readonly reachedChecksum: string | null;
  /** What was about to be run outside a transaction when this was written; null when nothing was. */
  readonly attempt: Attempt | null;
  readonly fingerprintBefore: string | null;
  readonly fingerprintAfter: string | null;
  /** The server's major version that the fingerprints were read from. */
  readonly serverVersion: number;
  readonly appliedBy: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly durationMs: number;
}

/** A statement that is announced before it runs, and what was there before. */
export interface Attempt {
  readonly index: number;
  /** Oids of what it might make or leave behind; see `concurrent.ts`. */
  readonly before: readonly string[];
}

const tableOf = (schema: string): string => `${quoteName(schema)}.migrations`;

const CREATE = (schema: string): string => `
  CREATE SCHEMA IF NOT EXISTS ${quoteName(schema)};
  CREATE TABLE ${tableOf(schema)} (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    checksum text NOT NULL,
    state text NOT NULL CHECK (state IN ('running', 'applied', 'baseline', 'rolling back', 'rolled back', 'replaced')),
    statements integer NOT NULL,
    reached integer NOT NULL,
    reached_checksum text,
    attempt jsonb,
    fingerprint_before text,
    fingerprint_after text,
    server_version integer NOT NULL,
    applied_by text NOT NULL DEFAULT session_user,
    applied_from inet DEFAULT pg_catalog.inet_client_addr(),
    started_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    finished_at timestamptz,
    duration_ms bigint NOT NULL DEFAULT 0
  );
  CREATE UNIQUE INDEX migrations_current ON ${tableOf(schema)} (name)
    WHERE state IN ('running', 'applied', 'baseline', 'rolling back');
  COMMENT ON TABLE ${tableOf(schema)} IS ${quoteText(JOURNAL_MARK)};`;

/** Whether the journal is there; another table of its name is not taken for it. Errors: DB073. */
export async function hasJournal(session: Session, schema: string): Promise<boolean> {
  const [found] = await session.rows<{ mark: string | null; others: string }>(
    `SELECT pg_catalog.obj_description(c.oid, 'pg_class') AS mark,
       (SELECT count(*) FROM pg_catalog.pg_class o WHERE o.relnamespace = n.oid AND o.relkind IN ('r', 'p', 'v', 'm', 'f'))::text AS others
     FROM pg_catalog.pg_namespace n LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = 'migrations'
     WHERE n.nspname = ${quoteText(schema)}`,
  );
  if (found?.mark === JOURNAL_MARK) return true;
  if (found === undefined || found.others === '0') return false;
  throw new UserError('DB073', `the schema ${quoteName(schema)} holds something other than the journal`, {
    kind: 'usage',
    help: 'The journal needs a schema of its own: name another one with --journal.',
  });
}

/** Makes the journal. The caller holds the lock, so nobody else does it now. Errors: DB073. */
export async function createJournal(session: Session, schema: string): Promise<void> {
  try {
    await session.run(`BEGIN; ${CREATE(schema)} COMMIT`);
  } catch (error) {
    await session.run('ROLLBACK');
    if (!(error instanceof SqlFailure)) throw error;
    throw new UserError('DB073', `the journal cannot be made: ${error.message}`, { cause: error });
  }
}

/** The present lines of the journal, oldest first; `all` also what is history. */
export async function readJournal(session: Session, schema: string): Promise<Entry[]> {
  const [answer] = await session.rows<{ entries: string }>(
    `SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
       'name', name, 'checksum', checksum, 'state', state, 'statements', statements, 'reached', reached,
       'reachedChecksum', reached_checksum, 'attempt', attempt, 'fingerprintBefore', fingerprint_before,
       'fingerprintAfter', fingerprint_after, 'serverVersion', server_version, 'appliedBy', applied_by,
       'startedAt', started_at, 'finishedAt', finished_at, 'durationMs', duration_ms) ORDER BY finished_at NULLS LAST, id), '[]')::text AS entries
     FROM ${tableOf(schema)} WHERE state NOT IN ('rolled back', 'replaced')`,
  );
  return JSON.parse(answer?.entries ?? '[]');
}

/** Statements that write a line; each is sent inside the transaction whose work it records. */
export interface JournalLine {
  readonly schema: string;
  readonly name: string;
  /** The state while the script runs, and when its last statement is done. */
  readonly during: 'running' | 'rolling back';
  readonly finally: 'applied' | 'rolled back';
}

/** Begins a line; a repeatable migration's earlier one becomes history. */
export function beginLine(line: JournalLine, values: BeginValues): string {
  const { schema, name } = line;
  const { checksum, statements, fingerprintBefore, serverVersion } = values;
  return `UPDATE ${tableOf(schema)} SET state = 'replaced'
      WHERE name = ${quoteText(name)} AND state IN ('applied', 'baseline');
    INSERT INTO ${tableOf(schema)} (name, checksum, state, statements, reached, fingerprint_before, server_version)
    VALUES (${quoteText(name)}, ${quoteText(checksum)}, 'running', ${statements}, 0, ${quoteText(fingerprintBefore)}, ${serverVersion})`;
}

export interface BeginValues {
  readonly checksum: string;
  readonly statements: number;
  readonly fingerprintBefore: string;
  readonly serverVersion: number;
}

/** Begins the way back of a line that is applied. */
export function beginBack({ schema, name }: JournalLine, statements: number): string {
  return `UPDATE ${tableOf(schema)} SET state = 'rolling back', statements = ${statements}, reached = 0,
      reached_checksum = NULL, attempt = NULL, finished_at = NULL
    WHERE name = ${quoteText(name)} AND state IN ('applied', 'baseline')`;
}

export interface Reached {
  readonly from: number;
  readonly to: number;
  readonly checksum: string;
  readonly isLast: boolean;
  /** What it took, as an expression of SQL. */
  readonly milliseconds: string;
}

/** The time since the transaction began, in milliseconds. */
export const IN_TRANSACTION =
  '(extract(epoch FROM pg_catalog.clock_timestamp() - pg_catalog.transaction_timestamp()) * 1000)::bigint';

/**
 * Records statements as done, provided that the line stands where it was left: a division by zero undoes
 * the transaction of a run that was overtaken by another in spite of the lock.
 */
export function recordReached(line: JournalLine, reached: Reached): string {
  const { schema, name, during } = line;
  const { from, to, checksum, isLast, milliseconds } = reached;
  const finish = isLast ? `, state = '${line.finally}', finished_at = pg_catalog.clock_timestamp()` : '';
  return `WITH done AS (UPDATE ${tableOf(schema)} SET reached = ${to}, reached_checksum = '${checksum}', attempt = NULL,
      duration_ms = duration_ms + ${milliseconds}${finish}
    WHERE name = ${quoteText(name)} AND state = '${during}' AND reached = ${from} RETURNING 1)
    SELECT 1 / count(*) FROM done`;
}

/** Announces a statement that runs outside a transaction. */
export function recordAttempt({ schema, name, during }: JournalLine, attempt: Attempt): string {
  return `UPDATE ${tableOf(schema)} SET attempt = ${quoteText(JSON.stringify(attempt))}::jsonb
    WHERE name = ${quoteText(name)} AND state = '${during}'`;
}

/** The file may have been mended behind what is done; from now on it is this one. */
export function recordChange(
  { schema, name, during }: JournalLine,
  checksum: string,
  statements: number,
): string {
  return `UPDATE ${tableOf(schema)} SET checksum = ${quoteText(checksum)}, statements = ${statements}
    WHERE name = ${quoteText(name)} AND state = '${during}'`;
}

/** What the schema is now that a migration is applied. */
export function recordFingerprint(schema: string, name: string, after: string): string {
  return `UPDATE ${tableOf(schema)} SET fingerprint_after = ${quoteText(after)}
    WHERE name = ${quoteText(name)} AND state IN ('applied', 'baseline')`;
}

/** Records a migration as applied without running it. */
export function recordBaseline(schema: string, name: string, values: BeginValues): string {
  const { checksum, statements, fingerprintBefore, serverVersion } = values;
  const print = quoteText(fingerprintBefore);
  return `INSERT INTO ${tableOf(schema)}
      (name, checksum, state, statements, reached, fingerprint_before, fingerprint_after, server_version, finished_at)
    VALUES (${quoteText(name)}, ${quoteText(checksum)}, 'baseline', ${statements}, 0, ${print}, ${print}, ${serverVersion}, pg_catalog.clock_timestamp())`;
}
