/** More of a header block is not put together. */
const LARGEST_BLOCK = 256 * 1024;

/** A header block that goes on in CONTINUATION frames. */
export class ContinuedBlock {
  readonly stream: number;
  /** The stream ends with it. */
  readonly ends: boolean;
  readonly #parts: Buffer[] = [];
  #length = 0;

  constructor(stream: number, ends: boolean) {
    this.stream = stream;
    this.ends = ends;
  }

  /** Copies `part`; false when the block becomes larger than any that is read. */
  add(part: Uint8Array): boolean {
    this.#length += part.length;
    if (part.length > 0) this.#parts.push(Buffer.from(part));
    return this.#length <= LARGEST_BLOCK;
  }

  join(): Buffer {
    return Buffer.concat(this.#parts);
  }
}
