import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  CLOCK,
  lead,
  startCountingServer,
  startWorker,
  unaccounted,
  until,
} from '../../../test/support/cluster-lab.ts';
import { HAS_NATS, type NatsServer, startNats } from '../../../test/support/nats-server.ts';
import type { LoadProgress } from '../progress.ts';
import { runCluster } from './run-cluster.ts';

let nats: NatsServer;
let server: Awaited<ReturnType<typeof startCountingServer>>;
const workers: ReturnType<typeof startWorker>[] = [];
const worker = (...[name, more]: [string, Parameters<typeof startWorker>[2]?]) => {
  const started = startWorker(nats.url, name, more);
  workers.push(started);
  return started;
};

beforeAll(async () => {
  server = await startCountingServer();
  if (HAS_NATS) nats = await startNats();
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((one) => one.stop()));
});
afterAll(async () => {
  await server.close();
  await nats?.close();
});

describe.skipIf(!HAS_NATS)('a run on many machines', () => {
  test('counts exactly what the server counts, each worker by its capacity', async () => {
    for (const name of ['one', 'two', 'three']) worker(name, { capacity: name === 'two' ? 2 : 1 });
    const before = server.requests();
    const options = { url: server.url, requests: 403, connections: 8, duration: 20 };
    const { result, said } = lead(nats.url, options, { workers: 3 });
    const { requests, cluster, checks, settings } = await result;
    expect(requests).toMatchObject({ total: 403, successful: 403, cutOff: 0 });
    expect(server.requests() - before).toBe(403);
    const parts = cluster?.workers.map((one) => [one.name, one.requests.total, one.connections, one.state]);
    expect(parts?.sort()).toEqual([
      ['one', 101, 2, 'finished'],
      ['three', 101, 2, 'finished'],
      ['two', 201, 4, 'finished'],
    ]);
    expect([checks, cluster?.lost, settings.threads]).toEqual([[], 0, 3]);
    expect(said[0]).toContain('3 workers joined');
  });

  test('in the open model all workers together keep the rate, and progress is told', async () => {
    for (const name of ['one', 'two', 'three']) worker(name);
    const before = server.requests();
    const states: LoadProgress[] = [];
    const cluster = { link: { url: nats.url }, version: '1.0.0', clock: CLOCK, workers: 3 };
    const options = { url: server.url, rate: 100, duration: 2.5 };
    const watcher = { tell: () => {}, onProgress: (state: LoadProgress) => states.push(state) };
    const {
      requests,
      cluster: report,
      latency,
    } = await runCluster(options, cluster, new AbortController().signal, watcher);
    expect(requests.total + requests.cutOff + requests.unsent).toBe(250);
    expect(unaccounted(requests, server.requests() - before)).toBe(0);
    expect(report?.workers.map(({ share }) => share)).toEqual([1 / 3, 1 / 3, 1 / 3]);
    expect(states.at(-1)?.requests).toBeGreaterThan(50);
    expect(latency?.p50).toBeGreaterThan(0);
  });

  test('rows of data, steps and their settings reach the workers as they are', async () => {
    for (const name of ['one', 'two']) worker(name);
    const at = server.seen.length;
    const options = {
      url: `${server.url}{{path}}`,
      data: Array.from({ length: 10 }, (_, row) => ({ path: `row${row}`, __proto__x: 'y' })),
      requests: 10,
      connections: 2,
      body: new Uint8Array([0, 255, 1]),
    };
    await lead(nats.url, options, { workers: 2 }).result;
    const paths = server.seen.slice(at).sort();
    expect(paths).toEqual(Array.from({ length: 10 }, (_, row) => `/row${row}`));
    const steps = [
      { name: 'a', method: 'GET', path: '/a', headers: [], captures: [] },
      { name: 'b', method: 'GET', path: '/b', headers: [], captures: [], expect: [201] },
    ];
    const result = await lead(
      nats.url,
      { url: server.url, steps, requests: 8, connections: 2 },
      { workers: 2 },
    ).result;
    expect(result.steps).toMatchObject([
      { name: 'a', successful: 4 },
      { name: 'b', failed: 4 },
    ]);
  });

  test('operations travel with their weights, and what is sent once is sent by one worker', async () => {
    for (const name of ['one', 'two', 'three']) worker(name);
    const at = server.seen.length;
    const gone = Array.from({ length: 7 }, (_, row) => ({
      name: 'DELETE /rows/{id}',
      method: 'DELETE',
      path: `/rows/${row}`,
      headers: [],
      weight: 1,
      once: true as const,
    }));
    const read = {
      name: 'GET /rows',
      method: 'GET',
      path: '/rows',
      headers: [['X-A', 'b']] as const,
      weight: 3,
    };
    const make = { ...read, name: 'POST /rows', method: 'POST', body: new Uint8Array([123, 125]), weight: 1 };
    const options = { url: server.url, operations: [...gone, read, make], requests: 120, connections: 3 };
    const { operations, requests } = await lead(nats.url, options, { workers: 3 }).result;
    const paths = server.seen.slice(at);
    expect(paths.filter((path) => path.startsWith('/rows/')).sort()).toEqual(gone.map(({ path }) => path));
    expect(operations.map(({ name, weight }) => [name, weight])).toEqual([
      ['DELETE /rows/{id}', 1],
      ['GET /rows', 3],
      ['POST /rows', 1],
    ]);
    const counts = operations.map(({ successful }) => successful);
    expect([requests.total, counts[0], (counts[1] ?? 0) + (counts[2] ?? 0)]).toEqual([120, 7, 113]);
    expect(counts[1]).toBeGreaterThan(2 * (counts[2] ?? 0));
    expect(operations[1]?.latency?.p50).toBeGreaterThan(0);
  });

  test('a body larger than a message arrives whole', async () => {
    worker('one');
    const body = 'x'.repeat(2_000_000);
    const { requests, bytes } = await lead(
      nats.url,
      { url: server.url, body, requests: 2, connections: 1 },
      { workers: 1 },
    ).result;
    expect([requests.total, bytes.sent > 4_000_000]).toEqual([2, true]);
  });

  test('stopping the coordinator stops all, and what was counted is reported', async () => {
    for (const name of ['one', 'two']) worker(name);
    const before = server.requests();
    const control = new AbortController();
    const options = { url: server.url, connections: 2, duration: 60 };
    const { result } = lead(nats.url, options, { workers: 2 }, control.signal);
    await until(() => server.requests() - before > 50);
    control.abort();
    const { requests, interrupted, cluster } = await result;
    expect([interrupted, cluster?.lost]).toEqual([true, 0]);
    expect(unaccounted(requests, server.requests() - before)).toBe(0);
    const after = server.requests();
    // They are free for the next run.
    await lead(nats.url, { url: server.url, requests: 4, connections: 2 }, { workers: 2 }).result;
    expect(server.requests() - after).toBe(4);
  });

  test('a worker that is stopped says goodbye, and what it counted is in the totals', async () => {
    const [one] = [worker('one'), worker('two')];
    const before = server.requests();
    const options = { url: server.url, rate: 100, duration: 3 };
    const { result, said } = lead(nats.url, options, { workers: 2 });
    await until(() => server.requests() - before > 50);
    await one?.stop();
    expect((await one?.done)?.requests).toBeGreaterThan(10);
    const { requests, cluster, checks } = await result;
    expect(unaccounted(requests, server.requests() - before)).toBe(0);
    const left = cluster?.workers.find(({ name }) => name === 'one');
    expect(left).toMatchObject({ state: 'left', why: 'stopped here', counted: true });
    expect(checks).toMatchObject([{ text: 'every worker stays to the end', met: false }]);
    expect(said).toContain('one left: stopped here');
  });

  test('clocks that are off are measured, said, and do no harm', async () => {
    worker('ahead', { clock: { now: () => Date.now() + 5000, monotonic: () => performance.now() + 1e9 } });
    worker('right');
    const { cluster } = await lead(
      nats.url,
      { url: server.url, requests: 20, connections: 2 },
      { workers: 2 },
    ).result;
    const [ahead, right] = ['ahead', 'right'].map((name) =>
      cluster?.workers.find((one) => one.name === name),
    );
    expect(Math.abs((ahead?.clock.offset ?? 0) - 5000)).toBeLessThanOrEqual(
      (ahead?.clock.uncertainty ?? 0) + 2,
    );
    expect(Math.abs(right?.clock.offset ?? 9)).toBeLessThanOrEqual((right?.clock.uncertainty ?? 0) + 2);
    expect(cluster?.notes).toEqual([expect.stringContaining('the clock of ahead is 5.0 s ahead')]);
    expect(ahead?.startedLate).toBeGreaterThanOrEqual(-(ahead?.clock.uncertainty ?? 0) - 2);
  });

  test('workers of one name are told apart, more than wanted are not taken, and versions are compared', async () => {
    const all = [worker('same'), worker('same', { version: '1.0.1' })];
    const { cluster } = await lead(nats.url, { url: server.url, requests: 4, connections: 2 }, { workers: 2 })
      .result;
    expect(cluster?.workers.map(({ name }) => name).sort()).toEqual(['same', 'same (2)']);
    expect(cluster?.notes).toEqual(['the workers run different versions: 1.0.0, 1.0.1']);
    await lead(nats.url, { url: server.url, requests: 4, connections: 2 }, { workers: 1 }).result;
    await until(() => all.some(({ said }) => said.some((line) => line.includes('there are enough'))));
  });

  test('--once ends a worker after its run', async () => {
    const one = worker('one', { once: true });
    await lead(nats.url, { url: server.url, requests: 4, connections: 2 }, { workers: 1 }).result;
    expect(await one.done).toMatchObject({ runs: 1, requests: 4 });
  });

  test('thresholds are judged over all workers', async () => {
    for (const name of ['one', 'two']) worker(name);
    const options = {
      url: server.url,
      requests: 10,
      connections: 2,
      thresholds: ['p99<0.001ms', 'errors<1%'],
    };
    const { checks } = await lead(nats.url, options, { workers: 2 }).result;
    expect(checks.map(({ met }) => met)).toEqual([false, true]);
  });
});

describe.skipIf(!HAS_NATS)('a run that cannot be', () => {
  interface Case {
    readonly workers?: number;
    readonly joinWithin?: number;
  }
  const few = { url: 'http://127.0.0.1:1/', requests: 10, connections: 2 };

  test.each([
    ['no worker', {}, { joinWithin: 0.6 }, 'LOAD031', 'no worker joined within 0.6 s'],
    ['too few', {}, { joinWithin: 0.6, workers: 3 }, 'LOAD031', '1 of 3 workers joined'],
    ['a service that is not there', {}, { workers: 1 }, 'LOAD032', 'cannot be reached'],
    [
      'a file of the worker',
      { socketPath: '/run/x' },
      {},
      'LOAD005',
      '--unix-socket does not go with --cluster',
    ],
    ['a rate limit', { expectRateLimit: true }, {}, 'LOAD005', '--expect-rate-limit does not go with'],
    [
      'fewer requests than workers',
      { requests: 1 },
      { workers: 2 },
      'LOAD005',
      '1 requests cannot be shared by 2',
    ],
    ['a bad URL', { url: 'nonsense' }, {}, 'LOAD001', 'not a URL'],
  ])('%s', async (_, options, cluster: Case, code, message) => {
    const wanted = cluster.workers ?? 0;
    if (wanted > 0) worker('one');
    if (wanted === 2) worker('two');
    const { result } = lead(nats.url, { ...few, ...options }, cluster);
    await expect(result).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });
});
