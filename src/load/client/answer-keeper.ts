// Keeps answers whole, for those that values are taken from. Costs a copy of each.
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { Header } from '../request.ts';

/** More of an answer is not kept. */
export const MOST_KEPT = 2 ** 20;

/** An answer as it came, in a form that crosses threads. */
export interface RawAnswer {
  /** Head and body, over HTTP/2 the body; the first mebibyte. */
  readonly bytes: Uint8Array;
  /** Over HTTP/2, where they come apart from the body. */
  readonly fields?: readonly Header[];
}

/** An answer as it was read. */
export interface KeptAnswer {
  /** Name, in small letters, and value of each header. */
  readonly headers: readonly Header[];
  /** The body as text, without its transfer and content coding; the first mebibyte. */
  readonly body: () => string;
}

export class AnswerKeeper {
  #bytes = Buffer.alloc(4096);
  #length = 0;

  add(chunk: Uint8Array, from: number, to: number): void {
    const end = Math.min(to, from + MOST_KEPT - this.#length);
    const needed = this.#length + end - from;
    if (needed > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(needed, 2 * this.#bytes.length));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(chunk.subarray(from, end), this.#length);
    this.#length = needed;
  }

  /** What was added since the last time. */
  take(): RawAnswer {
    const bytes = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return { bytes };
  }

  reset(): void {
    this.#length = 0;
  }
}

/** Takes a whole answer apart. */
export function readAnswer({ bytes, fields }: RawAnswer): KeptAnswer {
  const own = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (fields === undefined) return readHttp1(own);
  const headers = fields.filter(([name]) => !name.startsWith(':'));
  return { headers, body: () => unpack(own, headers) };
}

/** Interim answers before it are left out. */
function readHttp1(bytes: Buffer): KeptAnswer {
  let start = 0;
  for (;;) {
    const end = headEnd(bytes, start);
    const lines = bytes.toString('latin1', start, end.head).trim().split(/\r?\n/);
    if (/^HTTP\/1\.\d 1\d\d/.test(lines[0] ?? '') && end.next < bytes.length) {
      start = end.next;
      continue;
    }
    const headers = lines.slice(1).map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, Math.max(0, colon)).toLowerCase(), line.slice(colon + 1).trim()] as const;
    });
    const body = bytes.subarray(end.next);
    const isChunked = headerOf(headers, 'transfer-encoding').includes('chunked');
    return { headers, body: () => unpack(isChunked ? withoutChunks(body) : body, headers) };
  }
}

/** Lines may end with a bare LF; the parser takes those too. */
function headEnd(bytes: Buffer, start: number): { readonly head: number; readonly next: number } {
  const [usual, bare] = [bytes.indexOf('\r\n\r\n', start), bytes.indexOf('\n\n', start)];
  if (usual >= 0 && (bare < 0 || usual < bare)) return { head: usual, next: usual + 4 };
  if (bare >= 0) return { head: bare, next: bare + 2 };
  return { head: bytes.length, next: bytes.length };
}

const DECODERS: Readonly<Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Buffer>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/** In small letters; empty when there is none. */
const headerOf = (headers: readonly Header[], wanted: string): string =>
  (headers.find(([name]) => name === wanted)?.[1] ?? '').toLowerCase();

function unpack(body: Buffer, headers: readonly Header[]): string {
  const decoder = DECODERS[headerOf(headers, 'content-encoding')];
  if (decoder === undefined) return body.toString('utf8');
  try {
    return decoder(body, { maxOutputLength: 4 * MOST_KEPT }).toString('utf8');
  } catch {
    // Cut at the first mebibyte, or larger than we are ready to unpack.
    return '';
  }
}

function withoutChunks(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const line = bytes.indexOf('\n', at);
    const size = Number.parseInt(bytes.toString('latin1', at, line < 0 ? at : line), 16);
    if (!(size > 0)) break;
    parts.push(bytes.subarray(line + 1, line + 1 + size));
    at = bytes.indexOf('\n', line + 1 + size) + 1;
    if (at === 0) break;
  }
  return Buffer.concat(parts);
}
