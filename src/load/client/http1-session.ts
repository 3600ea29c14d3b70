import { performance } from 'node:perf_hooks';
import type { FaultKind } from '../fault.ts';
import type { AnswerKeeper } from './answer-keeper.ts';
import { RequestQueue } from './request-queue.ts';
import { ResponseParser } from './response-parser.ts';
import type { Session, SessionOwner } from './session.ts';
import { findAnswer, startsAnswer } from './surplus.ts';
import { isHead, isKept } from './tag.ts';
import type { Wire } from './wire.ts';

const CLOSED = 0;
const CONNECTING = 1;
const OPEN = 2;

const SAMPLE_BYTES = 60;
/** Milliseconds in which the answer that was asked for may follow bytes that nobody asked for. */
const SURPLUS_GRACE = 100;
const NEVER = Number.POSITIVE_INFINITY;

/** How requests are sent over HTTP/1.1. */
export interface Http1Options {
  /** Requests that are sent on a connection without waiting for an answer; 1: no pipelining. */
  readonly depth: number;
  /** Keeps the answers whole whose requests are tagged so. */
  readonly keeper?: AnswerKeeper;
}

/**
 * One connection slot and the requests on it. It stays when its connection goes: `connect` opens the
 * next. Nothing here allocates per request, unless answers are kept or requests pipelined.
 */
export class Http1Session implements Session {
  retryAt = 0;
  refusals = 0;

  readonly #owner: SessionOwner;
  readonly #parser: ResponseParser;
  readonly #queue: RequestQueue;
  readonly #keeper: AnswerKeeper | undefined;
  #wire: Wire | undefined;
  #state = CLOSED;
  #since = 0;
  /** Tells this connection from the one before: what an answer leads to may be a new connection. */
  #generation = 0;
  /** Requests to be written together when the chunk that freed their places is read. */
  readonly #toWrite: Uint8Array[] = [];
  #reading = false;
  /** The latest answer on this connection: it is the one that was too long if more comes. -1: none. */
  #lastStatus = -1;
  #lastStartedAt = 0;
  #lastAt = 0;
  #lastTag = 0;
  /** Of the answer that is being read. */
  #answerBytes = 0;
  /** When bytes came that start no answer; and what they were. */
  #strangeSince = NEVER;
  #strange = '';
  /** The server sent too much: nothing further is asked of it on this connection. */
  #untrusted = false;

  constructor(owner: SessionOwner, { depth, keeper }: Http1Options) {
    this.#owner = owner;
    this.#parser = new ResponseParser(false);
    this.#queue = new RequestQueue(depth);
    this.#keeper = keeper;
  }

  get isClosed(): boolean {
    return this.#state === CLOSED;
  }

  get isIdle(): boolean {
    return this.#state === OPEN && !this.#untrusted && !this.#queue.isFull;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  connect(): void {
    this.#state = CONNECTING;
    this.#generation += 1;
    this.#since = performance.now();
    this.#wire = this.#owner.dial(this);
  }

  issue(request: Uint8Array, startedAt: number, now: number, tag: number): void {
    this.#queue.push(startedAt, now, tag);
    if (this.#reading && this.#queue.depth > 1) this.#toWrite.push(request);
    else this.#wire?.send(request);
  }

  expire(now: number, timeout: number): void {
    if (this.#state === CONNECTING && now - this.#since >= timeout) {
      this.#refuse('connect-timeout', `no connection within ${timeout} ms`);
    } else if (now - this.#strangeSince >= Math.min(SURPLUS_GRACE, timeout)) {
      this.#fail('malformed', this.#strange);
    } else if (this.#queue.size > 0 && now - this.#queue.oldestSince >= timeout) {
      if (this.#parser.begun) this.#fail('body-timeout', `the answer was not whole within ${timeout} ms`);
      else this.#fail('first-byte-timeout', `no byte of the answer within ${timeout} ms`);
    }
  }

  close(): void {
    this.#wire?.close();
    this.#wire = undefined;
    this.#state = CLOSED;
    this.#parser.reset();
    this.#keeper?.reset();
    this.#queue.clear();
    this.#toWrite.length = 0;
    this.#lastStatus = -1;
    this.#answerBytes = 0;
    this.#strangeSince = NEVER;
    this.#untrusted = false;
  }

  opened(): void {
    const now = performance.now();
    this.#owner.connected((now - this.#since) * 1000);
    this.refusals = 0;
    this.#state = OPEN;
    const generation = this.#generation;
    this.#reading = true;
    for (let place = 0; place < this.#queue.depth && this.#isOn(generation); place += 1)
      this.#owner.ready(this, now);
    this.#reading = false;
    this.#flush();
  }

  received(chunk: Uint8Array, length: number): void {
    this.#owner.received(length);
    const generation = this.#generation;
    this.#reading = true;
    this.#read(chunk, length);
    this.#reading = false;
    if (this.#toWrite.length > 0 && this.#isOn(generation)) this.#flush();
  }

  ended(): void {
    if (this.#state === CONNECTING) this.#refuse('closed-early', 'closed while connecting');
    else if (this.#strangeSince !== NEVER) this.#fail('malformed', this.#strange);
    else if (this.#queue.size === 0) this.#vacate();
    else if (this.#parser.endsHere()) this.#complete(true);
    else if (this.#parser.isShort())
      this.#fail('wrong-length', 'closed before the announced length was sent');
    else this.#fail('closed-early', 'closed before the answer was whole');
  }

  failed(kind: FaultKind, sample: string): void {
    if (this.#state === CONNECTING) this.#refuse(kind, sample);
    else if (this.#strangeSince !== NEVER) this.#fail('malformed', this.#strange);
    else if (this.#queue.size > 0) this.#fail(kind, sample);
    else this.#vacate();
  }

  #isOn(generation: number): boolean {
    return this.#state === OPEN && this.#generation === generation;
  }

  /** Reads the answers of a chunk: no more than were waited for when it came. */
  #read(chunk: Uint8Array, length: number): void {
    const generation = this.#generation;
    let left = this.#queue.size;
    if (left === 0) this.#unasked(chunk, length);
    let at = 0;
    while (at < length && left > 0 && this.#isOn(generation)) {
      // With several on the wire, what follows may be the answer to the next: nothing can be told from it.
      if (!this.#parser.begun && this.#lastStatus >= 0 && this.#queue.size === 1)
        at = this.#startOf(chunk, at, length);
      if (at === length) return;
      const inOnePiece = !this.#parser.begun;
      const tag = this.#queue.oldestTag;
      if (inOnePiece) this.#parser.headRequest = isHead(tag);
      const end = this.#parser.feed(chunk, at, length);
      const until = Math.min(Math.max(end, at), length);
      this.#answerBytes += until - at;
      if (isKept(tag)) this.#keeper?.add(chunk, at, until);
      if (end > length) return;
      left -= 1;
      if (end < 0) this.#fail(this.#parser.error, sampleOf(chunk, at, length));
      else if (left === 0 && end < length)
        this.#fail('wrong-length', `${length - end} bytes behind the end of the answer`);
      else {
        if (inOnePiece && this.#owner.onHead !== undefined) this.#tellHead(chunk, at, length);
        this.#complete(false);
      }
      at = end;
    }
  }

  /** Bytes that nothing asked for: what comes next on this connection can't be trusted. */
  #unasked(chunk: Uint8Array, length: number): void {
    if (!startsAnswer(chunk, 0, length)) this.#retract(sampleOf(chunk, 0, length));
    this.#vacate();
  }

  /**
   * Where the answer begins that is waited for; `length` when it is not in this chunk. What precedes it
   * belongs to the answer before, which was longer than it said.
   */
  #startOf(chunk: Uint8Array, at: number, length: number): number {
    if (this.#strangeSince === NEVER) {
      if (startsAnswer(chunk, at, length)) return at;
      this.#strangeSince = performance.now();
      this.#strange = sampleOf(chunk, at, length);
    }
    const start = findAnswer(chunk, at, length);
    if (start < 0) return length;
    this.#strangeSince = NEVER;
    this.#untrusted = true;
    this.#retract(this.#strange);
    return start;
  }

  /** The latest answer was no good after all. */
  #retract(sample: string): void {
    if (this.#lastStatus < 0) return;
    this.#owner.retracted(
      this.#lastStatus,
      this.#lastStartedAt,
      this.#lastAt,
      `behind the answer: ${sample}`,
      this.#lastTag,
    );
    this.#lastStatus = -1;
  }

  #tellHead(chunk: Uint8Array, at: number, length: number): void {
    const text = Buffer.from(chunk.buffer, chunk.byteOffset + at, length - at).toString('latin1');
    const head = text.slice(0, text.indexOf('\r\n\r\n'));
    this.#owner.onHead?.(this.#parser.status, head, performance.now());
  }

  #flush(): void {
    const [first, ...more] = this.#toWrite.splice(0);
    if (first !== undefined) this.#wire?.send(more.length === 0 ? first : Buffer.concat([first, ...more]));
  }

  #vacate(): void {
    this.close();
    this.#owner.vacated(this);
  }

  #complete(connectionEnded: boolean): void {
    const now = performance.now();
    const { status, closes } = this.#parser;
    const tag = this.#queue.oldestTag;
    const startedAt = this.#queue.shift();
    if (isKept(tag) && this.#keeper !== undefined) this.#owner.kept(tag, status, this.#keeper.take());
    const bytes = this.#answerBytes;
    this.#answerBytes = 0;
    this.#owner.answered(status, startedAt, now, tag, bytes);
    this.#lastStatus = status;
    this.#lastStartedAt = startedAt;
    this.#lastAt = now;
    this.#lastTag = tag;
    if (this.#queue.size === 0 && (closes || connectionEnded || this.#untrusted)) this.#vacate();
    else if (closes || connectionEnded)
      this.#fail('closed-early', 'the answer before said that it is the last');
    else if (!this.#untrusted) this.#owner.ready(this, now);
  }

  #refuse(kind: FaultKind, sample: string): void {
    this.close();
    this.refusals += 1;
    this.#owner.refused(this, kind, sample);
  }

  /** The oldest request has failed, and took those behind it along. */
  #fail(kind: FaultKind, sample: string): void {
    const tags = this.#queue.tags();
    this.close();
    tags.forEach((tag, at) => {
      this.#owner.failed(at === 0 ? kind : 'behind-fault', sample, tag);
    });
    this.#owner.vacated(this);
  }
}

/** The start of what was received, printable. */
function sampleOf(chunk: Uint8Array, at: number, length: number): string {
  const start = Buffer.from(chunk.subarray(at, Math.min(length, at + SAMPLE_BYTES))).toString('latin1');
  return JSON.stringify(start);
}
