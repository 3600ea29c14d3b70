/** What one statement has cost since its counters began: milliseconds of execution, waits for locks included. */
export interface StatementCount {
  /** The server's own number for the statement without its values. */
  readonly id: string;
  readonly calls: number;
  readonly ms: number;
  /** Rows returned or changed. */
  readonly rows: number;
}

/** One session of the database at one moment. */
export interface SessionSample {
  readonly pid: number;
  /** `active`, `idle`, `idle in transaction` ...; empty when the role may not see it. */
  readonly state: string;
  /** `Lock` and `transactionid`, for example; null when it waits for nothing. */
  readonly waitType: string | null;
  readonly waitEvent: string | null;
  /** The number of what it runs, or ran last; null before PostgreSQL 14. */
  readonly statement: string | null;
  /** What it runs, or ran last, with its values. */
  readonly sql: string;
  /** The client's port, -1 for a socket file; null when the role may not see it. */
  readonly port: number | null;
  /** Milliseconds since it was opened. */
  readonly age: number;
  /** Sessions that hold the lock it waits for. */
  readonly blockedBy: readonly number[];
}

/** A copy of the data of an embedded database: a tar file, as PGlite writes and reads it. */
export interface DataCopy {
  readonly file: string;
  release(): Promise<void>;
}

/**
 * Looks at a database while something else uses it, and never writes. A database that cannot be looked at from
 * outside, such as an embedded one, can be watched through an implementation of its own that counts in the connection.
 */
export interface Observer {
  /** What messages call it: a URL without its password. */
  readonly name: string;
  /** Why statements are not counted; undefined when they are. */
  readonly obstacle: { readonly why: string; readonly help: string } | undefined;
  /** The counters of every statement so far; empty when they are not counted. */
  statements(): Promise<readonly StatementCount[]>;
  /** The texts of statements, with $1 for values; without those that are the observer's own. */
  texts(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Statements as they were sent, where the observer hears them itself. */
  sent?(): ReadonlyMap<string, string>;
  /** A database in the thread of the service: what it computes is the service's processor time, too. */
  readonly embedded?: {
    /** Its data folder; empty when it is in memory. */
    readonly folder: string;
    copy(): Promise<DataCopy>;
  };
  /** Sessions of others; undefined where there are none to see. */
  sessions(): Promise<readonly SessionSample[] | undefined>;
  /** Asks for as little as can be asked: what it takes is the price of a round trip. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
