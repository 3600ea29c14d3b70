// What the contract says of an operation, and how requests and answers are held to it. No framework in here.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { ApiError } from '../errors.js';
import { type BodyContract, keepingBody, type Media, readBody } from './body.js';
import { rememberFailure } from './failure.js';
import { IssueList } from './issues.js';
import { type ParameterContract, readParameters } from './parameters.js';
import { type PreparedReply, prepareReply } from './reply.js';

/** An operation of the contract; the type parameters are those of its handler. */
export interface Contract<Request, Reply> {
  readonly id: string;
  /** What a request must be. */
  readonly request?: () => RequestContract;
  /** What an answer may be: by status (`200`, `4XX`, `default`), then by media type. */
  readonly responses: () => ResponseContract;
  /** Never set: ties the contract to the types of its handler. */
  readonly types?: { readonly request: Request; readonly reply: Reply };
}

export interface RequestContract {
  readonly parameters?: readonly ParameterContract[];
  readonly body?: BodyContract;
}

export type ResponseContract = Readonly<Record<string, Readonly<Record<string, Media>>>>;

/** A contract whose parts are built at the first request that needs them, and then kept. */
export class BuiltContract {
  readonly id: string;
  readonly #contract: Contract<unknown, unknown>;
  #request: RequestContract | undefined;
  #responses: ResponseContract | undefined;

  constructor(contract: Contract<unknown, unknown>) {
    this.id = contract.id;
    this.#contract = contract;
  }

  get request(): RequestContract {
    this.#request ??= this.#contract.request?.() ?? {};
    return this.#request;
  }

  get responses(): ResponseContract {
    this.#responses ??= this.#contract.responses();
    return this.#responses;
  }
}

/** What a handler is given besides the request. */
export interface Context<Native = unknown> {
  readonly requestId: string;
  /** The framework's own request, for what the contract does not speak of. */
  readonly native: Native;
}

export type Handler<Request, Reply, Native = unknown> = (
  request: Request,
  context: Context<Native>,
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
  /** Told of every error that becomes a 500; prints it unless given. */
  readonly onError?: (error: unknown, requestId: string) => void;
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
  if (parameters !== undefined) readParameters(parameters, raw, request, issues);
  if (body !== undefined) {
    return readBody(body, raw, options, request, issues).then(() => {
      issues.throwIfAny();
      return request;
    });
  }
  issues.throwIfAny();
  return request;
}

/** An operation with its handler, without the framework. */
export interface Bound<Native> {
  readonly contract: BuiltContract;
  /** Whether the request's path parameters are what the operation wants. */
  fits(raw: RawRequest): boolean;
  /** The request as the handler is given it, or a promise of it. Errors: 400, 413 and 415. */
  read(raw: RawRequest): unknown;
  answer(request: unknown, context: Context<Native>): PreparedReply | Promise<PreparedReply>;
}

/** Holds a handler's requests and answers to the contract. */
export function bind<Input, Reply extends AnyReply, Native>(
  contract: Contract<Input, Reply>,
  handler: Handler<Input, Reply, Native>,
  options: Options = {},
): Bound<Native> {
  const built = new BuiltContract(contract);
  return {
    contract: built,
    fits: (raw) => fitsPath(built, raw),
    read: (raw) => readRequest(built, raw, options),
    // The contract and the handler's types are made from the same document.
    answer: (request, context) => {
      const reply = handler(request as Input, context);
      if (!(reply instanceof Promise)) return prepareReply(built, reply, options);
      return reply.then((settled) => prepareReply(built, settled, options));
    },
  };
}

function fitsPath({ request: { parameters = [] } }: BuiltContract, raw: RawRequest): boolean {
  const issues = new IssueList();
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  readParameters(inPath, raw, {}, issues);
  return issues.isEmpty;
}

/**
 * Answers a request by the first of several operations whose contract it keeps; if it keeps none, with
 * what is wrong by the first one that the path fits.
 */
export function answerFirst<Native>(
  operations: readonly [Bound<Native>, ...Bound<Native>[]],
  raw: RawRequest,
  context: Context<Native>,
): Promise<PreparedReply> {
  const [only] = operations;
  return operations.length === 1 ? answerBy(only, raw, context) : answerTwin(operations, raw, context);
}

async function answerBy<Native>(
  operation: Bound<Native>,
  raw: RawRequest,
  context: Context<Native>,
): Promise<PreparedReply> {
  try {
    // What is there already is not waited for: each wait costs as much as a small check.
    const read = operation.read(raw);
    const reply = operation.answer(read instanceof Promise ? await read : read, context);
    return reply instanceof Promise ? await reply : reply;
  } catch (error) {
    rememberFailure(raw.stream, operation.contract);
    throw error;
  }
}

async function answerTwin<Native>(
  operations: readonly Bound<Native>[],
  raw: RawRequest,
  context: Context<Native>,
): Promise<PreparedReply> {
  const fitting = operations.filter((operation) => operation.fits(raw));
  const kept = keepingBody(raw);
  let refusal: unknown;
  for (const operation of fitting.length === 0 ? operations.slice(0, 1) : fitting) {
    let request: unknown;
    try {
      request = await operation.read(kept);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (refusal === undefined) rememberFailure(raw.stream, operation.contract);
      refusal ??= error;
      continue;
    }
    return answerBy({ ...operation, read: () => request }, raw, context);
  }
  throw refusal;
}
