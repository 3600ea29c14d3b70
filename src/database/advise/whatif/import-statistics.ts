import type { Engine } from '../../engines/engine.ts';
import { SqlFailure } from '../../engines/engine.ts';
import { quoteText } from '../../quote.ts';
import type { ColumnStatistics, PlannerStatistics, RelationStatistics } from './statistics.ts';

/** Tells a database without rows what its planner is to believe: functions of PostgreSQL 18. */
export async function importStatistics(engine: Engine, statistics: PlannerStatistics): Promise<void> {
  for (const { name, value } of statistics.settings) {
    // A newer server may have a setting or a value that this one does not know.
    await engine.run(`SET ${name} = ${quoteText(value)}`).catch(ignoreFailure);
  }
  await engine.run('SET max_parallel_workers_per_gather = 0');
  await runAll(engine, statistics.relations.map(restoreRelation));
  await runAll(engine, statistics.columns.map(restoreColumn));
}

/** In batches; where one fails, such as on values of a type that is not there, the others are run singly. */
async function runAll(engine: Engine, statements: readonly string[]): Promise<void> {
  for (let at = 0; at < statements.length; at += BATCH) {
    const batch = statements.slice(at, at + BATCH);
    try {
      await engine.run(batch.join(';\n'));
    } catch (error) {
      ignoreFailure(error);
      for (const statement of batch) await engine.run(statement).catch(ignoreFailure);
    }
  }
}

const BATCH = 40;

function ignoreFailure(error: unknown): void {
  if (!(error instanceof SqlFailure)) throw error;
}

/** https://www.postgresql.org/docs/18/functions-admin.html#FUNCTIONS-ADMIN-STATSMOD */
export function restoreRelation({ schema, name, blocks, rows, visibleBlocks }: RelationStatistics): string {
  return call('pg_restore_relation_stats', [
    ['schemaname', schema, 'text'],
    ['relname', name, 'text'],
    ['relpages', String(blocks), 'integer'],
    ['reltuples', String(rows), 'real'],
    ['relallvisible', String(Math.min(visibleBlocks, blocks)), 'integer'],
  ]);
}

function restoreColumn(column: ColumnStatistics): string {
  const lists = LISTS.flatMap(([name, field, type]) => {
    const value = column[field];
    return value === null ? [] : [[name, value, type] as const];
  });
  const correlation = column.correlation;
  return call('pg_restore_attribute_stats', [
    ['schemaname', column.schema, 'text'],
    ['relname', column.table, 'text'],
    ['attname', column.column, 'text'],
    ['inherited', String(column.inherited), 'boolean'],
    ['null_frac', String(column.nullFraction), 'real'],
    ['avg_width', String(column.width), 'integer'],
    ['n_distinct', String(column.distinct), 'real'],
    ...lists,
    ...(correlation === null ? [] : [['correlation', String(correlation), 'real'] as const]),
  ]);
}

const LISTS = [
  ['most_common_vals', 'commonValues', 'text'],
  ['most_common_freqs', 'commonFrequencies', 'real[]'],
  ['histogram_bounds', 'histogram', 'text'],
  ['most_common_elems', 'commonElements', 'text'],
  ['most_common_elem_freqs', 'commonElementFrequencies', 'real[]'],
  ['elem_count_histogram', 'elementHistogram', 'real[]'],
] as const;

function call(name: string, given: readonly (readonly [string, string, string])[]): string {
  const parts = given.map(([key, value, type]) => `${quoteText(key)}, ${quoteText(value)}::${type}`);
  return `SELECT pg_catalog.${name}(${parts.join(', ')})`;
}
