// Ends of HTTP/2 connections to the frame, and answers that somebody looks into.
import { afterEach, describe, expect, test } from 'vitest';
import { goaway, startRawHttp2 } from '../../../test/support/raw-http2.ts';
import { startWebServer } from '../../../test/support/web-server.ts';
import { runLoad } from '../run.ts';
import { parseScenario } from '../scenario/parse.ts';
import type { LoadOptions } from '../settings.ts';
import { frame, HEADERS, SETTINGS } from './http2-request.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function serve(...how: Parameters<typeof startRawHttp2>): Promise<string> {
  const { url, close } = await startRawHttp2(...how);
  closing.push(close);
  return url;
}

const load = (url: string, options: Partial<LoadOptions> = {}) =>
  runLoad(
    { url, http2: true, connections: 1, requests: 10, duration: 20, timeout: 0.4, ...options },
    new AbortController().signal,
  );

const kinds = ({ faults }: Awaited<ReturnType<typeof load>>) =>
  Object.fromEntries(faults.map(({ kind, count }) => [kind, count]));

const OK = Buffer.from([0x88]);

describe('the end of a connection', () => {
  test('GOAWAY behind an answer, in one piece with it, fails nothing', async () => {
    let served = 0;
    const url = await serve((socket, stream) => {
      served += 1;
      socket.end(Buffer.concat([frame(HEADERS, 5, stream, OK), goaway(stream)]));
    });
    const result = await load(url, { connections: 2, requests: 40 });
    expect(result.requests).toMatchObject({ total: 40, successful: 40 });
    expect(served).toBe(40);
  });

  test('a connection that begins with GOAWAY was not opened', async () => {
    const greeting = Buffer.concat([frame(SETTINGS, 0, 0), goaway(0)]);
    const url = await serve((socket) => void socket.end(), greeting);
    const result = await load(url, { requests: 5 });
    expect(kinds(result)).toEqual({ 'closed-early': 5 });
    expect(result.connections.opened).toBe(5);
  });

  test('a connection that ends is left also when its last request is not answered', async () => {
    const url = await serve((socket, stream) => void socket.write(goaway(stream)));
    const result = await load(url, { requests: 4, timeout: 0.1 });
    expect(kinds(result)).toEqual({ 'first-byte-timeout': 4 });
    expect(result.connections.opened).toBe(4);
  });
});

test('a rate limit is watched, with what its headers say', async () => {
  let count = 0;
  const { url, close } = await startWebServer('HTTP/2', (_request, reply) => {
    count += 1;
    if (count > 30) reply.writeHead(429, { 'Retry-After': '1', 'RateLimit-Limit': '25' });
    reply.end('ok');
  });
  closing.push(close);
  const { rateLimit, checks } = await load(url, { requests: 60, expectRateLimit: true });
  expect(rateLimit).toMatchObject({
    ...{ seen: true, rejected: 30, allowedFirst: 30, beyondLimit: 5 },
    announced: { limit: 25, retryAfterSeconds: 1 },
  });
  expect(checks).toEqual([expect.objectContaining({ met: true })]);
});

describe('answers that values are taken from', () => {
  const field = (name: string, ...value: readonly number[]): number[] => [
    ...[0x00, name.length, ...Buffer.from(name)],
    ...[value.length, ...value],
  ];
  const text = (value: string): number[] => [...Buffer.from(value)];
  const stepsOf = (capture: string) =>
    parseScenario(`steps: [{request: GET /a, capture: ${capture}}, {request: GET /b}]`, 'steps.yaml').steps;
  const steps = stepsOf('{way: {header: X-Way}}');

  test('are the last ones: no interim ones, no trailers, whatever the padding and the number of frames', async () => {
    const url = await serve((socket, stream) => {
      const head = Buffer.from([0x88, ...field('x-way', ...text('final'))]);
      socket.write(
        Buffer.concat([
          frame(HEADERS, 4, stream, Buffer.from([0x08, 3, ...text('103'), ...field('x-way', 0x31)])),
          frame(HEADERS, 8, stream, Buffer.from([2, ...head.subarray(0, 7), 0, 0])),
          frame(9, 0, stream, head.subarray(7, 9)),
          frame(9, 4, stream, head.subarray(9)),
          frame(0, 8, stream, Buffer.from([1, 97, 0])),
          frame(HEADERS, 5, stream, Buffer.from(field('x-way', 0x32))),
        ]),
      );
    });
    const capture = '{way: {header: X-Way, pattern: "^final$"}, body: {pattern: "^a$"}}';
    const result = await load(url, { steps: stepsOf(capture) });
    expect(result.steps.map(({ successful }) => successful)).toEqual([5, 5]);
  });

  test('cannot be read with a wrong Huffman code, and the connection no further', async () => {
    const url = await serve((socket, stream) => {
      const value = [0x00, 5, ...text('x-way'), 0x81, 0xff];
      socket.write(frame(HEADERS, 5, stream, Buffer.from([0x88, ...value])));
    });
    const result = await load(url, { steps });
    expect(kinds(result)).toEqual({ malformed: 10 });
    expect(result.connections.opened).toBe(10);
  });

  test('with a field that must not be are malformed, and the connection goes on', async () => {
    const url = await serve((socket, stream) => {
      const value = stream % 4 === 1 ? 'a\r\nb' : 'b';
      socket.write(frame(HEADERS, 5, stream, Buffer.from([0x88, ...field('x-way', ...text(value))])));
    });
    const result = await load(url, { steps, requests: 11 });
    // The first stream fails, and then every second step.
    expect(result.steps.map(({ successful, failed }) => [successful, failed])).toEqual([
      [5, 1],
      [0, 5],
    ]);
    expect(kinds(result)).toEqual({ malformed: 6 });
    expect(result.connections.opened).toBe(1);
  });
});
