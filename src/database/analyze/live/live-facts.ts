import type { Workload } from '../../advise/workload/workload.ts';

/** What the statistics say of a table; ages in seconds, null: never. */
export interface TableActivity {
  readonly table: number;
  readonly sequentialScans: number;
  readonly sequentialRows: number;
  readonly indexScans: number;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  readonly liveRows: number;
  readonly deadRows: number;
  readonly changedSinceAnalyze: number;
  readonly vacuumAge: number | null;
  readonly analyzeAge: number | null;
  readonly frozenAge: number;
  /** Bytes of the table, and of what is stored out of line. */
  readonly bytes: number;
  readonly toastBytes: number;
  /** Average width of a row in bytes, as ANALYZE sampled it; null: never analysed. */
  readonly rowWidth: number | null;
}

export interface IndexActivity {
  readonly index: number;
  readonly scans: number;
  readonly bytes: number;
}

export interface ColumnNulls {
  readonly table: number;
  readonly name: string;
  readonly nullFraction: number;
}

export interface SessionFact {
  readonly pid: number;
  readonly state: string;
  readonly user: string;
  readonly application: string;
  /** Seconds since its transaction and its statement began. */
  readonly transactionAge: number | null;
  readonly statementAge: number | null;
  readonly query: string;
  readonly blockedBy: readonly number[];
}

export interface SlotFact {
  readonly name: string;
  readonly isActive: boolean;
  /** Bytes of WAL that are kept for it. */
  readonly retained: number;
}

export interface ReplicaFact {
  readonly name: string;
  /** Bytes that the replica has not replayed yet. */
  readonly lag: number;
}

export interface DatabaseFact {
  readonly hits: number;
  readonly reads: number;
  /** Seconds since the statistics were set to zero; null: never. */
  readonly statisticsAge: number | null;
  readonly connections: number;
  readonly maxConnections: number;
  readonly frozenAge: number;
  readonly freezeMaxAge: number;
  readonly isReplica: boolean;
  /** Bytes of memory that a cache for blocks has. */
  readonly bytes: number;
}

/** What a running database says of itself. A part that the role may not read is empty, and named in `notes`. */
export interface LiveFacts {
  readonly tables: readonly TableActivity[];
  readonly indexes: readonly IndexActivity[];
  readonly nulls: readonly ColumnNulls[];
  readonly sessions: readonly SessionFact[];
  readonly slots: readonly SlotFact[];
  readonly replicas: readonly ReplicaFact[];
  readonly database: DatabaseFact | undefined;
  readonly settings: ReadonlyMap<string, string>;
  readonly workload: Workload | undefined;
  readonly notes: readonly string[];
}
