import { UserError } from '../../../core/errors.ts';
import { parseConnection, type RunRequest, type Surroundings } from '../../../database/index.ts';
import type { CommonFlags, FlagValues } from '../../command.ts';
import type { Host } from '../../host.ts';
import { hazardsOf } from './inputs.ts';
import type { JOURNAL_FLAGS } from './journal-flags.ts';
import { progressTo } from './progress.ts';
import { snapshotFile } from './snapshot.ts';

type Flags = FlagValues<typeof JOURNAL_FLAGS>;

/** Where migrations are when no path is given. */
export const DEFAULT_FOLDER = 'migrations';

/** Seconds. */
const LOCK_TIMEOUT = 5;

/** The request that both commands have in common. Errors: DB004, DB015, DB024. */
export function journalRequest(host: Host, path: string, flags: Flags, common: CommonFlags): RunRequest {
  if (flags.connection === undefined) {
    throw new UserError('DB015', 'nothing says which database', {
      kind: 'usage',
      help: 'Give --connection postgres://... or pglite:DIR, or set DATABASE_URL.',
    });
  }
  const database = parseConnection(flags.connection);
  if (database.kind === 'files') throw new Error('a connection is never a path');
  return {
    path,
    root: host.cwd,
    database,
    journal: flags.journal,
    allow: hazardsOf(flags.allow),
    forceFingerprint: flags['force-fingerprint'],
    waitMs: flags.wait * 1000,
    limits: limitsOf(flags),
    unseen: flags.resume,
    scratchUrl: flags.scratch,
    snapshot: snapshotFile(host.env),
    budgetMs: flags.budget * 1000,
    surroundings: surroundingsOf(host, common),
  };
}

function limitsOf(flags: Flags): RunRequest['limits'] {
  const [lock, statement] = [flags['lock-timeout'], flags['statement-timeout']];
  return {
    lockTimeoutMs: Math.max(1, Math.round((lock ?? LOCK_TIMEOUT) * 1000)),
    retries: flags['lock-retries'],
    statementTimeoutMs: Math.round((statement ?? 0) * 1000),
    overrule: new Set([
      ...(lock === undefined ? [] : ['lock_timeout']),
      ...(statement === undefined ? [] : ['statement_timeout']),
    ]),
  };
}

function surroundingsOf(host: Host, common: CommonFlags): Surroundings {
  return {
    monotonic: () => host.clock.monotonic(),
    random: host.random,
    signal: host.signal,
    report: progressTo(host, common),
  };
}
