import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { planFileChanges, writeFileChanges } from '../../../src/core/file-changes.ts';
import { parseLocation } from '../../../src/database/index.ts';
import { type DatabaseService, readDatabase } from '../../../src/scaffold/from-database.ts';
import {
  type DatabaseSource,
  type FrameworkName,
  generateDatabaseService,
  type Scaffold,
} from '../../../src/scaffold/index.ts';
import { SNAPSHOT } from '../../support/database.ts';
import { ROOT } from '../../support/repository.ts';
import { STRICT_OPTIONS } from '../../support/strict-options.ts';

const run = promisify(execFile);

/** Where a schema file's tables are read from. */
export const sourceOf = (path: string, selection: Partial<DatabaseSource> = {}): DatabaseSource => ({
  location: parseLocation(path),
  scratchUrl: undefined,
  snapshot: SNAPSHOT,
  budgetMs: 120_000,
  schemas: [],
  tables: [],
  exclude: [],
  readOnly: false,
  ...selection,
});

/** A service that was generated from a database, compiled strictly. */
export interface CompiledService {
  readonly scaffold: Scaffold;
  /** The folder of index.ts and openapi.yaml. */
  readonly sources: string;
  /** The folder of index.js. */
  readonly folder: string;
}

/** Generates and compiles a service inside the repository, so that its imports find their packages. */
export async function compileService(
  name: string,
  source: DatabaseSource,
  framework: FrameworkName,
): Promise<CompiledService> {
  const services = await compileServices(`${framework}/${name}`, await readDatabase(source), [framework]);
  return services.get(framework) as CompiledService;
}

/** The same on several frameworks at once, which the compiler then looks at together. */
export async function compileServices(
  name: string,
  database: DatabaseService,
  frameworks: readonly FrameworkName[],
): Promise<ReadonlyMap<FrameworkName, CompiledService>> {
  const folder = join(ROOT, '.cache', 'from-db', name);
  await rm(folder, { recursive: true, force: true });
  const services = new Map<FrameworkName, CompiledService>();
  for (const framework of frameworks) {
    const scaffold = await generateDatabaseService(database, { framework, typesOnly: false });
    const sources = join(folder, 'src', framework);
    await writeFileChanges(sources, await planFileChanges(sources, scaffold.files));
    services.set(framework, { scaffold, sources, folder: join(folder, 'dist', framework) });
  }
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  const compilerOptions = { ...STRICT_OPTIONS, rootDir: 'src', outDir: 'dist' };
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, include: ['src/**/*.ts'] }),
  );
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  await run(process.execPath, [compiler, '-p', folder]).catch((error: { stdout?: string }) => {
    throw new Error(`${name}: ${error.stdout ?? String(error)}`);
  });
  return services;
}

/** What a service is asked, and what it answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface RunningService {
  readonly url: string;
  readonly ask: (
    method: string,
    path: string,
    options?: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> },
  ) => Promise<Answer>;
  readonly stop: () => Promise<void>;
}

/** A database as the generated code opens it: by URL, or anything with PGlite's `query`. */
export type Backend =
  | string
  | { query(text: string, parameters?: unknown[]): Promise<object>; close(): Promise<void> };

/** Boots a compiled service on a database and a port of its own. */
export async function startService({ folder }: CompiledService, backend: Backend): Promise<RunningService> {
  const load = (path: string) => import(pathToFileURL(join(folder, path)).href);
  const { openServer, openEmbedded, useDatabase } = await load('data/database.js');
  const database = typeof backend === 'string' ? openServer(backend) : await openEmbedded(backend);
  useDatabase(database);
  const { createApp } = await load('index.js');
  const server = await listen(await createApp(undefined, { validateResponses: true }));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    ask: async (method, path, { body, headers = {} } = {}) => {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return {
        status: answer.status,
        headers: answer.headers,
        body: text === '' ? undefined : JSON.parse(text),
      };
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await database.destroy();
    },
  };
}

interface FastifyLike {
  readonly server: Server;
  listen(options: { readonly port: number; readonly host: string }): Promise<unknown>;
}

interface NodeLike {
  listen(port: number, host: string): Server;
}

async function listen(app: FastifyLike | NodeLike): Promise<Server> {
  if ('server' in app) {
    await app.listen({ port: 0, host: '127.0.0.1' });
    return app.server;
  }
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return server;
}
