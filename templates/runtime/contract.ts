// What the contract says of an operation, and how requests and answers are held to it. No framework in here.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { ZodType } from 'zod';
import { ApiError } from '../errors.js';
import { type BodyContract, keepingBody, type Media, readBody } from './body.js';
import { rememberFailure } from './failure.js';
import { IssueList } from './issues.js';
import { Parameter, type ParameterContract, readParameters } from './parameters.js';
import { type PreparedReply, prepareReply } from './reply.js';
import { authorize, type Identities, type SecurityContract, type VerifierTable } from './security.js';

/** An operation of the contract; the type parameters are those of its handler. */
export interface Contract<Request, Reply, Who = Anybody> {
  readonly id: string;
  /** What the contract writes behind the path, to tell the operation from another one of the same path. */
  readonly variant?: string;
  /** Whom a request must be from; anybody, when absent. */
  readonly security?: SecurityContract;
  /** What a request must be. */
  readonly request?: () => RequestContract;
  /** What an answer may be: by status (`200`, `4XX`, `default`), then by media type. */
  readonly responses: () => ResponseContract;
  /** The headers that answers carry, by status. They are not checked. */
  readonly headers?: () => Readonly<Record<string, Readonly<Record<string, HeaderContract>>>>;
  /** Never set: ties the contract to the types of its handler. */
  readonly types?: { readonly request: Request; readonly reply: Reply; readonly identity: Who };
}

export interface RequestContract {
  readonly parameters?: readonly ParameterContract[];
  readonly body?: BodyContract;
}

export interface HeaderContract {
  readonly required?: true;
  readonly explode?: true;
  readonly schema: ZodType;
}

export type ResponseContract = Readonly<Record<string, Readonly<Record<string, Media>>>>;

interface PreparedRequest {
  readonly parameters: readonly Parameter[];
  readonly body: BodyContract | undefined;
}

const prepareRequest = ({ parameters = [], body }: RequestContract = {}): PreparedRequest => ({
  parameters: parameters.map((parameter) => new Parameter(parameter)),
  body,
});

/** A contract whose parts are built at the first request that needs them, and then kept. */
export class BuiltContract {
  readonly id: string;
  readonly security: SecurityContract | undefined;
  readonly #contract: Contract<unknown, unknown, unknown>;
  #request: PreparedRequest | undefined;
  #responses: ResponseContract | undefined;

  constructor(contract: Contract<unknown, unknown, unknown>) {
    this.id = contract.id;
    this.security = contract.security;
    this.#contract = contract;
  }

  get request(): PreparedRequest {
    this.#request ??= prepareRequest(this.#contract.request?.());
    return this.#request;
  }

  get responses(): ResponseContract {
    this.#responses ??= this.#contract.responses();
    return this.#responses;
  }
}

/** Nobody in particular: what handlers of open operations are told. */
export type Anybody = Readonly<Record<never, never>>;

/** What a handler is given besides the request. */
export interface Context<Native = unknown, Who = Anybody> {
  readonly requestId: string;
  /** Whom the request is from, by the security scheme that says so. */
  readonly identity: Who;
  /** The framework's own request, for what the contract does not speak of. */
  readonly native: Native;
}

export type Handler<Request, Reply, Native = unknown, Who = Anybody> = (
  request: Request,
  context: Context<Native, Who>,
) => Reply | Promise<Reply>;

/** What every handler's answer has in common. */
export interface AnyReply {
  readonly status: number;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly headers?: object;
}

export interface Options {
  /** Largest request body in bytes; 1 MiB unless given. */
  readonly bodyLimit?: number;
  /** Whether answers are held to the contract; settings.ts says unless given. */
  readonly validateResponses?: boolean;
  /** Told of every error that becomes a 500, and of security schemes that nothing verifies; prints it unless given. */
  readonly onError?: (error: unknown, requestId: string) => void;
  /** What verifies credentials, by security scheme. A scheme without one refuses every request. */
  readonly verifiers?: VerifierTable;
}

/** A request as every framework can give it. */
export interface RawRequest {
  readonly path: Readonly<Record<string, string | string[] | undefined>>;
  /** What stands behind the `?`, still encoded. */
  readonly search: string;
  readonly headers: IncomingHttpHeaders;
  readonly stream: IncomingMessage;
  /** The body, where a parser of the application has read it already. */
  readonly parsed?: unknown;
  /** The bytes of the body, where several operations may have to look at them. */
  readonly content?: (limit: number) => Promise<Buffer>;
}

/**
 * The request that the handler is given: at once where there is no body to wait for.
 * Errors: 400, 413 and 415, with every field that is wrong.
 */
function readRequest(
  { request: { parameters, body } }: BuiltContract,
  raw: RawRequest,
  options: Options,
): unknown {
  const issues = new IssueList();
  const request: Record<string, unknown> = {};
  readParameters(parameters, raw, request, issues);
  if (body !== undefined) {
    return readBody(body, raw, options, request, issues).then(() => {
      issues.throwIfAny();
      return request;
    });
  }
  issues.throwIfAny();
  return request;
}

/** What the framework says of a request. */
export type Origin<Native> = Omit<Context<Native>, 'identity'>;

/** An operation with its handler, without the framework. */
export interface Bound<Native> {
  readonly contract: BuiltContract;
  /** Whom the request is from; undefined where anybody may ask. Errors: 401, 403. */
  readonly authorize: ((raw: RawRequest, requestId: string) => Promise<Identities>) | undefined;
  /** Whether the request's path parameters are what the operation wants. */
  fits(raw: RawRequest): boolean;
  /** The request as the handler is given it, or a promise of it. Errors: 400, 413 and 415. */
  read(raw: RawRequest): unknown;
  answer(request: unknown, context: Context<Native>): PreparedReply | Promise<PreparedReply>;
}

/** Holds a handler's requests and answers to the contract. */
export function bind<Input, Reply extends AnyReply, Native, Who>(
  contract: Contract<Input, Reply, Who>,
  handler: Handler<Input, Reply, Native, Who>,
  options: Options = {},
): Bound<Native> {
  const built = new BuiltContract(contract);
  const { security } = built;
  return {
    contract: built,
    authorize: security && ((raw, requestId) => authorize(security, raw, requestId, options)),
    fits: (raw) => fitsPath(built, raw),
    read: (raw) => readRequest(built, raw, options),
    // The contract and the handler's types are made from the same document.
    answer: (request, context) => {
      const reply = handler(request as Input, context as Context<Native, Who>);
      if (!(reply instanceof Promise)) return prepareReply(built, reply, options);
      return reply.then((settled) => prepareReply(built, settled, options));
    },
  };
}

function fitsPath({ request: { parameters } }: BuiltContract, raw: RawRequest): boolean {
  const issues = new IssueList();
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  readParameters(inPath, raw, {}, issues);
  return issues.isEmpty;
}

/**
 * Answers a request by the first of several operations whose contract it keeps; if it keeps none, with
 * what is wrong by the first one that the path fits. Who asks is settled before the request is read.
 */
export function answerFirst<Native>(
  operations: readonly [Bound<Native>, ...Bound<Native>[]],
  raw: RawRequest,
  origin: Origin<Native>,
): PreparedReply | Promise<PreparedReply> {
  const [only] = operations;
  return operations.length === 1 ? answerBy(only, raw, origin) : answerTwin(operations, raw, origin);
}

/** Answers at once where there is nothing to wait for: each wait costs as much as a small check. */
function answerBy<Native>(
  operation: Bound<Native>,
  raw: RawRequest,
  origin: Origin<Native>,
): PreparedReply | Promise<PreparedReply> {
  try {
    if (operation.authorize !== undefined) return answerLater(operation, undefined, raw, origin);
    const request = operation.read(raw);
    if (request instanceof Promise) return answerLater(operation, request, raw, origin);
    const reply = operation.answer(request, contextOf(origin, ANYBODY));
    return reply instanceof Promise ? remembering(reply, operation, raw) : reply;
  } catch (error) {
    rememberFailure(raw.stream, operation.contract);
    throw error;
  }
}

/** Answers when it is known who asks, and when the request is there. */
async function answerLater<Native>(
  operation: Bound<Native>,
  read: Promise<unknown> | undefined,
  raw: RawRequest,
  origin: Origin<Native>,
): Promise<PreparedReply> {
  try {
    const identity = (await operation.authorize?.(raw, origin.requestId)) ?? ANYBODY;
    const request = await (read ?? operation.read(raw));
    return await operation.answer(request, contextOf(origin, identity));
  } catch (error) {
    rememberFailure(raw.stream, operation.contract);
    throw error;
  }
}

const remembering = <Native>(
  reply: Promise<PreparedReply>,
  operation: Bound<Native>,
  raw: RawRequest,
): Promise<PreparedReply> =>
  reply.catch((error: unknown) => {
    rememberFailure(raw.stream, operation.contract);
    throw error;
  });

/** Named one by one: spreading an object costs more than all of its uses. */
const contextOf = <Native>({ requestId, native }: Origin<Native>, identity: Identities): Context<Native> => ({
  requestId,
  native,
  identity,
});

const ANYBODY: Anybody = Object.freeze({});

async function answerTwin<Native>(
  operations: readonly Bound<Native>[],
  raw: RawRequest,
  origin: Origin<Native>,
): Promise<PreparedReply> {
  const fitting = operations.filter((operation) => operation.fits(raw));
  const kept = keepingBody(raw);
  let refusal: unknown;
  for (const operation of fitting.length === 0 ? operations.slice(0, 1) : fitting) {
    let request: unknown;
    let identity: Bound<Native>['authorize'];
    try {
      const who = await operation.authorize?.(kept, origin.requestId);
      identity = who === undefined ? undefined : async () => who;
      request = await operation.read(kept);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (refusal === undefined) rememberFailure(raw.stream, operation.contract);
      refusal ??= error;
      continue;
    }
    return answerBy({ ...operation, authorize: identity, read: () => request }, raw, origin);
  }
  throw refusal;
}
