// What the contract says of an operation, and how requests and answers are held to it. No framework in here.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { ApiError, ContractViolation } from '../errors.js';
import { type BodyContract, type Media, readBody } from './body.js';
import { IssueList } from './issues.js';
import { type ParameterContract, readParameters } from './parameters.js';

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
  /** Whether answers are held to the contract; on, except where NODE_ENV is `production`. */
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
}

/** The request that the handler is given. Errors: 400, 413 and 415, with every field that is wrong. */
export async function readRequest(
  { request: { parameters, body } }: BuiltContract,
  raw: RawRequest,
  options: Options,
): Promise<unknown> {
  const issues = new IssueList();
  const request: Record<string, unknown> = {};
  if (parameters !== undefined) readParameters(parameters, raw, request, issues);
  if (body !== undefined) await readBody(body, raw, options, request, issues);
  issues.throwIfAny();
  return request;
}

/** An answer as every framework can send it. */
export interface PreparedReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly payload: string | Uint8Array | AsyncIterable<Uint8Array> | undefined;
}

/** Holds a handler's answer to the contract and writes it out. Errors: ContractViolation. */
export function prepareReply(
  { id, responses }: BuiltContract,
  reply: AnyReply,
  options: Options,
): PreparedReply {
  const { status, body } = reply;
  const content =
    responses[status] ?? responses[`${Math.floor(status / 100)}XX`] ?? responses['default'] ?? undefined;
  const [type, media] = mediaOf(content, reply);
  if (mustValidate(options)) checkReply(id, reply, content, media);
  const headers = { ...replyHeaders(reply), ...(type === undefined ? {} : { 'content-type': type }) };
  if (body === undefined || body === null) {
    if (media?.kind !== 'json' || body === undefined)
      return { status, headers: replyHeaders(reply), payload: undefined };
  }
  const isRaw = media !== undefined && media.kind !== 'json';
  return { status, headers, payload: isRaw ? rawPayload(body) : JSON.stringify(body) };
}

let validateByDefault: boolean | undefined;

function mustValidate({ validateResponses }: Options): boolean {
  validateByDefault ??= process.env['NODE_ENV'] !== 'production';
  return validateResponses ?? validateByDefault;
}

function mediaOf(
  content: Readonly<Record<string, Media>> | undefined,
  { contentType, body }: AnyReply,
): readonly [string | undefined, Media | undefined] {
  if (body === undefined) return [undefined, undefined];
  if (contentType !== undefined) {
    const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
    const range = `${type.split('/')[0]}/*`;
    return [contentType, content?.[type] ?? content?.[range] ?? content?.['*/*']];
  }
  const [first] = Object.entries(content ?? {});
  if (first === undefined) return ['application/json; charset=utf-8', undefined];
  const [type, media] = first;
  if (media.kind === 'json')
    return [type.includes('*') ? 'application/json; charset=utf-8' : `${type}; charset=utf-8`, media];
  return [type.includes('*') ? 'application/octet-stream' : type, media];
}

function checkReply(
  id: string,
  { status, body }: AnyReply,
  content: Readonly<Record<string, Media>> | undefined,
  media: Media | undefined,
): void {
  if (content === undefined)
    throw new ContractViolation(`${id} answered ${status}, which the contract does not name`);
  const expected = Object.keys(content);
  if (body === undefined) return;
  if (media === undefined) {
    if (expected.length === 0)
      throw new ContractViolation(`${id} answered ${status} with a body, where the contract has none`);
    throw new ContractViolation(
      `${id} answered ${status} with another media type than ${expected.join(', ')}`,
    );
  }
  if (media.kind !== 'json') return;
  const result = media.schema.safeParse(body);
  if (!result.success)
    throw new ContractViolation(`${id} answered ${status} against its contract: ${summary(result.error)}`);
}

const summary = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; ');

function replyHeaders({ headers }: AnyReply): Record<string, string | string[]> {
  const written: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (value === undefined) continue;
    written[name] = Array.isArray(value) ? value.map(String) : String(value);
  }
  return written;
}

function rawPayload(body: unknown): PreparedReply['payload'] {
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  if (typeof body === 'object' && body !== null && Symbol.asyncIterator in body)
    return body as AsyncIterable<Uint8Array>;
  return typeof body === 'object' ? JSON.stringify(body) : String(body);
}

const REQUEST_ID = /^[\w.:-]{1,128}$/;

/** The client's own request id where it is harmless, else a new one. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : crypto.randomUUID();
}

/** A path of the contract with the methods it answers. */
export type PathMethods = readonly [path: RegExp, methods: readonly string[]];

/** The methods that a path answers, or undefined when the contract has no such path. */
export function allowedMethods(paths: readonly PathMethods[], path: string): string[] | undefined {
  const methods = paths.filter(([pattern]) => pattern.test(path)).flatMap(([, names]) => names);
  return methods.length === 0 ? undefined : [...new Set(methods)].sort();
}

export const methodNotAllowed = (allowed: readonly string[]): ApiError =>
  new ApiError(405, 'METHOD_NOT_ALLOWED', 'The path does not answer this method', {
    headers: { allow: allowed.join(', ') },
  });

export const notFound = (): ApiError => new ApiError(404, 'NOT_FOUND', 'There is nothing at this path');

/** Reports an error that becomes a 500: to the application, or else to standard error. */
export function reportError(error: unknown, requestId: string, { onError }: Options): void {
  if (onError !== undefined) onError(error, requestId);
  // biome-ignore lint/suspicious/noConsole: the last resort, so that no error of a handler is lost.
  else console.error(`[${requestId}]`, error);
}
