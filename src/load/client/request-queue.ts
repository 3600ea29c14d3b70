/** The requests on one connection that wait for their answers, oldest first, in fixed memory. */
export class RequestQueue {
  /** The most that it holds. */
  readonly depth: number;
  size = 0;
  readonly #startedAt: Float64Array;
  readonly #since: Float64Array;
  readonly #tags: Int32Array;
  #first = 0;

  constructor(depth: number) {
    this.depth = depth;
    this.#startedAt = new Float64Array(depth);
    this.#since = new Float64Array(depth);
    this.#tags = new Int32Array(depth);
  }

  get isFull(): boolean {
    return this.size === this.depth;
  }

  /** When the oldest was sent. */
  get oldestSince(): number {
    return this.#since[this.#first] as number;
  }

  /** What the oldest was issued with (see tag.ts). */
  get oldestTag(): number {
    return this.#tags[this.#first] as number;
  }

  push(startedAt: number, now: number, tag: number): void {
    const at = this.#first + this.size;
    const place = at < this.depth ? at : at - this.depth;
    this.#startedAt[place] = startedAt;
    this.#since[place] = now;
    this.#tags[place] = tag;
    this.size += 1;
  }

  /** Takes the oldest out: what its latency counts from. */
  shift(): number {
    const startedAt = this.#startedAt[this.#first] as number;
    this.#first = this.#first + 1 === this.depth ? 0 : this.#first + 1;
    this.size -= 1;
    return startedAt;
  }

  /** Of all that wait, oldest first. */
  tags(): number[] {
    return Array.from(
      { length: this.size },
      (_, at) => this.#tags[(this.#first + at) % this.depth] as number,
    );
  }

  clear(): void {
    this.size = 0;
  }
}
