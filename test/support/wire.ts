import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';

/** A connection that takes bytes of the protocol and hands back the answer before it returns. */
export interface WireConnection {
  readonly execProtocolRawStream: (
    bytes: Uint8Array,
    options: { readonly onRawData: (data: Uint8Array) => void },
  ) => void;
  readonly close: () => Promise<unknown>;
}

/** Opens such a connection to a server; the thread behind it waits for the socket. */
export function openWire(url: string): WireConnection {
  const { hostname, port } = new URL(url);
  const { port1, port2 } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL('./wire-thread.js', import.meta.url), {
    workerData: { port: port2, signal, host: hostname, tcpPort: Number(port) },
    transferList: [port2],
  });
  const outgoing = new Outgoing();
  return {
    execProtocolRawStream: (bytes, { onRawData }) => {
      const wait = outgoing.awaitsAnswer(bytes);
      Atomics.store(signal, 0, 0);
      port1.postMessage({ bytes: bytes.slice(), wait });
      Atomics.wait(signal, 0, 0, 60_000);
      const answer = receiveMessageOnPort(port1)?.message as Uint8Array | undefined;
      if (answer === undefined) throw new Error('the server did not answer');
      if (answer.length > 0) onRawData(answer);
    },
    close: () => worker.terminate(),
  };
}

/** Follows what the client says, to know when it is the server's turn. */
class Outgoing {
  #pending = Buffer.alloc(0);
  #started = false;

  awaitsAnswer(bytes: Uint8Array): boolean {
    this.#pending = Buffer.concat([this.#pending, bytes]);
    let ends = false;
    for (let length = this.#nextLength(); length !== undefined; length = this.#nextLength()) {
      const type = this.#started ? String.fromCharCode(this.#pending[0] ?? 0) : 'startup';
      this.#started = true;
      ends = ANSWERED.has(type);
      this.#pending = this.#pending.subarray(length);
    }
    return ends && this.#pending.length === 0;
  }

  /** The length of the first message when all of it is there. The start-up message has no type byte. */
  #nextLength(): number | undefined {
    const head = this.#started ? 1 : 0;
    if (this.#pending.length < head + 4) return undefined;
    const length = head + this.#pending.readInt32BE(head);
    return this.#pending.length < length ? undefined : length;
  }
}

/** Start-up, Query, Sync and a password: https://www.postgresql.org/docs/current/protocol-message-formats.html */
const ANSWERED: ReadonlySet<string> = new Set(['startup', 'Q', 'S', 'p']);
