import { readRows } from '../../analyze/facts/read-facts.ts';
import { type Engine, SqlFailure } from '../../engines/engine.ts';
import { FIRST_USER_OID, USER_SCHEMA } from '../../inspect/area.ts';
import { quoteText } from '../../quote.ts';
import {
  type ColumnStatistics,
  PLANNER_SETTINGS,
  type PlannerStatistics,
  type RelationStatistics,
} from './statistics.ts';

/** A table that was never analysed has no rows by the catalog; what was inserted since is known all the same. */
const ROWS = `CASE WHEN c.reltuples < 0 THEN coalesce(nullif(pg_stat_get_live_tuples(c.oid), 0)::float8, -1) ELSE c.reltuples::float8 END`;

const RELATIONS = (blocks: string): string => `
  SELECT n.nspname AS schema, c.relname AS name, ${blocks} AS blocks, ${ROWS} AS rows, c.relallvisible AS "visibleBlocks"
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'i', 'm', 'p', 'I') AND c.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA} AND c.relpersistence <> 't'`;

/** What is on disk now, which the planner looks at; it needs the lock that reading needs. */
const MEASURED = `CASE WHEN c.relkind IN ('p', 'I') THEN 0 ELSE pg_relation_size(c.oid) / current_setting('block_size')::int END`;

const COLUMNS = (values: boolean): string => `
  SELECT schemaname AS schema, tablename AS table, attname AS column, inherited, null_frac::float8 AS "nullFraction", avg_width AS width,
    n_distinct::float8 AS distinct, ${values ? 'most_common_vals::text' : 'NULL'} AS "commonValues",
    ${values ? 'most_common_freqs::text' : 'NULL'} AS "commonFrequencies", ${values ? 'histogram_bounds::text' : 'NULL'} AS histogram,
    correlation::float8 AS correlation, ${values ? 'most_common_elems::text' : 'NULL'} AS "commonElements",
    ${values ? 'most_common_elem_freqs::text' : 'NULL'} AS "commonElementFrequencies",
    ${values ? 'elem_count_histogram::text' : 'NULL'} AS "elementHistogram"
  FROM pg_stats WHERE schemaname !~ '^(pg_|information_schema)'`;

export interface ReadStatisticsOptions {
  /** Whether sample values are read; without them plans that depend on single values are less certain. */
  readonly values: boolean;
}

/** Reads what a plan depends on from a live database: plain SELECTs, of what the role may see. */
export async function readStatistics(
  engine: Engine,
  { values }: ReadStatisticsOptions,
): Promise<PlannerStatistics> {
  await engine.run("SET search_path = ''");
  const names = PLANNER_SETTINGS.map(quoteText).join(', ');
  return {
    relations: await readRelations(engine),
    columns: await readRows<ColumnStatistics>(engine, COLUMNS(values)),
    settings: await readRows(
      engine,
      `SELECT name, setting || coalesce(CASE unit WHEN '8kB' THEN '' ELSE unit END, '') AS value FROM pg_settings WHERE name IN (${names})`,
    ),
  };
}

/** A table that somebody has locked exclusively would stop us: then what was counted last has to do. */
async function readRelations(engine: Engine): Promise<RelationStatistics[]> {
  try {
    return await readRows(engine, RELATIONS(MEASURED));
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    return readRows(engine, RELATIONS('c.relpages'));
  }
}
