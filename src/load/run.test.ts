import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { answerAndEnd, FAULTS, patience } from '../../test/support/faults.ts';
import {
  type FaultyServer,
  listen,
  type Misbehaviour,
  startFaultyServer,
} from '../../test/support/faulty-server.ts';
import type { FaultKind } from './fault.ts';
import type { LoadResult } from './result.ts';
import { runLoad } from './run.ts';
import type { LoadOptions } from './settings.ts';

const never = new AbortController().signal;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function faulty(misbehave: Misbehaviour, every?: number): Promise<FaultyServer> {
  const server = await startFaultyServer(misbehave, every);
  closing.push(() => server.close());
  return server;
}

const load = (url: string, options: Partial<LoadOptions> = {}): Promise<LoadResult> =>
  runLoad({ url, connections: 10, duration: 0.6, timeout: 0.15, ...options }, never);

const failures = ({ faults }: LoadResult): Partial<Record<FaultKind, number>> =>
  Object.fromEntries(faults.map(({ kind, count }) => [kind, count]));

describe('what a server does wrong is counted as what it is', () => {
  test.each(FAULTS)('$name: $kind', async ({ misbehave, kind }) => {
    const server = await faulty(misbehave);
    const result = await load(server.url, { requests: 520, duration: 20, timeout: patience(kind) });
    expect(failures(result)).toEqual(kind === undefined ? {} : { [kind]: server.faults() });
    expect(result.requests).toMatchObject({ total: 520, cutOff: 0 });
    expect(server.requests()).toBe(520);
  });

  test.each(FAULTS)(
    '$name: every request is accounted for when time runs out',
    async ({ misbehave, kind }) => {
      const server = await faulty(misbehave);
      const result = await load(server.url, { timeout: patience(kind) });
      const { total, cutOff } = result.requests;
      // What was on the wire at the end may not have reached the server.
      expect(total).toBeLessThanOrEqual(server.requests());
      expect(server.requests()).toBeLessThanOrEqual(total + cutOff);
      expect(Object.keys(failures(result))).toEqual(kind === undefined ? [] : [kind]);
    },
  );
});

describe('a run ends', () => {
  const duration = async (work: () => Promise<LoadResult>): Promise<number> => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };

  test('on time against a server that never answers', async () => {
    const server = await faulty(() => {}, 1);
    let result: LoadResult | undefined;
    const took = await duration(async () => {
      result = await load(server.url, { timeout: 30, connections: 200 });
      return result;
    });
    expect(took).toBeLessThan(600 + 1000);
    expect(result?.requests).toMatchObject({ total: 0, successful: 0, cutOff: 200 });
    expect(result?.latency).toBeUndefined();
    expect(result?.recommendations[0]?.level).toBe('problem');
  });

  test('on time when the server goes away, and the requests that found nobody are counted', async () => {
    const server = await faulty(() => {});
    setTimeout(() => void server.close(), 200);
    const took = await duration(async () => {
      const result = await load(server.url, { duration: 1 });
      expect(failures(result).refused).toBeGreaterThan(0);
      expect(result.requests.successful).toBeGreaterThan(0);
      return result;
    });
    expect(took).toBeLessThan(1000 + 1000);
  });

  test('after the wanted number of requests', async () => {
    const server = await faulty(() => {}, 1_000_000);
    const result = await load(server.url, { requests: 777, duration: 30, timeout: 10 });
    expect(server.requests()).toBe(777);
    expect(result.requests).toMatchObject({ total: 777, successful: 777, cutOff: 0 });
  });

  test('when it is interrupted, with what was measured until then', async () => {
    const server = await faulty(() => {}, 1_000_000);
    const interrupt = new AbortController();
    setTimeout(() => interrupt.abort(), 200);
    const result = await runLoad({ url: server.url, duration: 60 }, interrupt.signal);
    expect(result.interrupted).toBe(true);
    expect(result.elapsedSeconds).toBeLessThan(10);
    expect(result.requests.successful).toBeGreaterThan(0);
  });
});

describe('before the first request', () => {
  test.each(['localhost:3000', 'ftp://localhost/', 'http://', 'http://user:word@localhost/'])(
    '%s is no URL to load',
    async (url) => {
      await expect(load(url)).rejects.toMatchObject({ code: 'LOAD001', kind: 'failed' });
    },
  );

  test('a port where nobody listens', async () => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    await expect(load(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({
      code: 'LOAD003',
      kind: 'failed',
    });
  });

  test('a host name that does not exist', async () => {
    await expect(load('http://does-not-exist.invalid/')).rejects.toMatchObject({ code: 'LOAD003' });
  });

  test('TLS with a server that speaks none', async () => {
    const server = await faulty(() => {});
    await expect(load(server.url.replace('http:', 'https:'), { timeout: 1 })).rejects.toMatchObject({
      code: expect.stringMatching(/LOAD00[34]/),
    });
  });

  test.each([{ connections: 0 }, { duration: 0 }, { timeout: -1 }, { timeout: 4000 }, { requests: 0 }])(
    '%j is refused',
    async (options) => {
      await expect(load('http://localhost/', options)).rejects.toMatchObject({
        code: 'LOAD005',
        kind: 'usage',
      });
    },
  );
});

describe('what is sent', () => {
  async function echo(options: Partial<LoadOptions>) {
    const seen: { method?: string; headers?: NodeJS.Dict<string | string[]>; body?: string } = {};
    const server = createHttpServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', headers } = request;
        Object.assign(seen, { method, headers, body: Buffer.concat(chunks).toString() });
        response.end('ok');
      });
    });
    const port = await listen(server);
    closing.push(() => server.close());
    const result = await load(`http://127.0.0.1:${port}/a?b=c#d`, {
      requests: 1,
      duration: 10,
      timeout: 5,
      ...options,
    });
    expect(result.requests.successful).toBe(1);
    return { ...seen, port };
  }

  test('a plain GET says who it is', async () => {
    const { method, headers, port } = await echo({});
    expect(method).toBe('GET');
    expect(headers).toMatchObject({
      host: `127.0.0.1:${port}`,
      'user-agent': 'senior-backend',
      accept: '*/*',
    });
  });

  test('a body makes it a POST with type and length', async () => {
    const { method, headers, body } = await echo({ body: '{"naïve": true}' });
    expect([method, body]).toEqual(['POST', '{"naïve": true}']);
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'content-length': '16' });
  });

  test('own headers stand in place of the usual ones', async () => {
    const { method, headers } = await echo({
      method: 'put',
      body: 'x',
      headers: [
        ['Host', 'example.org'],
        ['content-type', 'text/csv'],
      ],
    });
    expect(method).toBe('PUT');
    expect(headers).toMatchObject({ host: 'example.org', 'content-type': 'text/csv' });
  });

  test('HEAD is answered without a body', async () => {
    expect((await echo({ method: 'HEAD' })).method).toBe('HEAD');
  });
});

describe('data', () => {
  async function record() {
    const seen: string[] = [];
    const server = createHttpServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        seen.push(`${request.url} ${String(request.headers['x-name'])} ${body}`);
        response.end();
      });
    });
    const url = `http://127.0.0.1:${await listen(server)}`;
    closing.push(() => server.close());
    return { url, seen };
  }
  const data = [
    { id: '1', name: 'Ann' },
    { id: 'a b', name: 'Bo "B"' },
    { id: '3', name: 'Cy' },
  ];

  test('makes each request another one, in turn', async () => {
    const { url, seen } = await record();
    const headers = [['X-Name', '{{name}}']] as const;
    const options = {
      data,
      headers,
      body: '{"n": "{{name}}"}',
      connections: 1,
      requests: 7,
      duration: 20,
      timeout: 5,
    };
    const { requests, settings } = await load(`${url}/users/{{id}}`, options);
    expect(requests.successful).toBe(7);
    expect(seen.slice(0, 4)).toEqual([
      '/users/1 Ann {"n": "Ann"}',
      '/users/a%20b Bo "B" {"n": "Bo \\"B\\""}',
      '/users/3 Cy {"n": "Cy"}',
      '/users/1 Ann {"n": "Ann"}',
    ]);
    expect(settings.url).toBe(`${url}/users/{{id}}`);
  });

  test('must name columns that are there, and may not change the host', async () => {
    await expect(load('http://localhost/{{x}}', { data })).rejects.toMatchObject({ code: 'LOAD011' });
    await expect(
      load('http://{{name}}.localhost/', { data: [{ name: 'a' }, { name: 'b' }] }),
    ).rejects.toMatchObject({
      code: 'LOAD011',
    });
    await expect(
      load('http://localhost/', { data: [{ name: 'a\nb' }], headers: [['X', '{{name}}']] }),
    ).rejects.toMatchObject({ code: 'LOAD002' });
  });
});

test('a server that closes each connection gets a new one for each request', async () => {
  const server = await faulty(
    answerAndEnd('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok'),
    1,
  );
  const result = await load(server.url, { requests: 200, duration: 20, timeout: 10 });
  expect(result.requests).toMatchObject({ total: 200, successful: 200, failed: 0 });
  expect(result.connections.opened).toBeGreaterThanOrEqual(200);
});
