// The threads, and the quick engine that lives in them, from compiled sources.
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildSources, importBuilt } from '../../../test/support/built.ts';
import { FAULTS, patience } from '../../../test/support/faults.ts';
import {
  type FaultyServer,
  type Misbehaviour,
  startFaultyServer,
} from '../../../test/support/faulty-server.ts';
import type { LoadOptions, LoadResult } from '../index.ts';
import { quickEngineObstacle } from './engines.ts';
import type { ClientPlan } from './plan.ts';
import { sharePlan } from './threads.ts';

type Load = typeof import('../index.ts');

const obstacle = quickEngineObstacle();
const servers: FaultyServer[] = [];
let built: Load;

beforeAll(async () => {
  built = await importBuilt<Load>(buildSources('load-threads'), 'load/index.js');
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function faulty(misbehave: Misbehaviour = () => {}, every = 1_000_000): Promise<FaultyServer> {
  const server = await startFaultyServer(misbehave, every);
  servers.push(server);
  return server;
}

const load = (
  url: string,
  options: Partial<LoadOptions>,
  signal = new AbortController().signal,
): Promise<LoadResult> =>
  built.runLoad({ url, connections: 10, duration: 20, timeout: 10, ...options }, signal);

describe('threads', () => {
  test('share the work exactly', () => {
    const plan = {
      connections: 10,
      requests: 101,
      list: [1, 2, 3],
      pace: { kind: 'closed', ramp: 0 },
    } as unknown as ClientPlan;
    const shares = sharePlan(plan, 3);
    expect(shares.reduce((sum, { connections }) => sum + connections, 0)).toBe(10);
    expect(shares.map(({ firstOfList }) => firstOfList)).toEqual([0, 1, 2]);
    expect(shares.reduce((sum, { requests = 0 }) => sum + requests, 0)).toBe(101);
  });

  test('add up to what the server counted', async () => {
    const server = await faulty();
    const result = await load(server.url, { engine: 'net', threads: 3, requests: 1000 });
    expect(result.requests).toMatchObject({ total: 1000, successful: 1000, cutOff: 0 });
    expect(server.requests()).toBe(1000);
    expect(result.settings).toMatchObject({ engine: 'net', threads: 3 });
  });

  test('owe the requests of an open model together', async () => {
    const server = await faulty();
    const { requests } = await load(server.url, { engine: 'net', threads: 2, rate: 200, duration: 1 });
    expect(requests.total + requests.cutOff + requests.unsent).toBe(200);
  });

  test('stop when they are interrupted', async () => {
    const server = await faulty();
    const interrupt = new AbortController();
    // Threads take as long to start as the machine lets them.
    const watching = setInterval(() => server.requests() > 100 && interrupt.abort(), 20);
    const result = await load(server.url, { engine: 'net', threads: 2 }, interrupt.signal);
    clearInterval(watching);
    expect(result.interrupted).toBe(true);
    expect(result.elapsedSeconds).toBeLessThan(15);
    expect(result.requests.successful).toBeGreaterThan(0);
  });

  test('are refused where they have nothing to do', async () => {
    await expect(load('http://localhost/', { threads: 11 })).rejects.toMatchObject({ code: 'LOAD005' });
    await expect(load('http://localhost/', { threads: 2, expectRateLimit: true })).rejects.toMatchObject({
      code: 'LOAD005',
    });
  });
});

test('the quick engine is refused with the reason where it cannot be had', async () => {
  await expect(load('https://localhost/', { engine: 'io_uring' })).rejects.toMatchObject({ code: 'LOAD010' });
});

describe.skipIf(obstacle !== undefined)('the io_uring engine', () => {
  test.each(FAULTS)('$name: $kind', async ({ misbehave, kind }) => {
    const server = await faulty(misbehave, 25);
    const { requests, faults, settings } = await load(server.url, {
      engine: 'io_uring',
      requests: 320,
      timeout: patience(kind),
    });
    expect(settings.engine).toBe('io_uring');
    expect(Object.fromEntries(faults.map((fault) => [fault.kind, fault.count]))).toEqual(
      kind === undefined ? {} : { [kind]: server.faults() },
    );
    expect(requests).toMatchObject({ total: 320, cutOff: 0 });
    expect(server.requests()).toBe(320);
  });

  test('ends on time against a server that never answers', async () => {
    const server = await faulty(() => {}, 1);
    const start = performance.now();
    const { requests } = await load(server.url, {
      engine: 'io_uring',
      duration: 0.5,
      timeout: 30,
      connections: 200,
    });
    expect(performance.now() - start).toBeLessThan(2500);
    expect(requests).toMatchObject({ total: 0, cutOff: 200 });
  });

  test('counts refusals when the server goes away', async () => {
    const server = await faulty();
    setTimeout(() => void server.close(), 300);
    const { requests, faults } = await load(server.url, { engine: 'io_uring', duration: 1 });
    expect(faults.map(({ kind }) => kind)).toContain('refused');
    expect(requests.successful).toBeGreaterThan(0);
  });

  test('receives bodies larger than its buffers', async () => {
    const body = 'x'.repeat(300_000);
    const server = await faulty(
      (socket) => void socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n${body}`),
      1,
    );
    const { requests, bytes } = await load(server.url, { engine: 'io_uring', requests: 20, timeout: 10 });
    expect(requests.successful).toBe(20);
    expect(bytes.received).toBeGreaterThan(20 * 300_000);
  });

  test('sends each request of a list', async () => {
    const server = await faulty();
    const data = Array.from({ length: 100 }, (_, index) => ({ id: String(index) }));
    const { requests } = await load(`${server.url}{{id}}`, { engine: 'io_uring', requests: 250, data });
    expect(requests.successful).toBe(250);
    expect(server.requests()).toBe(250);
  });

  test('is what is chosen when nothing is said', async () => {
    const server = await faulty();
    const { settings, requests } = await load(server.url, { requests: 50 });
    expect(settings).toMatchObject({ engine: 'io_uring' });
    expect(requests.successful).toBe(50);
  });
});
