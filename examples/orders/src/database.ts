// The service's database: a PostgreSQL server, or one that is embedded in this process and kept in a folder.
import { existsSync, readFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { timed } from './statements.js';

export interface Queries {
  query<Row extends object>(text: string, parameters?: unknown[]): Promise<{ rows: Row[] }>;
}

export interface Database extends Queries {
  transaction<T>(work: (transaction: Queries) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

interface Sql {
  readonly schema: string;
  readonly seed: string;
}

let opened: Database | undefined;

/** Opens the database, a server's if there is a URL, and fills it the first time. */
export async function openDatabase(url: string | undefined, folder: string, sql: Sql): Promise<void> {
  opened = url === undefined ? await openFolder(folder, sql) : await openServer(url, sql);
}

/** The open database. */
export function database(): Database {
  if (opened === undefined) throw new Error('the database is not open');
  return opened;
}

async function openFolder(folder: string, sql: Sql): Promise<Database> {
  const isNew = !existsSync(`${folder}/PG_VERSION`);
  const lite = await PGlite.create(folder);
  if (isNew) for (const file of [sql.schema, sql.seed]) await lite.exec(readFileSync(file, 'utf8'));
  return {
    ...timed(lite),
    transaction: (work) => lite.transaction((transaction) => work(timed(transaction))),
    close: () => lite.close(),
  };
}

async function openServer(url: string, sql: Sql): Promise<Database> {
  // bigint: no id of this service is beyond what a number holds.
  pg.types.setTypeParser(pg.types.builtins.INT8, Number);
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  const { rows } = await pool.query("SELECT to_regclass('customers') AS known");
  if (rows[0]?.known === null)
    for (const file of [sql.schema, sql.seed]) await pool.query(readFileSync(file, 'utf8'));
  return {
    ...timed(pool),
    transaction: (work) => inTransaction(pool, work),
    close: () => pool.end(),
  };
}

async function inTransaction<T>(pool: pg.Pool, work: (transaction: Queries) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work(timed(client));
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
