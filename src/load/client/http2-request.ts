// A request as HTTP/2 frames (RFC 9113) with a header block that uses no table (RFC 7541): the same bytes
// each time but for the stream's number.
import { completeHeaders, type Header, type RequestSpec } from '../request.ts';
import type { Target } from '../target.ts';

export const FRAME_HEAD = 9;
export const LARGEST_FRAME = 16_384;

export const DATA = 0;
export const HEADERS = 1;
export const RST_STREAM = 3;
export const SETTINGS = 4;
export const PUSH_PROMISE = 5;
export const PING = 6;
export const GOAWAY = 7;
export const WINDOW_UPDATE = 8;
export const CONTINUATION = 9;

export const END_STREAM = 1;
export const ACK = 1;
export const END_HEADERS = 4;
export const PADDED = 8;
export const PRIORITY = 32;

const HEADER_TABLE_SIZE = 1;
const ENABLE_PUSH = 2;
const INITIAL_WINDOW_SIZE = 4;
const LARGEST_WINDOW = 2 ** 31 - 1;
const USUAL_WINDOW = 65_535;

/** Frames as numbers and payload. */
export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Uint8Array = new Uint8Array(0),
): Buffer {
  const head = Buffer.alloc(FRAME_HEAD);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Grants the other end `bytes` more on a stream, or on the connection (0). */
export function windowUpdate(stream: number, bytes: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(bytes);
  return frame(WINDOW_UPDATE, 0, stream, payload);
}

/**
 * What a client says first: no pushes, windows as large as they get, and no header table, so that what
 * the server sends can be read without remembering anything.
 */
export function clientPreface(): Buffer {
  const settings = Buffer.alloc(18);
  const values = [HEADER_TABLE_SIZE, 0, ENABLE_PUSH, 0, INITIAL_WINDOW_SIZE, LARGEST_WINDOW];
  for (let at = 0; at < 3; at += 1) {
    settings.writeUInt16BE(values[2 * at] ?? 0, 6 * at);
    settings.writeUInt32BE(values[2 * at + 1] ?? 0, 6 * at + 2);
  }
  return Buffer.concat([
    Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    frame(SETTINGS, 0, 0, settings),
    windowUpdate(0, LARGEST_WINDOW - USUAL_WINDOW),
  ]);
}

/** Headers that belong to one connection only have no place in HTTP/2 (RFC 9113, 8.2.2). */
const LEFT_OUT: readonly string[] = [
  'host',
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
];

/** The frames of a request on stream 0; the session writes the stream's number into each. */
export function encodeHttp2Request(
  spec: RequestSpec,
  target: Pick<Target, 'authority' | 'path' | 'tls'>,
): Uint8Array {
  const headers = completeHeaders(spec, target.authority);
  const authority = headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? target.authority;
  const pseudo: Header[] = [
    [':method', spec.method],
    [':scheme', target.tls ? 'https' : 'http'],
    [':path', target.path],
    [':authority', authority],
  ];
  const own = headers
    .map(([name, value]): Header => [name.toLowerCase(), value])
    .filter(([name]) => !LEFT_OUT.includes(name));
  const block = Buffer.concat([...pseudo, ...own].map(([name, value]) => encodeField(name, value)));
  const { body } = spec;
  const parts = split(block).map((part, at, all) => {
    const flags = at === all.length - 1 ? END_HEADERS : 0;
    return frame(
      at === 0 ? HEADERS : CONTINUATION,
      flags | (at === 0 && body === undefined ? END_STREAM : 0),
      0,
      part,
    );
  });
  const data = body === undefined ? [] : split(body);
  return Buffer.concat([
    ...parts,
    ...data.map((part, at) => frame(DATA, at === data.length - 1 ? END_STREAM : 0, 0, part)),
  ]);
}

function split(bytes: Uint8Array): Uint8Array[] {
  const count = Math.max(1, Math.ceil(bytes.length / LARGEST_FRAME));
  return Array.from({ length: count }, (_, at) =>
    bytes.subarray(at * LARGEST_FRAME, (at + 1) * LARGEST_FRAME),
  );
}

/** A literal field without indexing, its name in full (RFC 7541, 6.2.2). */
function encodeField(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([0]), encodeString(name), encodeString(value)]);
}

function encodeString(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([encodeLength(bytes.length), bytes]);
}

/** An integer with a prefix of seven bits (RFC 7541, 5.1). */
function encodeLength(length: number): Buffer {
  if (length < 127) return Buffer.from([length]);
  const bytes = [127];
  let rest = length - 127;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

/**
 * The bytes that padding takes of a PADDED frame whose payload is from `start` to `end`, its length among them; -1 when it would
 * take more than there is (RFC 9113, 6.1).
 */
export function paddingOf(bytes: Uint8Array, start: number, end: number): number {
  const padding = start < end ? (bytes[start] as number) + 1 : 1;
  return padding > end - start ? -1 : padding;
}

/** Whether one of the frames that begin in `bytes` is a GOAWAY. */
export function holdsGoaway(bytes: Uint8Array): boolean {
  for (let at = 0; at + FRAME_HEAD <= bytes.length; ) {
    if (bytes[at + 3] === GOAWAY) return true;
    const length =
      ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
    at += FRAME_HEAD + length;
  }
  return false;
}

/** Writes a stream's number into each frame from `start` to `end`. */
export function numberFrames(bytes: Buffer, start: number, end: number, stream: number): void {
  for (let at = start; at < end; at += FRAME_HEAD + bytes.readUIntBE(at, 3))
    bytes.writeUInt32BE(stream, at + 5);
}
