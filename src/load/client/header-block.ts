// Reads the two fields of an HTTP/2 answer that decide what it is: its status and its announced length
// (RFC 7541). We announce a table of size 0, so every field is one of the static table or spelled out.

const STATUSES = [200, 204, 206, 304, 400, 404, 500];
const STATUS_FIRST = 8;
const STATUS_LAST = 14;
const CONTENT_LENGTH = 28;
const STATIC_LAST = 61;

/** The two names in full: as they are, and in the Huffman code. */
const SPELLED = [Buffer.from(':status'), Buffer.from('content-length')] as const;
const CODED = [Buffer.from('b8848d36a3', 'hex'), Buffer.from('21ea496a4ad416a9933f', 'hex')] as const;

export class HeaderBlock {
  /** 0 when the block has none, as trailers have. */
  status = 0;
  /** -1 when none was announced. */
  contentLength = -1;
  #at = 0;

  /** Reads a whole block; false when it is not one. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    this.status = 0;
    this.contentLength = -1;
    this.#at = start;
    while (this.#at < end) {
      if (!this.#field(bytes)) return false;
    }
    return this.#at === end;
  }

  #field(bytes: Uint8Array): boolean {
    const byte = bytes[this.#at] as number;
    if ((byte & 0x80) !== 0) return this.#indexed(this.#integer(bytes, 7));
    // A change of the table's size: only to the 0 that we allow.
    if ((byte & 0xe0) === 0x20) return this.#integer(bytes, 5) === 0;
    const name = this.#integer(bytes, (byte & 0xc0) === 0x40 ? 6 : 4);
    if (name > STATIC_LAST) return false;
    const isStatus = name >= STATUS_FIRST && name <= STATUS_LAST;
    if (name !== 0 && !isStatus && name !== CONTENT_LENGTH) return this.#skipString(bytes);
    if (name === 0) return this.#literalName(bytes);
    return this.#digits(bytes, isStatus);
  }

  #indexed(index: number): boolean {
    if (index === 0 || index > STATIC_LAST) return false;
    if (index >= STATUS_FIRST && index <= STATUS_LAST) this.status = STATUSES[index - STATUS_FIRST] ?? 0;
    return true;
  }

  /** A name in full; only a server that avoids the static table spells out the two that we look for. */
  #literalName(bytes: Uint8Array): boolean {
    const { huffman, start, end } = this.#string(bytes);
    const [status, contentLength] = huffman ? CODED : SPELLED;
    if (isSame(bytes, start, end, status)) return this.#digits(bytes, true);
    if (isSame(bytes, start, end, contentLength)) return this.#digits(bytes, false);
    return this.#skipString(bytes);
  }

  #digits(bytes: Uint8Array, isStatus: boolean): boolean {
    const { huffman, start, end } = this.#string(bytes);
    const value = huffman ? huffmanNumber(bytes, start, end) : plainNumber(bytes, start, end);
    if (value < 0) return false;
    if (isStatus && (value < 100 || value > 999)) return false;
    if (isStatus) this.status = value;
    else this.contentLength = value;
    return true;
  }

  #skipString(bytes: Uint8Array): boolean {
    this.#string(bytes);
    return this.#at <= bytes.length;
  }

  #string(bytes: Uint8Array): { huffman: boolean; start: number; end: number } {
    const huffman = ((bytes[this.#at] ?? 0) & 0x80) !== 0;
    const length = this.#integer(bytes, 7);
    const start = this.#at;
    this.#at += length;
    return { huffman, start, end: this.#at };
  }

  /** An integer with a prefix of `bits` bits (RFC 7541, 5.1). */
  #integer(bytes: Uint8Array, bits: number): number {
    const mask = (1 << bits) - 1;
    let value = (bytes[this.#at] ?? 0) & mask;
    this.#at += 1;
    if (value < mask) return value;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[this.#at] ?? 0;
      this.#at += 1;
      value += (byte & 127) * scale;
      if (byte < 128 || scale > 2 ** 40) return value;
    }
  }
}

function isSame(bytes: Uint8Array, start: number, end: number, wanted: Uint8Array): boolean {
  if (end - start !== wanted.length) return false;
  for (let at = 0; at < wanted.length; at += 1) if (bytes[start + at] !== wanted[at]) return false;
  return true;
}

function plainNumber(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const digit = (bytes[at] ?? 0) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return end > start ? value : -1;
}

/** Digits in the Huffman code (RFC 7541, appendix B): 0 to 2 have five bits, 3 to 9 six; ones fill the end. */
function huffmanNumber(bytes: Uint8Array, start: number, end: number): number {
  let [value, bits, held] = [0, 0, 0];
  for (let at = start; at < end; at += 1) {
    bits = (bits << 8) | (bytes[at] ?? 0);
    held += 8;
    while (held >= 6) {
      const five = (bits >>> (held - 5)) & 31;
      const six = (bits >>> (held - 6)) & 63;
      if (five <= 2) {
        value = value * 10 + five;
        held -= 5;
      } else if (six >= 25 && six <= 31) {
        value = value * 10 + six - 22;
        held -= 6;
      } else if (six === 63 && at === end - 1) return value;
      else return -1;
      bits &= (1 << held) - 1;
    }
  }
  if (held === 5 && (bits & 31) <= 2) return value * 10 + (bits & 31);
  return value;
}
