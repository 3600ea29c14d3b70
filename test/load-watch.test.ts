// Reasons for a service whose database lives inside it: a generated one, on PGlite, that tells what is asked of it.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROGRAM } from '../src/cli/program.ts';
import { runProgram } from '../src/cli/run.ts';
import { watchEmbedded } from '../src/database/observe/embedded/watch-embedded.ts';
import { type StartedService, startService } from './load-explain/lab.ts';
import { compileService, sourceOf } from './scaffold/database/service.ts';
import { fakeHost } from './support/fake-host.ts';
import { ROOT, readText } from './support/repository.ts';

const SCHEMA = join(ROOT, 'test', 'load-explain', 'embedded.sql');
const folder = mkdtempSync(join(tmpdir(), 'load-watch-'));
const socket = join(folder, 'shop.sock');
const data = join(folder, 'data');
let service: StartedService;

beforeAll(async () => {
  const compiled = await compileService('watched', sourceOf(SCHEMA), 'fastify');
  const program = join(ROOT, 'test', 'load-explain', 'embedded-service.mjs');
  service = await startService([program, compiled.folder, SCHEMA, socket, data], {});
}, 180_000);
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function run(line: readonly string[]) {
  const { host, written } = fakeHost(line, { cwd: folder });
  const exit = await runProgram(host, PROGRAM);
  return { exit, ...written };
}

describe('load --db watch:SOCKET', () => {
  test('finds the index that a generated service on PGlite lacks, and says how to build it', async () => {
    const url = `${service.url}/shelf/7/book?limit=20`;
    const line = ['load', url, '-c', '8', '-d', '1s', '--db', `watch:${socket}`];
    const { exit, stdout } = await run([...line, '--json']);
    const document = JSON.parse(stdout);
    const conforms = new Ajv2020().compile(JSON.parse(readText('schemas/load.schema.json')));
    expect(conforms(document), JSON.stringify(conforms.errors)).toBe(true);
    expect(exit).toBe(0);
    const { reasons, evidence, decomposition, notes, database } = document.explanation;
    expect(database).toBe(`watch:${socket}`);
    expect(notes.filter((note: string) => !note.includes('busy with other work'))).toEqual([]);
    expect(reasons[0]).toMatchObject({
      code: 'missing-index',
      mend: {
        sql: [expect.stringMatching(/^CREATE INDEX \S+ ON public.book .*shelf_id/)],
        command: expect.stringContaining(`--connection pglite:${data} `),
      },
    });
    expect(decomposition.queue).not.toBe('connection');
    const calls = evidence.operations[0].statements.map(({ calls }: { calls: number }) => calls);
    expect(calls.every(Number.isInteger), String(calls)).toBe(true);
  }, 120_000);

  test('names nothing where the key is asked for', async () => {
    const line = ['load', `${service.url}/shelf/7`, '-c', '8', '-d', '500ms', '--db', `watch:${socket}`];
    const { exit, stdout } = await run([...line, '--json']);
    const { explanation, requests } = JSON.parse(stdout);
    expect(exit).toBe(0);
    expect(explanation.reasons).toEqual([]);
    expect(requests.successful).toBeGreaterThan(0);
    const [one] = explanation.evidence.operations;
    expect(one.statements.map(({ calls, rows }: { calls: number; rows: number }) => [calls, rows])).toEqual([
      [1, 1],
    ]);
  }, 60_000);

  test('a second one at the same socket is refused', async () => {
    const lite = {
      execProtocolRawSync: (message: Uint8Array) => message,
      isInTransaction: () => false,
      dumpDataDir: async () => new Blob([]),
    };
    await expect(watchEmbedded(lite, socket)).rejects.toThrow(/EADDRINUSE/);
  });

  test.each<[string, (server: Server) => void]>([
    [
      'answers with what is no length',
      (server) => server.on('connection', (one) => one.write('x'.repeat(99))),
    ],
    [
      'promises more than can be taken',
      (server) => server.on('connection', (one) => one.write('99999999999\n')),
    ],
    ['hangs up', (server) => server.on('connection', (one) => one.destroy())],
    ['answers with what is no JSON', (server) => server.on('connection', (one) => one.write('3\n{]}'))],
  ])('a socket that %s ends with an error', async (_what, behave) => {
    const server = createServer();
    behave(server);
    server.on('connection', (one) => one.on('error', () => undefined));
    const path = join(folder, 'other.sock');
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const { exit, stderr } = await run(['load', service.url, '--db', `watch:${path}`]);
    server.close();
    expect(exit).toBe(1);
    expect(stderr).toContain('DB001');
  });

  test('where nothing tells, the help says what the service has to do', async () => {
    const { exit, stderr } = await run(['load', service.url, '--db', `watch:${folder}/nothing.sock`]);
    expect(exit).toBe(2);
    expect(stderr).toContain('watchEmbedded(pglite, SOCKET)');
  });
});
