// What is too large for one message goes in parts, each said again until the other end has it.
import { MOST_PARCEL_BYTES } from './protocol.ts';

/** One part of a parcel. */
export interface Part {
  readonly index: number;
  readonly of: number;
  readonly data: string;
}

/** A parcel cannot go or come. */
export class ParcelError extends Error {
  override readonly name = 'ParcelError';
}

/** Sends one part after the other: the next when the last has arrived, the same again when it is asked to. */
export class ParcelSender {
  readonly #parts: readonly Part[];
  readonly #send: (part: Part) => void;
  #at = 0;

  /** `partBytes`: the most that fits one message. Throws ParcelError when `content` is too large to go. */
  constructor(content: object, partBytes: number, send: (part: Part) => void) {
    const bytes = Buffer.from(JSON.stringify(content));
    if (bytes.length > MOST_PARCEL_BYTES) {
      throw new ParcelError(`it has ${bytes.length} bytes, at most ${MOST_PARCEL_BYTES} can be sent`);
    }
    const of = Math.max(1, Math.ceil(bytes.length / partBytes));
    this.#parts = Array.from({ length: of }, (_, index) => ({
      index,
      of,
      data: bytes.subarray(index * partBytes, (index + 1) * partBytes).toString('base64'),
    }));
    this.#send = send;
    this.again();
  }

  get isDelivered(): boolean {
    return this.#at >= this.#parts.length;
  }

  /** Sends what was not acknowledged once more. */
  again(): void {
    const part = this.#parts[this.#at];
    if (part !== undefined) this.#send(part);
  }

  acknowledged(index: number): void {
    if (index !== this.#at) return;
    this.#at += 1;
    this.again();
  }
}

/** Puts a parcel together. */
export class ParcelReceiver {
  readonly #received: Buffer[] = [];
  #bytes = 0;
  #of: number | undefined;

  /**
   * Takes the part that is next; one that was taken before is acknowledged again and changes nothing. Hands back the
   * index to acknowledge, and the content when it is whole. Throws ParcelError when it is too large or no JSON.
   */
  take({ index, of, data }: Part): { readonly index?: number; readonly content?: unknown } {
    this.#of ??= of;
    if (of !== this.#of || index > this.#received.length) return {};
    if (index < this.#received.length) return { index };
    const bytes = Buffer.from(data, 'base64');
    this.#bytes += bytes.length;
    if (this.#bytes > MOST_PARCEL_BYTES) throw new ParcelError('it is too large');
    this.#received.push(bytes);
    return this.#received.length < of ? { index } : { index, content: this.#parse() };
  }

  #parse(): unknown {
    try {
      return JSON.parse(Buffer.concat(this.#received).toString('utf8'));
    } catch {
      throw new ParcelError('it is no JSON');
    }
  }
}
