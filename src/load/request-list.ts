import { UserError } from '../core/errors.ts';
import { encodeHttp2Request } from './client/http2-request.ts';
import { escapeInUrl, escapeNothing, fillBody, fillTemplate, type Row } from './feeder.ts';
import { encodeRequest, type Header, parseHeader, parseMethod, type RequestSpec } from './request.ts';
import type { LoadOptions } from './settings.ts';
import { parseTarget, type Target } from './target.ts';

/** The requests of a run: sent in turn, each as often as it comes. */
export interface RequestList {
  readonly target: Target;
  readonly method: string;
  readonly requests: readonly Uint8Array[];
  /** Of the longest body. */
  readonly bodyBytes: number;
}

/** Makes the bytes of every request: one, or one for each row of data. Errors: LOAD001, LOAD002, LOAD005, LOAD011. */
export function listRequests(options: LoadOptions): RequestList {
  const body = typeof options.body === 'string' ? Buffer.from(options.body) : options.body;
  const method = parseMethod(options.method ?? (body === undefined ? 'GET' : 'POST'));
  const rows = options.data ?? [undefined];
  const filled = rows.map((row) => fillRequest(options, method, body, row));
  const bodyBytes = Math.max(...filled.map(({ spec }) => spec.body?.length ?? 0));
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
    bodyBytes,
  };
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
