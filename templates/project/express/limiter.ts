// Rate limits on Express, by express-rate-limit: counted in this process, or in Redis for all of them.
import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import type { Redis } from 'ioredis';
import { type RedisReply, RedisStore } from 'rate-limit-redis';
import { type Limit, type Limits, tooManyRequests } from '../protection.js';
import type { ServiceConfig } from '../settings.js';

/** What counts requests: those of each operation, and those that reached none. */
export interface Limiters {
  readonly before: (operationId: string) => readonly RequestHandler[];
  readonly rest: RequestHandler;
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

function limiter(name: string, { max, windowSeconds }: Limit, redis: Redis | undefined): RequestHandler {
  return rateLimit({
    windowMs: windowSeconds * 1000,
    limit: max,
    standardHeaders: 'draft-6',
    legacyHeaders: false,
    // A Redis that is away must not take the service with it.
    passOnStoreError: true,
    // TRUST_PROXY_HOPS says whose word counts: the header of anybody else is no reason for a remark.
    validate: { xForwardedForHeader: false },
    handler: (_req, _res, next) => next(tooManyRequests()),
    ...(redis === undefined ? {} : { store: sharedStore(name, redis) }),
  });
}

const sharedStore = (name: string, redis: Redis): RedisStore =>
  new RedisStore({
    prefix: `rate-limit:${name}:`,
    sendCommand: (command: string, ...words: string[]) =>
      redis.call(command, ...words) as Promise<RedisReply>,
  });
