// The contract on Express 5.
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { type ApiError, toApiError, toEnvelope } from '../errors.js';
import { toReadable } from './body.js';
import {
  type AnyReply,
  allowedMethods,
  BuiltContract,
  type Contract,
  type Handler,
  methodNotAllowed,
  notFound,
  type Options,
  type PathMethods,
  type PreparedReply,
  prepareReply,
  type RawRequest,
  readRequest,
  reportError,
  requestIdOf,
} from './contract.js';

/** A handler of this service: the request as the contract describes it, and Express's own. */
export type ExpressHandler<Input, Reply> = Handler<Input, Reply, Request>;

/** An Express handler that holds request and answer to the contract. Express passes its errors on. */
export function operation<Input, Reply extends AnyReply>(
  contract: Contract<Input, Reply>,
  handler: ExpressHandler<Input, Reply>,
  options: Options = {},
): RequestHandler {
  const built = new BuiltContract(contract);
  return async (req, res) => {
    const requestId = identify(req, res);
    // The contract and the handler's types are made from the same document.
    const input = (await readRequest(built, rawRequest(req), options)) as Input;
    const reply = await handler(input, { requestId, native: req });
    send(res, prepareReply(built, reply, options));
  };
}

function rawRequest(req: Request): RawRequest {
  const at = req.url.indexOf('?');
  return {
    path: req.params,
    search: at === -1 ? '' : req.url.slice(at + 1),
    headers: req.headers,
    stream: req,
    parsed: req.readableEnded ? req.body : undefined,
  };
}

function send(res: Response, { status, headers, payload }: PreparedReply): void {
  res.status(status);
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
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

/** Answers the documented paths' other methods: 405, and OPTIONS with what is allowed. */
export function otherMethods(paths: readonly PathMethods[]): RequestHandler {
  return (req, res, next) => {
    const allowed = allowedMethods(paths, req.path);
    if (allowed === undefined) return next();
    if (req.method !== 'OPTIONS') throw methodNotAllowed(allowed);
    identify(req, res);
    res.status(204).setHeader('allow', allowed.join(', ')).end();
  };
}

/** Answers every path that nothing before it answered. */
export const unknownPath: RequestHandler = () => {
  throw notFound();
};

/** Answers errors in the envelope; what the client is not to blame for is reported. */
export function errorHandler(options: Options = {}): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    const requestId = identify(req, res);
    const told: ApiError = toApiError(error);
    if (told.status >= 500 && told.code === 'INTERNAL_ERROR') reportError(error, requestId, options);
    if (res.headersSent) return next(error);
    for (const [name, value] of Object.entries(told.headers)) res.setHeader(name, value);
    res.status(told.status).json(toEnvelope(told, requestId));
  };
}
