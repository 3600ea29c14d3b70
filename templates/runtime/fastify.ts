// The contract on Fastify 5.
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import {
  type Anybody,
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
import { allowedMethods, methodNotAllowed, notFound, type PathMethods, pathOf, searchOf } from './paths.js';
import { type PreparedReply, toReadable } from './reply.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The operation of the contract that a route answers. */
    readonly operationId?: string;
  }
}

/** A handler of this service: the request as the contract describes it, and Fastify's own. */
export type FastifyHandler<Input, Reply, Who = Anybody> = Handler<Input, Reply, FastifyRequest, Who>;

/** Paths as the contract has them: nothing is too long for a parameter that the server could read. */
export const routerOptions = { caseSensitive: true, maxParamLength: 65_536 } as const;

/** A Fastify handler that holds request and answer to the contract. */
export const operation = <Input, Reply extends AnyReply, Who = Anybody>(
  contract: Contract<Input, Reply, Who>,
  handler: FastifyHandler<Input, Reply, Who>,
  options?: Options,
): RouteHandlerMethod => firstOf(bind(contract, handler, options));

/** Of operations that the same path reaches, the first whose contract the request keeps. */
export function firstOf(
  ...operations: readonly [Bound<FastifyRequest>, ...Bound<FastifyRequest>[]]
): RouteHandlerMethod {
  return (request, reply) => {
    const raw = rawRequest(request);
    if (hasEmptyParameter(raw.path)) return reply.callNotFound();
    const requestId = identify(request, reply);
    const answer = answerFirst(operations, raw, { requestId, native: request });
    return answer instanceof Promise
      ? answer.then((settled) => handBack(reply, settled))
      : handBack(reply, answer);
  };
}

/** What Fastify is handed back it sends itself; to wait for a reply it would have to watch the socket. */
function handBack(reply: FastifyReply, answer: PreparedReply): unknown {
  if (typeof answer.payload === 'string') return withHead(reply, answer).payload;
  return send(reply, answer);
}

/** Fastify matches a parameter with nothing, which the contract's paths do not. */
function hasEmptyParameter(params: RawRequest['path']): boolean {
  for (const name in params) if (params[name] === '') return true;
  return false;
}

const rawRequest = (request: FastifyRequest): RawRequest => ({
  path: request.params as RawRequest['path'],
  search: searchOf(request.raw.url ?? ''),
  headers: request.headers,
  stream: request.raw,
  parsed: request.body,
});

function withHead(reply: FastifyReply, answer: PreparedReply): PreparedReply {
  reply.code(answer.status);
  for (const name in answer.headers) reply.header(name, answer.headers[name]);
  return answer;
}

function send(reply: FastifyReply, answer: PreparedReply): FastifyReply {
  const { payload } = withHead(reply, answer);
  if (payload === undefined || typeof payload === 'string' || payload instanceof Uint8Array) {
    return reply.send(payload);
  }
  return reply.send(toReadable(payload));
}

/** Gives the request its id, once, and tells the client. */
function identify(request: FastifyRequest, reply: FastifyReply): string {
  const known = reply.getHeader('x-request-id');
  if (typeof known === 'string') return known;
  const requestId = requestIdOf(request.headers);
  reply.header('x-request-id', requestId);
  return requestId;
}

/** Leaves bodies of every type in the stream, to be read as the operation's contract says. */
export function leaveBodies(app: FastifyInstance): void {
  if (app.hasDecorator(LEAVES_BODIES)) return;
  app.decorate(LEAVES_BODIES, true);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', ({ raw: { headers } }, _payload, done) => {
    if (headers['content-type'] === NO_TYPE) delete headers['content-type'];
    done(null);
  });
  // The usual type by its name: Fastify finds it without its cache of others.
  app.addContentTypeParser('application/json', (_request, _payload, done) => done(null));
  // Fastify refuses a type that is none, and QUERY without one, before the operation can say which it takes.
  app.addHook('onRequest', ({ raw: { headers, method } }, _reply, done) => {
    const type = headers['content-type'];
    if (type !== undefined && !MEDIA_TYPE.test(type)) delete headers['content-type'];
    if (method === 'QUERY') headers['content-type'] ??= NO_TYPE;
    done();
  });
}

/** Says that an application, or the one it is a part of, does so already. */
const LEAVES_BODIES = Symbol('leaves bodies');

/** Stands for the type that a QUERY has not, until its body is read. */
const NO_TYPE = 'none/none';

/** Leaves paths alone whose literal text is percent-encoded where the contract's is not: Fastify decodes before it matches. */
export function matchAsWritten(app: FastifyInstance, paths: readonly PathMethods[]): void {
  app.addHook('onRequest', ({ raw: { url = '' } }, reply, done) => {
    const path = url.includes('%') ? pathOf(url) : '';
    if (path.includes('%') && allowedMethods(paths, path.slice(app.prefix.length)) === undefined) {
      reply.callNotFound();
    } else done();
  });
}

const MEDIA_TYPE = /^\s*[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(?:;|$)/;

/** Answers what no operation answered: 404, 405, and OPTIONS with what is allowed. */
export function otherwise(
  paths: readonly PathMethods[],
): (request: FastifyRequest, reply: FastifyReply) => FastifyReply {
  return (request, reply) => {
    const allowed = allowedMethods(paths, pathOf(request.raw.url ?? ''));
    if (allowed === undefined) throw notFound();
    if (request.method !== 'OPTIONS') throw methodNotAllowed(allowed);
    identify(request, reply);
    return send(reply, { status: 204, headers: { allow: allowed.join(', ') }, payload: undefined });
  };
}

/** Answers errors; what the client is not to blame for is reported. */
export function errorHandler(
  options: Options = {},
): (error: unknown, request: FastifyRequest, reply: FastifyReply) => void {
  return (error, request, reply) => {
    send(reply, failureReply(error, request.raw, identify(request, reply), options));
  };
}
