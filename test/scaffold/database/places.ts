import { existsSync, readFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { type Engine, SqlFailure } from '../../../src/database/engines/engine.ts';
import { PGLITE_EXTENSIONS, pgliteModules } from '../../../src/database/engines/pglite-extensions.ts';
import { connect } from '../../../src/database/engines/postgres.ts';
import { loadStatements } from '../../../src/database/sources/load.ts';
import type { Schema } from '../../../src/database/sources/schema.ts';
import { SNAPSHOT } from '../../support/database.ts';
import type { PostgresServer } from '../../support/postgres-server.ts';
import type { Backend } from './service.ts';

/** A connection to the service's database, to put rows there and to ask it what the service should have said. */
export interface DirectConnection {
  query(sql: string, parameters?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** A database with a schema loaded, as a service opens it and as a test looks at it. */
export interface Place {
  readonly engine: 'PostgreSQL' | 'PGlite';
  readonly backend: Backend;
  readonly direct: DirectConnection;
  /** How many statements all services were seen to send so far. */
  readonly statements: () => number;
  readonly close: () => Promise<void>;
}

const BUDGET_MS = 120_000;

let sent = 0;
let isWatched = false;

/** Counts what is sent by `pg`, which the generated code and the tests have in common. */
function watchDriver(): void {
  if (isWatched) return;
  isWatched = true;
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function (this: pg.Client, ...parameters: never[]) {
    // A connection is asked so once, when the one before has been idle for too long.
    if (!String(parameters[0]).startsWith("select set_config('search_path'")) sent += 1;
    return (query as (...all: never[]) => unknown).apply(this, parameters);
  } as never;
}

/** Loads a schema into a database of its own on a real server. */
export async function onServer(server: PostgresServer, database: string, schema: Schema): Promise<Place> {
  watchDriver();
  await server.create(database);
  const url = server.url(database);
  const engine = await connect({ url, budgetMs: BUDGET_MS });
  const found = await engine.rows<{ name: string }>('SELECT name FROM pg_available_extensions');
  const extensions = new Set(found.map(({ name }) => name));
  await loadStatements(engine, schema.statements, { extensions, autocommit: true });
  await engine.close();
  const direct = new pg.Client(url);
  await direct.connect();
  return {
    engine: 'PostgreSQL',
    backend: url,
    direct,
    statements: () => sent,
    close: async () => {
      await direct.end();
      await server.drop(database);
    },
  };
}

/** Loads a schema into an embedded PostgreSQL in this process. */
export async function onPGlite(schema: Schema): Promise<Place> {
  const lite = await openPGlite(schema);
  await loadStatements(engineOf(lite), schema.statements, {
    extensions: PGLITE_EXTENSIONS,
    autocommit: true,
  });
  // A dump empties the search path of its session, which is the only one here.
  await lite.exec('RESET ALL');
  let statements = 0;
  return {
    engine: 'PGlite',
    backend: {
      query: (text, parameters) => {
        statements += 1;
        return lite.query(text, parameters);
      },
      // The next service is given the same database.
      close: () => Promise.resolve(),
    },
    direct: { query: (sql, parameters) => lite.query(sql, parameters) },
    statements: () => statements,
    close: () => lite.close(),
  };
}

async function openPGlite(schema: Schema): Promise<PGlite> {
  const wanted = pgliteModules(schema.extensions);
  const extensions = Object.fromEntries(
    await Promise.all(
      wanted.map(async ({ name, module, exported }) => [name, (await import(module))[exported]] as const),
    ),
  );
  // Whatever has read a schema before has left the initialised data folder there.
  const initialised = existsSync(SNAPSHOT) ? { loadDataDir: new Blob([readFileSync(SNAPSHOT)]) } : {};
  return PGlite.create({ ...initialised, extensions });
}

function engineOf(lite: PGlite): Engine {
  const failing = (error: Error & { code?: string }): never => {
    throw new SqlFailure(error.message, { state: error.code });
  };
  return {
    version: 0,
    rows: async <Row>(sql: string) => (await lite.query<Row>(sql).catch(failing)).rows,
    run: async (sql) => void (await lite.exec(sql).catch(failing)),
    close: () => lite.close(),
  };
}
