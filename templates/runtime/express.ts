// The contract on Express 5.
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
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
  documentedMethods,
  methodNotAllowed,
  notFound,
  type PathMethods,
  refuseMalformed,
  searchOf,
} from './paths.js';
import { type PreparedReply, toReadable } from './reply.js';

/** A handler of this service: the request as the contract describes it, and Express's own. */
export type ExpressHandler<Input, Reply> = Handler<Input, Reply, Request>;

/** An Express handler that holds request and answer to the contract. Express passes its errors on. */
export const operation = <Input, Reply extends AnyReply>(
  contract: Contract<Input, Reply>,
  handler: ExpressHandler<Input, Reply>,
  options?: Options,
): RequestHandler => firstOf(bind(contract, handler, options));

/** Of operations that the same path reaches, the first whose contract the request keeps. */
export function firstOf(...operations: readonly [Bound<Request>, ...Bound<Request>[]]): RequestHandler {
  return async (req, res) => {
    const requestId = identify(req, res);
    const raw = rawRequest(req);
    send(res, await answerFirst(operations, raw, { requestId, native: req }));
  };
}

const rawRequest = (req: Request): RawRequest => ({
  path: req.params,
  search: searchOf(req.url),
  headers: req.headers,
  stream: req,
  parsed: req.readableEnded ? req.body : undefined,
});

function send(res: Response, { status, headers, payload }: PreparedReply): void {
  res.statusCode = status;
  for (const name in headers) res.setHeader(name, headers[name] ?? '');
  if (res.req.method === 'HEAD' && typeof payload === 'string') {
    res.setHeader('content-length', Buffer.byteLength(payload));
  }
  if (payload === undefined) res.end();
  else if (typeof payload === 'string') res.end(payload);
  else if (payload instanceof Uint8Array) res.end(payload);
  else toReadable(payload).pipe(res);
}

/** Gives the request its id, once, and tells the client. */
function identify(req: Request, res: Response): string {
  const known = res.getHeader('x-request-id');
  if (typeof known === 'string') return known;
  const requestId = requestIdOf(req.headers);
  res.setHeader('x-request-id', requestId);
  return requestId;
}

/** Leaves paths that a more concrete route further on answers to that route. */
export function except(...paths: readonly RegExp[]): RequestHandler {
  return (req, _res, next) => {
    if (paths.some((path) => path.test(req.path))) next('route');
    else next();
  };
}

/** Leaves every method but one to the routes further on. */
export function only(method: string): RequestHandler {
  return (req, _res, next) => {
    if (req.method === method) next();
    else next('route');
  };
}

/** Answers OPTIONS with what is allowed, where the contract has none of its own, before Express does. */
export function answerOptions(paths: readonly PathMethods[]): RequestHandler {
  return (req, res, next) => {
    if (req.method !== 'OPTIONS' || documentedMethods(paths, req.path).includes('OPTIONS')) return next();
    const allowed = allowedMethods(paths, req.path);
    if (allowed === undefined) return next();
    identify(req, res);
    res.status(204).setHeader('allow', allowed.join(', ')).end();
  };
}

/** Answers the documented paths' other methods: 405. */
export function otherMethods(paths: readonly PathMethods[]): RequestHandler {
  return (req, _res, next) => {
    refuseMalformed(req.path);
    const allowed = allowedMethods(paths, req.path);
    if (allowed !== undefined) throw methodNotAllowed(allowed);
    next();
  };
}

/** Answers every path that nothing before it answered. */
export const unknownPath: RequestHandler = () => {
  throw notFound();
};

/** Answers errors; what the client is not to blame for is reported. */
export function errorHandler(options: Options = {}): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    const reply = failureReply(error, req, identify(req, res), options);
    if (res.headersSent) next(error);
    else send(res, reply);
  };
}
