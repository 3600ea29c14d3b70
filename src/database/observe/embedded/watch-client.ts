import type { Socket } from 'node:net';
import { UserError } from '../../../core/errors.ts';

/** Bytes of an answer beyond which it is not taken: a copy of the data is held in memory. */
const MOST_BYTES = 512 << 20;
const MOST_LINE = 20;

/** Asks a service that calls `watchEmbedded` one thing after the other. */
export class WatchClient {
  readonly #socket: Socket;
  readonly #name: string;
  readonly #budgetMs: number;
  #received: Buffer[] = [];
  #bytes = 0;
  #wake: () => void = () => undefined;
  #ended: Error | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(socket: Socket, name: string, budgetMs: number) {
    this.#socket = socket;
    this.#name = name;
    this.#budgetMs = budgetMs;
    socket.on('data', (part) => {
      this.#received.push(part);
      this.#bytes += part.length;
      this.#wake();
    });
    const end = (error: Error): void => {
      this.#ended ??= error;
      this.#wake();
    };
    socket.on('error', end);
    socket.on('close', () => end(new Error('it closed the connection')));
  }

  /** The bytes that `what` is answered with. Errors: DB001. */
  bytes(what: string): Promise<Buffer> {
    return this.#ask(what, (bytes) => bytes);
  }

  /** The JSON that `what` is answered with. Errors: DB001. */
  json(what: string): Promise<unknown> {
    return this.#ask(what, (bytes): unknown => JSON.parse(bytes.toString('utf8')));
  }

  #ask<T>(what: string, read: (bytes: Buffer) => T): Promise<T> {
    const answer = this.#last.then(() => this.#read(what, read));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async #read<T>(what: string, read: (bytes: Buffer) => T): Promise<T> {
    const timer = setTimeout(
      () => this.#socket.destroy(new Error('it did not answer in time')),
      this.#budgetMs,
    );
    try {
      this.#socket.write(`${what}\n`);
      const told = await this.#line();
      const length = /^\d{1,12}$/.test(told) ? Number(told) : Number.NaN;
      if (!(length <= MOST_BYTES)) throw new Error('its answer has no length that can be taken');
      await this.#until(() => this.#bytes >= length);
      return read(this.#take(length));
    } catch (error) {
      this.#socket.destroy();
      throw new UserError(
        'DB001',
        `${this.#name} stopped answering: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      );
    } finally {
      clearTimeout(timer);
    }
  }

  async #line(): Promise<string> {
    const whole = (): Buffer => Buffer.concat(this.#received.slice(0, 2));
    await this.#until(() => whole().includes(10) || this.#bytes > MOST_LINE);
    const at = whole().indexOf(10);
    return this.#take(at + 1)
      .toString('latin1')
      .trim();
  }

  async #until(isThere: () => boolean): Promise<void> {
    while (!isThere()) {
      if (this.#ended !== undefined) throw this.#ended;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #take(length: number): Buffer {
    const all = Buffer.concat(this.#received);
    this.#received = [all.subarray(length)];
    this.#bytes = all.length - length;
    return all.subarray(0, length);
  }

  close(): void {
    this.#socket.destroy();
  }
}
