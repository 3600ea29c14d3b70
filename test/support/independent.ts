import { readFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { type Engine, SqlFailure } from '../../src/database/engines/engine.ts';
import { PGLITE_EXTENSIONS, pgliteModules } from '../../src/database/engines/pglite-extensions.ts';
import { connect } from '../../src/database/engines/postgres.ts';
import type { Plan, SchemaDiff, SchemaLocation } from '../../src/database/index.ts';
import { ensureRoles, loadStatements } from '../../src/database/sources/load.ts';
import { readSchema, type Schema } from '../../src/database/sources/schema.ts';
import { SNAPSHOT } from './database.ts';
import { dumpOf } from './pg-dump.ts';
import type { PostgresServer } from './postgres-server.ts';
import { openWire } from './wire.ts';

const BUDGET = { budgetMs: 120_000 };

/** What pg_dump writes of one state and not of the other. */
export interface DumpDifference {
  readonly forward: readonly string[];
  readonly back: readonly string[];
}

/** An empty database that can be dumped. */
interface Dumpable {
  readonly engine: Engine;
  readonly extensions: ReadonlySet<string> | undefined;
  readonly dump: () => Promise<string[]>;
  readonly close: () => Promise<unknown>;
}

/**
 * Runs a diff's own statements once more, apart from the product's proof, and compares what `pg_dump`
 * writes of the result with what it writes of the schemas loaded from where they come from.
 */
export async function compareDumps(
  from: SchemaLocation,
  to: SchemaLocation,
  { plan, rollback }: Pick<SchemaDiff, 'plan' | 'rollback'>,
  server?: PostgresServer,
): Promise<DumpDifference> {
  const [source, target] = [await readSchema(from, BUDGET), await readSchema(to, BUDGET)];
  const open = (): Promise<Dumpable> =>
    server === undefined ? openEmbedded([...source.extensions, ...target.extensions]) : openServer(server);
  const wanted = await inDatabase(open, async (database) => {
    const roles = await load(database, target);
    return { dump: await database.dump(), roles };
  });
  return inDatabase(open, async (database) => {
    await load(database, source);
    await ensureRoles(database.engine, wanted.roles);
    const before = await database.dump();
    await apply(database.engine, plan);
    const forward = unequal(await database.dump(), wanted.dump);
    await apply(database.engine, rollback);
    return { forward, back: unequal(await database.dump(), before) };
  });
}

async function inDatabase<T>(
  open: () => Promise<Dumpable>,
  work: (database: Dumpable) => Promise<T>,
): Promise<T> {
  const database = await open();
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

async function load({ engine, extensions }: Dumpable, schema: Schema): Promise<string[]> {
  await loadStatements(engine, schema.statements, { extensions, autocommit: true });
  const roles = await engine.rows<{ name: string }>(
    'SELECT rolname AS name FROM pg_roles WHERE oid >= 16384',
  );
  return roles.map(({ name }) => name);
}

let databases = 0;

async function openServer(server: PostgresServer): Promise<Dumpable> {
  databases += 1;
  const name = `dumped_${databases}`;
  await server.create(name);
  const url = server.url(name);
  const engine = await connect({ url, ...BUDGET });
  return {
    engine,
    extensions: undefined,
    dump: async () => {
      const wire = openWire(url);
      try {
        return await dumpOf({ wire, url });
      } finally {
        await wire.close();
      }
    },
    close: async () => {
      await engine.close();
      await server.drop(name);
    },
  };
}

interface RawOptions {
  readonly onRawData: (data: Uint8Array) => void;
}

async function openEmbedded(wanted: readonly string[]): Promise<Dumpable> {
  const modules = pgliteModules(wanted).map(async ({ name, module, exported }) => [
    name,
    ((await import(/* @vite-ignore */ module)) as Record<string, never>)[exported],
  ]);
  const pg = await PGlite.create({
    loadDataDir: new Blob([readFileSync(SNAPSHOT)]),
    extensions: Object.fromEntries(await Promise.all(modules)) as Record<string, never>,
  });
  const failing = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      const { message, code } = error as { message: string; code?: string };
      throw new SqlFailure(message, { state: code });
    }
  };
  return {
    engine: {
      version: 180_006,
      rows: async <Row>(sql: string) => (await failing(pg.query<Row>(sql))).rows,
      run: async (sql) => void (await failing(pg.exec(sql))),
      close: () => pg.close(),
    },
    extensions: PGLITE_EXTENSIONS,
    dump: async () => {
      const execProtocolRawStream = (bytes: Uint8Array, { onRawData }: RawOptions): void =>
        void pg.execProtocolRawStream(bytes, { onRawData });
      const dump = await dumpOf({ wire: { execProtocolRawStream } });
      // pg_dump leaves its read-only transaction and its statements: its connection ends, this one does not.
      await pg.exec('ROLLBACK; RESET ALL; DEALLOCATE ALL');
      return dump;
    },
    close: () => pg.close(),
  };
}

async function apply(engine: Engine, plan: Plan): Promise<void> {
  await engine.run('RESET search_path; SET check_function_bodies = off');
  for (const { statements, transactional } of plan.segments) {
    const sql = statements.map((statement) => statement.sql).join(';\n');
    await engine.run(transactional ? `BEGIN;\n${sql};\nCOMMIT` : sql);
  }
}

function unequal(found: readonly string[], wanted: readonly string[]): string[] {
  const [has, wants] = [new Set(found), new Set(wanted)];
  return [
    ...found.filter((entry) => !wants.has(entry)).map((entry) => `+ ${entry}`),
    ...wanted.filter((entry) => !has.has(entry)).map((entry) => `- ${entry}`),
  ];
}
