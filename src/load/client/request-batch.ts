import { numberFrames } from './http2-request.ts';

/** Requests with the streams that they are for, to be written in one piece. */
export class RequestBatch {
  readonly #streams: number[] = [];
  readonly #requests: Uint8Array[] = [];

  get isEmpty(): boolean {
    return this.#streams.length === 0;
  }

  /** `request` is not changed. */
  add(stream: number, request: Uint8Array): void {
    this.#streams.push(stream);
    this.#requests.push(request);
  }

  /** Hands all of them over. */
  moveTo(taker: { add(stream: number, request: Uint8Array): void }): void {
    for (let at = 0; at < this.#streams.length; at += 1)
      taker.add(this.#streams[at] as number, this.#requests[at] as Uint8Array);
    this.clear();
  }

  /** Takes all of them out as bytes, their frames numbered. */
  take(): Buffer {
    const bytes = Buffer.concat(this.#requests);
    let start = 0;
    for (let at = 0; at < this.#streams.length; at += 1) {
      const end = start + (this.#requests[at] as Uint8Array).length;
      numberFrames(bytes, start, end, this.#streams[at] as number);
      start = end;
    }
    this.clear();
    return bytes;
  }

  clear(): void {
    this.#streams.length = 0;
    this.#requests.length = 0;
  }
}
