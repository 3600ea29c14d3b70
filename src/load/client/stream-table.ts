import { isHead } from './tag.ts';

/** What is known of a request and its answer. */
export interface Stream {
  startedAt: number;
  /** What it was issued with (see tag.ts). */
  tag: number;
  since: number;
  status: number;
  announced: number;
  body: number;
}

const newStream = (): Stream => ({ startedAt: 0, tag: 0, since: 0, status: 0, announced: -1, body: 0 });

/** The open streams of one connection. */
export class StreamTable {
  readonly #open = new Map<number, Stream>();
  /** Records of ended streams, used again. */
  readonly #spare: Stream[] = [];

  constructor(streams: number) {
    for (let count = 0; count < streams; count += 1) {
      this.#spare.push(newStream());
    }
  }

  get size(): number {
    return this.#open.size;
  }

  open(id: number, startedAt: number, now: number, tag: number): void {
    const stream = this.#spare.pop() ?? newStream();
    stream.tag = tag;
    stream.startedAt = startedAt;
    stream.since = now;
    stream.status = 0;
    stream.announced = -1;
    stream.body = 0;
    this.#open.set(id, stream);
  }

  begin(id: number, status: number, announced: number): void {
    const stream = this.#open.get(id);
    if (stream === undefined) return;
    stream.status = status;
    stream.announced = announced;
  }

  addBody(id: number, bytes: number): void {
    const stream = this.#open.get(id);
    if (stream !== undefined) stream.body += bytes;
  }

  /**
   * Forgets a stream; undefined when it is not open (any more). The record is valid until the next stream
   * is opened.
   */
  close(id: number): Stream | undefined {
    const stream = this.#open.get(id);
    if (stream === undefined) return undefined;
    this.#open.delete(id);
    this.#spare.push(stream);
    return stream;
  }

  /** The body has the announced length, or none was announced. */
  isWhole({ tag, status, announced, body }: Stream): boolean {
    const bodiless = isHead(tag) || status === 204 || status === 304;
    return bodiless || announced < 0 || announced === body;
  }

  /** The streams that were opened at `before` or earlier. */
  expired(before: number): { readonly stream: number; readonly begun: boolean }[] {
    return [...this.#open].flatMap(([stream, { since, status }]) =>
      since <= before ? [{ stream, begun: status > 0 }] : [],
    );
  }

  above(last: number): number[] {
    return [...this.#open.keys()].filter((stream) => stream > last);
  }

  /** Of all that are open. */
  tags(): number[] {
    return [...this.#open.values()].map(({ tag }) => tag);
  }

  clear(): void {
    this.#spare.push(...this.#open.values());
    this.#open.clear();
  }
}
