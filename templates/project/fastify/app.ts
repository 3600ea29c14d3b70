// What every request goes through, in order, on Fastify.
import type { ServerOptions } from 'node:https';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyServerOptions,
  fastify,
} from 'fastify';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Options } from '../../runtime/contract.js';
import { requestIdOf } from '../../runtime/failure.js';
import { errorHandler, leaveBodies, otherwise, routerOptions } from '../../runtime/fastify.js';
import type { PathMethods } from '../../runtime/paths.js';
import type { VerifierTable } from '../../runtime/security.js';
import type { Health, Lifecycle, Listener } from '../lifecycle.js';
import { CORS, HELMET, type Limits } from '../protection.js';
import type { ServiceConfig } from '../settings.js';
import { inSpan } from '../telemetry.js';
import { limitRequests } from './limiter.js';

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
  readonly createPlugin: (options: Options) => FastifyPluginAsync;
  /** Every path of the contract with the methods it answers. */
  readonly paths: readonly PathMethods[];
}

export async function createApp(parts: AppParts, tls?: ServerOptions): Promise<FastifyInstance> {
  const { config, logger, lifecycle, health, verifiers } = parts;
  const options: Options = {
    bodyLimit: config.BODY_LIMIT_BYTES,
    onError: (error, requestId) => logger.error({ err: error, requestId }, 'request failed'),
    verifiers,
  };
  const app = fastify({
    ...serverOptions(parts, options),
    // Fastify's types tell the two kinds of server apart, and nothing else here does.
    ...({ https: tls ?? null } as object),
  });
  leaveBodies(app);
  app.setErrorHandler(errorHandler(options));
  app.addHook('onRequest', (request, reply, done) => inSpan(request.raw, reply.raw, done));
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  await app.register(helmet, HELMET);
  await allowOrigins(app, config.CORS_ORIGINS);
  await limitRequests(app, config, parts.redis, parts.limits);
  answerHealth(app, health.live, () => lifecycle.live());
  answerHealth(app, health.ready, () => lifecycle.ready());
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, otherwise(parts.paths));
  await app.register(parts.createPlugin(options));
  return app;
}

const serverOptions = ({ config, logger }: AppParts, options: Options): FastifyServerOptions => ({
  loggerInstance: logger as FastifyBaseLogger,
  genReqId: ({ headers }) => requestIdOf(headers),
  trustProxy: (_address, hop) => hop < config.TRUST_PROXY_HOPS,
  routerOptions,
  frameworkErrors: errorHandler(options),
  // While the service drains, requests that reach it are answered; lifecycle.ts says when it is over.
  return503OnClosing: false,
});

function answerHealth(app: FastifyInstance, path: string, health: () => Health | Promise<Health>): void {
  app.get(path, { logLevel: 'error', config: { rateLimit: false } }, async (_request, reply) => {
    const { status, body } = await health();
    return reply.code(status).header('cache-control', 'no-store').send(body);
  });
}

/** Without origins, browsers are told nothing, and let no other site's page read an answer. */
async function allowOrigins(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  const origin = origins[0] === '*' ? '*' : [...origins];
  const { exposed, methods, maxAge } = CORS;
  await app.register(cors, { origin, exposedHeaders: exposed, methods, maxAge, strictPreflight: false });
}

/** The application with the server it brings along. */
export async function createListener(parts: AppParts, tls: ServerOptions | undefined): Promise<Listener> {
  const app = await createApp(parts, tls);
  await app.ready();
  return {
    server: app.server,
    listen: (port, host) => app.listen({ port, host }),
    close: () => app.close().catch(ignoreClosed),
  };
}

/** Fastify closes its server as well, which is closed already. */
function ignoreClosed(error: unknown): void {
  const isClosed = error instanceof Error && 'code' in error && error.code === 'ERR_SERVER_NOT_RUNNING';
  if (!isClosed) throw error;
}
