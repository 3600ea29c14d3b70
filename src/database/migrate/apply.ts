import type { Diagnostic } from '../../core/diagnostic.ts';
import { UserError } from '../../core/errors.ts';
import { SqlFailure } from '../engines/engine.ts';
import { ConnectionLost } from '../engines/session.ts';
import type { DatabaseModel } from '../model/database-model.ts';
import { fingerprint } from '../model/fingerprint.ts';
import { type RunContext, readModel } from './context.ts';
import {
  beginLine,
  type Entry,
  type JournalLine,
  readJournal,
  recordChange,
  recordFingerprint,
} from './journal.ts';
import type { Migration } from './read-migrations.ts';
import { resetSession, runScript } from './run-script.ts';
import type { Script } from './script.ts';
import { cutSegments } from './segments.ts';
import { isInState } from './state-of-schema.ts';
import { failedAt, Stopped } from './stopped.ts';

/** What became of one migration. */
export interface Applied {
  readonly name: string;
  readonly path: string;
  readonly status: 'applied' | 'baseline' | 'rolled back' | 'failed' | 'interrupted';
  readonly statements: number;
  /** How many statements were done before this run, and how many are done now. */
  readonly resumedAt: number;
  readonly reached: number;
  readonly milliseconds: number;
  readonly fingerprintBefore: string | undefined;
  readonly fingerprintAfter: string | undefined;
}

export interface Result {
  readonly applied: Applied;
  readonly failure?: Diagnostic;
  readonly interrupted?: boolean;
}

export interface Start {
  /** The journal's line when it was begun before. */
  readonly entry: Entry | undefined;
  /** The fingerprint of the schema when it is known already. */
  readonly before: string | undefined;
}

/** Applies one migration from where it was left. Errors: DB065 before anything of it was done. */
export async function applyMigration(run: RunContext, migration: Migration, start: Start): Promise<Result> {
  const { request, surroundings } = run;
  const { name, path, script } = migration;
  const line: JournalLine = { schema: request.journal, name, during: 'running', finally: 'applied' };
  const { entry } = start;
  const statements = countOf(script);
  const before = entry?.fingerprintBefore ?? (await startingState(run, migration, start));
  const begun = surroundings.monotonic();
  const resumedAt = entry?.reached ?? 0;
  surroundings.report({ kind: 'file', name, statements, reached: resumedAt });
  const told = { name, path, statements, resumedAt, fingerprintBefore: before };
  const since = (): number => Math.round(surroundings.monotonic() - begun);
  try {
    if (entry !== undefined && entry.checksum !== migration.checksum) {
      await run.session.run(recordChange(line, migration.checksum, statements));
    }
    await runScript(run, {
      script,
      line,
      begin:
        entry === undefined
          ? beginLine(line, {
              ...migration,
              statements,
              fingerprintBefore: before,
              serverVersion: majorOf(run),
            })
          : undefined,
      reached: resumedAt,
      attempt: entry?.attempt ?? null,
      unseen: request.unseen,
    });
    const after = await endingState(run, migration);
    const applied: Applied = {
      ...told,
      status: 'applied',
      reached: statements,
      milliseconds: since(),
      fingerprintAfter: after.fingerprint,
    };
    return after.failure === undefined ? { applied } : { applied, failure: after.failure };
  } catch (error) {
    const stopped = error instanceof Stopped ? error : failedAt(undefined, error);
    const reached = await reachedNow(run, name, resumedAt);
    return {
      applied: {
        ...told,
        status: stopped.interrupted ? 'interrupted' : 'failed',
        reached,
        milliseconds: since(),
        fingerprintAfter: undefined,
      },
      failure: stopped.diagnostic,
      interrupted: stopped.interrupted,
    };
  }
}

export const countOf = (script: Script): number =>
  cutSegments(script).reduce((count, { steps }) => count + steps.length, 0);

export const majorOf = ({ session }: Pick<RunContext, 'session'>): number =>
  Math.floor(session.version / 10_000);

/** Where a failed script stands; the connection may be gone, and then nobody can say. */
export async function reachedNow(
  { session, request }: RunContext,
  name: string,
  otherwise: number,
): Promise<number> {
  try {
    const entries = await readJournal(session, request.journal);
    return entries.find((entry) => entry.name === name)?.reached ?? 0;
  } catch (error) {
    if (error instanceof SqlFailure || error instanceof ConnectionLost || error instanceof Error)
      return otherwise;
    throw error;
  }
}

async function startingState(run: RunContext, { from, path }: Migration, { before }: Start): Promise<string> {
  const { request } = run;
  if (before !== undefined && (from === undefined || from === before)) return before;
  const model = await readModel(run);
  if (from === undefined || request.forceFingerprint) return fingerprint(model);
  if (await isExpected(run, from, model)) return fingerprint(model);
  throw new UserError('DB065', `the database is not in the state that ${path} was made for`, {
    kind: 'refused',
    location: { file: path },
    help: 'See what differs with db diff and make the file anew, or go on with --force-fingerprint.',
  });
}

export async function isExpected(run: RunContext, expected: string, model: DatabaseModel): Promise<boolean> {
  const { scratchUrl, snapshot, budgetMs, surroundings } = run.request;
  const choice = { scratchUrl, snapshot, budgetMs, signal: surroundings.signal };
  const isSame = await isInState(run.session, expected, model, choice);
  // Reading the catalog for a rebuild leaves the session read-only.
  await resetSession(run.session, run.limits);
  return isSame;
}

interface Ending {
  readonly fingerprint: string;
  readonly failure?: Diagnostic;
}

/** Records what the schema is now, and compares it with what a generated file promises. */
async function endingState(run: RunContext, { name, path, to }: Migration): Promise<Ending> {
  const model = await readModel(run);
  const now = fingerprint(model);
  await run.session.run(recordFingerprint(run.request.journal, name, now));
  if (to === undefined || run.request.forceFingerprint || (await isExpected(run, to, model)))
    return { fingerprint: now };
  return {
    fingerprint: now,
    failure: {
      code: 'DB071',
      severity: 'error',
      message: `${path} is applied, and the schema is not what it was to become`,
      location: { file: path },
      help: 'See what differs with db diff.',
    },
  };
}
