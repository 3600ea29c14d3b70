import { UserError } from '../core/errors.ts';
import { encodeHttp2Request } from './client/http2-request.ts';
import { tagOf } from './client/tag.ts';
import { escapeInUrl, escapeNothing, fillBody, fillTemplate, type Row } from './feeder.ts';
import { type NamedRequest, scheduleOf } from './operation.ts';
import type { AskedOperation } from './operation-result.ts';
import { encodeRequest, type Header, parseHeader, parseMethod, type RequestSpec } from './request.ts';
import type { LoadOptions } from './settings.ts';
import { parseTarget, type Target } from './target.ts';

/** The requests of a run: sent in turn, each as often as it comes. */
export interface RequestList {
  readonly target: Target;
  readonly method: string;
  readonly requests: readonly Uint8Array[];
  /** What each is issued with (see client/tag.ts). */
  readonly tags: readonly number[];
  /** So many at the start are sent once, the rest over and over. */
  readonly once: number;
  /** What requests are told apart by; empty without named requests. */
  readonly operations: readonly AskedOperation[];
  /** Some have a body. */
  readonly hasBodies: boolean;
}

/** Makes the bytes of every request: one, or one for each row of data. Errors: LOAD001, LOAD002, LOAD005, LOAD011, LOAD020. */
export function listRequests(options: LoadOptions): RequestList {
  if (options.operations !== undefined) return listOperations(options, options.operations);
  const body = typeof options.body === 'string' ? Buffer.from(options.body) : options.body;
  const method = parseMethod(options.method ?? (body === undefined ? 'GET' : 'POST'));
  const rows = options.data ?? [undefined];
  const filled = rows.map((row) => fillRequest(options, method, body, row));
  const [first] = filled;
  if (first === undefined) throw new RangeError('data without rows');
  if (filled.some(({ target }) => target.authority !== first.target.authority)) {
    throw new UserError('LOAD011', 'the data changes the host of the URL', {
      kind: 'usage',
      help: 'A run has one target; use {{column}} behind the host.',
    });
  }
  const encode = options.http2 ? encodeHttp2Request : encodeRequest;
  return {
    target: first.target,
    method,
    requests: filled.map(({ spec, target }) => encode(spec, target)),
    tags: filled.map(() => tagOf(0, method === 'HEAD')),
    once: 0,
    operations: [],
    hasBodies: filled.some(({ spec }) => hasBytes(spec.body)),
  };
}

/** The named requests in the order in which they are sent. */
function listOperations(options: LoadOptions, named: readonly NamedRequest[]): RequestList {
  refuseBesideOperations(options);
  const target = parseTarget(options.url);
  const { order, once } = scheduleOf(named);
  const operations = operationsIn(named);
  const placeOf = new Map(operations.map(({ name }, at) => [name, at]));
  if (order.length === once) {
    throw new UserError('LOAD020', 'no operation is left that can be sent again and again', {
      kind: 'usage',
      help: 'Give at least one operation a weight above 0.',
    });
  }
  const encode = options.http2 ? encodeHttp2Request : encodeRequest;
  const encoded = named.map((request) => {
    const { name, method, body } = request;
    const spec = { method: parseMethod(method), headers: headersOf(request, options), ...optionalBody(body) };
    return {
      bytes: encode(spec, { ...target, path: checkPath(request) }),
      tag: tagOf(placeOf.get(name) ?? 0, spec.method === 'HEAD'),
    };
  });
  const sent = order.map((place) => encoded[place] as (typeof encoded)[number]);
  return {
    target,
    method: 'operations',
    requests: sent.map(({ bytes }) => bytes),
    tags: sent.map(({ tag }) => tag),
    once,
    operations,
    hasBodies: named.some(({ body }) => hasBytes(body)),
  };
}

const hasBytes = (body: Uint8Array | undefined): boolean => body !== undefined && body.length > 0;

const optionalBody = (body: Uint8Array | undefined): { readonly body?: Uint8Array } =>
  body === undefined ? {} : { body };

/** Those with a weight, in the order of their first requests. */
function operationsIn(named: readonly NamedRequest[]): AskedOperation[] {
  const weights = new Map<string, number>();
  for (const { name, weight } of named) if (weight > 0 && !weights.has(name)) weights.set(name, weight);
  return [...weights].map(([name, weight]) => ({ name, weight }));
}

/** The run's own headers, and those of the request, which go before them. */
function headersOf({ headers }: NamedRequest, options: LoadOptions): Header[] {
  const own = headers.map(([name, value]) => parseHeader(`${name}: ${value}`));
  const said = new Set(own.map(([name]) => name.toLowerCase()));
  return [...(options.headers ?? []).filter(([name]) => !said.has(name.toLowerCase())), ...own];
}

function checkPath({ name, path }: NamedRequest): string {
  if (/^\/[!-~]*$/.test(path)) return path;
  throw new UserError('LOAD020', `the path of ${name} cannot stand in a request: ${JSON.stringify(path)}`, {
    help: 'Encode what is not a visible ASCII character with %.',
  });
}

/** What says itself what is sent does not go with operations. Errors: LOAD020. */
export function refuseBesideOperations({
  data,
  body,
  method,
  steps,
  cookies,
  follow = 0,
}: LoadOptions): void {
  const unfit = Object.entries({
    data: data !== undefined,
    body: body !== undefined,
    method: method !== undefined,
    steps: steps !== undefined,
    cookies: cookies === true,
    follow: follow > 0,
  }).find(([, given]) => given);
  if (unfit === undefined) return;
  throw new UserError('LOAD020', `${unfit[0]} does not go with operations`, {
    kind: 'usage',
    help: 'Each operation has its own method, path and body; leave one of the two out.',
  });
}

function fillRequest(
  { url, headers = [] }: LoadOptions,
  method: string,
  body: Uint8Array | undefined,
  row: Row | undefined,
): { readonly spec: RequestSpec; readonly target: Target } {
  if (row === undefined) {
    return { target: parseTarget(url), spec: { method, headers, ...(body === undefined ? {} : { body }) } };
  }
  const own = headers.map(
    ([name, value]): Header => parseHeader(`${name}: ${fillTemplate(value, row, escapeNothing)}`),
  );
  return {
    target: parseTarget(fillTemplate(url, row, escapeInUrl)),
    spec: { method, headers: own, ...(body === undefined ? {} : { body: fillBody(body, row) }) },
  };
}
