// Keeps answers whole, for those that values are taken from. Costs a copy of each.
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

/** More of an answer is not kept. */
export const MOST_KEPT = 2 ** 20;

/** An answer as it was read. */
export interface KeptAnswer {
  /** Name, in small letters, and value of each header. */
  readonly headers: readonly (readonly [name: string, value: string])[];
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

  /** The answer that was added since the last time. */
  take(): KeptAnswer {
    return readAnswer(this.takeBytes());
  }

  /** Its bytes, as they came. */
  takeBytes(): Buffer {
    const bytes = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return bytes;
  }

  reset(): void {
    this.#length = 0;
  }
}

/** Takes the bytes of a whole answer apart; interim answers before it are left out. */
export function readAnswer(bytes: Buffer): KeptAnswer {
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
    return { headers, body: () => decode(bytes.subarray(end.next), headers) };
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

function decode(bytes: Buffer, headers: KeptAnswer['headers']): string {
  const headerOf = (wanted: string): string =>
    (headers.find(([name]) => name === wanted)?.[1] ?? '').toLowerCase();
  const plain = headerOf('transfer-encoding').includes('chunked') ? withoutChunks(bytes) : bytes;
  const decoder = DECODERS[headerOf('content-encoding')];
  if (decoder === undefined) return plain.toString('utf8');
  try {
    return decoder(plain, { maxOutputLength: 4 * MOST_KEPT }).toString('utf8');
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
