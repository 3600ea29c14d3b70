/** What the planner knows of a relation. */
export interface RelationStatistics {
  readonly schema: string;
  readonly name: string;
  /** Blocks of 8 kB. */
  readonly blocks: number;
  readonly rows: number;
  /** Blocks whose rows everybody can see: index-only scans need not look at them. */
  readonly visibleBlocks: number;
}

/** A row of pg_stats; the lists are PostgreSQL's own texts of arrays. */
export interface ColumnStatistics {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly inherited: boolean;
  readonly nullFraction: number;
  readonly width: number;
  /** Below 0: as a share of the rows. */
  readonly distinct: number;
  readonly commonValues: string | null;
  readonly commonFrequencies: string | null;
  readonly histogram: string | null;
  readonly correlation: number | null;
  readonly commonElements: string | null;
  readonly commonElementFrequencies: string | null;
  readonly elementHistogram: string | null;
}

export interface Setting {
  readonly name: string;
  readonly value: string;
}

/** All that a plan depends on besides the schema. */
export interface PlannerStatistics {
  readonly relations: readonly RelationStatistics[];
  readonly columns: readonly ColumnStatistics[];
  readonly settings: readonly Setting[];
}

/** Settings that decide a plan: https://www.postgresql.org/docs/current/runtime-config-query.html */
export const PLANNER_SETTINGS: readonly string[] = [
  'random_page_cost',
  'seq_page_cost',
  'cpu_tuple_cost',
  'cpu_index_tuple_cost',
  'cpu_operator_cost',
  'effective_cache_size',
  'work_mem',
  'hash_mem_multiplier',
  'effective_io_concurrency',
  'cursor_tuple_fraction',
  'from_collapse_limit',
  'join_collapse_limit',
  'constraint_exclusion',
  'enable_bitmapscan',
  'enable_hashagg',
  'enable_hashjoin',
  'enable_incremental_sort',
  'enable_indexonlyscan',
  'enable_indexscan',
  'enable_material',
  'enable_memoize',
  'enable_mergejoin',
  'enable_nestloop',
  'enable_partition_pruning',
  'enable_partitionwise_aggregate',
  'enable_partitionwise_join',
  'enable_seqscan',
  'enable_sort',
];
