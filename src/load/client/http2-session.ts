import { performance } from 'node:perf_hooks';
import type { FaultKind } from '../fault.ts';
import type { RawAnswer } from './answer-keeper.ts';
import { ContinuedBlock } from './continued-block.ts';
import { HeaderBlock } from './header-block.ts';
import * as h2 from './http2-request.ts';
import { Http2Upload } from './http2-upload.ts';
import { RequestBatch } from './request-batch.ts';
import type { Session, SessionOwner } from './session.ts';
import type { StreamKeeper } from './stream-keeper.ts';
import { StreamTable } from './stream-table.ts';
import { isKept } from './tag.ts';
import type { Wire } from './wire.ts';

/** How HTTP/2 is used. */
export interface Http2Plan {
  /** Requests at the same time on one connection. */
  readonly streams: number;
  /** Some have a body; flow control counts those. */
  readonly hasBodies: boolean;
}

const CLOSED = 0;
const CONNECTING = 1;
const OPEN = 2;

/** What was granted for a connection's data is granted again after this many bytes. */
const GRANT_AFTER = 2 ** 29;
const LAST_STREAM = 2 ** 31 - 1;
const FIRST_STREAM = 1;
const SETTING_MAX_STREAMS = 3;
const SETTING_WINDOW = 4;
const NOTHING = Buffer.alloc(0);

/** One HTTP/2 connection with several requests on it. What a chunk brings is answered in one write. */
export class Http2Session implements Session {
  retryAt = 0;
  refusals = 0;

  readonly #owner: SessionOwner;
  readonly #plan: Http2Plan;
  readonly #streams: StreamTable;
  readonly #block = new HeaderBlock();
  #wire: Wire | undefined;
  #state = CLOSED;
  #since = 0;
  #nextId = FIRST_STREAM;
  #limit = 0;
  #draining = false;
  readonly #toWrite = new RequestBatch();
  #reading = false;
  #granted = 0;
  /** For requests with a body; others are written as they are. */
  readonly #upload: Http2Upload | undefined;
  /** For answers whose requests are tagged so, or whose heads somebody watches. */
  readonly #keeper: StreamKeeper | undefined;
  /** Tells this connection from the one before: what a frame leads to may be a new connection. */
  #generation = 0;
  /** The start of a frame that has not arrived whole. */
  #rest: Buffer = NOTHING;
  /** A header block that goes on in CONTINUATION frames. */
  #unfinished: ContinuedBlock | undefined;

  constructor(owner: SessionOwner, plan: Http2Plan, keeper?: StreamKeeper) {
    this.#owner = owner;
    this.#plan = plan;
    this.#streams = new StreamTable(plan.streams);
    this.#upload = plan.hasBodies ? new Http2Upload() : undefined;
    this.#keeper = keeper;
  }

  get isClosed(): boolean {
    return this.#state === CLOSED;
  }

  get isIdle(): boolean {
    return this.#state === OPEN && !this.#draining && this.#streams.size < this.#limit;
  }

  get waiting(): number {
    return this.#streams.size;
  }

  connect(): void {
    this.#state = CONNECTING;
    this.#generation += 1;
    this.#since = performance.now();
    this.#wire = this.#owner.dial(this);
  }

  issue(request: Uint8Array, startedAt: number, now: number, tag: number): void {
    this.#toWrite.add(this.#nextId, request);
    this.#streams.open(this.#nextId, startedAt, now, tag);
    if (this.#keeper !== undefined && (isKept(tag) || this.#owner.onHead !== undefined))
      this.#keeper.open(this.#nextId);
    this.#nextId += 2;
    if (this.#nextId >= LAST_STREAM) this.#draining = true;
    if (!this.#reading) this.#flush();
  }

  expire(now: number, timeout: number): void {
    if (this.#state === CONNECTING && now - this.#since >= timeout) {
      this.#refuse('connect-timeout', `no connection within ${timeout} ms`);
      return;
    }
    for (const { stream, begun } of this.#streams.expired(now - timeout)) {
      this.#wire?.send(h2.frame(h2.RST_STREAM, 0, stream, CANCEL));
      const kind = begun ? 'body-timeout' : 'first-byte-timeout';
      this.#settleFault(stream, kind, `nothing whole within ${timeout} ms`, now);
    }
    this.#leaveWhenDrained();
  }

  close(): void {
    this.#wire?.close();
    this.#wire = undefined;
    this.#state = CLOSED;
    this.#streams.clear();
    this.#toWrite.clear();
    this.#rest = NOTHING;
    this.#unfinished = undefined;
    this.#draining = false;
    this.#nextId = FIRST_STREAM;
    this.#granted = 0;
    this.#upload?.reset();
    this.#keeper?.reset();
  }

  opened(): void {
    this.#wire?.send(h2.clientPreface());
  }

  received(chunk: Uint8Array, length: number): void {
    this.#owner.received(length);
    const piece = Buffer.from(chunk.buffer, chunk.byteOffset, length);
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    const generation = this.#generation;
    this.#reading = true;
    // What answers in front of a GOAWAY make room for would never be written.
    if (h2.holdsGoaway(bytes)) this.#draining = true;
    const read = this.#readFrames(bytes);
    this.#reading = false;
    if (this.#isOver(generation)) return;
    // The chunk's memory is used again: what is left of it is copied.
    this.#rest = read === bytes.length ? NOTHING : Buffer.from(bytes.subarray(read));
    this.#flush();
    this.#leaveWhenDrained();
  }

  ended(): void {
    this.failed('closed-early', 'closed before the answer was whole');
  }

  failed(kind: FaultKind, sample: string): void {
    if (this.#state === CONNECTING) this.#refuse(kind, sample);
    else if (this.#state === OPEN) this.#failAll(kind, sample);
  }

  #readFrames(bytes: Buffer): number {
    const generation = this.#generation;
    let at = 0;
    while (bytes.length - at >= h2.FRAME_HEAD) {
      const length =
        ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
      if (length > h2.LARGEST_FRAME) {
        this.failed('malformed', `a frame of ${length} bytes`);
        return at;
      }
      const start = at + h2.FRAME_HEAD;
      const end = start + length;
      if (end > bytes.length) return at;
      const stream = bytes.readUInt32BE(at + 5) & 0x7fffffff;
      this.#readFrame(bytes[at + 3] as number, bytes[at + 4] as number, stream, bytes, start, end);
      if (this.#isOver(generation)) return at;
      at = end;
    }
    return at;
  }

  #isOver(generation: number): boolean {
    return this.#state === CLOSED || this.#generation !== generation;
  }

  /** The payload is `bytes` from `start` to `end`: a view of it would be made for every frame. */
  #readFrame(type: number, flags: number, stream: number, bytes: Buffer, start: number, end: number): void {
    if (this.#unfinished !== undefined && type !== h2.CONTINUATION)
      this.failed('malformed', 'a header block was cut');
    else if (type === h2.DATA) this.#readData(stream, flags, bytes, start, end);
    else if (type === h2.HEADERS) this.#readHeaders(stream, flags, bytes, start, end);
    else this.#readSeldom(type, flags, stream, bytes.subarray(start, end));
  }

  #readSeldom(type: number, flags: number, stream: number, payload: Buffer): void {
    if (type === h2.CONTINUATION) this.#readContinuation(flags, payload);
    else if (type === h2.SETTINGS) this.#readSettings(flags, payload);
    else if (type === h2.RST_STREAM) this.#readReset(stream, payload);
    else if (type === h2.GOAWAY) this.#readGoaway(payload);
    else if (type === h2.WINDOW_UPDATE) this.#readWindowUpdate(stream, payload);
    else if (type === h2.PING && (flags & h2.ACK) === 0)
      this.#wire?.send(h2.frame(h2.PING, h2.ACK, 0, Buffer.from(payload)));
    else if (type === h2.PUSH_PROMISE) this.failed('malformed', 'a push that was forbidden');
  }

  #readData(stream: number, flags: number, bytes: Buffer, start: number, end: number): void {
    this.#granted += end - start;
    if (this.#granted >= GRANT_AFTER) {
      this.#wire?.send(h2.windowUpdate(0, this.#granted));
      this.#granted = 0;
    }
    const padding = (flags & h2.PADDED) === 0 ? 0 : h2.paddingOf(bytes, start, end);
    if (padding < 0) {
      this.failed('malformed', 'a frame with more padding than it is long');
      return;
    }
    this.#streams.addBody(stream, end - start - padding);
    if (this.#keeper !== undefined) {
      const from = start + (padding > 0 ? 1 : 0);
      this.#keeper.addBody(stream, bytes, from, from + end - start - padding);
    }
    if ((flags & h2.END_STREAM) !== 0) this.#complete(stream);
  }

  #readHeaders(stream: number, flags: number, bytes: Buffer, start: number, end: number): void {
    const padding = (flags & h2.PADDED) === 0 ? 0 : h2.paddingOf(bytes, start, end);
    const from = start + (padding > 0 ? 1 : 0) + ((flags & h2.PRIORITY) === 0 ? 0 : 5);
    const to = end - Math.max(0, padding - 1);
    const ends = (flags & h2.END_STREAM) !== 0;
    if (padding < 0 || from > to) this.failed('malformed', 'a frame with more padding than it is long');
    else if ((flags & h2.END_HEADERS) !== 0) this.#readBlock(stream, ends, bytes, from, to);
    else {
      this.#unfinished = new ContinuedBlock(stream, ends);
      this.#unfinished.add(bytes.subarray(from, to));
    }
  }

  #readContinuation(flags: number, payload: Buffer): void {
    const unfinished = this.#unfinished;
    if (unfinished === undefined) this.failed('malformed', 'a continuation of nothing');
    else if (!unfinished.add(payload)) this.failed('malformed', 'a header block without end');
    else if ((flags & h2.END_HEADERS) !== 0) {
      this.#unfinished = undefined;
      const block = unfinished.join();
      this.#readBlock(unfinished.stream, unfinished.ends, block, 0, block.length);
    }
  }

  #readBlock(stream: number, ends: boolean, bytes: Buffer, start: number, end: number): void {
    if (!this.#block.read(bytes, start, end)) {
      this.failed('malformed', 'a header block that cannot be read');
      return;
    }
    const { status, contentLength } = this.#block;
    // An interim answer is not the answer; trailers have no status.
    if (status >= 200) {
      this.#streams.begin(stream, status, contentLength);
      if (this.#keeper !== undefined && !this.#keepHead(this.#keeper, stream, bytes, start, end)) return;
    }
    if (ends) this.#complete(stream);
  }

  /** False when the stream, or all of the connection, cannot be read any further. */
  #keepHead(keeper: StreamKeeper, stream: number, bytes: Buffer, start: number, end: number): boolean {
    const verdict = keeper.addHead(stream, bytes, start, end);
    if (verdict === 'unreadable') this.failed('malformed', 'a header block that cannot be read');
    if (verdict === 'malformed') {
      this.#wire?.send(h2.frame(h2.RST_STREAM, 0, stream, PROTOCOL_ERROR));
      this.#settleFault(stream, 'malformed', 'a header field that must not be', performance.now());
    }
    return verdict === 'fine';
  }

  #readSettings(flags: number, payload: Buffer): void {
    if ((flags & h2.ACK) !== 0) return;
    let most = this.#plan.streams;
    for (let at = 0; at + 6 <= payload.length; at += 6) {
      const [setting, value] = [payload.readUInt16BE(at), payload.readUInt32BE(at + 2)];
      if (setting === SETTING_MAX_STREAMS) most = Math.min(most, value);
      if (setting === SETTING_WINDOW) this.#upload?.setStreamWindow(value);
    }
    this.#wire?.send(h2.frame(h2.SETTINGS, h2.ACK, 0));
    if (this.#state === CONNECTING) this.#open(most);
  }

  /** The connection stands when the server has said what it allows. */
  #open(most: number): void {
    const now = performance.now();
    this.#owner.connected((now - this.#since) * 1000);
    this.refusals = 0;
    this.#state = OPEN;
    this.#limit = Math.max(1, most);
    for (let count = 0; count < this.#limit && this.isIdle; count += 1) this.#owner.ready(this, now);
  }

  #readWindowUpdate(stream: number, payload: Buffer): void {
    if (payload.length >= 4) this.#upload?.grant(stream, payload.readUInt32BE(0) & 0x7fffffff);
  }

  #readReset(stream: number, payload: Buffer): void {
    const code = payload.length >= 4 ? payload.readUInt32BE(0) : 0;
    this.#settleFault(stream, 'reset', `the stream was reset (code ${code})`, performance.now());
  }

  /** What the server has not begun it will not answer; the rest may end, and then comes a new connection. */
  #readGoaway(payload: Buffer): void {
    const last = payload.length >= 4 ? payload.readUInt32BE(0) & 0x7fffffff : 0;
    this.#draining = true;
    const now = performance.now();
    for (const stream of this.#streams.above(last)) this.#settleFault(stream, 'closed-early', 'GOAWAY', now);
  }

  #complete(stream: number): void {
    const answer = this.#streams.close(stream);
    if (answer === undefined) return;
    const { status, startedAt, tag, body } = answer;
    const now = performance.now();
    const kept = this.#keeper?.take(stream);
    // An answer before the request was sent whole: the rest of it would only be thrown away.
    if (this.#upload?.drop(stream)) this.#wire?.send(h2.frame(h2.RST_STREAM, 0, stream, CANCEL));
    if (status === 0) this.#owner.failed('malformed', 'an answer without a status', tag);
    else if (this.#streams.isWhole(answer)) {
      if (kept !== undefined) this.#handOver(kept, status, tag, now);
      this.#owner.answered(status, startedAt, now, tag, body);
    } else this.#owner.failed('wrong-length', 'the body has not the announced length', tag);
    if (this.isIdle) this.#owner.ready(this, now);
  }

  #handOver(kept: RawAnswer, status: number, tag: number, now: number): void {
    const { onHead } = this.#owner;
    onHead?.(status, ['HTTP/2', ...(kept.fields ?? []).map((field) => field.join(': '))].join('\r\n'), now);
    if (isKept(tag)) this.#owner.kept(tag, status, kept);
  }

  #settleFault(stream: number, kind: FaultKind, sample: string, now: number): void {
    const closed = this.#streams.close(stream);
    if (closed === undefined) return;
    const { tag } = closed;
    this.#upload?.drop(stream);
    this.#keeper?.drop(stream);
    this.#owner.failed(kind, sample, tag);
    if (this.isIdle) this.#owner.ready(this, now);
  }

  /** Writes the requests that are due in one piece; of bodies, what the server takes. */
  #flush(): void {
    if (this.#upload !== undefined) {
      this.#toWrite.moveTo(this.#upload);
      const bytes = this.#upload.take();
      if (bytes !== undefined) this.#wire?.send(bytes);
    } else if (!this.#toWrite.isEmpty) this.#wire?.send(this.#toWrite.take());
  }

  #refuse(kind: FaultKind, sample: string): void {
    this.close();
    this.refusals += 1;
    this.#owner.refused(this, kind, sample);
  }

  #failAll(kind: FaultKind, sample: string): void {
    const tags = this.#streams.tags();
    this.close();
    for (const tag of tags) this.#owner.failed(kind, sample, tag);
    this.#owner.vacated(this);
  }

  /** After GOAWAY, or when there are no more numbers for streams. */
  #leaveWhenDrained(): void {
    if (!this.#draining || this.#state !== OPEN || this.#streams.size > 0) return;
    if (this.#nextId === FIRST_STREAM) this.#refuse('closed-early', 'GOAWAY before any request');
    else {
      this.close();
      this.#owner.vacated(this);
    }
  }
}

const PROTOCOL_ERROR = Buffer.from([0, 0, 0, 1]);
const CANCEL = Buffer.from([0, 0, 0, 8]);
