// The connections of the service: a PostgreSQL server, or an embedded database for development and tests.
import { CompiledQuery, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';

export type Database = Kysely<unknown>;

/** Anything with PGlite's `query`: one connection, in this process. */
export interface EmbeddedDatabase {
  query(
    text: string,
    parameters?: unknown[],
  ): Promise<{ rows: unknown[]; affectedRows?: number | undefined }>;
  close(): Promise<void>;
}

/** Times are written in UTC and intervals as ISO 8601, whatever the server prefers. */
const SETTINGS = "SET TimeZone = 'UTC'; SET IntervalStyle = 'iso_8601'; SET DateStyle = 'ISO'";

export interface ServerOptions {
  /** How many connections there are; 10 unless given. */
  readonly max?: number;
  /** After so many milliseconds a statement is given up and answered with 503; 30,000 unless given, 0 for never. */
  readonly statementTimeout?: number;
}

/** Connects to a server by its URL. */
export function openServer(
  url: string,
  { max = 10, statementTimeout = 30_000 }: ServerOptions = {},
): Database {
  const options = `-c TimeZone=UTC -c IntervalStyle=iso_8601 -c DateStyle=ISO -c statement_timeout=${statementTimeout}`;
  const pool = new pg.Pool({ connectionString: url, max, options });
  // A connection that breaks while idle is replaced; without a listener it would end the process.
  pool.on('error', () => undefined);
  const database: Database = new Kysely({ dialect: new PostgresDialect({ pool }) });
  pools.set(database, pool);
  return database;
}

const pools = new WeakMap<Database, pg.Pool>();

/**
 * The rows of a statement that is compiled already. Outside a transaction the pool is asked itself: what Kysely does
 * around each statement costs a fifth of a request.
 */
export function send<Row>(
  database: Database,
  text: string,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  const pool = pools.get(database);
  if (pool === undefined)
    return database.executeQuery<Row>(CompiledQuery.raw(text, [...values])).then(rowsIn);
  return pool.query(text, [...values]).then(rowsIn);
}

const rowsIn = <Row>({ rows }: { readonly rows: Row[] }): Row[] => rows;

/** Uses an embedded database. Its one connection serves one request after the other. */
export async function openEmbedded(embedded: EmbeddedDatabase): Promise<Database> {
  for (const setting of SETTINGS.split('; ')) await embedded.query(setting);
  return new Kysely({ dialect: new PostgresDialect({ pool: new SingleConnection(embedded) as never }) });
}

/** A pool of one connection: whoever comes waits until the one before has released it. */
class SingleConnection {
  readonly #embedded: EmbeddedDatabase;
  #last: Promise<void> = Promise.resolve();

  constructor(embedded: EmbeddedDatabase) {
    this.#embedded = embedded;
  }

  async connect(): Promise<object> {
    const before = this.#last;
    let release: () => void = () => undefined;
    this.#last = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    const query = async (text: string, parameters: readonly unknown[]): Promise<object> => {
      const { rows, affectedRows = 0 } = await this.#embedded.query(text, [...parameters]);
      return { command: text.trimStart().slice(0, 6).trim().toUpperCase(), rows, rowCount: affectedRows };
    };
    return { query, release };
  }

  end(): Promise<void> {
    return this.#embedded.close();
  }
}

let current: Database | undefined;

/** Makes a database the one that all handlers use. Call it before the first request. */
export function useDatabase(database: Database): void {
  current = database;
}

export function database(): Database {
  if (current === undefined) throw new Error('no database: call useDatabase() before the first request');
  return current;
}
