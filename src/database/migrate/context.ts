import { UserError } from '../../core/errors.ts';
import { openEmbeddedSession } from '../engines/embedded-session.ts';
import { SqlFailure } from '../engines/engine.ts';
import { openServerSession } from '../engines/server-session.ts';
import { ConnectionLost, type Session } from '../engines/session.ts';
import type { Hazard } from '../hazards.ts';
import { inspect } from '../inspect/inspect.ts';
import type { DatabaseModel } from '../model/database-model.ts';
import type { SchemaLocation } from '../sources/location.ts';
import { createJournal, type Entry, hasJournal, readJournal } from './journal.ts';
import { takeRunLock } from './run-lock.ts';
import { type Means, type RunLimits, resetSession } from './run-script.ts';
import { failedAt, Stopped } from './stopped.ts';
import { pause, type Surroundings } from './surroundings.ts';
import { Watch } from './watch.ts';

/** What every command on the journal is asked. */
export interface RunRequest {
  /** A migration or a folder of them. */
  readonly path: string;
  /** The folder that relative paths start from. */
  readonly root: string;
  readonly database: Exclude<SchemaLocation, { readonly kind: 'files' }>;
  /** The journal's schema. */
  readonly journal: string;
  readonly allow: readonly Hazard[];
  /** Goes on although the database is not in the state that a file was made for. */
  readonly forceFingerprint: boolean;
  /** How long to wait for another run, in milliseconds. */
  readonly waitMs: number;
  readonly limits: RunLimits;
  /** What to do about a statement whose outcome cannot be seen. */
  readonly unseen: 'skip' | 'again' | undefined;
  readonly scratchUrl: string | undefined;
  readonly snapshot: string | undefined;
  /** How long one statement may run in the scratch, in milliseconds. */
  readonly budgetMs: number;
  readonly surroundings: Surroundings;
}

/** A run that holds the lock and knows the journal. */
export interface RunContext extends Means {
  readonly request: RunRequest;
  readonly entries: readonly Entry[];
}

/** Opens the session of a request. Errors: DB001, DB075. */
export async function openSession(request: RunRequest): Promise<Session> {
  const { database, limits, surroundings, snapshot } = request;
  if (database.kind === 'server') return openServerSession(database.url);
  // The embedded PostgreSQL has no statement_timeout of its own.
  const budgetMs = limits.statementTimeoutMs === 0 ? FOREVER_MS : limits.statementTimeoutMs;
  const folder = database.kind === 'embedded' ? database.folder : undefined;
  const begun = surroundings.monotonic();
  for (;;) {
    try {
      return await openEmbeddedSession(folder, { budgetMs, snapshot, signal: surroundings.signal });
    } catch (error) {
      const isTaken = error instanceof UserError && error.code === 'DB075';
      const isOver = surroundings.signal.aborted || surroundings.monotonic() - begun >= request.waitMs;
      if (!isTaken || isOver) throw error;
      await pause(POLL_MS, surroundings.signal);
    }
  }
}

/** The longest a timer can wait: 24 days. */
const FOREVER_MS = 2 ** 31 - 1;
const POLL_MS = 250;

/** Does `work` while holding the lock, with the journal made and read. Errors: DB060, DB064, DB072, DB073. */
export async function withRun<T>(request: RunRequest, work: (run: RunContext) => Promise<T>): Promise<T> {
  const { journal } = request;
  return withSession(request, async (means) => {
    if (!(await hasJournal(means.session, journal))) await createJournal(means.session, journal);
    return work({ ...means, request, entries: await readJournal(means.session, journal) });
  });
}

async function withSession<T>(request: RunRequest, work: (means: Means) => Promise<T>): Promise<T> {
  const session = await openSession(request);
  const { surroundings, limits, journal } = request;
  const watch = new Watch(session, surroundings);
  try {
    await takeRunLock(session, journal, request.waitMs, surroundings);
    await resetSession(session, limits);
    return await work({ session, watch, limits, surroundings });
  } catch (error) {
    throw explained(error);
  } finally {
    await watch.close();
    await session.close().catch(() => undefined);
  }
}

/** The same without leaving a journal behind where there is none. */
export async function withReading<T>(request: RunRequest, work: (run: RunContext) => Promise<T>): Promise<T> {
  return withSession(request, async (means) => {
    const hasOne = await hasJournal(means.session, request.journal);
    const entries = hasOne ? await readJournal(means.session, request.journal) : [];
    return work({ ...means, request, entries });
  });
}

/** What goes wrong outside a script, as a failure that is explained. */
function explained(error: unknown): unknown {
  const isExpected = error instanceof SqlFailure || error instanceof ConnectionLost;
  const stopped = isExpected ? failedAt(undefined, error) : error;
  if (!(stopped instanceof Stopped)) return stopped;
  const { code, message, location, help } = stopped.diagnostic;
  return new UserError(code, message, {
    ...(location === undefined ? {} : { location }),
    ...(help === undefined ? {} : { help }),
    cause: error,
  });
}

/** The schema as it is now; leaves the session as it was. */
export async function readModel({ session, limits }: RunContext): Promise<DatabaseModel> {
  const model = await inspect(session);
  await resetSession(session, limits);
  return model;
}
