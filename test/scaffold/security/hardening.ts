import { expect, test } from 'vitest';
import type { FrameworkName } from '../../../src/scaffold/index.ts';
import { exchange } from '../acceptance/exchange.ts';
import { type Service, startProject } from './projects.ts';
import { basic, bearer, ENVIRONMENT, headerKey, sign } from './tokens.ts';

const HEADERS = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
  'x-powered-by': undefined,
};

/** What no answer and no log may hold. */
const SECRETS = ['header key', 'query%2Bkey', 'cookie+key', 'pass:word'];

const json = { 'content-type': 'application/json' };

/** What protects every answer of every framework. */
export function testHardening(name: FrameworkName, serviceOf: () => Service): void {
  test.each(['/open', '/inherited', '/nowhere', '/fails', '/healthz'])(
    'security headers are on %s',
    async (path) => {
      const { headers } = await exchange(serviceOf().port, { path });
      expect(Object.fromEntries(Object.keys(HEADERS).map((key) => [key, headers[key]]))).toEqual(HEADERS);
    },
  );

  test('no error tells of a stack, of SQL or of a file', async () => {
    const { port } = serviceOf();
    const token = bearer(await sign());
    const box = { method: 'POST', path: '/boxes/1', headers: { ...token, ...json } };
    const answers = [
      await exchange(port, { path: '/fails' }),
      await exchange(port, { path: '/%' }),
      await exchange(port, { path: '/nowhere' }),
      await exchange(port, { method: 'DELETE', path: '/open' }),
      await exchange(port, { ...box, body: '{' }),
      await exchange(port, { ...box, body: '{}' }),
      await exchange(port, { ...box, headers: { ...token, 'content-type': 'text/csv' }, body: 'a' }),
      await exchange(port, { ...box, headers: { ...box.headers, 'content-encoding': 'gzip' }, body: 'a' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([500, 400, 404, 405, 400, 400, 415, 400]);
    for (const { text, headers } of answers) {
      expect(Object.keys(JSON.parse(text))).toEqual(['error', 'meta']);
      expect(text).not.toMatch(/\bat .*:\d|node_modules|\.ts|\.js|select|\/srv|secret_column/);
      expect(headers['content-type']).toBe('application/json; charset=utf-8');
    }
  });

  test('credentials are asked for before anything else of a request is looked at', async () => {
    const { port } = serviceOf();
    const wrong = { method: 'POST', path: '/boxes/nothing', headers: json, body: '{' };
    expect((await exchange(port, wrong)).status).toBe(401);
    const known = { ...wrong, headers: { ...json, ...bearer(await sign()) } };
    expect((await exchange(port, known)).status).toBe(400);
  });

  test('errors and requests are logged with the id of the answer, and without credentials', async () => {
    const service = serviceOf();
    const failed = await exchange(service.port, { path: '/fails' });
    await exchange(service.port, { path: '/key/query?api_key=query%2Bkey%2F%3D&a=1' });
    await exchange(service.port, { path: '/key/cookie', headers: { cookie: 'vault_key=cookie+key' } });
    await exchange(service.port, { path: '/key/header', headers: headerKey() });
    await exchange(service.port, { path: '/basic', headers: basic('anna', 'pass:word é') });
    await exchange(service.port, { path: '/open' });
    const id = failed.headers['x-request-id'];
    const error = service.logged.find(({ requestId }) => requestId === id);
    expect(error).toMatchObject({
      msg: 'request failed',
      err: { message: expect.stringContaining('vault_gold') },
    });
    const text = JSON.stringify(service.logged);
    expect(text).toContain('/key/query?api_key=[redacted]&a=1');
    for (const secret of SECRETS) expect(text).not.toContain(secret);
  });

  test('bodies have a limit, and browsers are let in from the origins that are named', async () => {
    const environment = {
      ...ENVIRONMENT,
      BODY_LIMIT_BYTES: '64',
      CORS_ORIGINS: 'https://app.test,https://b.test',
    };
    const service = await startProject(name, environment);
    const { port } = service;
    const headers = { ...json, ...bearer(await sign()) };
    const large = await exchange(port, {
      method: 'POST',
      path: '/boxes/1',
      headers,
      body: `{"gold":1${' '.repeat(60)}}`,
    });
    const small = await exchange(port, { method: 'POST', path: '/boxes/1', headers, body: '{"gold":1}' });
    const preflight = await exchange(port, {
      method: 'OPTIONS',
      path: '/boxes/1',
      headers: {
        origin: 'https://b.test',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      },
    });
    const ours = await exchange(port, { path: '/inherited', headers: { origin: 'https://app.test' } });
    const theirs = await exchange(port, { path: '/open', headers: { origin: 'https://evil.test' } });
    await service.stop();
    expect([large.status, JSON.parse(large.text).error.code, small.status]).toEqual([
      413,
      'PAYLOAD_TOO_LARGE',
      200,
    ]);
    expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([
      204,
      'https://b.test',
    ]);
    expect(preflight.headers['access-control-allow-methods']).toContain('POST');
    expect([ours.status, ours.headers['access-control-allow-origin']]).toEqual([401, 'https://app.test']);
    expect(ours.headers['access-control-expose-headers']).toContain('retry-after');
    expect(theirs.headers['access-control-allow-origin']).toBeUndefined();
    const closed = await exchange(serviceOf().port, {
      path: '/open',
      headers: { origin: 'https://app.test' },
    });
    expect(closed.headers['access-control-allow-origin']).toBeUndefined();
  });
}
