import { randomBytes } from 'node:crypto';
import { Client, type DatabaseError } from 'pg';
import { UserError } from '../../core/errors.ts';
import { type Engine, type Scratch, SqlFailure, STUB_ROLE } from './engine.ts';
import { withDatabase, withoutPassword } from './url.ts';

export interface PostgresOptions {
  readonly url: string;
  /** How long one statement may run, in milliseconds. */
  readonly budgetMs: number;
  readonly signal?: AbortSignal;
}

/** Opens one connection to a server. Errors: DB001 when it cannot be reached. */
export async function connect({ url, budgetMs, signal }: PostgresOptions): Promise<Engine> {
  const { client, isLimited } = await connected(url, budgetMs);
  // A connection that breaks while idle is reported by the next query.
  client.on('error', () => undefined);
  signal?.addEventListener('abort', () => void client.end(), { once: true });
  const query = async (sql: string): Promise<unknown[]> => {
    try {
      return (await client.query(sql)).rows;
    } catch (error) {
      throw failureOf(error);
    }
  };
  const [row] = (await query("SELECT current_setting('server_version_num') AS version")) as {
    version: string;
  }[];
  if (!isLimited) await query(`SET statement_timeout = ${Math.round(budgetMs)}`);
  // What reads a catalog runs once: compiling it takes longer than running it.
  await query('SET jit = off');
  return {
    version: Number(row?.version),
    rows: async <Row>(sql: string) => (await query(sql)) as Row[],
    run: async (sql) => {
      await query(sql);
    },
    close: () => client.end(),
  };
}

/** What pgbouncer says to a setting that comes with the connection: https://www.pgbouncer.org/config.html#ignore_startup_parameters */
const UNSUPPORTED = /unsupported startup parameter/;

/** Connects with the limit as the connection's own, which RESET and DISCARD bring back; without it where a pooler refuses. */
async function connected(
  url: string,
  budgetMs: number,
): Promise<{ readonly client: Client; readonly isLimited: boolean }> {
  for (const isLimited of [true, false]) {
    const client = new Client({
      connectionString: url,
      application_name: 'senior-backend',
      connectionTimeoutMillis: 15_000,
      ...(isLimited ? { statement_timeout: budgetMs } : {}),
    });
    try {
      await client.connect();
      return { client, isLimited };
    } catch (error) {
      const isRefused = error instanceof Error && UNSUPPORTED.test(error.message);
      if (!isLimited || !isRefused) throw unreachable(url, error);
    }
  }
  throw new Error('a connection is made or fails');
}

export function unreachable(url: string, error: unknown): UserError {
  const reason = error instanceof Error && error.message !== '' ? error.message : String(error);
  return new UserError('DB001', `cannot connect to ${withoutPassword(url)}: ${reason}`, { cause: error });
}

export function failureOf(error: unknown): unknown {
  if (!(error instanceof Error) || !('severity' in error)) return error;
  const { message, code, position, detail, hint } = error as DatabaseError;
  const at = position === undefined ? undefined : Number(position);
  return new SqlFailure(message, { state: code, position: at, detail, hint });
}

/** How the names of our temporary databases begin; the backend that owns one follows. */
const PREFIX = 'senior_backend_scratch_';

/**
 * A scratch on a real server: every state gets a database of its own, dropped afterwards together with
 * what earlier runs that crashed have left: databases whose owning backend is gone.
 */
export async function openPostgresScratch(options: PostgresOptions): Promise<Scratch> {
  const admin = await connect(options);
  const swept = await dropLeftovers(admin);
  const { version } = admin;
  return {
    name: `PostgreSQL ${Math.floor(version / 10_000)}.${version % 10_000}`,
    extensions: undefined,
    swept,
    reading: (read) =>
      inNewDatabase(admin, options, async (url) => {
        const engine = await connect({ ...options, url });
        try {
          return await read(engine, true);
        } finally {
          await engine.close();
        }
      }),
    close: async () => {
      await dropStubRoles(admin);
      await admin.close();
    },
  };
}

/** Calls `work` with the URL of an empty database on a server, which is gone when it is done. Errors: DB001, DB002. */
export async function withOwnDatabase<T>(
  options: PostgresOptions,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const admin = await connect(options);
  try {
    await dropLeftovers(admin);
    return await inNewDatabase(admin, options, work);
  } finally {
    await admin.close();
  }
}

async function inNewDatabase<T>(
  admin: Engine,
  options: PostgresOptions,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const [own] = await admin.rows<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const database = `${PREFIX}${own?.pid}_${randomBytes(8).toString('hex')}`;
  await createDatabase(admin, database);
  try {
    return await work(withDatabase(options.url, database));
  } finally {
    await admin.run(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
  }
}

/** Roles belong to the whole server, so the stubs outlive the databases they were made for. */
async function dropStubRoles(admin: Engine): Promise<void> {
  const stubs = await admin.rows<{ name: string }>(
    `SELECT quote_ident(rolname) AS name FROM pg_roles WHERE shobj_description(oid, 'pg_authid') = '${STUB_ROLE}'`,
  );
  for (const { name } of stubs) {
    // Another run may still be using it; that run drops it.
    await admin.run(`DROP ROLE IF EXISTS ${name}`).catch(() => undefined);
  }
}

async function createDatabase(admin: Engine, database: string): Promise<void> {
  try {
    await admin.run(`CREATE DATABASE ${database} TEMPLATE template0`);
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    throw new UserError('DB002', `cannot create a scratch database: ${error.message}`, {
      help: 'Give --scratch a role that may create databases, or leave it out to use the embedded PostgreSQL.',
      cause: error,
    });
  }
}

/** How many there were. */
async function dropLeftovers(admin: Engine): Promise<number> {
  const leftovers = await admin.rows<{ name: string }>(
    `SELECT datname AS name FROM pg_database d
     WHERE starts_with(datname, '${PREFIX}') AND pg_has_role(datdba, 'USAGE')
       AND NOT EXISTS (
         SELECT FROM pg_stat_activity a
         WHERE a.application_name = 'senior-backend'
           AND starts_with(d.datname, '${PREFIX}' || a.pid || '_'))`,
  );
  for (const { name } of leftovers) await admin.run(`DROP DATABASE IF EXISTS ${name}`);
  return leftovers.length;
}
