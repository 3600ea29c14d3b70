import type { Catalog } from '../analyze/facts/catalog.ts';
import type { ColumnFact } from '../analyze/facts/facts.ts';
import type { ColumnStatistics, PlannerStatistics } from './whatif/statistics.ts';

/** How many rows each table is taken to have where no database tells. */
export const ASSUMED_ROWS = 100_000;

/**
 * Statistics for a schema without a database: every table has the same number of rows, a key tells all rows apart,
 * a foreign key ten rows, a flag two. Costs that come from this rank indexes; they predict nothing.
 */
export function assumedStatistics(catalog: Catalog): PlannerStatistics {
  const columns = catalog.facts.columns.filter(({ table }) => catalog.table(table)?.kind === 'r');
  return {
    relations: catalog.facts.tables
      .filter(({ kind }) => kind === 'r' || kind === 'm')
      .map(({ oid, schema, name }) => {
        const width = catalog.columnsOf(oid).reduce((sum, column) => sum + widthOf(column), 28);
        const blocks = Math.ceil((ASSUMED_ROWS * width) / 8192);
        return { schema, name, blocks, rows: ASSUMED_ROWS, visibleBlocks: blocks };
      }),
    columns: columns.map((column) => statisticsOf(catalog, column)),
    settings: [],
  };
}

/** Average widths of the types in bytes; what is of any length is taken to be a short text. */
const WIDTHS: Readonly<Record<string, number>> = {
  bool: 1,
  int2: 2,
  int4: 4,
  int8: 8,
  date: 4,
  uuid: 16,
  timestamp: 8,
  timestamptz: 8,
  float4: 4,
  float8: 8,
};

const widthOf = ({ base }: ColumnFact): number => WIDTHS[base] ?? 20;

function statisticsOf(catalog: Catalog, column: ColumnFact): ColumnStatistics {
  const table = catalog.table(column.table);
  return {
    schema: table?.schema ?? '',
    table: table?.name ?? '',
    column: column.name,
    inherited: false,
    nullFraction: 0,
    width: widthOf(column),
    distinct: distinctOf(catalog, column),
    commonValues: null,
    commonFrequencies: null,
    histogram: null,
    correlation: 0,
    commonElements: null,
    commonElementFrequencies: null,
    elementHistogram: null,
  };
}

function distinctOf(catalog: Catalog, { table, number, base }: ColumnFact): number {
  const constraints = catalog.constraintsOf(table);
  const isKey = constraints.some(
    ({ type, keys }) => ['p', 'u'].includes(type) && keys.length === 1 && keys[0] === number,
  );
  if (isKey) return -1;
  if (constraints.some(({ type, keys }) => type === 'f' && keys.includes(number))) return -0.1;
  if (base === 'bool') return 2;
  return ['timestamp', 'timestamptz', 'text', 'varchar', 'uuid', 'jsonb'].includes(base) ? -0.5 : 1000;
}
