import {
  createServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { createServer as createNetServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { listen } from '../../../test/support/faulty-server.ts';
import { startRawHttp2, track } from '../../../test/support/raw-http2.ts';
import { runLoad } from '../run.ts';
import type { LoadOptions } from '../settings.ts';
import { frame, GOAWAY, HEADERS, RST_STREAM, SETTINGS } from './http2-request.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function serveRaw(answer: Parameters<typeof startRawHttp2>[0]): Promise<string> {
  const { url, close } = await startRawHttp2(answer);
  closing.push(close);
  return url;
}

type Answer = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

async function serve(answer: Answer, options: object = {}): Promise<{ url: string; server: Http2Server }> {
  const server = createServer(options, answer);
  server.on('sessionError', () => {});
  closing.push(track(server));
  return { url: `http://127.0.0.1:${await listen(server)}/a?b`, server };
}

const load = (url: string, options: Partial<LoadOptions> = {}) =>
  runLoad(
    { url, http2: true, connections: 3, streams: 5, requests: 300, duration: 20, timeout: 0.4, ...options },
    new AbortController().signal,
  );

const FULL = Buffer.alloc(16_384, 0x88);

const kinds = ({ faults }: Awaited<ReturnType<typeof load>>) =>
  Object.fromEntries(faults.map(({ kind, count }) => [kind, count]));

describe('HTTP/2', () => {
  test('several requests at a time on each connection, each counted once', async () => {
    let [seen, together, most] = [0, 0, 0];
    const { url, server } = await serve((_request, response) => {
      seen += 1;
      together += 1;
      most = Math.max(most, together);
      setTimeout(() => {
        together -= 1;
        response.end('ok');
      }, 2);
    });
    let connections = 0;
    server.on('session', () => {
      connections += 1;
    });
    const { requests, statuses, settings } = await load(url);
    expect(requests).toMatchObject({ total: 300, successful: 300, cutOff: 0 });
    expect(statuses.map(({ status }) => status)).toEqual([200]);
    expect(seen).toBe(300);
    expect(most).toBe(15);
    // One more was opened before the run, to see that somebody is there.
    expect(connections).toBe(3 + 1);
    expect(settings).toMatchObject({ protocol: 'h2', streams: 5 });
  });

  test('method, path, authority, headers and body arrive as they were given', async () => {
    const bodies: string[] = [];
    const { url } = await serve((request, response) => {
      const { method, url: path, authority, headers } = request;
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        bodies.push(
          [
            method,
            path,
            authority.replace(/:\d+$/, ''),
            headers['x-own'],
            headers['content-type'],
            body,
          ].join(' '),
        );
        response.end();
      });
    });
    const body = '{"a": 1}';
    const { requests } = await load(url, {
      requests: 20,
      body,
      headers: [
        ['X-Own', 'yes'],
        ['Connection', 'close'],
      ],
    });
    expect(requests.successful).toBe(20);
    expect(new Set(bodies)).toEqual(new Set(['POST /a?b 127.0.0.1 yes application/json {"a": 1}']));
  });

  test('each request may be another one', async () => {
    const paths: Record<string, number> = {};
    const { url } = await serve((request, response) => {
      paths[request.url] = (paths[request.url] ?? 0) + 1;
      response.end();
    });
    const data = [{ id: 'one' }, { id: 'a-longer-one' }, { id: '3' }];
    await load(url.replace('/a?b', '/{{id}}'), { data });
    expect(paths).toEqual({ '/one': 100, '/a-longer-one': 100, '/3': 100 });
  });

  test.each([
    ['larger than any window', 300_000, {}],
    ['larger than a small window', 5000, { settings: { initialWindowSize: 700 } }],
    ['of no bytes', 0, {}],
  ])('bodies %s arrive whole', async (_name, size, options) => {
    const body = Buffer.from(Array.from({ length: size }, (_, at) => at % 251));
    let right = 0;
    const { url } = await serve((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        if (Buffer.concat(parts).equals(body)) right += 1;
        response.end('ok');
      });
    }, options);
    const result = await load(url, {
      body,
      requests: 60,
      duration: 20,
      streams: 5,
      connections: 2,
      timeout: 10,
    });
    expect(result.requests).toMatchObject({ total: 60, successful: 60 });
    expect(right).toBe(60);
  });

  test('an answer before the body is sent is an answer, and the connection goes on', async () => {
    const { url } = await serve((request, response) => {
      request.on('error', () => {});
      response.writeHead(413).end();
    });
    const body = Buffer.alloc(400_000);
    const result = await load(url, {
      body,
      requests: 40,
      duration: 20,
      streams: 4,
      connections: 1,
      timeout: 10,
    });
    expect(result.statuses).toMatchObject([{ status: 413, count: 40 }]);
    expect(result.connections.opened).toBe(1);
  });

  test('bodies wait for the window of the server', async () => {
    let bytes = 0;
    const { url } = await serve((request, response) => {
      request.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      request.on('end', () => response.end());
    });
    const { requests } = await load(url, { requests: 40, body: 'x'.repeat(40_000), timeout: 5 });
    expect(requests.successful).toBe(40);
    expect(bytes).toBe(40 * 40_000);
  });

  test('large answers, odd statuses, HEAD and header blocks in several frames', async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(418, { 'x-long': 'y'.repeat(40_000) });
      response.end('z'.repeat(200_000));
    });
    const options = { requests: 30, expectStatus: [418], timeout: 5 };
    const { requests, bytes } = await load(url, options);
    expect(requests.successful).toBe(30);
    expect(bytes.received).toBeGreaterThan(30 * 200_000);
    expect((await load(url, { ...options, method: 'HEAD' })).requests.successful).toBe(30);
  });

  test('a server that allows fewer streams is not sent more', async () => {
    let [together, most] = [0, 0];
    const answer: Answer = (_request, response) => {
      together += 1;
      most = Math.max(most, together);
      setTimeout(() => {
        together -= 1;
        response.end();
      }, 2);
    };
    const { url } = await serve(answer, { settings: { maxConcurrentStreams: 2 } });
    expect((await load(url, { connections: 1 })).requests.successful).toBe(300);
    expect(most).toBe(2);
  });

  test('the open model counts from when a request was due', async () => {
    const { url } = await serve((_request, response) => void setTimeout(() => response.end(), 30));
    const { latency, requests } = await load(url, {
      requests: 100_000,
      rate: 200,
      duration: 1,
      connections: 1,
      streams: 2,
    });
    // Two streams serve 66 a second: the queue grows.
    expect(latency?.p99).toBeGreaterThan(200);
    expect(requests.total + requests.cutOff + requests.unsent).toBe(200);
  });
});

describe('what an HTTP/2 server does wrong', () => {
  test('a reset stream fails its request alone', async () => {
    let count = 0;
    const { url } = await serve((request, response) => {
      count += 1;
      if (count % 10 === 0) request.stream.close(2);
      else response.end('ok');
    });
    const result = await load(url);
    expect(kinds(result)).toEqual({ reset: 30 });
    expect(result.requests.total).toBe(300);
  });

  test('a stream that is never answered times out alone', async () => {
    let count = 0;
    const { url } = await serve((_request, response) => {
      count += 1;
      if (count % 50 === 25) return;
      response.write('begun');
      if (count % 50 !== 0) response.end();
    });
    expect(kinds(await load(url))).toEqual({ 'first-byte-timeout': 6, 'body-timeout': 6 });
  });

  test('GOAWAY ends a connection when its requests are answered, and a new one is opened', async () => {
    let sessions = 0;
    const { url, server } = await serve((request, response) => {
      if (Math.random() < 0.05) request.stream.session?.close();
      response.end('ok');
    });
    server.on('session', () => {
      sessions += 1;
    });
    const result = await load(url, { timeout: 5 });
    expect(result.requests.successful + (kinds(result)['closed-early'] ?? 0)).toBe(300);
    expect(sessions).toBeGreaterThan(3);
  });

  test('a connection that breaks fails all that was on it', async () => {
    const { url } = await serve((request) => request.stream.session?.destroy());
    const result = await load(url, { requests: 15 });
    expect(result.requests).toMatchObject({ successful: 0, failed: 15 });
  });

  test.each([
    ['a push', Buffer.from([0, 0, 0, 5, 0, 0, 0, 0, 1])],
    ['a frame beyond the size that was agreed', Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 1])],
    ['a header block that cannot be read', frame(HEADERS, 5, 1, Buffer.from([0xff, 0xff, 0xff, 1]))],
    [
      'another frame inside a header block',
      Buffer.concat([frame(HEADERS, 0, 1, Buffer.from([0x88])), frame(SETTINGS, 0, 0)]),
    ],
    ['a continuation of nothing', frame(9, 4, 1, Buffer.from([0x88]))],
    [
      'a header block without end',
      Buffer.concat([frame(HEADERS, 0, 1, FULL), ...Array(17).fill(frame(9, 0, 1, FULL))]),
    ],
    ['a head with more padding than there is', frame(HEADERS, 4 | 8, 1, Buffer.from([2, 0x88]))],
    ['a head of padding alone', frame(HEADERS, 4 | 8, 1)],
    ['a priority that is cut', frame(HEADERS, 4 | 32, 1, Buffer.from([0, 0, 0]))],
    [
      'a body with more padding than there is',
      Buffer.concat([frame(HEADERS, 4, 1, Buffer.from([0x88])), frame(0, 8 | 1, 1, Buffer.from([3, 97, 0]))]),
    ],
    ['a status of four digits', frame(HEADERS, 5, 1, Buffer.from([0x08, 4, 0x32, 0x30, 0x30, 0x30]))],
  ])('%s is malformed', async (_name, bytes) => {
    const url = await serveRaw((socket) => void socket.write(bytes));
    expect(Object.keys(kinds(await load(url, { connections: 1, streams: 1, requests: 5 })))).toEqual([
      'malformed',
    ]);
  });

  test('an answer without a status is malformed', async () => {
    const url = await serveRaw((socket, stream) => void socket.write(frame(HEADERS, 5, stream)));
    expect(kinds(await load(url, { requests: 20 }))).toEqual({ malformed: 20 });
  });

  test('a body of another length than announced', async () => {
    const head = Buffer.from([0x88, 0x0f, 0x0d, 1, 0x35]);
    const url = await serveRaw((socket, stream) => {
      socket.write(Buffer.concat([frame(HEADERS, 4, stream, head), frame(0, 1, stream, Buffer.from('abc'))]));
    });
    expect(kinds(await load(url, { requests: 20 }))).toEqual({ 'wrong-length': 20 });
  });

  test('padding, interim answers, trailers, unknown frames and pings are understood', async () => {
    const url = await serveRaw((socket, stream) => {
      socket.write(
        Buffer.concat([
          frame(HEADERS, 4, stream, Buffer.from([0x08, 3, 0x31, 0x30, 0x33])),
          frame(0x42, 0, stream, Buffer.from('?')),
          frame(6, 0, 0, Buffer.alloc(8)),
          frame(
            HEADERS,
            4 | 8 | 32,
            stream,
            Buffer.from([2, 0, 0, 0, 0, 0, 0x88, 0x0f, 0x0d, 1, 0x33, 0, 0]),
          ),
          frame(0, 8, stream, Buffer.from([4, 97, 98, 99, 0, 0, 0, 0])),
          frame(HEADERS, 5, stream, Buffer.from([0x00, 1, 120, 1, 121])),
        ]),
      );
    });
    expect((await load(url, { requests: 20 })).requests.successful).toBe(20);
  });

  test('a server of HTTP/1.1 is no HTTP/2', async () => {
    const server = createNetServer((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    closing.push(track(server));
    const url = `http://127.0.0.1:${await listen(server)}/`;
    expect(Object.keys(kinds(await load(url, { requests: 5 })))).toEqual(['malformed']);
  });

  test('a stream that the server will not begin is told by GOAWAY', async () => {
    let served = 0;
    const url = await serveRaw((socket, stream) => {
      served += 1;
      if (served % 5 === 0) socket.end(frame(GOAWAY, 0, 0, Buffer.alloc(8)));
      else socket.write(frame(HEADERS, 5, stream, Buffer.from([0x88])));
    });
    const result = await load(url, { connections: 1, streams: 1, requests: 20 });
    expect(kinds(result)).toEqual({ 'closed-early': 4 });
    expect(result.requests.total).toBe(20);
  });

  test('a stream reset by number', async () => {
    const url = await serveRaw(
      (socket, stream) => void socket.write(frame(RST_STREAM, 0, stream, Buffer.from([0, 0, 0, 7]))),
    );
    const { faults } = await load(url, { requests: 5 });
    expect(faults).toEqual([
      expect.objectContaining({ kind: 'reset', count: 5, sample: 'the stream was reset (code 7)' }),
    ]);
  });
});
