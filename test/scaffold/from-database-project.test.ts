import { execFile } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scaffoldFromDatabase } from '../../src/scaffold/index.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { ROOT } from '../support/repository.ts';
import { sourceOf } from './database/service.ts';

const SCHEMA = join(ROOT, 'test', 'scaffold', 'database', 'shop.sql');

interface Running {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

type Environment = Readonly<Record<string, string>>;

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
}, 120_000);

afterAll(() => server.stop());

describe.each(['express', 'fastify', 'koa'] as const)('a whole service of a database, on %s', (framework) => {
  const folder = join(ROOT, '.cache', 'projects-from-db', framework);
  let start: (environment: Environment) => Promise<Running>;
  const basic: Environment = {
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'silent',
    SHUTDOWN_DELAY_SECONDS: '0',
  };

  beforeAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await scaffoldFromDatabase(sourceOf(SCHEMA), folder, {
      framework,
      typesOnly: false,
      project: true,
      force: false,
    });
    const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const compile = (file: string, ...flags: string[]): Promise<unknown> =>
      promisify(execFile)(process.execPath, [compiler, '-p', join(folder, file), ...flags]).catch(
        ({ stdout }: { stdout: string }) => {
          throw new Error(stdout);
        },
      );
    // Its own tests, which are the same on every framework, are checked once.
    if (framework === 'fastify') await compile('tsconfig.json', '--noEmit');
    await compile('tsconfig.build.json');
    start = (await import(pathToFileURL(join(folder, 'dist', 'service.js')).href)).startService;
  }, 180_000);

  test('serves its tables, and says whether it is ready to', async () => {
    await server.create(framework);
    const client = new pg.Client(server.url(framework));
    await client.connect();
    await client.query(readFileSync(SCHEMA, 'utf8'));
    await client.end();
    const service = await start({ ...basic, DATABASE_URL: server.url(framework) });
    const at = (path: string): string => `http://127.0.0.1:${service.port}${path}`;
    expect((await fetch(at('/readyz'))).status).toBe(200);
    const made = await fetch(at('/city'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Ghent' }),
    });
    expect(made.status).toBe(201);
    expect(await (await fetch(at('/city?fields=name'))).json()).toMatchObject({ data: [{ name: 'Ghent' }] });
    await service.stop();
  }, 60_000);

  test('starts without its database, and is not ready; not without its address', async () => {
    const service = await start({ ...basic, DATABASE_URL: 'postgres://127.0.0.1:1/none' });
    const at = (path: string): string => `http://127.0.0.1:${service.port}${path}`;
    const answers = await Promise.all(['/healthz', '/readyz', '/city'].map((path) => fetch(at(path))));
    expect(answers.map(({ status }) => status)).toEqual([200, 503, 503]);
    await service.stop();
    await expect(start(basic)).rejects.toThrow('DATABASE_URL is missing');
  }, 60_000);
});
