import { performance } from 'node:perf_hooks';
import type { FaultKind } from '../fault.ts';
import { ResponseParser } from './response-parser.ts';
import type { Session, SessionOwner } from './session.ts';
import type { Wire } from './wire.ts';

const CLOSED = 0;
const CONNECTING = 1;
const IDLE = 2;
const WAITING = 3;

const SAMPLE_BYTES = 60;

/**
 * One connection slot and the one request on it. It stays when its connection goes: `connect` opens the
 * next. Nothing here allocates per request.
 */
export class Http1Session implements Session {
  retryAt = 0;
  refusals = 0;

  readonly #owner: SessionOwner;
  readonly #parser: ResponseParser;
  #wire: Wire | undefined;
  #state = CLOSED;
  #since = 0;
  #startedAt = 0;

  constructor(owner: SessionOwner, headRequest: boolean) {
    this.#owner = owner;
    this.#parser = new ResponseParser(headRequest);
  }

  get isClosed(): boolean {
    return this.#state === CLOSED;
  }

  get isIdle(): boolean {
    return this.#state === IDLE;
  }

  get waiting(): number {
    return this.#state === WAITING ? 1 : 0;
  }

  connect(): void {
    this.#state = CONNECTING;
    this.#since = performance.now();
    this.#wire = this.#owner.dial(this);
  }

  issue(request: Uint8Array, startedAt: number, now: number): void {
    this.#state = WAITING;
    this.#since = now;
    this.#startedAt = startedAt;
    this.#wire?.send(request);
  }

  expire(now: number, timeout: number): void {
    if (now - this.#since < timeout) return;
    if (this.#state === CONNECTING) this.#fail('connect-timeout', `no connection within ${timeout} ms`);
    else if (this.#state === WAITING && this.#parser.begun) {
      this.#fail('body-timeout', `the answer was not whole within ${timeout} ms`);
    } else if (this.#state === WAITING) {
      this.#fail('first-byte-timeout', `no byte of the answer within ${timeout} ms`);
    }
  }

  close(): void {
    this.#wire?.close();
    this.#wire = undefined;
    this.#state = CLOSED;
    this.#parser.reset();
  }

  opened(): void {
    const now = performance.now();
    this.#owner.connected((now - this.#since) * 1000);
    this.refusals = 0;
    this.#state = IDLE;
    this.#owner.ready(this, now);
  }

  received(chunk: Uint8Array, length: number): void {
    this.#owner.received(length);
    if (this.#state !== WAITING) {
      // Bytes that nothing asked for: what comes next on this connection can't be trusted.
      this.#vacate();
      return;
    }
    const inOnePiece = !this.#parser.begun;
    const end = this.#parser.feed(chunk, 0, length);
    if (end > length) return;
    if (end < 0) this.#fail(this.#parser.error, sampleOf(chunk, length));
    else if (end < length) this.#fail('wrong-length', `${length - end} bytes behind the end of the answer`);
    else {
      if (inOnePiece && this.#owner.onHead !== undefined) this.#tellHead(chunk, length);
      this.#complete();
    }
  }

  ended(): void {
    if (this.#state === CONNECTING) this.#fail('closed-early', 'closed while connecting');
    else if (this.#state !== WAITING) this.#vacate();
    else if (this.#parser.endsHere()) this.#complete();
    else if (this.#parser.isShort())
      this.#fail('wrong-length', 'closed before the announced length was sent');
    else this.#fail('closed-early', 'closed before the answer was whole');
  }

  failed(kind: FaultKind, sample: string): void {
    if (this.#state === CONNECTING || this.#state === WAITING) this.#fail(kind, sample);
    else this.#vacate();
  }

  #tellHead(chunk: Uint8Array, length: number): void {
    const text = Buffer.from(chunk.buffer, chunk.byteOffset, length).toString('latin1');
    const head = text.slice(0, text.indexOf('\r\n\r\n'));
    this.#owner.onHead?.(this.#parser.status, head, performance.now());
  }

  #vacate(): void {
    this.close();
    this.#owner.vacated(this);
  }

  #complete(): void {
    const now = performance.now();
    this.#owner.answered(this.#parser.status, this.#startedAt, now);
    if (this.#parser.closes) {
      this.#vacate();
    } else {
      this.#state = IDLE;
      this.#owner.ready(this, now);
    }
  }

  #fail(kind: FaultKind, sample: string): void {
    const refused = this.#state === CONNECTING;
    this.close();
    if (refused) {
      this.refusals += 1;
      this.#owner.refused(this, kind, sample);
    } else {
      this.#owner.failed(kind, sample);
      this.#owner.vacated(this);
    }
  }
}

/** The start of what was received, printable. */
function sampleOf(chunk: Uint8Array, length: number): string {
  const start = Buffer.from(chunk.subarray(0, Math.min(length, SAMPLE_BYTES))).toString('latin1');
  return JSON.stringify(start);
}
