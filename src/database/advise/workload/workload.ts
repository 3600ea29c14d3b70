/** One statement of a workload, as often as it was seen. */
export interface WorkloadStatement {
  /** As it was written or, from pg_stat_statements, with $1 for values. */
  readonly sql: string;
  readonly calls: number;
  /** Milliseconds over all calls; undefined when nobody measured. */
  readonly totalMs: number | undefined;
  /** Rows returned or changed over all calls; undefined when nobody counted. */
  readonly rows: number | undefined;
  /** Values for $1, $2 ... as SQL literals, when a log told them. */
  readonly parameters?: readonly string[];
  /** The same statement with other values, as far as it was seen; a few are enough to know which values vary. */
  readonly variants?: readonly string[];
}

/** The statements that a database is used with, and where they are from. */
export interface Workload {
  readonly source: string;
  readonly statements: readonly WorkloadStatement[];
  /** What could not be read of it. */
  readonly notes: readonly string[];
}
