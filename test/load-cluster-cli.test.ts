// Coordinator and workers as programs of their own, as they run on many machines.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildSources } from './support/built.ts';
import { startCountingServer, unaccounted, until } from './support/cluster-lab.ts';
import { HAS_NATS, type NatsServer, startNats } from './support/nats-server.ts';
import { readText } from './support/repository.ts';

interface Program {
  readonly process: ChildProcess;
  readonly written: { stdout: string; stderr: string };
  readonly exit: Promise<number | null>;
}

const conforms = new Ajv2020().compile(JSON.parse(readText('schemas/load.schema.json')));
const workerConforms = new Ajv2020().compile(JSON.parse(readText('schemas/load-worker.schema.json')));
const PASSWORD = 'pa55:w@rd/1';
let main = '';
let nats: NatsServer;
let server: Awaited<ReturnType<typeof startCountingServer>>;

beforeAll(async () => {
  if (!HAS_NATS) return;
  main = join(buildSources('load-cluster'), 'cli', 'main.js');
  server = await startCountingServer();
}, 60_000);
beforeEach(async () => {
  if (HAS_NATS) nats = await startNats(`authorization { user: "load", password: "${PASSWORD}" }`);
});
afterEach(async () => {
  for (const { process: child } of running.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
  await nats?.close();
});
afterAll(() => server?.close());

const running: Program[] = [];

function start(...line: readonly string[]): Program {
  const env = {
    ...process.env,
    NATS_USER: 'load',
    NATS_PASSWORD: PASSWORD,
    SENIOR_BACKEND_CLUSTER_KEY: 'one key',
  };
  const child = spawn(process.execPath, [main, 'load', ...line], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const written = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    written.stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    written.stderr += chunk.toString();
  });
  const program = {
    process: child,
    written,
    exit: once(child, 'close').then(([code]) => code as number | null),
  };
  running.push(program);
  return program;
}

const startWorkers = (...names: readonly string[]) =>
  names.map((name) => start('worker', '--cluster', nats.url, '--name', name, '--capacity', '1'));

describe.skipIf(!HAS_NATS)('senior-backend load --cluster', () => {
  test('a worker that is killed is noticed, and its share kept apart; the rest finishes', async () => {
    const workers = startWorkers('w1', 'w2', 'w3', 'w4');
    const before = server.requests();
    const lead = start(
      server.url,
      '--cluster',
      nats.url,
      '--workers',
      '4',
      '--rate',
      '100',
      '-d',
      '10s',
      '--json',
    );
    await until(() => server.requests() - before > 300);
    const late = start(server.url, '--cluster', nats.url, '--workers', '1', '--join', '2s');
    workers[1]?.process.kill('SIGKILL');
    expect(await lead.exit).toBe(3);
    const document = JSON.parse(lead.written.stdout);
    expect(conforms(document), JSON.stringify(conforms.errors)).toBe(true);
    const { cluster, requests, checks } = document;
    const lost = cluster.workers.find(({ name }: { name: string }) => name === 'w2');
    expect(lost).toMatchObject({ state: 'lost', counted: false, share: 0.25 });
    expect(lost.requests.total).toBeGreaterThan(0);
    expect(cluster).toMatchObject({ lost: 1, encrypted: true });
    const rest = cluster.workers.filter(({ name }: { name: string }) => name !== 'w2');
    const counted = rest.reduce((sum: number, one: typeof lost) => sum + one.requests.total, 0);
    expect([counted, rest.map(({ state }: typeof lost) => state)]).toEqual([
      requests.total,
      ['finished', 'finished', 'finished'],
    ]);
    // Three quarters of 1000 requests, and what the lost one had sent.
    expect(requests.total + requests.cutOff + requests.unsent).toBe(750);
    expect(server.requests() - before).toBeGreaterThanOrEqual(requests.total + lost.requests.total);
    expect(checks).toMatchObject([{ met: false, actual: expect.stringContaining('w2 was lost') }]);
    // The other coordinator found no worker that was free.
    expect(await late.exit).toBe(1);
    expect(late.written.stderr).toContain('a worker is busy with another run');
    // A request to terminate is a goodbye.
    for (const one of [workers[0], workers[2], workers[3]]) {
      one?.process.kill('SIGTERM');
      expect(await one?.exit).toBe(130);
    }
  }, 60_000);

  test('people are told who joined, who is lost, and what the others counted', async () => {
    const [one, two] = startWorkers('w1', 'w2');
    const before = server.requests();
    const lead = start(server.url, '--cluster', nats.url, '--workers', '2', '--rate', '100', '-d', '4s');
    await until(() => server.requests() - before > 100);
    one?.process.kill('SIGKILL');
    expect(await lead.exit).toBe(3);
    expect(lead.written.stderr).toMatch(
      /2 workers joined: w[12], w[12]\nw1 is lost: nothing was heard of it for \d\.\d s\n/,
    );
    expect(lead.written.stdout).toMatch(/Workers at 127\.0\.0\.1:\d+, encrypted with the cluster key/);
    expect(lead.written.stdout).toMatch(
      /w1 was lost: \d+ requests were known of until \d\.\d s; they are not in the totals/,
    );
    two?.process.kill('SIGINT');
    await two?.exit;
  }, 60_000);

  test('--once, --json and Ctrl-C at the coordinator', async () => {
    const worker = start('worker', '--cluster', nats.url, '--name', 'w1', '--once', '--json');
    const before = server.requests();
    const lead = start(server.url, '--cluster', nats.url, '--workers', '1', '-d', '60s', '-c', '4', '--json');
    await until(() => server.requests() - before > 100);
    lead.process.kill('SIGINT');
    expect([await lead.exit, await worker.exit]).toEqual([130, 0]);
    const { requests, interrupted } = JSON.parse(lead.written.stdout);
    expect(unaccounted(requests, server.requests() - before)).toBe(0);
    expect(interrupted).toBe(true);
    const document = JSON.parse(worker.written.stdout);
    expect(workerConforms(document), JSON.stringify(workerConforms.errors)).toBe(true);
    expect(document).toMatchObject({ runs: 1, requests: requests.total });
  }, 60_000);

  test('a coordinator that is killed leaves no load behind, and its worker is free for the next', async () => {
    startWorkers('w1');
    const before = server.requests();
    const line = [server.url, '--cluster', nats.url, '--workers', '1', '--rate', '50'];
    const first = start(...line, '-d', '600s');
    await until(() => server.requests() - before > 50);
    first.process.kill('SIGKILL');
    const second = start(...line, '--join', '40s', '-n', '20', '--json');
    expect(await second.exit).toBe(0);
    expect(JSON.parse(second.written.stdout).requests.total).toBe(20);
    const after = server.requests();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(server.requests()).toBe(after);
  }, 60_000);

  test('no password is shown, whatever goes wrong', async () => {
    const secret = encodeURIComponent('s3cret-word');
    const lines = [
      [
        server.url,
        '--cluster',
        `nats://load:${secret}@127.0.0.1:${nats.port}`,
        '--nats-user',
        'x',
        '--nats-password',
        's3cret-word',
      ],
      ['worker', '--cluster', `nats://${secret}@127.0.0.1:1`, '--nats-token', 's3cret-word'],
      ['worker', '--cluster', `http://load:${secret}@127.0.0.1`],
      ['worker', '--cluster', `nats://load:${secret}@127.0.0.1:99999999`],
      ['worker', '--cluster', nats.url, '--allow', '*', '--cluster-key', ''],
    ];
    const ends = await Promise.all(
      lines.map(async (line) => {
        const program = start(...line);
        return { exit: await program.exit, text: program.written.stdout + program.written.stderr };
      }),
    );
    expect(ends.map(({ exit }) => exit)).toEqual([1, 1, 2, 2, 2]);
    expect(ends.map(({ text }) => text).join('')).not.toContain('s3cret-word');
    expect(ends[0]?.text).toContain('error[LOAD030]');
  }, 60_000);
});
