import * as h2 from './http2-request.ts';

/** What a server takes of a new stream or connection without being asked (RFC 9113, 6.9.2). */
const USUAL_WINDOW = 65_535;

/** A request that is not written to its end. */
interface Pending {
  readonly stream: number;
  /** Its frames, numbered. */
  readonly frames: Buffer;
  /** Where its next frame begins, and how much of that is written. */
  at: number;
  within: number;
  /** Bytes of the body that the server takes on this stream. */
  window: number;
}

/** Writes requests with bodies as the server grants room for them, on the connection and on each stream. */
export class Http2Upload {
  #pending: Pending[] = [];
  #window = USUAL_WINDOW;
  #streamWindow = USUAL_WINDOW;

  /** `frames` is not changed. */
  add(stream: number, frames: Uint8Array): void {
    const numbered = Buffer.from(frames);
    h2.numberFrames(numbered, 0, numbered.length, stream);
    this.#pending.push({ stream, frames: numbered, at: 0, within: 0, window: this.#streamWindow });
  }

  /** Gives a stream up; true when its request was not written to its end. */
  drop(stream: number): boolean {
    const left = this.#pending.filter((pending) => pending.stream !== stream);
    const dropped = left.length < this.#pending.length;
    this.#pending = left;
    return dropped;
  }

  /** WINDOW_UPDATE; stream 0 is the connection. */
  grant(stream: number, bytes: number): void {
    if (stream === 0) this.#window += bytes;
    for (const pending of this.#pending) if (pending.stream === stream) pending.window += bytes;
  }

  /** SETTINGS_INITIAL_WINDOW_SIZE: it changes the streams that are open too, and may make them negative (6.9.2). */
  setStreamWindow(bytes: number): void {
    for (const pending of this.#pending) pending.window += bytes - this.#streamWindow;
    this.#streamWindow = bytes;
  }

  /** What may be written now, in one piece; undefined when there is nothing. */
  take(): Buffer | undefined {
    const parts: Buffer[] = [];
    for (const pending of this.#pending) this.#advance(pending, parts);
    this.#pending = this.#pending.filter(({ at, frames }) => at < frames.length);
    return parts.length === 0 ? undefined : Buffer.concat(parts);
  }

  reset(): void {
    this.#pending = [];
    this.#window = USUAL_WINDOW;
    this.#streamWindow = USUAL_WINDOW;
  }

  #advance(pending: Pending, parts: Buffer[]): void {
    const { frames, stream } = pending;
    while (pending.at < frames.length) {
      const from = pending.at + h2.FRAME_HEAD;
      const length = frames.readUIntBE(pending.at, 3);
      const end = from + length;
      if (frames[pending.at + 3] !== h2.DATA) {
        parts.push(frames.subarray(pending.at, end));
        pending.at = end;
        continue;
      }
      const left = length - pending.within;
      const size = Math.min(left, this.#window, pending.window);
      if (size <= 0 && left > 0) return;
      const flags = size === left ? (frames[pending.at + 4] as number) : 0;
      const start = from + pending.within;
      parts.push(h2.frame(h2.DATA, flags, stream, frames.subarray(start, start + size)));
      this.#window -= size;
      pending.window -= size;
      pending.within = size === left ? 0 : pending.within + size;
      if (size === left) pending.at = end;
    }
  }
}
