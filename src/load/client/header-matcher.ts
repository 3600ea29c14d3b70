// Recognises the few header fields that decide where an answer ends, without making a string of any
// other: names are compared while they pass by, values are kept only for a recognised name.

const NAMES = ['content-length', 'connection', 'transfer-encoding'] as const;
const CLOSE = Buffer.from('close');
const KEEP_ALIVE = Buffer.from('keep-alive');
const CHUNKED = Buffer.from('chunked');
const NONE = -1;
const LARGEST_VALUE = 256;

export class HeaderMatcher {
  /** -1 when none was announced, or when the answer is chunked. */
  contentLength = -1;
  chunked = false;
  /** A transfer coding other than chunked was named. */
  otherCoding = false;
  close = false;
  keepAlive = false;

  readonly #value = Buffer.alloc(LARGEST_VALUE);
  #valueLength = 0;
  #name = NONE;
  #length = 0;

  reset(): void {
    this.contentLength = -1;
    this.chunked = false;
    this.otherCoding = false;
    this.close = false;
    this.keepAlive = false;
  }

  startName(byte: number): void {
    const lower = byte | 32;
    this.#name = lower === 99 ? 0 : lower === 116 ? 2 : NONE;
    this.#length = 1;
  }

  nameByte(byte: number): void {
    if (this.#name === NONE) return;
    const lower = byte | 32;
    // content-length and connection part at their fourth letter.
    if (this.#name === 0 && this.#length === 3 && lower === 110) this.#name = 1;
    const wanted = (NAMES[this.#name] as string).charCodeAt(this.#length);
    if (lower !== wanted) this.#name = NONE;
    this.#length += 1;
  }

  endName(): void {
    if (this.#name !== NONE && this.#length !== (NAMES[this.#name] as string).length) this.#name = NONE;
    this.#valueLength = 0;
  }

  valueByte(byte: number): void {
    if (this.#name === NONE || this.#valueLength === LARGEST_VALUE) return;
    this.#value[this.#valueLength] = byte;
    this.#valueLength += 1;
  }

  /** False when the value makes the answer unreadable. */
  endValue(): boolean {
    if (this.#name === NONE) return true;
    if (this.#name === 0) return this.#endContentLength();
    if (this.#endUsualValue()) return true;
    const value = this.#value.toString('latin1', 0, this.#valueLength).toLowerCase();
    const items = value.split(',').map((item) => item.trim());
    if (this.#name === 1) {
      this.close ||= items.includes('close');
      this.keepAlive ||= items.includes('keep-alive');
    } else {
      // Only a last coding of chunked says where the body ends (RFC 9112, 6.1).
      this.chunked = items.at(-1) === 'chunked';
      this.otherCoding ||= !this.chunked;
    }
    return true;
  }

  /** The values that nearly every answer has, without making a string of them. */
  #endUsualValue(): boolean {
    if (this.#name === 1 && this.#is(CLOSE)) this.close = true;
    else if (this.#name === 1 && this.#is(KEEP_ALIVE)) this.keepAlive = true;
    else if (this.#name === 2 && this.#is(CHUNKED)) this.chunked = true;
    else return false;
    return true;
  }

  #is(wanted: Uint8Array): boolean {
    const start = this.#value[0] === 32 ? 1 : 0;
    if (this.#valueLength - start !== wanted.length) return false;
    for (let at = 0; at < wanted.length; at += 1) {
      if (((this.#value[start + at] as number) | 32) !== wanted[at]) return false;
    }
    return true;
  }

  /** Digits with blanks around them; a second, different length is an error (RFC 9112, 6.3). */
  #endContentLength(): boolean {
    let length = 0;
    let digits = 0;
    let ended = false;
    for (let at = 0; at < this.#valueLength; at += 1) {
      const byte = this.#value[at] as number;
      if (byte === 32 || byte === 9) {
        ended = digits > 0;
      } else {
        if (byte < 48 || byte > 57 || ended || digits === 15) return false;
        length = length * 10 + byte - 48;
        digits += 1;
      }
    }
    if (digits === 0 || (this.contentLength >= 0 && this.contentLength !== length)) return false;
    this.contentLength = length;
    return true;
  }
}
