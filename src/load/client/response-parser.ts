// Reads HTTP/1.1 answers (RFC 9112) byte by byte from whatever pieces arrive, and allocates nothing:
// one comparison per byte is cheaper than one call into native code per line.
import { HeaderMatcher } from './header-matcher.ts';

/** Why the bytes are not an answer. */
export type ParseError = 'malformed' | 'wrong-length';

const STATUS_LINE_START = 'HTTP/1.';
const LARGEST_HEAD = 256 * 1024;

const CR = 13;
const LF = 10;
const SPACE = 32;
const TAB = 9;
const COLON = 58;
const SEMICOLON = 59;

// States. Plain numbers: V8 keeps them in registers.
const START = 0;
const MINOR = 1;
const STATUS = 2;
const REASON = 3;
const LINE_START = 4;
const NAME = 5;
const VALUE = 6;
const HEAD_END = 7;
const BODY = 8;
const BODY_TO_CLOSE = 9;
const CHUNK_SIZE = 10;
const CHUNK_EXTENSION = 11;
const CHUNK_DATA = 12;
const CHUNK_END = 13;
const TRAILER_START = 14;
const TRAILER = 15;
const TRAILER_END = 16;

export class ResponseParser {
  /** The status of the answer; valid once its head was read. */
  status = 0;
  /** The connection serves no further request after this answer. */
  closes = false;
  /** Set when `feed` returned -1. */
  error: ParseError = 'malformed';
  /** Set as soon as one byte of an answer was read. */
  begun = false;

  /** The answers to come are to HEAD requests and have no body. */
  headRequest: boolean;

  readonly #headers = new HeaderMatcher();
  #state = START;
  #matched = 0;
  #minor = 1;
  #headBytes = 0;
  #left = 0;
  #sizeDigits = 0;

  constructor(headRequest: boolean) {
    this.headRequest = headRequest;
  }

  /**
   * Reads from `at` up to `end`. Returns where the answer ended; or `end + 1` when more bytes are
   * needed; or -1 when this is no answer (see `error`).
   */
  feed(bytes: Uint8Array, at: number, end: number): number {
    let position = at;
    if (position < end) this.begun = true;
    while (position < end) {
      if (this.#state === BODY || this.#state === CHUNK_DATA) {
        const taken = Math.min(this.#left, end - position);
        this.#left -= taken;
        position += taken;
        if (this.#left > 0) break;
        if (this.#state === BODY) return this.#finish(position);
        this.#state = CHUNK_END;
        continue;
      }
      if (this.#state === BODY_TO_CLOSE) return end + 1;
      const byte = bytes[position] as number;
      position += 1;
      const step = this.#state <= HEAD_END ? this.#headByte(byte) : this.#bodyByte(byte);
      if (step === MORE) continue;
      if (step === DONE) return this.#finish(position);
      return -1;
    }
    return end + 1;
  }

  /** The connection ended: true when that is how this answer ends. */
  endsHere(): boolean {
    return this.#state === BODY_TO_CLOSE;
  }

  /** True when the connection ended inside a body whose length was announced. */
  isShort(): boolean {
    return this.#state === BODY;
  }

  /** Ready for the next answer on the same connection. */
  reset(): void {
    this.begun = false;
    this.#state = START;
    this.#matched = 0;
    this.#headBytes = 0;
  }

  #finish(position: number): number {
    const closes = this.closes;
    this.reset();
    this.closes = closes;
    return position;
  }

  #headByte(byte: number): Step {
    this.#headBytes += 1;
    if (this.#headBytes > LARGEST_HEAD) return BAD;
    switch (this.#state) {
      case START:
        return this.#startByte(byte);
      case MINOR:
        return this.#minorByte(byte);
      case STATUS:
        return this.#statusByte(byte);
      case REASON:
        if (byte === LF) this.#state = LINE_START;
        return MORE;
      case LINE_START:
        return this.#lineStartByte(byte);
      case NAME:
        return this.#nameByte(byte);
      case VALUE:
        return this.#valueByte(byte);
      default:
        return byte === LF ? this.#headDone() : BAD;
    }
  }

  #startByte(byte: number): Step {
    // Some servers put an empty line behind a body (RFC 9112, 2.2).
    if (this.#matched === 0 && (byte === CR || byte === LF)) return MORE;
    if (byte !== STATUS_LINE_START.charCodeAt(this.#matched)) return BAD;
    this.#matched += 1;
    if (this.#matched === STATUS_LINE_START.length) this.#state = MINOR;
    return MORE;
  }

  #minorByte(byte: number): Step {
    if (byte === 48 || byte === 49) {
      this.#minor = byte - 48;
      return MORE;
    }
    if (byte !== SPACE) return BAD;
    this.status = 0;
    this.#sizeDigits = 0;
    this.#state = STATUS;
    return MORE;
  }

  #statusByte(byte: number): Step {
    if (byte >= 48 && byte <= 57 && this.#sizeDigits < 3) {
      this.status = this.status * 10 + byte - 48;
      this.#sizeDigits += 1;
      return MORE;
    }
    if (this.#sizeDigits !== 3 || this.status < 100) return BAD;
    if (byte !== SPACE && byte !== CR && byte !== LF) return BAD;
    this.#headers.reset();
    this.#state = byte === LF ? LINE_START : REASON;
    return MORE;
  }

  #lineStartByte(byte: number): Step {
    if (byte === CR) {
      this.#state = HEAD_END;
      return MORE;
    }
    if (byte === LF) return this.#headDone();
    if (!isNameByte(byte)) return BAD;
    this.#headers.startName(byte);
    this.#state = NAME;
    return MORE;
  }

  #nameByte(byte: number): Step {
    if (byte === COLON) {
      this.#headers.endName();
      this.#state = VALUE;
      return MORE;
    }
    if (!isNameByte(byte)) return BAD;
    this.#headers.nameByte(byte);
    return MORE;
  }

  #valueByte(byte: number): Step {
    if (byte === LF) {
      this.#state = LINE_START;
      return this.#headers.endValue() ? MORE : BAD;
    }
    if (byte !== CR) this.#headers.valueByte(byte);
    return MORE;
  }

  #headDone(): Step {
    const { status } = this;
    if (status < 200) {
      // An interim answer: the real one follows. We never ask for another protocol, so 101 is wrong.
      if (status === 101) return BAD;
      this.#state = START;
      this.#matched = 0;
      return MORE;
    }
    const { contentLength, chunked, otherCoding, close, keepAlive } = this.#headers;
    this.closes = close || (this.#minor === 0 && !keepAlive);
    if (this.headRequest || status === 204 || status === 304) return DONE;
    if (otherCoding && !chunked) return this.#untilClose();
    if (chunked) return this.#startChunk();
    if (contentLength < 0) return this.#untilClose();
    this.#left = contentLength;
    this.#state = BODY;
    return contentLength === 0 ? DONE : MORE;
  }

  #untilClose(): Step {
    this.closes = true;
    this.#state = BODY_TO_CLOSE;
    return MORE;
  }

  #startChunk(): Step {
    this.#left = 0;
    this.#sizeDigits = 0;
    this.#state = CHUNK_SIZE;
    return MORE;
  }

  #bodyByte(byte: number): Step {
    switch (this.#state) {
      case CHUNK_SIZE:
        return this.#chunkSizeByte(byte);
      case CHUNK_EXTENSION:
        return byte === LF ? this.#chunkHeadDone() : MORE;
      case CHUNK_END:
        if (byte === CR) return MORE;
        return byte === LF ? this.#startChunk() : BAD;
      case TRAILER_START:
        if (byte === LF) return DONE;
        this.#state = byte === CR ? TRAILER_END : TRAILER;
        return MORE;
      case TRAILER:
        if (byte === LF) this.#state = TRAILER_START;
        return MORE;
      default:
        return byte === LF ? DONE : BAD;
    }
  }

  #chunkSizeByte(byte: number): Step {
    const digit = hexDigit(byte);
    if (digit >= 0) {
      this.#left = this.#left * 16 + digit;
      this.#sizeDigits += 1;
      return this.#sizeDigits > 12 ? BAD : MORE;
    }
    if (this.#sizeDigits === 0) return BAD;
    if (byte === LF) return this.#chunkHeadDone();
    if (byte !== CR && byte !== SEMICOLON && byte !== SPACE && byte !== TAB) return BAD;
    this.#state = CHUNK_EXTENSION;
    return MORE;
  }

  #chunkHeadDone(): Step {
    this.#state = this.#left === 0 ? TRAILER_START : CHUNK_DATA;
    return MORE;
  }
}

type Step = 0 | 1 | 2;
const MORE = 0;
const DONE = 1;
const BAD = 2;

function isNameByte(byte: number): boolean {
  return byte > SPACE && byte < 127 && byte !== COLON;
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
