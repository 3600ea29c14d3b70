// What protects every answer, whatever the framework: security headers, and who may call from a browser.
import { ApiError } from '../errors.js';

const YEAR = 365 * 24 * 60 * 60;

/** An API has no pages: nothing of an answer may be loaded, framed or run. */
export const HELMET = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  crossOriginEmbedderPolicy: true,
  crossOriginOpenerPolicy: { policy: 'same-origin' as const },
  crossOriginResourcePolicy: { policy: 'same-origin' as const },
  referrerPolicy: { policy: 'no-referrer' as const },
  strictTransportSecurity: { maxAge: YEAR, includeSubDomains: true },
};

/** What pages of the allowed origins may see of an answer, and how long browsers keep the permission, in seconds. */
export const CORS = {
  exposed: ['x-request-id', 'ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset', 'retry-after'],
  methods: ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE'],
  maxAge: 600,
};

/** What one client may send in a window of time. */
export interface Limit {
  readonly max: number;
  readonly windowSeconds: number;
}

/** Limits of single operations, by id. */
export type Limits = Readonly<Record<string, Limit | undefined>>;

export const tooManyRequests = (): ApiError =>
  new ApiError(429, 'RATE_LIMITED', 'Too many requests; try again when Retry-After says');
