import { UserError } from '../../core/errors.ts';
import { sha256 } from '../../core/hash.ts';
import { SqlFailure } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import { holdersOf } from './blockers.ts';
import { type Blocker, pause, type Surroundings } from './surroundings.ts';

/**
 * The key of the lock that keeps two runs on one journal apart: 63 bits of a hash. Advisory locks belong
 * to the database already; the journal's schema makes the difference within it.
 */
export function lockKey(journalSchema: string): string {
  return (BigInt(`0x${sha256(`senior-backend ${journalSchema}`).slice(0, 16)}`) >> 1n).toString();
}

/** When a run that waits for another one asks again, in milliseconds: first, and at the longest. */
const POLL_MS = { first: 100, longest: 2_000 };

/**
 * Takes the lock for as long as the session lives: it is held by the very backend that runs the
 * statements, so that it lasts as long as they do, even when the client is gone and a statement goes on.
 * Waits for another run up to `waitMs`. Errors: DB060, DB072.
 */
export async function takeRunLock(
  session: Session,
  journalSchema: string,
  waitMs: number,
  surroundings: Surroundings,
): Promise<void> {
  if (session.pooled) await failOnTransactionPooling(session, surroundings.signal);
  const key = lockKey(journalSchema);
  const begun = surroundings.monotonic();
  let told = '';
  for (let pollMs = POLL_MS.first; ; pollMs = Math.min(POLL_MS.longest, pollMs * 1.5)) {
    const [row] = await session.rows<{ taken: boolean }>(
      `SELECT pg_catalog.pg_try_advisory_lock(${key}) AS taken`,
    );
    if (row?.taken === true) return;
    const holders = await holdersOf(session, key);
    const pids = holders.map(({ pid }) => pid).join(' ');
    if (pids !== told && holders.length > 0) surroundings.report({ kind: 'waiting for lock', holders });
    if (pids !== '') told = pids;
    if (surroundings.signal.aborted || surroundings.monotonic() - begun >= waitMs)
      throw held(holders, waitMs);
    // Fifty that wait shall neither ask all at once nor keep the server from the one that works.
    await pause(pollMs * (0.5 + surroundings.random()), surroundings.signal);
  }
}

function held(holders: readonly Blocker[], waitMs: number): UserError {
  const who = holders.map(
    ({ pid, ageSeconds }) => `pid ${pid}${ageSeconds > 0 ? `, since ${ageSeconds} s` : ''}`,
  );
  return new UserError(
    'DB060',
    `another run holds the lock${who.length === 0 ? '' : ` (${who.join('; ')})`} and did not end within ${waitMs / 1000} s`,
    { help: 'Nothing was changed by this one. Wait longer with --wait, or look at what the other one does.' },
  );
}

/** How long a backend that is ours may take to answer while another connection has one too, in milliseconds. */
const ANSWER_MS = 10_000;

/**
 * A pooler that hands out a backend per transaction would leave our lock and settings with a stranger. It gives itself
 * away when a second connection gets the backend of the first, which is still open, or when the first gets none as long
 * as the second has one; one that hands out a backend per statement, when it refuses to begin a transaction.
 */
async function failOnTransactionPooling(session: Session, signal: AbortSignal): Promise<void> {
  const other = await session.beside();
  if (other === undefined) return;
  const pidOf = 'SELECT pg_catalog.pg_backend_pid() AS pid';
  const over = new AbortController();
  let asked: Promise<readonly { readonly pid: number }[]> | undefined;
  try {
    await other.run('BEGIN');
    const [theirs] = await other.rows<{ pid: number }>(pidOf);
    asked = session.rows<{ pid: number }>(pidOf);
    const answer = await Promise.race([asked, pause(ANSWER_MS, AbortSignal.any([signal, over.signal]))]);
    if (signal.aborted) return;
    if (answer?.[0]?.pid === session.pid && theirs?.pid !== session.pid) return;
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
  } finally {
    over.abort();
    await other.close();
  }
  await asked?.catch(() => undefined);
  throw new UserError(
    'DB072',
    'this connection goes through a pooler that changes backends between transactions',
    {
      kind: 'usage',
      help: 'Connect to the server itself or to a pool in session mode; locks and settings need one backend throughout.',
    },
  );
}
