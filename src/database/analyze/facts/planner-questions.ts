import { type Engine, SqlFailure } from '../../engines/engine.ts';
import { foreignKeysOf, serves } from '../schema/unindexed-foreign-key.ts';
import { type Catalog, catalogOf } from './catalog.ts';
import type { ConstraintFact, SchemaFacts } from './facts.ts';

/**
 * Asks the planner about foreign keys that only a partial index could serve: whether its predicate follows
 * from `column = $1` is for PostgreSQL to say. Plans, never runs.
 */
export async function withPlannerAnswers(engine: Engine, facts: SchemaFacts): Promise<SchemaFacts> {
  const catalog = catalogOf(facts);
  const open = foreignKeysOf(catalog).filter((key) => isOpen(catalog, key));
  const served: number[] = [];
  for (const key of open) if (await isLookedUpByIndex(engine, catalog, key)) served.push(key.oid);
  return { ...facts, servedByPartial: served };
}

function isOpen(catalog: Catalog, key: ConstraintFact): boolean {
  const serving = catalog.indexesOf(key.table).filter((index) => serves(catalog, index, key));
  return serving.length > 0 && serving.every(({ predicate }) => predicate !== null);
}

async function isLookedUpByIndex(engine: Engine, catalog: Catalog, key: ConstraintFact): Promise<boolean> {
  const columns = key.keys.flatMap((number) => catalog.column(key.table, number) ?? []);
  const table = catalog.table(key.table);
  const types = columns.map(({ type }) => type).join(', ');
  const where = columns.map(({ name }, at) => `${catalog.quote(name)} = $${at + 1}`).join(' AND ');
  const from = table?.kind === 'p' ? table.sql : `ONLY ${table?.sql}`;
  try {
    await engine.run(`PREPARE senior_backend_key (${types}) AS SELECT 1 FROM ${from} WHERE ${where}`);
    await engine.run('SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan');
    const nulls = columns.map(() => 'NULL').join(', ');
    const plan = await engine.rows<Record<string, string>>(`EXPLAIN EXECUTE senior_backend_key (${nulls})`);
    const text = plan.map((row) => Object.values(row)[0]).join('\n');
    return text.includes('Index Cond');
  } catch (error) {
    // A table that this role may not read keeps its finding.
    if (error instanceof SqlFailure && error.state === '42501') return false;
    throw error;
  } finally {
    await engine.run('RESET enable_seqscan; RESET plan_cache_mode').catch(() => undefined);
    // Not ALL: the queries that read the catalog are prepared on this connection too.
    await engine.run('DEALLOCATE senior_backend_key').catch(() => undefined);
  }
}
