// What every request goes through, in order, on Koa.
import { createServer } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import cors from '@koa/cors';
import type { Router, RouterMiddleware } from '@koa/router';
import type { Redis } from 'ioredis';
import Koa, { type Middleware } from 'koa';
import helmet from 'koa-helmet';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { requestIdOf } from '../../runtime/failure.js';
import { answerErrors, type KoaOptions, otherwise } from '../../runtime/koa.js';
import type { PathMethods } from '../../runtime/paths.js';
import type { VerifierTable } from '../../runtime/security.js';
import type { Lifecycle, Listener } from '../lifecycle.js';
import { CORS, HELMET, type Limits } from '../protection.js';
import type { ServiceConfig } from '../settings.js';
import { inSpan } from '../telemetry.js';
import { createLimiters } from './limiter.js';

/** What the service is made of. */
export interface AppParts {
  readonly config: ServiceConfig;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
  readonly redis: Redis | undefined;
  readonly limits: Limits;
  readonly verifiers: VerifierTable;
  readonly health: { readonly live: string; readonly ready: string };
  /** Serves the contract. */
  readonly createRouter: (options: KoaOptions) => Router;
  /** Every path of the contract with the methods it answers. */
  readonly paths: readonly PathMethods[];
}

export function createApp(parts: AppParts): Koa {
  const { config, logger, verifiers } = parts;
  const limiters = createLimiters(config, parts.redis, parts.limits);
  const options: KoaOptions = {
    bodyLimit: config.BODY_LIMIT_BYTES,
    onError: (error, requestId) => logger.error({ err: error, requestId }, 'request failed'),
    verifiers,
    before: limiters.before,
  };
  const app = new Koa({ proxy: config.TRUST_PROXY_HOPS > 0, maxIpsCount: config.TRUST_PROXY_HOPS });
  app.silent = true;
  app.on('error', (error: unknown) => logger.error({ err: error }, 'answer failed'));
  app.use((ctx, next) => inSpan(ctx.req, ctx.res, next));
  app.use(helmet(HELMET));
  app.use(answerHealth(parts));
  app.use(requestLog(logger));
  app.use(answerErrors(options));
  app.use(allowOrigins(config.CORS_ORIGINS));
  app.use(parts.createRouter(options).routes());
  app.use(limiters.rest as RouterMiddleware & Middleware);
  app.use(otherwise(parts.paths));
  return app;
}

const answerHealth =
  ({ health, lifecycle }: AppParts): Middleware =>
  async (ctx, next) => {
    const isAsked = ctx.method === 'GET' && (ctx.path === health.live || ctx.path === health.ready);
    if (!isAsked) return next();
    const { status, body } = ctx.path === health.live ? lifecycle.live() : await lifecycle.ready();
    ctx.status = status;
    ctx.set('cache-control', 'no-store');
    ctx.body = body;
  };

function requestLog(logger: Logger): Middleware {
  const log = pinoHttp({
    logger,
    wrapSerializers: false,
    genReqId: (req, res) => {
      const requestId = requestIdOf(req.headers);
      res.setHeader('x-request-id', requestId);
      return requestId;
    },
    customLogLevel: (_req, res) => (res.statusCode >= 500 ? 'error' : 'info'),
  });
  return (ctx, next) => {
    log(ctx.req, ctx.res);
    return next();
  };
}

/** Without origins, browsers are told nothing, and let no other site's page read an answer. */
function allowOrigins(origins: readonly string[]): Middleware {
  if (origins.length === 0) return (_ctx, next) => next();
  const { exposed, methods, maxAge } = CORS;
  const origin = ({ headers }: Koa.Context): string =>
    origins[0] === '*' ? '*' : (origins.find((known) => known === headers.origin) ?? '');
  return cors({ origin, exposeHeaders: exposed, allowMethods: methods, maxAge });
}

/** The application behind a server of Node's. */
export async function createListener(parts: AppParts, tls: ServerOptions | undefined): Promise<Listener> {
  const answer = createApp(parts).callback();
  const server = tls === undefined ? createServer(answer) : createTlsServer(tls, answer);
  return {
    server,
    listen: (port, host) =>
      new Promise<void>((resolve, reject) => {
        server.once('error', reject).listen(port, host, resolve);
      }),
    close: async () => {},
  };
}
