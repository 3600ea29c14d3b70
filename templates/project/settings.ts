// What every service is configured by, whatever its contract.
import { type Read, setting, url, wholeNumber } from './environment.js';

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const origins = setting(
  'a list of origins such as https://app.example.com, separated by commas, or *',
  (text) => {
    const list = text.split(',').map((origin) => origin.trim());
    const isOrigin = (origin: string): boolean => URL.canParse(origin) && new URL(origin).origin === origin;
    return (list.length === 1 && list[0] === '*') || list.every(isOrigin) ? list : undefined;
  },
);

const level = setting(`one of ${LEVELS.join(', ')}`, (text) => LEVELS.find((known) => known === text));

export const serviceSettings = {
  /** Where to listen. */
  HOST: setting('a host name or address to listen on', (text) =>
    /^[\w.:-]+$/.test(text) ? text : undefined,
  ).default('0.0.0.0'),
  PORT: wholeNumber(0, 65_535).default(3000),
  LOG_LEVEL: level.default('info'),
  /** Origins whose pages may call the service from a browser; none unless given. */
  CORS_ORIGINS: origins.default([]),
  BODY_LIMIT_BYTES: wholeNumber(1, 1_073_741_824, ' of bytes').default(1_048_576),
  /** What one client may send in a window of time, over all operations that have no limit of their own in limits.ts. */
  RATE_LIMIT_MAX: wholeNumber(1, 1_000_000_000).default(100),
  RATE_LIMIT_WINDOW_SECONDS: wholeNumber(1, 86_400, ' of seconds').default(900),
  /** Where processes share what they have counted; each counts for itself unless given. */
  REDIS_URL: url('the Redis that processes share', 'redis://', 'rediss://').optional(),
  /** How many proxies in front of the service may say whom a request is from. */
  TRUST_PROXY_HOPS: wholeNumber(0, 16).default(0),
  /** How long to go on serving after SIGTERM, so that load balancers learn of it; then how long requests may take. */
  SHUTDOWN_DELAY_SECONDS: wholeNumber(0, 300, ' of seconds').default(5),
  SHUTDOWN_TIMEOUT_SECONDS: wholeNumber(1, 3600, ' of seconds').default(30),
} as const;

/** What every service is told by its environment. */
export type ServiceConfig = Read<typeof serviceSettings>;
