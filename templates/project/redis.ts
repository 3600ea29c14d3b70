// The Redis that the processes of the service share, where there is one.
import { Redis } from 'ioredis';
import type { Logger } from 'pino';

/**
 * Connects to Redis. While it is away, requests are not held up: they are not counted, and readiness fails.
 * Errors: what the first connection failed with.
 */
export async function connectRedis(url: string | undefined, logger: Logger): Promise<Redis | undefined> {
  if (url === undefined) return undefined;
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 1, enableOfflineQueue: false });
  redis.on('error', (error: unknown) => logger.warn({ err: error }, 'Redis'));
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    throw new Error('REDIS_URL: the Redis there does not answer', { cause: error });
  }
  return redis;
}

/** Lets go of Redis: politely while it is there. */
export async function releaseRedis(redis: Redis | undefined): Promise<void> {
  if (redis === undefined) return;
  if (redis.status === 'ready') await redis.quit().catch(() => redis.disconnect());
  else redis.disconnect();
}
