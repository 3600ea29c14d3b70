// Keeps answers of HTTP/2 streams whole, for those that values are taken from. Several may be under way.
import type { Header } from '../request.ts';
import { AnswerKeeper, type RawAnswer } from './answer-keeper.ts';
import { areSound, readFields } from './header-fields.ts';

/** What a head turned out to be: nothing of any stream can be read after an unreadable one (RFC 7541, 2.2). */
export type HeadVerdict = 'fine' | 'malformed' | 'unreadable';

interface Keeping {
  fields: readonly Header[];
  readonly body: AnswerKeeper;
}

export class StreamKeeper {
  readonly #open = new Map<number, Keeping>();
  /** Those of streams that ended, used again. */
  readonly #spare: AnswerKeeper[] = [];

  /** The answer on this stream is to be kept. */
  open(stream: number): void {
    this.#open.set(stream, { fields: [], body: this.#spare.pop() ?? new AnswerKeeper() });
  }

  /** Reads the header block of a stream's answer, where that is kept. */
  addHead(stream: number, block: Uint8Array, from: number, to: number): HeadVerdict {
    const keeping = this.#open.get(stream);
    if (keeping === undefined) return 'fine';
    const fields = readFields(block, from, to);
    if (fields === undefined) return 'unreadable';
    keeping.fields = fields;
    return areSound(fields) ? 'fine' : 'malformed';
  }

  addBody(stream: number, bytes: Uint8Array, from: number, to: number): void {
    this.#open.get(stream)?.body.add(bytes, from, to);
  }

  /** The whole answer of a stream, which is then forgotten; undefined when it was not kept. */
  take(stream: number): RawAnswer | undefined {
    const keeping = this.#open.get(stream);
    if (keeping === undefined) return undefined;
    const { bytes } = keeping.body.take();
    this.#forget(stream, keeping);
    return { bytes, fields: keeping.fields };
  }

  drop(stream: number): void {
    const keeping = this.#open.get(stream);
    if (keeping !== undefined) this.#forget(stream, keeping);
  }

  reset(): void {
    for (const [stream, keeping] of this.#open) this.#forget(stream, keeping);
  }

  #forget(stream: number, { body }: Keeping): void {
    this.#open.delete(stream);
    body.reset();
    this.#spare.push(body);
  }
}
