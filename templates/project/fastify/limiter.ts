// Rate limits on Fastify, by @fastify/rate-limit: counted in this process, or in Redis for all of them.
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import type { Redis } from 'ioredis';
import { type Limits, tooManyRequests } from '../protection.js';
import type { ServiceConfig } from '../settings.js';

/** An operation with a limit of its own is counted by itself; all others together. */
export async function limitRequests(
  app: FastifyInstance,
  config: ServiceConfig,
  redis: Redis | undefined,
  limits: Limits,
): Promise<void> {
  app.addHook('onRoute', (route) => {
    const id = route.config?.operationId ?? '';
    const own = Object.hasOwn(limits, id) ? limits[id] : undefined;
    if (own === undefined) return;
    route.config = { ...route.config, rateLimit: { max: own.max, timeWindow: own.windowSeconds * 1000 } };
  });
  await app.register(rateLimit, {
    max: config.RATE_LIMIT_MAX,
    timeWindow: config.RATE_LIMIT_WINDOW_SECONDS * 1000,
    enableDraftSpec: true,
    // A Redis that is away must not take the service with it.
    skipOnError: true,
    errorResponseBuilder: tooManyRequests,
    nameSpace: 'rate-limit:',
    ...(redis === undefined ? {} : { redis }),
  });
}
