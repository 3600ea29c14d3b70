// Named requests against a server that counts them itself; in threads from compiled sources.

import { createServer, type Server } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { brotliCompressSync } from 'node:zlib';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildSources, importBuilt } from '../../test/support/built.ts';
import { quickEngineObstacle } from './client/engines.ts';
import type { LoadOptions, NamedRequest } from './index.ts';
import { scheduleOf } from './operation.ts';

type Load = typeof import('./index.ts');

const closing: (() => unknown)[] = [];
let built: Load;
beforeAll(async () => {
  built = await importBuilt<Load>(buildSources('load-threads'), 'load/index.js');
});
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const named = (name: string, more: Partial<NamedRequest> = {}): NamedRequest => {
  const [method = '', path = ''] = name.split(' ');
  return { name, method, path, headers: [], weight: 1, ...more };
};

const LIST = named('GET /list', { weight: 5 });
const CREATE = named('POST /things', { body: Buffer.from('{"a":1}'), weight: 2 });
const HEAD = named('HEAD /list');
const BREAK = named('GET /break');
const READS = [1, 2, 3].map((id) => named('GET /things/{id}', { path: `/things/${id}`, weight: 3 }));
const REMOVES = [4, 5, 6].map((id) =>
  named('DELETE /things/{id}', { path: `/things/${id}`, once: true, weight: 1 }),
);
const ALL = [LIST, CREATE, HEAD, BREAK, ...READS, ...REMOVES];

const ANSWERS: Readonly<Record<string, { readonly status: number; readonly body: string }>> = {
  'GET /list': { status: 200, body: '[1,2,3]' },
  'HEAD /list': { status: 200, body: '' },
  'POST /things': { status: 201, body: '{"id":4}' },
};

/** Counts requests by method and URL. */
async function counting(): Promise<{ readonly url: string; readonly seen: Map<string, number> }> {
  const seen = new Map<string, number>();
  const server: Server = createServer((request, response) => {
    const what = `${request.method} ${request.url}`;
    seen.set(what, (seen.get(what) ?? 0) + 1);
    if (what === 'GET /break') {
      request.socket.destroy();
      return;
    }
    const { status, body } = ANSWERS[what] ?? { status: 200, body: '{}' };
    request.resume().on('end', () => response.writeHead(status, { 'x-at': 'here' }).end(body));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/base`, seen };
}

const run = (url: string, options: Partial<LoadOptions>, onSample?: Parameters<Load['runLoad']>[3]) =>
  built.runLoad(
    { url, connections: 4, duration: 20, operations: ALL, ...options },
    new AbortController().signal,
    undefined,
    onSample,
  );

/** What each operation was counted to be, and what the server saw of it. */
const sumOf = (seen: ReadonlyMap<string, number>, requests: readonly NamedRequest[]): number =>
  [...new Set(requests.map(({ method, path }) => `${method} ${path}`))].reduce(
    (sum, what) => sum + (seen.get(what) ?? 0),
    0,
  );

const CREWS: readonly (readonly [string, Partial<LoadOptions>])[] = [
  ['in this thread', { engine: 'net', threads: 1 }],
  ['in three threads', { engine: 'net', threads: 3 }],
  ...(quickEngineObstacle() === undefined
    ? [['over io_uring', { engine: 'io_uring', threads: 2 }] as const]
    : []),
];

describe.each(CREWS)('operations %s', (_name, crew) => {
  test('are counted as the server counts them', async () => {
    const { url, seen } = await counting();
    const { operations, requests } = await run(url, { ...crew, requests: 1200 });
    const own = operations.map(({ name, successful, failed }) => [name, successful + failed]);
    const names = [...new Set(ALL.map(({ name }) => name))];
    expect(own).toEqual(
      names.map((name) => [
        name,
        sumOf(
          seen,
          ALL.filter((request) => request.name === name),
        ),
      ]),
    );
    expect(own.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(requests.total);
    const broken = operations.find(({ name }) => name === 'GET /break');
    expect(broken).toMatchObject({ successful: 0, faults: [{ kind: 'closed-early' }] });
    expect(broken?.failed).toBe(requests.failed);
    expect(operations.find(({ name }) => name === 'POST /things')?.statuses).toEqual([
      { status: 201, count: seen.get('POST /things') },
    ]);
    for (const id of [4, 5, 6]) expect(seen.get(`DELETE /things/${id}`)).toBe(1);
  });

  test('are sent by their weights', async () => {
    const { url, seen } = await counting();
    await run(url, { ...crew, operations: [LIST, CREATE, ...READS], requests: 1000, connections: 3 });
    const share = (list: readonly NamedRequest[]): number => sumOf(seen, list) / 1000;
    expect(share([LIST])).toBeCloseTo(0.5, 2);
    expect(share([CREATE])).toBeCloseTo(0.2, 2);
    expect(share(READS)).toBeCloseTo(0.3, 2);
  });

  test('hand over whole answers, some of each', async () => {
    const { url } = await counting();
    const kept = new Map<string, string[]>();
    await run(url, { ...crew, operations: [LIST, CREATE, HEAD], requests: 500, samples: 5 }, (sample) => {
      const known = kept.get(sample.operation) ?? [];
      kept.set(sample.operation, [...known, `${sample.status} ${sample.read().body()}`]);
      expect(sample.read().headers).toContainEqual(['x-at', 'here']);
    });
    expect([...kept.keys()].sort()).toEqual(['GET /list', 'HEAD /list', 'POST /things']);
    for (const [name, answers] of kept) {
      const { status, body } = ANSWERS[name] ?? {};
      expect(new Set(answers)).toEqual(new Set([`${status} ${body}`]));
      expect(answers.length).toBeLessThanOrEqual(5 * (crew.threads ?? 1));
    }
  });
});

describe('operations', () => {
  test('in the open model are counted also when they are refused', async () => {
    const { url } = await counting();
    const { operations, requests } = await run(url, { rate: 300, duration: 1, threads: 1 });
    const all = operations.reduce((sum, { successful, failed }) => sum + successful + failed, 0);
    expect(all).toBe(requests.total);
  });

  test('pipelined, HEAD among them', async () => {
    const { url, seen } = await counting();
    const asked = [LIST, CREATE, HEAD];
    const { operations, requests } = await run(url, {
      threads: 1,
      pipeline: 4,
      requests: 400,
      operations: asked,
    });
    expect(requests).toMatchObject({ total: 400, failed: 0 });
    expect(operations.map(({ name, successful }) => [name, successful])).toEqual(
      asked.map(({ name }) => [name, seen.get(name)]),
    );
  });

  test.each([1, 2])('over HTTP/2, in %i threads', async (threads) => {
    const counts = new Map<string, number>();
    const body = '"hello"'.repeat(10_000);
    const packed = brotliCompressSync(body);
    const server = createHttp2Server((request, response) => {
      const what = `${request.method} ${request.url}`;
      counts.set(what, (counts.get(what) ?? 0) + 1);
      request.resume().on('end', () => {
        response.writeHead(what === 'POST /things' ? 201 : 200, { 'X-At': 'here', 'content-encoding': 'br' });
        response.end(request.method === 'HEAD' ? '' : packed);
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    closing.push(() => server.close());
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const asked = [LIST, CREATE, HEAD];
    const kept = new Map<string, number>();
    const { operations, requests } = await run(
      url,
      { http2: true, streams: 3, threads, requests: 400, operations: asked, samples: 5 },
      ({ operation, status, cut, read }) => {
        kept.set(operation, (kept.get(operation) ?? 0) + 1);
        const answer = read();
        expect(answer.headers).toContainEqual(['x-at', 'here']);
        expect(answer.headers.filter(([name]) => name.startsWith(':'))).toEqual([]);
        expect([operation, status, cut, answer.body()]).toEqual([
          operation,
          operation === CREATE.name ? 201 : 200,
          false,
          operation === HEAD.name ? '' : body,
        ]);
      },
    );
    expect(requests).toMatchObject({ total: 400, failed: 0 });
    expect(operations.map(({ name, successful }) => [name, successful])).toEqual(
      asked.map(({ name }) => [name, counts.get(name)]),
    );
    const [list] = operations;
    expect(list?.bytesReceived).toBe(packed.length * (list?.successful ?? 0));
    expect([...kept.keys()].sort()).toEqual(asked.map(({ name }) => name).sort());
    for (const count of kept.values()) expect(count).toBeLessThanOrEqual(5 * threads);
  });

  test.each([
    ['a body', { body: 'x' }],
    ['a method', { method: 'PUT' }],
    ['redirects', { follow: 1 }],
    ['nothing to send', { operations: [named('GET /x', { weight: 0 })] }],
    ['nothing to send twice', { operations: REMOVES }],
    ['a path that ends the request line', { operations: [named('GET /x', { path: '/ HTTP/1.1\r\nX: ' })] }],
  ])('do not go with %s', async (_is, options) => {
    await expect(run('http://127.0.0.1:9/', options)).rejects.toMatchObject({ code: 'LOAD020' });
  });
});

test('a schedule mixes evenly and sends every request of a cycle', () => {
  const { order, once } = scheduleOf(ALL);
  const names = order.map((place) => ALL[place]?.name);
  expect(names.slice(once)).not.toContain('DELETE /things/{id}');
  expect(names.slice(0, once).filter((name) => name === 'DELETE /things/{id}')).toHaveLength(3);
  expect(new Set(order).size).toBe(ALL.length);
  const cycle = names.slice(once);
  expect(cycle.filter((name) => name === 'GET /list')).toHaveLength((5 * cycle.length) / 12);
});
