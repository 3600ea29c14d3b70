import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { FrameworkName } from '../../../src/scaffold/index.ts';
import { exchange, type Received } from '../acceptance/exchange.ts';
import { startProject } from './projects.ts';
import { hasRedis, startRedis } from './redis.ts';
import { ENVIRONMENT } from './tokens.ts';

const counts = ({ status, headers }: Received): readonly unknown[] => [
  status,
  headers['ratelimit-limit'],
  headers['ratelimit-remaining'],
];

const number = (value: unknown): number => Number(value);

async function expectRefusal(port: number, path: string, max: string): Promise<number> {
  const refused = await exchange(port, { path });
  expect(counts(refused)).toEqual([429, max, '0']);
  expect(JSON.parse(refused.text)).toEqual({
    error: {
      code: 'RATE_LIMITED',
      message: 'Too many requests; try again when Retry-After says',
      details: [],
    },
    meta: { requestId: refused.headers['x-request-id'] },
  });
  const wait = number(refused.headers['retry-after']);
  expect(refused.headers['ratelimit-reset']).toBe(refused.headers['retry-after']);
  expect(refused.headers['content-security-policy']).toContain("default-src 'none'");
  return wait;
}

/** What every framework's rate limits must do. */
export function testLimits(name: FrameworkName): void {
  test('a limit is reached at exactly its number, answered by 429, and lifted when it says', async () => {
    const service = await startProject(name, {
      ...ENVIRONMENT,
      RATE_LIMIT_MAX: '5',
      RATE_LIMIT_WINDOW_SECONDS: '60',
    });
    try {
      const open = [];
      for (let sent = 0; sent < 5; sent += 1) open.push(await exchange(service.port, { path: '/open' }));
      expect(open.map(counts)).toEqual([4, 3, 2, 1, 0].map((left) => [200, '5', String(left)]));
      expect(await expectRefusal(service.port, '/open', '5')).toBeGreaterThan(20);
      // All operations without a limit of their own, and paths that are none, share the one limit.
      await expectRefusal(service.port, '/inherited', '5');
      await expectRefusal(service.port, '/there/is/nothing', '5');
      const health = await exchange(service.port, { path: '/healthz' });
      expect([health.status, health.headers['ratelimit-limit']]).toEqual([200, undefined]);

      // One with a limit of its own is counted by itself: 3 in 4 seconds.
      const own = [];
      for (let sent = 0; sent < 3; sent += 1) own.push(await exchange(service.port, { path: '/limited' }));
      expect(own.map(counts)).toEqual([2, 1, 0].map((left) => [200, '3', String(left)]));
      const wait = await expectRefusal(service.port, '/limited', '3');
      expect([1, 2, 3, 4]).toContain(wait);
      await sleep(wait * 1000 + 50);
      expect(counts(await exchange(service.port, { path: '/limited' }))).toEqual([200, '3', '2']);
    } finally {
      await service.stop();
    }
  });

  test('a client is who the trusted proxies say it is, and nobody else', async () => {
    const limit = { ...ENVIRONMENT, RATE_LIMIT_MAX: '2', RATE_LIMIT_WINDOW_SECONDS: '60' };
    const open = await startProject(name, limit);
    const behind = await startProject(name, { ...limit, TRUST_PROXY_HOPS: '1' });
    const left = async (port: number, forwarded: string): Promise<unknown> =>
      (await exchange(port, { path: '/open', headers: { 'x-forwarded-for': forwarded } })).headers[
        'ratelimit-remaining'
      ];
    try {
      expect([await left(open.port, '10.0.0.1'), await left(open.port, '10.0.0.2')]).toEqual(['1', '0']);
      const own = ['10.0.0.9, 10.0.0.1', '10.0.0.8, 10.0.0.1', '10.0.0.2', '2001:db8::1', '2001:db8::2'];
      const seen: unknown[] = [];
      for (const forwarded of own) seen.push(await left(behind.port, forwarded));
      // The client's own word comes first in the list and counts for nothing; a network of IPv6 is one client.
      expect(seen).toEqual(['1', '0', '1', '1', '0']);
    } finally {
      await Promise.all([open.stop(), behind.stop()]);
    }
  });

  test.skipIf(!hasRedis)('two processes share a limit over Redis, and go on without it', async () => {
    const redis = await startRedis();
    const environment = {
      ...ENVIRONMENT,
      RATE_LIMIT_MAX: '6',
      RATE_LIMIT_WINDOW_SECONDS: '60',
      REDIS_URL: redis.url,
    };
    const services = [await startProject(name, environment), await startProject(name, environment)];
    const [first = 0, second = 0] = services.map(({ port }) => port);
    try {
      const answers = [];
      for (let sent = 0; sent < 6; sent += 1)
        answers.push(await exchange(sent % 2 === 0 ? first : second, { path: '/open' }));
      expect(answers.map(counts)).toEqual([5, 4, 3, 2, 1, 0].map((left) => [200, '6', String(left)]));
      await expectRefusal(first, '/open', '6');
      await expectRefusal(second, '/open', '6');
      expect((await exchange(first, { path: '/readyz' })).status).toBe(200);

      redis.stop();
      await sleep(100);
      expect((await exchange(second, { path: '/open' })).status).toBe(200);
      const ready = await exchange(second, { path: '/readyz' });
      expect([ready.status, JSON.parse(ready.text)]).toEqual([
        503,
        { status: 'unavailable', failing: ['redis'] },
      ]);
    } finally {
      redis.stop();
      expect(await Promise.all(services.map((service) => service.stop()))).toEqual([0, 0]);
    }
  });
}
