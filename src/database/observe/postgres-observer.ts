import { UserError } from '../../core/errors.ts';
import { readRows } from '../analyze/facts/read-facts.ts';
import { type Engine, SqlFailure } from '../engines/engine.ts';
import { connect } from '../engines/postgres.ts';
import { withoutPassword } from '../engines/url.ts';
import { quoteText } from '../quote.ts';
import type { Observer, SessionSample, StatementCount } from './observer.ts';

/** A statement of ours must not be taken for the service's: the mark stays in its text. */
const MARK = '/* senior-backend observes */';

const SESSIONS = (version: number): string => `
  SELECT ${MARK} pid, coalesce(state, '') AS state, wait_event_type AS "waitType", wait_event AS "waitEvent",
    ${version >= 140_000 ? 'query_id::text' : 'NULL'} AS statement, left(coalesce(query, ''), 1000) AS sql, client_port AS port,
    coalesce(extract(epoch FROM clock_timestamp() - backend_start) * 1000, 0)::float8 AS age,
    CASE WHEN wait_event_type = 'Lock' THEN to_json(pg_blocking_pids(pid)) ELSE '[]' END AS "blockedBy"
  FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND coalesce(backend_type, 'client backend') = 'client backend' AND application_name NOT LIKE 'senior-backend%'`;

/** The texts are in a file, which is left unread here. */
const COUNTS = (schema: string, version: number): string => `
  SELECT ${MARK} queryid::text AS id, sum(calls)::float8 AS calls, sum(total_exec_time)::float8 AS ms, sum(rows)::float8 AS rows
  FROM ${schema}.pg_stat_statements(false)
  WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND queryid IS NOT NULL
    ${version >= 140_000 ? 'AND toplevel' : ''} GROUP BY queryid`;

const TEXTS = (schema: string, ids: readonly string[]): string => `
  SELECT ${MARK} queryid::text AS id, min(query) AS sql FROM ${schema}.pg_stat_statements(true)
  WHERE queryid IN (${ids.map((id) => `${BigInt(id)}`).join(', ')})
    AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) GROUP BY queryid`;

const SCHEMA = `SELECT ${MARK} quote_ident(n.nspname) AS schema FROM pg_catalog.pg_extension e
  JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'`;

/** Connects to a server to look at it; `budgetMs` bounds each look. Errors: DB001. */
export async function openObserver(url: string, budgetMs: number, signal?: AbortSignal): Promise<Observer> {
  const engine = await connect({ url, budgetMs, ...(signal === undefined ? {} : { signal }) });
  await engine.run('SET default_transaction_read_only = on');
  // Only a superuser may leave its own statements uncounted; the mark does for the others.
  await engine.run("SET pg_stat_statements.track = 'none'").catch(() => undefined);
  const counts = await whatCounts(engine);
  const name = withoutPassword(url);
  /** A server that goes away in the middle is nobody's bug. */
  const look = <T>(work: () => Promise<T>): Promise<T> =>
    work().catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new UserError('DB001', `${name} stopped answering: ${reason}`, { cause: error });
    });
  return {
    name,
    obstacle: 'why' in counts ? counts : undefined,
    statements: async () =>
      'why' in counts
        ? []
        : look(() => readRows<StatementCount>(engine, COUNTS(counts.schema, engine.version))),
    texts: async (ids) =>
      'why' in counts || ids.length === 0 ? new Map() : look(() => readTexts(engine, counts.schema, ids)),
    sessions: () => look(() => readRows<SessionSample>(engine, SESSIONS(engine.version))),
    ping: () => look(() => engine.run(`SELECT ${MARK} ${quoteText('')}`)),
    close: () => engine.close(),
  };
}

async function readTexts(
  engine: Engine,
  schema: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await readRows<{ id: string; sql: string }>(engine, TEXTS(schema, ids));
  return new Map(rows.filter(({ sql }) => !sql.includes(MARK)).map(({ id, sql }) => [id, sql]));
}

type Counting = { readonly schema: string } | { readonly why: string; readonly help: string };

async function whatCounts(engine: Engine): Promise<Counting> {
  const [found] = await engine.rows<{ schema: string }>(SCHEMA);
  if (found === undefined) {
    return {
      why: 'the extension pg_stat_statements is not in this database',
      help: 'CREATE EXTENSION pg_stat_statements; it also has to be in shared_preload_libraries',
    };
  }
  if (engine.version < 130_000)
    return { why: 'its counters are read from PostgreSQL 13 on', help: 'Use a newer server.' };
  try {
    await readRows(engine, COUNTS(found.schema, engine.version));
    return found;
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    return {
      why: error.message,
      help: "ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements', then restart the server",
    };
  }
}
