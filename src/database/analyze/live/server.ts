import { quoteText } from '../../quote.ts';
import { type Found, fixWith } from '../finding.ts';
import type { LiveFacts, SessionFact } from './live-facts.ts';
import { type LiveRule, lasting, megabytes, percent } from './live-rule.ts';

const sessionName = ({ pid, user, application }: SessionFact): string =>
  `${pid}${user === '' ? '' : ` (${user}${application === '' ? '' : `, ${application}`})`}`;

const terminate = (pid: number, caution: string): Found['fix'] =>
  fixWith(`SELECT pg_terminate_backend(${pid})`, undefined, caution);

export const longTransaction: LiveRule = {
  code: 'long-transaction',
  severity: 'warning',
  title: 'A transaction is open for long',
  why: 'No row that died since it began can be removed in the whole database, and what it locked stays locked.',
  find: ({ sessions }) =>
    sessions
      .filter(({ transactionAge, state }) => (transactionAge ?? 0) > (state.startsWith('idle in') ? 60 : 600))
      .map((session) => ({
        severity: (session.transactionAge ?? 0) > 3600 ? 'error' : 'warning',
        object: { kind: 'session', name: sessionName(session) },
        message: `session ${sessionName(session)} has a transaction open for ${lasting(session.transactionAge ?? 0)}, ${session.state}`,
        evidence: {
          seconds: Math.round(session.transactionAge ?? 0),
          state: session.state,
          query: shortened(session.query),
        },
        fix: terminate(
          session.pid,
          'Its work is rolled back. idle_in_transaction_session_timeout ends such sessions by itself.',
        ),
      })),
};

export const blockedSession: LiveRule = {
  code: 'blocked-session',
  severity: 'warning',
  title: 'Sessions wait for a lock',
  why: 'Everybody who wants what they wait for queues up behind them.',
  find: ({ sessions }) => {
    const waiting = sessions.filter(({ blockedBy }) => blockedBy.length > 0);
    const blockers = new Map<number, SessionFact[]>();
    for (const session of waiting) {
      for (const pid of session.blockedBy) blockers.set(pid, [...(blockers.get(pid) ?? []), session]);
    }
    return [...blockers].map(([pid, blocked]) => {
      const blocker = sessions.find((session) => session.pid === pid);
      const name = blocker === undefined ? String(pid) : sessionName(blocker);
      return {
        object: { kind: 'session' as const, name },
        message: `session ${name} keeps ${blocked.length} waiting`,
        evidence: {
          waiting: blocked.map(sessionName).join(', '),
          longest: lasting(Math.max(...blocked.map(({ statementAge }) => statementAge ?? 0))),
          query: shortened(blocker?.query ?? ''),
        },
        fix: terminate(pid, 'Its work is rolled back; those who wait go on.'),
      };
    });
  },
};

const shortened = (query: string): string => query.replaceAll(/\s+/g, ' ').slice(0, 120);

export const cacheHit: LiveRule = {
  code: 'cache-hit',
  severity: 'warning',
  title: 'Blocks are read from outside the cache too often',
  why: 'A block that is not in shared memory has to be asked of the system, and of the disk when it is not there either.',
  find: ({ database, settings }) => {
    if (database === undefined || database.hits + database.reads < 100_000) return [];
    const share = database.hits / (database.hits + database.reads);
    if (share >= 0.95) return [];
    const target = Math.max(256, Math.round(Number(settings.get('shared_buffers') ?? 0) / 128) * 2);
    return [
      {
        object: { kind: 'database', name: 'this database' },
        message: `${percent(share)} of all blocks were found in the cache`,
        evidence: { hits: database.hits, reads: database.reads, 'database size': megabytes(database.bytes) },
        fix: setting(
          'shared_buffers',
          `${target}MB`,
          'Needs a restart; a quarter of the memory of a machine of its own is the usual start.',
        ),
      },
    ];
  },
};

export const connectionUse: LiveRule = {
  code: 'connection-use',
  severity: 'warning',
  title: 'Connections are nearly used up',
  why: 'The next client is refused.',
  find: ({ database }) => {
    if (database === undefined || database.connections < 0.8 * database.maxConnections) return [];
    return [
      {
        severity: database.connections >= 0.95 * database.maxConnections ? 'error' : 'warning',
        object: { kind: 'database', name: 'this server' },
        message: `${database.connections} of ${database.maxConnections} connections are in use`,
        evidence: { connections: database.connections, max_connections: database.maxConnections },
        fix: setting(
          'max_connections',
          String(database.maxConnections * 2),
          'Needs a restart; a pool such as PgBouncer is nearly always the better mend.',
        ),
      },
    ];
  },
};

const GIGABYTE = 1_073_741_824;

export const replicationSlot: LiveRule = {
  code: 'replication-slot',
  severity: 'warning',
  title: 'A replication slot that nobody reads keeps WAL',
  why: 'The server keeps all WAL since the slot was last read, until the disk is full.',
  find: ({ slots }) =>
    slots
      .filter(({ isActive, retained }) => !isActive || retained > 10 * GIGABYTE)
      .map(({ name, isActive, retained }) => ({
        severity: retained > 10 * GIGABYTE ? 'error' : 'warning',
        object: { kind: 'slot', name },
        message: `the slot ${name} is ${isActive ? 'far behind' : 'not in use'} and keeps ${megabytes(retained)} of WAL`,
        evidence: { retained: megabytes(retained), active: isActive ? 'yes' : 'no' },
        fix: fixWith(
          `SELECT pg_drop_replication_slot(${quoteText(name)})`,
          undefined,
          'Whoever reads it has to begin anew.',
        ),
      })),
};

export const replicationLag: LiveRule = {
  code: 'replication-lag',
  severity: 'warning',
  title: 'A replica lags behind',
  why: 'It answers with old rows, and a failover to it would lose what it has not replayed.',
  find: ({ replicas }) =>
    replicas
      .filter(({ lag }) => lag > 100 * 1_048_576)
      .map(({ name, lag }) => ({
        object: { kind: 'session', name },
        message: `${name} has ${megabytes(lag)} still to replay`,
        evidence: { lag: megabytes(lag) },
        fix: {
          steps: [],
          transactional: true,
          caution: 'Look at its disk, its network and its long queries.',
        },
      })),
};

export const wraparound: LiveRule = {
  code: 'wraparound',
  severity: 'warning',
  title: 'Old transaction numbers are not being frozen',
  why: 'At two thousand million transactions PostgreSQL stops taking writes to save the rows.',
  find: ({ database, tables }, catalog) => {
    if (database === undefined || database.frozenAge < 2 * database.freezeMaxAge) return [];
    const oldest = [...tables].sort((left, right) => right.frozenAge - left.frozenAge)[0];
    const name = oldest === undefined ? undefined : catalog.table(oldest.table)?.sql;
    return [
      {
        severity: database.frozenAge > 1.5e9 ? 'error' : 'warning',
        object: { kind: 'database', name: 'this database' },
        message: `the oldest transaction number is ${Math.round(database.frozenAge / 1e6)} million transactions old`,
        evidence: {
          age: database.frozenAge,
          autovacuum_freeze_max_age: database.freezeMaxAge,
          ...(name === undefined ? {} : { 'oldest table': name }),
        },
        // The number is the oldest of all tables, those of the catalog too.
        fix: fixWith(
          'VACUUM (FREEZE)',
          'SHARE UPDATE EXCLUSIVE on one table after the other',
          'Helps nothing while an old transaction, prepared transaction or replication slot keeps the numbers from moving.',
        ),
      },
    ];
  },
};

const setting = (name: string, value: string, caution: string): Found['fix'] =>
  fixWith(`ALTER SYSTEM SET ${name} = ${quoteText(value)}`, undefined, caution);

interface SettingRule {
  readonly name: string;
  readonly isBad: (value: string, live: LiveFacts) => boolean;
  readonly better: string;
  readonly says: string;
  readonly severity: 'error' | 'warning' | 'info';
}

/** https://www.postgresql.org/docs/current/runtime-config.html */
const SETTINGS: readonly SettingRule[] = [
  {
    name: 'fsync',
    isBad: (value) => value === 'off',
    better: 'on',
    says: 'a crash may destroy the whole database',
    severity: 'error',
  },
  {
    name: 'full_page_writes',
    isBad: (value) => value === 'off',
    better: 'on',
    says: 'a crash may leave torn pages behind',
    severity: 'error',
  },
  {
    name: 'autovacuum',
    isBad: (value) => value === 'off',
    better: 'on',
    says: 'nothing removes dead rows or freezes old ones',
    severity: 'error',
  },
  {
    name: 'track_counts',
    isBad: (value) => value === 'off',
    better: 'on',
    says: 'autovacuum does not know what to do',
    severity: 'error',
  },
  {
    name: 'idle_in_transaction_session_timeout',
    isBad: (value) => value === '0',
    better: '5min',
    says: 'a client that forgets its transaction keeps it open for ever',
    severity: 'info',
  },
  {
    name: 'log_lock_waits',
    isBad: (value) => value === 'off',
    better: 'on',
    says: 'nobody learns who waited for whom',
    severity: 'info',
  },
  {
    name: 'random_page_cost',
    isBad: (value, { database }) => Number(value) >= 4 && (database?.bytes ?? 0) > GIGABYTE,
    better: '1.1',
    says: 'the planner believes in disks that have to turn, and avoids indexes',
    severity: 'info',
  },
];

export const settingOutOfLine: LiveRule = {
  code: 'setting',
  severity: 'warning',
  title: 'A setting is out of line',
  why: 'Each says what it risks.',
  find: (live) =>
    SETTINGS.filter(
      ({ name, isBad }) => live.settings.has(name) && isBad(live.settings.get(name) ?? '', live),
    ).map(({ name, better, says, severity }) => ({
      severity,
      object: { kind: 'setting', name },
      message: `${name} is ${live.settings.get(name)}: ${says}`,
      evidence: { value: live.settings.get(name) ?? '', better },
      fix: setting(name, better, 'Followed by SELECT pg_reload_conf().'),
    })),
};
