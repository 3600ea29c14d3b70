// Users that go through steps against a real server: captures, cookies, redirects, what fails on the way.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { listen } from '../../../test/support/faulty-server.ts';
import { runLoad } from '../run.ts';
import type { LoadOptions } from '../settings.ts';
import { parseScenario } from './parse.ts';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

type Answer = (request: Seen, response: ServerResponse) => void;

async function serve(answer: Answer): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      seen.push({ method, url, headers, body });
      answer({ method, url, headers, body }, response);
    });
  });
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${await listen(server)}`, seen };
}

const run = (options: LoadOptions) =>
  runLoad({ connections: 2, duration: 10, timeout: 2, ...options }, new AbortController().signal);

const kindsOf = ({ faults }: Awaited<ReturnType<typeof run>>) =>
  Object.fromEntries(faults.map(({ kind, count }) => [kind, count]));

const STEPS = `
steps:
  - name: log in
    request: POST /login
    json: { user: "{{user}}" }
    expect: 201
    capture:
      token: /session/token
      order: { header: Location }
  - request: GET {{order}}
    headers: { Authorization: "Bearer {{token}}" }
    capture:
      csrf: { pattern: 'name="csrf" value="([^"]+)"' }
  - name: change
    request: PUT /change?csrf={{csrf}}
`;

describe('steps', () => {
  const shop: Answer = ({ url, body }, response) => {
    if (url === '/login') {
      const { user } = JSON.parse(body);
      response.writeHead(201, { Location: '/orders/7?x=1', 'Content-Encoding': 'gzip' });
      response.end(gzipSync(JSON.stringify({ session: { token: `token of ${user}` } })));
    } else if (url.startsWith('/orders')) {
      response.write('<input name="csrf" ');
      response.end('value="a&b/c">');
    } else response.end();
  };

  test('pass on what earlier answers held, each time with the next row', async () => {
    const { url, seen } = await serve(shop);
    const data = [{ user: 'Ann "A"' }, { user: 'Bob' }];
    const result = await run({
      url,
      ...parseScenario(STEPS, 'steps.yaml'),
      data,
      requests: 30,
      connections: 1,
    });
    expect(result.requests).toMatchObject({ total: 30, successful: 30, failed: 0 });
    expect(seen).toHaveLength(30);
    expect(seen.slice(0, 3)).toMatchObject([
      { method: 'POST', url: '/login', body: '{"user":"Ann \\"A\\""}' },
      { method: 'GET', url: '/orders/7?x=1', headers: { authorization: 'Bearer token of Ann "A"' } },
      { method: 'PUT', url: '/change?csrf=a%26b%2Fc' },
    ]);
    expect(seen[3]?.body).toBe('{"user":"Bob"}');
    expect(result.steps).toMatchObject([
      { name: 'log in', successful: 10, failed: 0 },
      { name: 'GET {{order}}', successful: 10, failed: 0 },
      { name: 'change', successful: 10, failed: 0 },
    ]);
  });

  test('end with the first that fails, and the report says which', async () => {
    const { url, seen } = await serve((request, response) => {
      if (request.url === '/login') response.writeHead(201, { Location: '/orders' });
      response.end('{"session":{}}');
    });
    const result = await run({
      url,
      ...parseScenario(STEPS, 'steps.yaml'),
      data: [{ user: 'x' }],
      requests: 20,
    });
    expect(kindsOf(result)).toEqual({ 'not-captured': 20 });
    expect(result.steps.map(({ failed }) => failed)).toEqual([20, 0, 0]);
    expect(result.faults[0]?.sample).toBe('token, in step log in');
    expect(seen.every((request) => request.url === '/login')).toBe(true);
  });

  test('want their own status', async () => {
    const { url } = await serve(({ url: path }, response) => {
      response.writeHead(path === '/gone' ? 404 : 200).end();
    });
    const file = 'steps: [{request: GET /gone, expect: 404}, {request: GET /there, expect: [204]}]';
    const result = await run({ url, ...parseScenario(file, 'steps.yaml'), requests: 40 });
    expect(result.steps).toMatchObject([
      { successful: 20, failed: 0 },
      { successful: 0, failed: 20 },
    ]);
    expect(kindsOf(result)).toEqual({ status: 20 });
    expect(result.requests).toMatchObject({ total: 40, successful: 20 });
  });

  test('go on when the server closes the connection behind every answer', async () => {
    const { url, seen } = await serve((request, response) => {
      response.setHeader('Connection', 'close');
      shop(request, response);
    });
    const result = await run({
      url,
      ...parseScenario(STEPS, 'steps.yaml'),
      data: [{ user: 'x' }],
      requests: 30,
    });
    expect(result.requests).toMatchObject({ total: 30, successful: 30 });
    expect(seen).toHaveLength(30);
  });

  test('begin at the given rate, whatever they take', async () => {
    const { url, seen } = await serve((_request, response) => setTimeout(() => response.end(), 5));
    const file = 'steps: [{request: GET /a}, {request: GET /b}]';
    const result = await run({ url, ...parseScenario(file, 's'), rate: 50, duration: 1, connections: 20 });
    expect(result.requests.total + result.requests.cutOff).toBeLessThanOrEqual(100);
    expect(seen.filter((request) => request.url === '/a').length).toBeGreaterThan(40);
    expect(result.steps[1]?.successful).toBeGreaterThan(40);
  });

  test.each([
    ['steps: []', 'no steps'],
    ['steps: [{request: GET /a, wait: 3}]', '"wait"'],
    ['steps: [{request: GET a}]', 'not METHOD /path'],
    ['steps: [{request: /a, capture: {x: {pattern: "("}}}]', 'capture x'],
    ['steps: [{request: /a, capture: {x: token}}]', 'begins with /'],
    ['steps: [{request: /a, body: x, json: {}}]', 'not both'],
    ['steps: {', 'cannot be used'],
    ['- 1', 'no mapping'],
  ])('of %s are refused', (text, why) => {
    expect(() => parseScenario(text, 'x.yaml')).toThrow(why);
  });

  test('that use what nobody gave a value are refused before anything is sent', async () => {
    const { url, seen } = await serve(shop);
    const file = 'steps: [{request: GET /a, capture: {later: /x}}, {request: "GET /{{never}}"}]';
    await expect(run({ url, ...parseScenario(file, 's') })).rejects.toThrow('{{never}}');
    expect(seen).toEqual([]);
  });

  test('capture with a hostile pattern in time linear in the answer', async () => {
    const { url } = await serve((_request, response) => response.end('a'.repeat(50_000)));
    const file = 'steps: [{request: GET /a, capture: {x: {pattern: "^(a+)+$b"}}}]';
    const result = await run({ url, ...parseScenario(file, 's'), requests: 4 });
    expect(kindsOf(result)).toEqual({ 'not-captured': 4 });
  });
});

describe('cookies', () => {
  test('are kept for each connection and sent back where they belong', async () => {
    let visitor = 0;
    const { url, seen } = await serve(({ headers }, response) => {
      if (headers.cookie === undefined) {
        visitor += 1;
        const sets = [`id=${visitor}; HttpOnly`, 'other=1; Path=/elsewhere', 'gone=1; Max-Age=0'];
        response.setHeader('Set-Cookie', sets);
      }
      response.end();
    });
    await run({ url: `${url}/`, cookies: true, requests: 40 });
    expect(visitor).toBe(2);
    expect(new Set(seen.map(({ headers }) => headers.cookie))).toEqual(new Set([undefined, 'id=1', 'id=2']));
  });
});

describe('redirects', () => {
  const hops: Answer = ({ url, method }, response) => {
    const [, left = '0'] = /^\/hop\/(\d+)/.exec(url) ?? [];
    if (left === '0') response.end(method);
    else response.writeHead(left === '2' ? 303 : 307, { Location: `${Number(left) - 1}` }).end();
  };

  test('are answers unless they are followed', async () => {
    const { url, seen } = await serve(hops);
    const result = await run({ url: `${url}/hop/2`, requests: 10 });
    expect(result.statuses).toMatchObject([{ status: 303, count: 10 }]);
    expect(seen).toHaveLength(10);
  });

  test('are followed to the end as one request, and counted', async () => {
    const { url, seen } = await serve(hops);
    const result = await run({ url: `${url}/hop/2`, body: 'x', follow: 2, requests: 10 });
    expect(result.requests).toMatchObject({ total: 10, successful: 10, redirects: 20 });
    expect(result.statuses).toMatchObject([{ status: 200, count: 10 }]);
    expect(seen).toHaveLength(30);
    expect(
      seen
        .filter(({ url: path }) => path === '/hop/1')
        .every(({ method, body }) => method === 'GET' && body === ''),
    ).toBe(true);
  });

  test('beyond the limit are a fault', async () => {
    const { url, seen } = await serve(
      (_request, response) => void response.writeHead(302, { Location: '/' }).end(),
    );
    const result = await run({ url, follow: 3, requests: 5 });
    expect(kindsOf(result)).toEqual({ redirects: 5 });
    expect(seen).toHaveLength(20);
  });

  test('to another host are never followed, and nothing reaches it', async () => {
    const other = await serve((_request, response) => void response.end());
    const { url } = await serve(
      (_request, response) => void response.writeHead(302, { Location: other.url }).end(),
    );
    const headers = [['Authorization', 'Bearer secret']] as const;
    const result = await run({ url, headers, follow: 3, requests: 5 });
    expect(result.statuses).toMatchObject([{ status: 302, count: 5 }]);
    expect(other.seen).toEqual([]);
  });

  test('and steps do not go with HTTP/2 or pipelining, which is said', async () => {
    await expect(run({ url: 'http://127.0.0.1:1', follow: 1, http2: true })).rejects.toThrow('http2');
    await expect(run({ url: 'http://127.0.0.1:1', cookies: true, pipeline: 2 })).rejects.toThrow('pipeline');
  });
});
