// Reads all fields of an HTTP/2 answer's head (RFC 7541), where somebody wants to see them. We announce a table of size 0, so
// each is one of the static table or spelled out, and nothing has to be remembered from one block to the next.
import type { Header } from '../request.ts';
import { decodeHuffman } from './huffman.ts';

const LARGEST_INTEGER = 2 ** 28;

/** The static table (RFC 7541, appendix A), from 1 on. */
const STATIC: readonly Header[] = [
  ...named(':authority'),
  ...named(':method', 'GET', 'POST'),
  ...named(':path', '/', '/index.html'),
  ...named(':scheme', 'http', 'https'),
  ...named(':status', '200', '204', '206', '304', '400', '404', '500'),
  ...named('accept-charset'),
  ...named('accept-encoding', 'gzip, deflate'),
  ...[
    ...['accept-language', 'accept-ranges', 'accept', 'access-control-allow-origin', 'age', 'allow'],
    ...['authorization', 'cache-control', 'content-disposition', 'content-encoding', 'content-language'],
    ...['content-length', 'content-location', 'content-range', 'content-type', 'cookie', 'date', 'etag'],
    ...['expect', 'expires', 'from', 'host', 'if-match', 'if-modified-since', 'if-none-match', 'if-range'],
    ...['if-unmodified-since', 'last-modified', 'link', 'location', 'max-forwards', 'proxy-authenticate'],
    ...['proxy-authorization', 'range', 'referer', 'refresh', 'retry-after', 'server', 'set-cookie'],
    ...['strict-transport-security', 'transfer-encoding', 'user-agent', 'vary', 'via', 'www-authenticate'],
  ].flatMap((name) => named(name)),
];

function named(name: string, ...values: readonly string[]): Header[] {
  return values.length === 0 ? [[name, '']] : values.map((value) => [name, value]);
}

/** What is left of a block. */
interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;
}

/** The fields of a whole block in their order, `:status` among them; undefined when it is not one. */
export function readFields(bytes: Uint8Array, start: number, end: number): readonly Header[] | undefined {
  const cursor: Cursor = { bytes, at: start, end };
  const fields: Header[] = [];
  while (cursor.at < end) {
    const byte = bytes[cursor.at] as number;
    // A change of the table's size: only to the 0 that we allow.
    if ((byte & 0xe0) === 0x20) {
      if (readInteger(cursor, 5) !== 0) return undefined;
      continue;
    }
    const field = (byte & 0x80) === 0 ? readLiteral(cursor, byte) : STATIC[readInteger(cursor, 7) - 1];
    if (field === undefined) return undefined;
    fields.push(field);
  }
  return fields;
}

/** RFC 9113, 8.2.1 and 8.3.2: the only pseudo-header of an answer is its status. */
export const areSound = (fields: readonly Header[]): boolean =>
  fields.every(
    ([name, value]) => /^(?::status|[!#$%&'*+\-.^_`|~\da-z]+)$/.test(name) && !/[\0\r\n]/.test(value),
  );

/** A field whose name stands in the table or in front of its value. */
function readLiteral(cursor: Cursor, byte: number): Header | undefined {
  const index = readInteger(cursor, (byte & 0xc0) === 0x40 ? 6 : 4);
  const name = index === 0 ? readString(cursor) : STATIC[index - 1]?.[0];
  const value = name === undefined ? undefined : readString(cursor);
  return name === undefined || value === undefined ? undefined : [name, value];
}

/** One character for each byte. */
function readString(cursor: Cursor): string | undefined {
  const { bytes, end } = cursor;
  const isCoded = ((bytes[cursor.at] ?? 0) & 0x80) !== 0;
  const length = readInteger(cursor, 7);
  const start = cursor.at;
  if (!(start + length <= end)) return undefined;
  cursor.at = start + length;
  if (isCoded) return decodeHuffman(bytes, start, cursor.at);
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString('latin1');
}

/** An integer with a prefix of `bits` bits (RFC 7541, 5.1); NaN when it does not end, or is larger than anything here. */
function readInteger(cursor: Cursor, bits: number): number {
  const { bytes, end } = cursor;
  const mask = (1 << bits) - 1;
  if (cursor.at >= end) return Number.NaN;
  let value = (bytes[cursor.at] as number) & mask;
  cursor.at += 1;
  if (value < mask) return value;
  for (let scale = 1; cursor.at < end && scale <= LARGEST_INTEGER; scale *= 128) {
    const byte = bytes[cursor.at] as number;
    cursor.at += 1;
    value += (byte & 127) * scale;
    if (byte < 128) return value;
  }
  return Number.NaN;
}
