// Holds a handler's answer to the contract, and writes it out for the framework to send.
import { Readable } from 'node:stream';
import type { z } from 'zod';
import { ContractViolation } from '../errors.js';
import type { Media } from './body.js';
import type { AnyReply, BuiltContract, Options } from './contract.js';
import { VALIDATE_RESPONSES } from './settings.js';

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
  if (options.validateResponses ?? VALIDATE_RESPONSES) checkReply(id, reply, content, media);
  const headers = replyHeaders(reply);
  if (body === undefined || (body === null && media?.kind !== 'json'))
    return { status, headers, payload: undefined };
  if (type !== undefined) headers['content-type'] = type;
  const isRaw = media !== undefined && media.kind !== 'json';
  return { status, headers, payload: isRaw ? rawPayload(body) : JSON.stringify(body) };
}

function mediaOf(
  content: Readonly<Record<string, Media>> | undefined,
  { contentType, body }: AnyReply,
): readonly [string | undefined, Media | undefined] {
  if (body === undefined) return [undefined, undefined];
  if (contentType !== undefined) {
    const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
    const range = `${type.split('/')[0]}/*`;
    return [withCharset(contentType), content?.[type] ?? content?.[range] ?? content?.['*/*']];
  }
  const [type, media] = firstMedia(content);
  if (media === undefined) return [type, undefined];
  if (media.kind === 'json')
    return [type.includes('*') ? 'application/json; charset=utf-8' : `${type}; charset=utf-8`, media];
  return [type.includes('*') ? 'application/octet-stream' : withCharset(type), media];
}

/** Every answer asks for this: no list of entries is made for it. */
function firstMedia(
  content: Readonly<Record<string, Media>> | undefined,
): readonly [type: string, media: Media | undefined] {
  for (const type in content) return [type, content[type]];
  return ['application/json; charset=utf-8', undefined];
}

/** Text is sent as UTF-8, and says so. */
const withCharset = (type: string): string =>
  type.startsWith('text/') && !type.includes(';') ? `${type}; charset=utf-8` : type;

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
  if (headers === undefined) return written;
  for (const [name, value] of Object.entries(headers)) {
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

/** A payload as a stream that frameworks can send. */
export const toReadable = (payload: AsyncIterable<Uint8Array>): Readable => Readable.from(payload);
