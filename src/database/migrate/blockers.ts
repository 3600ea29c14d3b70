import { normalizeSync } from 'libpg-query';
import type { Engine } from '../engines/engine.ts';
import type { Blocker } from './surroundings.ts';

interface Activity {
  readonly pid: number;
  readonly query: string | null;
  readonly state: string | null;
  readonly age: number | null;
}

const ACTIVITY = (pids: string): string => `
  SELECT a.pid, a.query, a.state, extract(epoch FROM pg_catalog.clock_timestamp() - a.xact_start)::float8 AS age
  FROM pg_catalog.pg_stat_activity a WHERE a.pid IN (${pids}) ORDER BY a.xact_start`;

/** Who keeps `pid` from getting its lock. */
export async function blockersOf(engine: Engine, pid: number): Promise<Blocker[]> {
  return describe(
    await engine.rows<Activity>(ACTIVITY(`SELECT unnest(pg_catalog.pg_blocking_pids(${pid}))`)),
  );
}

/** Who holds an advisory lock of this key in this database. */
export async function holdersOf(engine: Engine, key: string): Promise<Blocker[]> {
  const pids = `SELECT l.pid FROM pg_catalog.pg_locks l
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
      AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
      AND ((l.classid::int8 << 32) | l.objid::int8) = ${key}`;
  return describe(await engine.rows<Activity>(ACTIVITY(pids)));
}

function describe(rows: readonly Activity[]): Blocker[] {
  return rows.map(({ pid, query, state, age }) => ({
    pid,
    query: redacted(query ?? ''),
    state: state ?? 'unknown',
    ageSeconds: Math.max(0, Math.round(age ?? 0)),
  }));
}

/** A statement without its literals, which may be anybody's secrets, on one line. */
function redacted(query: string): string {
  const text = normalized(query).replaceAll(/\s+/g, ' ').trim();
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text;
}

const SHOWN = 120;

function normalized(query: string): string {
  try {
    return normalizeSync(query);
  } catch {
    // Cut off by track_activity_query_size, or not visible to this role.
    return query.startsWith('<') ? query : (/^\s*\w+(?:\s+\w+)?/.exec(query)?.[0] ?? '');
  }
}
