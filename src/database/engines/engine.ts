/** One connection to one PostgreSQL, embedded or not. Every query of this capability goes through it. */
export interface Engine {
  /** `server_version_num`: 180006 for 18.6. */
  readonly version: number;
  /** The rows of one statement. Errors: SqlFailure. */
  rows<Row>(sql: string): Promise<Row[]>;
  /** Runs one or more statements and ignores what they return. Errors: SqlFailure. */
  run(sql: string): Promise<void>;
  close(): Promise<void>;
}

/** What is done with an empty database; without `autocommit` it happens inside a transaction. */
type ReadState<T> = (engine: Engine, autocommit: boolean) => Promise<T>;

/** Where states are built to be read: hands out empty databases and removes them again. */
export interface Scratch {
  /** How messages call it: `PGlite 18.6`, `PostgreSQL 16.4`. */
  readonly name: string;
  /** Extensions that can be created in it; undefined when every name may be tried. */
  readonly extensions: ReadonlySet<string> | undefined;
  /** How many databases of runs that ended without cleaning up were found here and dropped. */
  readonly swept: number;
  /**
   * Calls `read` with an empty database whose contents are thrown away afterwards. With `autocommit`
   * false everything may happen in one transaction, which is cheaper where there is only one connection;
   * `read` is told whether it does.
   */
  reading<T>(read: ReadState<T>, options: { readonly autocommit: boolean }): Promise<T>;
  close(): Promise<void>;
}

/** What PostgreSQL answered to a statement that failed. */
export class SqlFailure extends Error {
  override readonly name = 'SqlFailure';
  /** SQLSTATE, such as `42P01`. */
  readonly state: string;
  /** Where in the statement, counted in characters from 1. */
  readonly position: number | undefined;
  readonly detail: string | undefined;
  readonly hint: string | undefined;

  constructor(message: string, parts: SqlFailureParts) {
    super(message);
    this.state = parts.state ?? '';
    this.position = parts.position;
    this.detail = parts.detail;
    this.hint = parts.hint;
  }
}

export interface SqlFailureParts {
  readonly state?: string | undefined;
  readonly position?: number | undefined;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
}

/** The comment on roles that were made only so that a scratch can refer to them. */
export const STUB_ROLE = 'made by senior-backend for a scratch database';
