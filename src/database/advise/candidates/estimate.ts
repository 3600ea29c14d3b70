import type { Catalog } from '../../analyze/facts/catalog.ts';
import type { TableFact } from '../../analyze/facts/facts.ts';
import type { ColumnStatistics, PlannerStatistics } from '../whatif/statistics.ts';
import type { Candidate, CandidateKey } from './candidate.ts';
import { blocksOf } from './size.ts';

/** What statistics say of columns, with a plain guess where there are none. */
export interface Estimates {
  readonly rows: (table: number) => number;
  readonly blocks: (table: number) => number;
  /** Different values of a column. */
  readonly distinct: (table: number, column: string) => number;
  readonly correlation: (table: number, column: string) => number;
  /** Blocks that a candidate of so many rows would have. */
  readonly candidateBlocks: (candidate: Candidate, rows: number) => number;
}

/** Reads estimates off the statistics. */
export function estimatesFrom(catalog: Catalog, statistics: PlannerStatistics): Estimates {
  const relations = new Map(statistics.relations.map((one) => [`${one.schema}.${one.name}`, one]));
  const columns = new Map(statistics.columns.map((one) => [`${one.schema}.${one.table}.${one.column}`, one]));
  const relationOf = (table: number) => {
    const fact = catalog.table(table);
    return relations.get(`${fact?.schema}.${fact?.name}`);
  };
  const statisticsOf = (table: number, column: string): ColumnStatistics | undefined => {
    const fact = catalog.table(table);
    return columns.get(`${fact?.schema}.${fact?.name}.${column}`);
  };
  const rows = (table: number): number => rowsOfTable(catalog, table, ({ oid }) => relationOf(oid)?.rows);
  const distinct = (table: number, column: string): number => {
    const value = statisticsOf(table, column)?.distinct;
    // PostgreSQL itself guesses 200 where it knows nothing.
    if (value === undefined || value === 0) return Math.min(200, rows(table));
    return value < 0 ? -value * rows(table) : value;
  };
  const width = (table: number, key: { readonly column: string | undefined }): number =>
    (key.column === undefined ? undefined : statisticsOf(table, key.column)?.width) ?? 16;
  return {
    rows,
    blocks: (table) => relationOf(table)?.blocks ?? 0,
    distinct,
    correlation: (table, column) => statisticsOf(table, column)?.correlation ?? 0,
    candidateBlocks: (candidate, held) =>
      blocksOf(candidate, {
        rows: held,
        keyWidths: candidate.keys.map((key) => width(candidate.table, key)),
        includeWidths: candidate.include.map((column) => width(candidate.table, { column })),
        distinct: combinations(candidate, held, distinct),
        deduplicated:
          candidate.include.length === 0 &&
          candidate.keys.every((key) => isImageEqual(catalog, candidate, key)),
      }),
  };
}

/** Rows of a table; autovacuum never counts those of a partitioned one, so they are those of its partitions. */
export function rowsOfTable(
  catalog: Catalog,
  table: number,
  counted: (table: TableFact) => number | undefined,
): number {
  const fact = catalog.table(table);
  const own = fact === undefined ? 0 : Math.max(counted(fact) ?? 0, 0);
  if (own > 0 || fact?.kind !== 'p') return own;
  return catalog.childrenOf(table).reduce((sum, { oid }) => sum + rowsOfTable(catalog, oid, counted), 0);
}

function combinations(candidate: Candidate, rows: number, distinct: Estimates['distinct']): number {
  const product = candidate.keys.reduce(
    (sum, { column }) => sum * (column === undefined ? rows : Math.max(distinct(candidate.table, column), 1)),
    1,
  );
  return Math.min(product, rows);
}

/** Types whose equal values may be stored differently are never deduplicated. */
function isImageEqual(catalog: Catalog, { table }: Candidate, { column }: CandidateKey): boolean {
  const fact = catalog.columnsOf(table).find(({ name }) => name === column);
  return (
    fact !== undefined &&
    !['numeric', 'float4', 'float8', 'jsonb', 'interval'].includes(fact.base) &&
    !fact.isArray
  );
}
