import { readServerWorkload } from '../../advise/workload/read-workload.ts';
import { type Engine, SqlFailure } from '../../engines/engine.ts';
import { readRows } from '../facts/read-facts.ts';
import type { DatabaseFact, LiveFacts } from './live-facts.ts';

const AGE = (moment: string): string => `extract(epoch FROM clock_timestamp() - ${moment})::float8`;

/** pg_class has the sizes without a lock; they are those of the last VACUUM or ANALYZE. */
const TABLES = `
  SELECT s.relid::int8 AS table, s.seq_scan::float8 AS "sequentialScans", s.seq_tup_read::float8 AS "sequentialRows",
    coalesce(s.idx_scan, 0)::float8 AS "indexScans", s.n_tup_ins::float8 AS inserted, s.n_tup_upd::float8 AS updated, s.n_tup_del::float8 AS deleted,
    s.n_live_tup::float8 AS "liveRows", s.n_dead_tup::float8 AS "deadRows", s.n_mod_since_analyze::float8 AS "changedSinceAnalyze",
    ${AGE('greatest(s.last_vacuum, s.last_autovacuum)')} AS "vacuumAge", ${AGE('greatest(s.last_analyze, s.last_autoanalyze)')} AS "analyzeAge",
    age(c.relfrozenxid)::float8 AS "frozenAge", c.relpages * 8192::float8 AS bytes, coalesce(t.relpages, 0) * 8192::float8 AS "toastBytes",
    w.width AS "rowWidth"
  FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
    -- Grouped once: the view checks a right for each column of a table that it is asked for.
    LEFT JOIN (SELECT schemaname, tablename, sum(avg_width * (1 - null_frac))::float8 AS width FROM pg_stats WHERE NOT inherited
      GROUP BY 1, 2) w ON w.schemaname = s.schemaname AND w.tablename = s.relname`;

const INDEXES = `SELECT s.indexrelid::int8 AS index, s.idx_scan::float8 AS scans, c.relpages * 8192::float8 AS bytes
  FROM pg_stat_user_indexes s JOIN pg_class c ON c.oid = s.indexrelid`;

const NULLS = `SELECT c.oid::int8 AS table, s.attname AS name, s.null_frac::float8 AS "nullFraction"
  FROM pg_stats s JOIN pg_namespace n ON n.nspname = s.schemaname JOIN pg_class c ON c.relname = s.tablename AND c.relnamespace = n.oid
  WHERE s.schemaname !~ '^(pg_|information_schema)' AND NOT s.inherited`;

const SESSIONS = `
  SELECT pid, coalesce(state, '') AS state, coalesce(usename, '') AS user, coalesce(application_name, '') AS application,
    ${AGE('xact_start')} AS "transactionAge", ${AGE('query_start')} AS "statementAge", coalesce(query, '') AS query,
    CASE WHEN wait_event_type = 'Lock' THEN to_json(pg_blocking_pids(pid)) ELSE '[]' END AS "blockedBy"
  FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`;

const SLOTS = `
  SELECT slot_name AS name, active AS "isActive",
    CASE WHEN pg_is_in_recovery() THEN 0 ELSE coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::float8 END AS retained
  FROM pg_replication_slots WHERE NOT temporary`;

const REPLICAS = `
  SELECT coalesce(nullif(application_name, ''), client_addr::text, pid::text) AS name,
    CASE WHEN pg_is_in_recovery() THEN 0 ELSE coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn), 0)::float8 END AS lag
  FROM pg_stat_replication`;

const DATABASE = `
  SELECT s.blks_hit::float8 AS hits, s.blks_read::float8 AS reads, ${AGE('s.stats_reset')} AS "statisticsAge",
    (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
    current_setting('max_connections')::int AS "maxConnections", age(d.datfrozenxid)::float8 AS "frozenAge",
    current_setting('autovacuum_freeze_max_age')::float8 AS "freezeMaxAge", pg_is_in_recovery() AS "isReplica",
    (SELECT sum(relpages) * 8192::float8 FROM pg_class) AS bytes
  FROM pg_stat_database s JOIN pg_database d ON d.oid = s.datid WHERE s.datname = current_database()`;

const SETTINGS = `SELECT name, setting AS value FROM pg_settings`;

/** Reads what a running database says of itself. Nothing here takes more than ACCESS SHARE. */
export async function readLive(engine: Engine): Promise<LiveFacts> {
  const notes: string[] = [];
  const read = async <Row>(what: string, sql: string): Promise<Row[]> => {
    try {
      return await readRows<Row>(engine, sql);
    } catch (error) {
      if (!(error instanceof SqlFailure)) throw error;
      notes.push(`${what} could not be read: ${error.message}`);
      return [];
    }
  };
  const [database] = await read<DatabaseFact>('the database', DATABASE);
  if (database?.isReplica === true)
    notes.push('this is a replica: what mends a finding has to be run on its primary');
  const settings = await read<{ name: string; value: string }>('settings', SETTINGS);
  const workload = await readServerWorkload(engine);
  if (workload === undefined)
    notes.push('pg_stat_statements is not there: statements were not judged (--queries FILE does instead)');
  return {
    tables: await read('tables', TABLES),
    indexes: await read('indexes', INDEXES),
    nulls: await read('column statistics', NULLS),
    sessions: await read('sessions', SESSIONS),
    slots: await read('replication slots', SLOTS),
    replicas: await read('replicas', REPLICAS),
    database,
    settings: new Map(settings.map(({ name, value }) => [name, value])),
    workload,
    notes,
  };
}
