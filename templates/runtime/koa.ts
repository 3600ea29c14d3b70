// The contract on Koa 3.
import type { RouterContext, RouterMiddleware } from '@koa/router';
import type { Context, Middleware, Next } from 'koa';
import {
  type AnyReply,
  answerFirst,
  type Bound,
  bind,
  type Contract,
  type Handler,
  type Options,
  type RawRequest,
} from './contract.js';
import { failureReply, requestIdOf } from './failure.js';
import {
  allowedMethods,
  methodNotAllowed,
  notFound,
  type PathMethods,
  refuseMalformed,
  searchOf,
} from './paths.js';
import { type PreparedReply, toReadable } from './reply.js';

/** A handler of this service: the request as the contract describes it, and Koa's context. */
export type KoaHandler<Input, Reply> = Handler<Input, Reply, RouterContext>;

/** A Koa middleware that holds request and answer to the contract. */
export const operation = <Input, Reply extends AnyReply>(
  contract: Contract<Input, Reply>,
  handler: KoaHandler<Input, Reply>,
  options?: Options,
): RouterMiddleware => firstOf(bind(contract, handler, options));

/** Of operations that the same path reaches, the first whose contract the request keeps. */
export function firstOf(
  ...operations: readonly [Bound<RouterContext>, ...Bound<RouterContext>[]]
): RouterMiddleware {
  return async (ctx) => {
    const requestId = identify(ctx);
    refuseMalformed(ctx.path);
    const raw = rawRequest(ctx);
    send(ctx, await answerFirst(operations, raw, { requestId, native: ctx }));
  };
}

const rawRequest = (ctx: RouterContext): RawRequest => ({
  path: ctx.params,
  search: searchOf(ctx.url),
  headers: ctx.headers,
  stream: ctx.req,
  parsed: ctx.req.readableEnded && 'body' in ctx.request ? ctx.request.body : undefined,
});

function send(ctx: Context | RouterContext, { status, headers, payload }: PreparedReply): void {
  for (const name in headers) ctx.set(name, headers[name] ?? '');
  if (payload === undefined) ctx.body = null;
  else if (typeof payload === 'string') ctx.body = payload;
  else if (payload instanceof Uint8Array)
    ctx.body = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  else ctx.body = toReadable(payload);
  ctx.status = status;
}

/** Gives the request its id, once, and tells the client. */
function identify(ctx: Context | RouterContext): string {
  const known = ctx.res.getHeader('x-request-id');
  if (typeof known === 'string') return known;
  const requestId = requestIdOf(ctx.headers);
  ctx.set('x-request-id', requestId);
  return requestId;
}

/** Leaves paths that a more concrete route further on answers to that route. */
export function except(paths: readonly RegExp[], handler: RouterMiddleware): RouterMiddleware {
  return (ctx, next) => (paths.some((path) => path.test(ctx.path)) ? next() : handler(ctx, next));
}

/** Takes the parameters from the named groups of the route's pattern. */
export function named(pattern: RegExp, handler: RouterMiddleware): RouterMiddleware {
  return (ctx, next) => {
    refuseMalformed(ctx.path);
    for (const [name, text] of Object.entries(pattern.exec(ctx.path)?.groups ?? {})) {
      ctx.params[name] = decodeURIComponent(text);
    }
    return handler(ctx, next);
  };
}

/** Answers what no operation answered: 404, 405, and OPTIONS with what is allowed. */
export function otherwise(paths: readonly PathMethods[]): Middleware {
  return (ctx) => {
    refuseMalformed(ctx.path);
    const allowed = allowedMethods(paths, ctx.path);
    if (allowed === undefined) throw notFound();
    if (ctx.method !== 'OPTIONS') throw methodNotAllowed(allowed);
    identify(ctx);
    send(ctx, { status: 204, headers: { allow: allowed.join(', ') }, payload: undefined });
  };
}

/** Answers the errors of everything after it; what the client is not to blame for is reported. */
export function answerErrors(options: Options = {}): Middleware & RouterMiddleware {
  return async (ctx: Context | RouterContext, next: Next) => {
    try {
      await next();
    } catch (error) {
      send(ctx, failureReply(error, ctx.req, identify(ctx), options));
    }
  };
}
