// Users that go through steps against a real server: captures, cookies, redirects, what fails on the way.
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import {
  PROTOCOLS,
  type Reply,
  type Seen,
  startWebServer,
  type WebServer,
} from '../../../test/support/web-server.ts';
import { runLoad } from '../run.ts';
import type { LoadOptions } from '../settings.ts';
import { parseScenario } from './parse.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

type Answer = (request: Seen, reply: Reply) => void;

const run = (options: LoadOptions) =>
  runLoad({ connections: 2, duration: 10, timeout: 2, ...options }, new AbortController().signal);

const kindsOf = ({ faults }: Awaited<ReturnType<typeof run>>) =>
  Object.fromEntries(faults.map(({ kind, count }) => [kind, count]));

/** How often the server saw each path. */
function pathsOf(seen: readonly Seen[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { url } of seen) counts[url] = (counts[url] ?? 0) + 1;
  return counts;
}

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

const shop: Answer = ({ url, body }, reply) => {
  if (url === '/login') {
    const { user } = JSON.parse(body);
    reply.writeHead(201, { Location: '/orders/7?x=1', 'Content-Encoding': 'gzip' });
    reply.end(gzipSync(JSON.stringify({ session: { token: `token of ${user}` } })));
  } else if (url.startsWith('/orders')) {
    reply.write('<input name="csrf" ');
    reply.end('value="a&b/c">');
  } else reply.end();
};

describe.each(PROTOCOLS)('over %s', (protocol) => {
  /** The service, and what a load of it has to be told. */
  async function serve(answer: Answer): Promise<WebServer & { readonly to: LoadOptions }> {
    const server = await startWebServer(protocol, answer);
    closing.push(server.close);
    return { ...server, to: { url: server.url, ...server.options } };
  }

  describe('steps', () => {
    test('pass on what earlier answers held, each time with the next row', async () => {
      const { to, seen } = await serve(shop);
      const data = [{ user: 'Ann "A"' }, { user: 'Bob' }];
      const steps = parseScenario(STEPS, 'steps.yaml');
      const result = await run({ ...to, ...steps, data, requests: 30, connections: 1 });
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
      const { to, seen } = await serve((request, reply) => {
        if (request.url === '/login') reply.writeHead(201, { Location: '/orders' });
        reply.end('{"session":{}}');
      });
      const steps = parseScenario(STEPS, 'steps.yaml');
      const result = await run({ ...to, ...steps, data: [{ user: 'x' }], requests: 20 });
      expect(kindsOf(result)).toEqual({ 'not-captured': 20 });
      expect(result.steps.map(({ failed }) => failed)).toEqual([20, 0, 0]);
      expect(result.faults[0]?.sample).toBe('token, in step log in');
      expect(seen.every((request) => request.url === '/login')).toBe(true);
    });

    test('want their own status', async () => {
      const { to } = await serve(({ url: path }, reply) => {
        reply.writeHead(path === '/gone' ? 404 : 200).end();
      });
      const file = 'steps: [{request: GET /gone, expect: 404}, {request: GET /there, expect: [204]}]';
      const result = await run({ ...to, ...parseScenario(file, 'steps.yaml'), requests: 40 });
      expect(result.steps).toMatchObject([
        { successful: 20, failed: 0 },
        { successful: 0, failed: 20 },
      ]);
      expect(kindsOf(result)).toEqual({ status: 20 });
      expect(result.requests).toMatchObject({ total: 40, successful: 20 });
    });

    test('go on when every answer is the last of its connection', async () => {
      const { to, seen, connections } = await serve((request, reply) => {
        reply.isLast();
        shop(request, reply);
      });
      const steps = parseScenario(STEPS, 'steps.yaml');
      const result = await run({ ...to, ...steps, data: [{ user: 'x' }], requests: 30 });
      expect(result.requests).toMatchObject({ total: 30, successful: 30 });
      expect(seen).toHaveLength(30);
      expect(connections()).toBeGreaterThanOrEqual(30);
    });

    test.each<[string, (reply: Reply) => void, object]>([
      ['a connection that breaks', (reply) => reply.breakOff(), { 'closed-early': 2 }],
      ['a reset', (reply) => reply.reset(), { reset: 2 }],
      ['no answer', () => {}, { 'first-byte-timeout': 2 }],
      ['half an answer', (reply) => reply.write('half'), { 'body-timeout': 2 }],
    ])('begin anew behind %s in the middle, and are counted as the server does', async (_, fail, kinds) => {
      let asked = 0;
      const { to, seen } = await serve(({ url }, reply) => {
        if (url === '/b') asked += 1;
        if (url === '/b' && asked % 2 === 0) fail(reply);
        else reply.end();
      });
      const file = 'steps: [{request: GET /a}, {request: POST /b, body: x}, {request: GET /c}]';
      const steps = parseScenario(file, 'steps.yaml');
      const result = await run({ ...to, ...steps, requests: 10, connections: 1, timeout: 0.1 });
      expect(kindsOf(result)).toEqual(kinds);
      expect(pathsOf(seen)).toEqual({ '/a': 4, '/b': 4, '/c': 2 });
      expect(result.requests).toMatchObject({ total: 10, failed: 2, cutOff: 0 });
      expect(result.steps.map(({ successful, failed }) => [successful, failed])).toEqual([
        [4, 0],
        [2, 2],
        [2, 0],
      ]);
    });

    test('capture with a hostile pattern in time linear in the answer', async () => {
      const { to } = await serve((_request, reply) => reply.end('a'.repeat(50_000)));
      const file = 'steps: [{request: GET /a, capture: {x: {pattern: "^(a+)+$b"}}}]';
      const result = await run({ ...to, ...parseScenario(file, 's'), requests: 4 });
      expect(kindsOf(result)).toEqual({ 'not-captured': 4 });
    });

    test('capture in the first mebibyte of an answer and not behind it', async () => {
      const { to, seen } = await serve(({ url }, reply) => {
        const filler = ' '.repeat(url === '/far' ? 2 ** 20 : 2 ** 20 - 1000);
        reply.end(`${filler}<needle>`);
      });
      const pattern = '{pattern: "<(needle)>"}';
      const file = `steps: [{request: GET /near, capture: {x: ${pattern}}}, {request: "GET /far?{{x}}"}, {request: GET /far, capture: {y: ${pattern}}}]`;
      const result = await run({ ...to, ...parseScenario(file, 's'), requests: 3, connections: 1 });
      expect(Object.keys(pathsOf(seen))).toEqual(['/near', '/far?needle', '/far']);
      expect(kindsOf(result)).toEqual({ 'not-captured': 1 });
    });
  });

  test('cookies are kept for each connection and sent back where they belong', async () => {
    let visitor = 0;
    const { to, seen } = await serve(({ headers }, reply) => {
      if (headers.cookie === undefined) {
        visitor += 1;
        const sets = [`id=${visitor}; HttpOnly`, 'other=1; Path=/elsewhere', 'gone=1; Max-Age=0'];
        reply.setHeader('Set-Cookie', sets);
      }
      reply.end();
    });
    await run({ ...to, url: `${to.url}/`, cookies: true, requests: 40 });
    expect(visitor).toBe(2);
    expect(new Set(seen.map(({ headers }) => headers.cookie))).toEqual(new Set([undefined, 'id=1', 'id=2']));
  });

  describe('redirects', () => {
    const hops: Answer = ({ url, method }, reply) => {
      const [, left = '0'] = /^\/hop\/(\d+)/.exec(url) ?? [];
      if (left === '0') reply.end(method);
      else reply.writeHead(left === '2' ? 303 : 307, { Location: `${Number(left) - 1}` }).end();
    };

    test('are answers unless they are followed', async () => {
      const { to, seen } = await serve(hops);
      const result = await run({ ...to, url: `${to.url}/hop/2`, requests: 10 });
      expect(result.statuses).toMatchObject([{ status: 303, count: 10 }]);
      expect(seen).toHaveLength(10);
    });

    test('are followed to the end as one request, and counted', async () => {
      const { to, seen } = await serve(hops);
      const result = await run({ ...to, url: `${to.url}/hop/2`, body: 'x', follow: 2, requests: 10 });
      expect(result.requests).toMatchObject({ total: 10, successful: 10, redirects: 20 });
      expect(result.statuses).toMatchObject([{ status: 200, count: 10 }]);
      expect(pathsOf(seen)).toEqual({ '/hop/2': 10, '/hop/1': 10, '/hop/0': 10 });
      const afterwards = seen.filter(({ url }) => url === '/hop/1');
      expect(afterwards.every(({ method, body }) => method === 'GET' && body === '')).toBe(true);
    });

    test('go on when every answer on the way is the last of its connection', async () => {
      const { to, seen } = await serve((request, reply) => {
        reply.isLast();
        hops(request, reply);
      });
      const result = await run({ ...to, url: `${to.url}/hop/2`, follow: 2, requests: 10 });
      expect(result.requests).toMatchObject({ total: 10, successful: 10, redirects: 20, cutOff: 0 });
      expect(seen).toHaveLength(30);
    });

    test('beyond the limit are a fault', async () => {
      const { to, seen } = await serve(
        (_request, reply) => void reply.writeHead(302, { Location: '/' }).end(),
      );
      const result = await run({ ...to, follow: 3, requests: 5 });
      expect(kindsOf(result)).toEqual({ redirects: 5 });
      expect(seen).toHaveLength(20);
    });

    test('to another host are never followed, and nothing reaches it', async () => {
      const other = await serve((_request, reply) => void reply.end());
      const { to } = await serve(
        (_request, reply) => void reply.writeHead(302, { Location: other.url }).end(),
      );
      const headers = [['Authorization', 'Bearer secret']] as const;
      const result = await run({ ...to, headers, follow: 3, requests: 5 });
      expect(result.statuses).toMatchObject([{ status: 302, count: 5 }]);
      expect(other.seen).toEqual([]);
    });
  });
});

describe('steps', () => {
  test('begin at the given rate, whatever they take', async () => {
    const { url, seen, close } = await startWebServer('HTTP/1.1', (_request, reply) =>
      setTimeout(() => reply.end(), 5),
    );
    closing.push(close);
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
    const { url, seen, close } = await startWebServer('HTTP/1.1', shop);
    closing.push(close);
    const file = 'steps: [{request: GET /a, capture: {later: /x}}, {request: "GET /{{never}}"}]';
    await expect(run({ url, ...parseScenario(file, 's') })).rejects.toThrow('{{never}}');
    expect(seen).toEqual([]);
  });

  test.each<[string, Partial<LoadOptions>]>([
    ['pipeline', { cookies: true, pipeline: 2 }],
    ['streams', { follow: 1, http2: true, streams: 2 }],
  ])('cookies and redirects do not go with %s, which is said', async (what, options) => {
    await expect(run({ url: 'http://127.0.0.1:1', ...options })).rejects.toThrow(what);
  });
});
