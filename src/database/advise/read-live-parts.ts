import { readRows } from '../analyze/facts/read-facts.ts';
import type { Engine } from '../engines/engine.ts';
import type { SchemaLocation } from '../sources/location.ts';
import { openLocation } from '../sources/open-location.ts';
import { readStatistics } from './whatif/read-statistics.ts';
import type { PlannerStatistics } from './whatif/statistics.ts';
import { readServerWorkload } from './workload/read-workload.ts';
import type { Workload } from './workload/workload.ts';

/** What a running database tells beside its schema. */
export interface Live {
  readonly statistics: PlannerStatistics | undefined;
  readonly workload: Workload | undefined;
  readonly searchPath: string | undefined;
  readonly writes: ReadonlyMap<string, number>;
  /** Indexes without a scan although the statistics are old enough to tell, as `schema.name`. */
  readonly unused: ReadonlySet<string>;
}

const NOTHING: Live = {
  statistics: undefined,
  workload: undefined,
  searchPath: undefined,
  writes: new Map(),
  unused: new Set(),
};

/** Reads them; nothing of what is not running. Errors: DB001. */
export async function readLiveParts(
  { location, values }: { readonly location: SchemaLocation; readonly values: boolean },
  options: { readonly budgetMs: number; readonly signal?: AbortSignal },
): Promise<Live> {
  if (location.kind === 'files' || location.kind === 'empty') return NOTHING;
  const engine = await openLocation(location, options);
  try {
    await engine.run("SET default_transaction_read_only = on; SET lock_timeout = '1s'");
    const [path] = await engine.rows<{ path: string }>("SELECT current_setting('search_path') AS path");
    const statistics = await readStatistics(engine, { values });
    return {
      statistics,
      searchPath: path?.path,
      workload: await readServerWorkload(engine),
      writes: await readWrites(engine),
      unused: await readUnused(engine),
    };
  } finally {
    await engine.close();
  }
}

/** A row that is inserted goes into every index; of updates those that could not stay on their page. */
async function readWrites(engine: Engine): Promise<Map<string, number>> {
  const rows = await readRows<{ name: string; writes: number }>(
    engine,
    `SELECT schemaname || '.' || relname AS name, (n_tup_ins + n_tup_upd - n_tup_hot_upd)::float8 AS writes FROM pg_catalog.pg_stat_user_tables`,
  );
  return new Map(rows.map(({ name, writes }) => [name, writes]));
}

async function readUnused(engine: Engine): Promise<Set<string>> {
  const rows = await readRows<{ name: string }>(
    engine,
    `SELECT quote_ident(s.schemaname) || '.' || quote_ident(s.indexrelname) AS name FROM pg_catalog.pg_stat_user_indexes s
     WHERE s.idx_scan = 0 AND NOT pg_is_in_recovery() AND (SELECT stats_reset IS NULL OR stats_reset < clock_timestamp() - interval '7 days'
       FROM pg_catalog.pg_stat_database WHERE datname = current_database())`,
  );
  return new Set(rows.map(({ name }) => name));
}
