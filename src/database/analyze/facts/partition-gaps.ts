import type { Engine } from '../../engines/engine.ts';
import { type Catalog, catalogOf } from './catalog.ts';
import type { PartitionFact, PartitionGapFact, SchemaFacts, TableFact } from './facts.ts';
import { readRows } from './read-facts.ts';

/** Adds the values between range partitions that none of them takes; PostgreSQL compares them. */
export async function withPartitionGaps(engine: Engine, facts: SchemaFacts): Promise<SchemaFacts> {
  const catalog = catalogOf(facts);
  const gaps: PartitionGapFact[] = [];
  for (const table of facts.tables) {
    if (table.partitioning?.strategy !== 'range' || table.partitioning.keys.length !== 1) continue;
    const parts = facts.partitions.filter(({ parent }) => parent === table.oid);
    if (parts.length < 2 || parts.some(({ bound }) => bound === 'DEFAULT')) continue;
    gaps.push(...(await gapsOf(engine, catalog, table, parts)));
  }
  return { ...facts, partitionGaps: gaps };
}

/** `FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')`, as PostgreSQL prints a bound of one column. */
const BOUND = /^FOR VALUES FROM \((MINVALUE|.+)\) TO \((MAXVALUE|.+)\)$/s;

async function gapsOf(
  engine: Engine,
  catalog: Catalog,
  table: TableFact,
  parts: readonly PartitionFact[],
): Promise<PartitionGapFact[]> {
  const column = catalog.column(table.oid, table.partitioning?.keys[0] ?? 0);
  const bounds = parts.flatMap(({ bound }) => {
    const [, low, high] = BOUND.exec(bound) ?? [];
    return low === undefined || high === undefined ? [] : [{ low, high }];
  });
  if (column === undefined || bounds.length !== parts.length) return [];
  // What stands between the parentheses is a constant that PostgreSQL itself printed.
  const value = (text: string): string => (/^(?:MIN|MAX)VALUE$/.test(text) ? 'NULL' : text);
  const typed = (text: string): string => `(${value(text)})::${column.type}`;
  const rows = bounds.map(({ low, high }) => `(${typed(low)}, ${typed(high)})`).join(', ');
  const found = await readRows<{ from: string; to: string }>(
    engine,
    `SELECT quote_literal(before::text) AS from, quote_literal(low::text) AS to FROM (
       SELECT low, lag(high) OVER (ORDER BY low NULLS FIRST) AS before FROM (VALUES ${rows}) b(low, high)) q
     WHERE low > before ORDER BY low`,
  );
  return found.map((gap) => ({ table: table.oid, ...gap }));
}
