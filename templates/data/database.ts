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

export interface ServerOptions {
  /** How many connections there are; 10 unless given. */
  readonly max?: number;
  /** After so many milliseconds a statement is given up and answered with 503; 30,000 unless given, 0 for never. */
  readonly statementTimeout?: number;
}

/** What values look like must not depend on what the server prefers. */
const FIXED = Object.entries({ TimeZone: 'UTC', IntervalStyle: 'iso_8601', DateStyle: 'ISO' });

/** Connects to a server by its URL; settings in its `options` are kept, but for how values are written. */
export function openServer(
  url: string,
  { max = 10, statementTimeout = 30_000 }: ServerOptions = {},
): Database {
  const [connectionString, given] = withoutOptions(url);
  const fixed = FIXED.map(([name, value]) => `-c ${name}=${value}`).join(' ');
  const options = `-c statement_timeout=${statementTimeout} ${given} ${fixed}`;
  const verify: pg.PoolConfig['verify'] = (client, done) => {
    client.query(SEARCH_PATH, [namesOfSchemas()]).then(() => done(), done);
  };
  const pool = new pg.Pool({ connectionString, max, options, verify });
  // A connection that breaks, idle or at work, is replaced; without listeners it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', markBroken));
  const database: Database = new Kysely({ dialect: new PostgresDialect({ pool: new Pool(pool) as never }) });
  pools.set(database, pool);
  return database;
}

/** Options in a URL would take the place of all others. */
function withoutOptions(text: string): readonly [url: string, options: string] {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const options = url?.searchParams.get('options');
  if (url === undefined || typeof options !== 'string') return [text, ''];
  url.searchParams.delete('options');
  return [url.href, options];
}

const schemas = new Set<string>();

/** Triggers and rules of its tables may name what stands beside them, without saying where. */
export const lookInto = (schema: string): unknown => schemas.add(schema);

const namesOfSchemas = (): string => [...schemas].map((name) => `"${name.replaceAll('"', '""')}"`).join(', ');

/** Behind whatever the database looks into by itself: no name that it finds now means anything else. */
const SEARCH_PATH =
  "select set_config('search_path', concat_ws(', ', nullif(current_setting('search_path'), ''), nullif($1, '')), false)";

const pools = new WeakMap<Database, pg.Pool>();

/**
 * The rows of a statement that is compiled already. Outside a transaction the pool is asked itself: what Kysely does
 * around each statement costs a fifth of a request.
 */
export async function send<Row>(
  database: Database,
  text: string,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  const pool = pools.get(database);
  if (pool === undefined)
    return (await database.executeQuery<Row>(CompiledQuery.raw(text, [...values]))).rows;
  return new Promise((resolve, reject) => {
    // The pool's own query() throws a connection away for every statement that is refused.
    pool.connect((unreachable, client, release) => {
      if (client === undefined) return reject(markBroken(unreachable));
      ask(client, text, values, (refused, result) => {
        release();
        if (refused instanceof Error) reject(refused);
        else resolve(result.rows);
      });
    });
  });
}

type Answer = (refused: Error | undefined, result: pg.QueryResult) => void;

/**
 * Runs a statement. An error of the server may be its last word: the answer comes once it is ready for more, or gone,
 * since the pool would hand out a connection that is about to end.
 */
function ask(client: pg.PoolClient, text: string, values: readonly unknown[], answer: Answer): void {
  client.query(text, [...values], (refused, result) => {
    if (!(refused instanceof pg.DatabaseError)) return answer(refused, result);
    const settle = (): void => {
      client.off('drain', settle).off('end', settle);
      answer(refused, result);
    };
    client.on('drain', settle).on('end', settle);
  });
}

/** What the driver says of a connection that ended has no code: it gets PostgreSQL's, connection_failure. */
function markBroken<Failure extends Error | undefined>(error: Failure): Failure {
  return error === undefined || 'code' in error ? error : Object.assign(error, { code: '08006' });
}

/** The pool, as Kysely uses it. */
class Pool {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async connect(): Promise<object> {
    const client = await this.#pool.connect();
    const query = (text: string, values: readonly unknown[]): Promise<pg.QueryResult> =>
      new Promise((resolve, reject) => {
        ask(client, text, values, (refused, result) => (refused ? reject(refused) : resolve(result)));
      });
    return { query, release: () => client.release() };
  }

  end(): Promise<void> {
    return this.#pool.end();
  }
}

/** Uses an embedded database. Its one connection serves one request after the other. */
export async function openEmbedded(embedded: EmbeddedDatabase): Promise<Database> {
  for (const [name, value] of FIXED) await embedded.query(`SET ${name} = '${value}'`);
  return new Kysely({ dialect: new PostgresDialect({ pool: new SingleConnection(embedded) as never }) });
}

/** A pool of one connection: whoever comes waits until the one before has released it. */
class SingleConnection {
  readonly #embedded: EmbeddedDatabase;
  #last: Promise<void> = Promise.resolve();
  #isNew = true;

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
    try {
      // Now all tables are known.
      if (this.#isNew) await this.#embedded.query(SEARCH_PATH, [namesOfSchemas()]);
      this.#isNew = false;
    } catch (error) {
      release();
      throw error;
    }
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
