// What every request goes through, in order, on Express.
import { createServer } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import cors from 'cors';
import express, { type Express, type RequestHandler, type Router } from 'express';
import helmet from 'helmet';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { type ExpressOptions, errorHandler, unknownPath } from '../../runtime/express.js';
import { requestIdOf } from '../../runtime/failure.js';
import type { VerifierTable } from '../../runtime/security.js';
import type { Health, Lifecycle, Listener } from '../lifecycle.js';
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
  readonly createRouter: (options: ExpressOptions) => Router;
}

export function createApp(parts: AppParts): Express {
  const { config, logger, lifecycle, health, verifiers } = parts;
  const limiters = createLimiters(config, parts.redis, parts.limits);
  const options: ExpressOptions = {
    bodyLimit: config.BODY_LIMIT_BYTES,
    onError: (error, requestId) => logger.error({ err: error, requestId }, 'request failed'),
    verifiers,
    before: limiters.before,
  };
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', config.TRUST_PROXY_HOPS);
  app.use((req, res, next) => inSpan(req, res, next));
  app.use(helmet(HELMET));
  app.get(
    health.live,
    answer(() => lifecycle.live()),
  );
  app.get(
    health.ready,
    answer(() => lifecycle.ready()),
  );
  app.use(requestLog(logger));
  app.use(allowOrigins(config.CORS_ORIGINS));
  app.use(parts.createRouter(options));
  app.use(limiters.rest);
  app.use(unknownPath);
  app.use(errorHandler(options));
  return app;
}

const answer =
  (health: () => Health | Promise<Health>): RequestHandler =>
  async (_req, res) => {
    const { status, body } = await health();
    res.status(status).set('cache-control', 'no-store').json(body);
  };

const requestLog = (logger: Logger): RequestHandler =>
  pinoHttp({
    logger,
    wrapSerializers: false,
    genReqId: (req, res) => {
      const requestId = requestIdOf(req.headers);
      res.setHeader('x-request-id', requestId);
      return requestId;
    },
    customLogLevel: (_req, res) => (res.statusCode >= 500 ? 'error' : 'info'),
  });

/** Without origins, browsers are told nothing, and let no other site's page read an answer. */
function allowOrigins(origins: readonly string[]): RequestHandler {
  if (origins.length === 0) return (_req, _res, next) => next();
  const origin = origins[0] === '*' ? '*' : [...origins];
  const { exposed, methods, maxAge } = CORS;
  return cors({ origin, exposedHeaders: exposed, methods, maxAge });
}

/** The application behind a server of Node's. */
export async function createListener(parts: AppParts, tls: ServerOptions | undefined): Promise<Listener> {
  const app = createApp(parts);
  const server = tls === undefined ? createServer(app) : createTlsServer(tls, app);
  return {
    server,
    listen: (port, host) =>
      new Promise<void>((resolve, reject) => {
        server.once('error', reject).listen(port, host, resolve);
      }),
    close: async () => {},
  };
}
