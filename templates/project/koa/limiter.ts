// Rate limits on Koa, by rate-limiter-flexible: counted in this process, or in Redis for all of them.
import { isIPv6 } from 'node:net';
import type { RouterMiddleware } from '@koa/router';
import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { type Limit, type Limits, tooManyRequests } from '../protection.js';
import type { ServiceConfig } from '../settings.js';

/** What counts requests: those of each operation, and those that reached none. */
export interface Limiters {
  readonly before: (operationId: string) => readonly RouterMiddleware[];
  readonly rest: RouterMiddleware;
}

/** An operation with a limit of its own is counted by itself; all others together. */
export function createLimiters(config: ServiceConfig, redis: Redis | undefined, limits: Limits): Limiters {
  const all = { max: config.RATE_LIMIT_MAX, windowSeconds: config.RATE_LIMIT_WINDOW_SECONDS };
  const rest = limiter('all', all, redis);
  const own = new Map(
    Object.entries(limits).flatMap(([id, limit]) =>
      limit ? [[id, limiter(`own:${id}`, limit, redis)]] : [],
    ),
  );
  return { before: (operationId) => [own.get(operationId) ?? rest], rest };
}

/** The headers are those of draft-ietf-httpapi-ratelimit-headers-06. */
function limiter(name: string, { max, windowSeconds }: Limit, redis: Redis | undefined): RouterMiddleware {
  const settings = { points: max, duration: windowSeconds, keyPrefix: `rate-limit:${name}` };
  const counter =
    redis === undefined
      ? new RateLimiterMemory(settings)
      : new RateLimiterRedis({ ...settings, storeClient: redis, rejectIfRedisNotReady: true });
  return async (ctx, next) => {
    const counted = await counter.consume(clientOf(ctx.ip)).catch((error: unknown) => error);
    // A Redis that is away must not take the service with it.
    if (!(counted instanceof RateLimiterRes)) return next();
    const seconds = Math.ceil(counted.msBeforeNext / 1000);
    ctx.set({
      'ratelimit-policy': `${max};w=${windowSeconds}`,
      'ratelimit-limit': String(max),
      'ratelimit-remaining': String(Math.max(0, counted.remainingPoints)),
      'ratelimit-reset': String(seconds),
    });
    if (counted.consumedPoints <= max) return next();
    ctx.set('retry-after', String(seconds));
    throw tooManyRequests();
  };
}

/** Who sends from IPv6 has a whole network of addresses: all of a /64 is one client. */
function clientOf(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped !== undefined || !isIPv6(ip)) return mapped ?? ip;
  const [head = '', tail] = ip.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0');
  return [...front, ...zeros, ...back].slice(0, 4).join(':');
}
