// Reads request bodies: bounded, decompressed, and by media type.
import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { z } from 'zod';
import { ApiError } from '../errors.js';
import type { Options, RawRequest } from './contract.js';
import type { ErrorFacts } from './error-facts.js';
import { type FormEncoding, readForm, readMultipart } from './form.js';
import type { IssueList } from './issues.js';
import type { Shape } from './shape.js';

export interface BodyContract {
  readonly required?: true;
  /** By media type or range, lower case. */
  readonly content: Readonly<Record<string, Media>>;
}

/** How the values of a media type are written, and the schema they must satisfy. */
export interface Media {
  readonly kind: 'json' | 'form' | 'multipart' | 'text' | 'bytes';
  readonly schema: z.ZodType;
  /** What the fields of a form stand for. */
  readonly shape?: Shape;
  /** How fields of a form are written, where the contract says so. */
  readonly encoding?: FormEncoding;
  /** What a text or bytes stand for. They are handed on as they are: this is not checked. */
  readonly of?: () => z.ZodType;
  /** An error in the words of the schema. */
  readonly fill?: (error: ErrorFacts) => unknown;
}

export const json = (schema: z.ZodType, fill?: Media['fill']): Media =>
  fill === undefined ? { kind: 'json', schema } : { kind: 'json', schema, fill };
export const text = (schema: z.ZodType, of?: () => z.ZodType): Media =>
  of === undefined ? { kind: 'text', schema } : { kind: 'text', schema, of };
export const form = (schema: z.ZodType, shape: Shape, encoding?: FormEncoding): Media =>
  encoding === undefined ? { kind: 'form', schema, shape } : { kind: 'form', schema, shape, encoding };
export const multipart = (schema: z.ZodType, shape: Shape, encoding?: FormEncoding): Media => ({
  ...form(schema, shape, encoding),
  kind: 'multipart',
});
export const bytes: Media = { kind: 'bytes', schema: z.unknown() };
export const bytesOf = (of: () => z.ZodType): Media => ({ ...bytes, of });

const DEFAULT_LIMIT = 1024 * 1024;

/** Reads and checks the body of an operation into `request`. Errors: 400, 413 and 415. */
export async function readBody(
  contract: BodyContract,
  raw: RawRequest,
  options: Options,
  request: Record<string, unknown>,
  issues: IssueList,
): Promise<void> {
  if (raw.parsed === undefined && !hasBody(raw)) {
    if (contract.required) issues.add('body', 'Required');
    return;
  }
  const [type, media] = mediaOf(contract, raw.headers['content-type'] ?? '');
  const value = raw.parsed ?? (await READERS[media.kind](raw, media, options.bodyLimit ?? DEFAULT_LIMIT));
  if (value === EMPTY) {
    if (contract.required) issues.add('body', 'Required');
    return;
  }
  if (Object.keys(contract.content).length > 1 || type.includes('*')) request['contentType'] = type;
  const result = media.schema.safeParse(value);
  if (result.success) request['body'] = result.data;
  else issues.addBody(result.error);
}

/** RFC 9112, section 6.3: a request without either header has no body. */
const hasBody = ({ headers }: RawRequest): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

function mediaOf({ content }: BodyContract, header: string): readonly [string, Media] {
  // Most clients write the type as the contract does.
  const same = Object.hasOwn(content, header) ? content[header] : undefined;
  if (same !== undefined && header !== '*/*') return [header, same];
  const type = (header.split(';')[0] ?? '').trim().toLowerCase();
  for (const range of [type, `${type.split('/')[0]}/*`, '*/*']) {
    const media = Object.hasOwn(content, range) ? content[range] : undefined;
    if (media !== undefined && type !== '') return [type, media];
  }
  const expected = Object.keys(content).join(', ');
  throw new ApiError(415, 'UNSUPPORTED_MEDIA_TYPE', `The body must be of type ${expected}`, {
    headers: { accept: expected },
  });
}

/** A chunked body that turned out to hold nothing. */
const EMPTY: unique symbol = Symbol('empty');

const READERS: Readonly<
  Record<Media['kind'], (raw: RawRequest, media: Media, limit: number) => Promise<unknown>>
> = {
  json: async (raw, _media, limit) => {
    const content = await readAll(raw, limit);
    if (content.length === 0) return EMPTY;
    return parseJson(content.toString('utf8'));
  },
  text: async (raw, _media, limit) => (await readAll(raw, limit)).toString('utf8'),
  bytes: async (raw) => streamed(decompressed(raw)),
  form: async (raw, { shape = 'string', encoding }, limit) =>
    readForm((await readAll(raw, limit)).toString('utf8'), shape, encoding),
  multipart: async (raw, { shape = 'string', encoding }, limit) =>
    readMultipart(await readAll(raw, limit), raw.headers['content-type'] ?? '', shape, encoding),
};

function parseJson(content: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (cause) {
    throw new ApiError(400, 'MALFORMED_JSON', 'The body is not valid JSON', {
      details: [{ field: 'body', message: 'Malformed JSON' }],
      cause,
    });
  }
  if (NAMES_PROTOTYPE.test(content)) refusePrototype(value);
  return value;
}

/** `__proto__` with any of its letters escaped. */
const NAMES_PROTOTYPE =
  /(?:_|\\u005f){2}(?:p|\\u0070)(?:r|\\u0072)(?:o|\\u006f)(?:t|\\u0074)(?:o|\\u006f)(?:_|\\u005f){2}/i;

/** Refuses a property that Zod would leave out unjudged, and that a handler could take for a prototype. */
function refusePrototype(body: unknown): void {
  const pending: (readonly [value: unknown, path: string])[] = [[body, '']];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [value, path] = next;
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, part] of Object.entries(value)) {
      const field = path === '' ? key : `${path}.${key}`;
      if (key === '__proto__') {
        throw new ApiError(400, 'VALIDATION_ERROR', 'The request does not match the contract', {
          details: [{ field, message: 'Unrecognized key' }],
        });
      }
      pending.push([part, field]);
    }
  }
}

const tooLarge = (limit: number): ApiError =>
  new ApiError(413, 'PAYLOAD_TOO_LARGE', `The body is larger than ${limit} bytes`, {
    headers: { connection: 'close' },
  });

/** The same request with a body that can be read more than once. */
export function keepingBody(raw: RawRequest): RawRequest {
  let content: Promise<Buffer> | undefined;
  return {
    ...raw,
    content: (limit) => {
      content ??= readAll(raw, limit);
      return content;
    },
  };
}

/** The whole body, decompressed. Listens rather than iterates: that costs a third of a small request's time. */
function readAll(raw: RawRequest, limit: number): Promise<Buffer> {
  if (raw.content !== undefined) return raw.content(limit);
  return new Promise((resolve, reject) => {
    if (Number(raw.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
    const stream = decompressed(raw);
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer): void => {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= limit) return;
      stream.off('data', take);
      reject(tooLarge(limit));
    };
    stream.on('data', take);
    stream.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    // A request that the client gave up is an error of its stream, too.
    stream.on('error', (cause) => reject(garbled(cause)));
  });
}

const garbled = (cause: unknown): ApiError =>
  new ApiError(400, 'MALFORMED_BODY', 'The body is not encoded as its header says', { cause });

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

function decompressed({ headers, stream }: RawRequest): Readable {
  const encoding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity') return stream;
  const decoder = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding] : undefined;
  if (decoder === undefined) {
    throw new ApiError(415, 'UNSUPPORTED_ENCODING', 'The content encoding is not supported', {
      headers: { 'accept-encoding': 'gzip, deflate, br' },
    });
  }
  const decoded = decoder();
  stream.on('error', (cause) => decoded.destroy(cause));
  return stream.pipe(decoded);
}

async function* streamed(stream: Readable): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (cause) {
    throw cause instanceof ApiError ? cause : garbled(cause);
  }
}
