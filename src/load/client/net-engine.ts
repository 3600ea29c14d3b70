// The portable engine: Node's own sockets. `onread` hands every read to us in one reused buffer, which
// costs two thirds of what 'data' events cost, and needs nothing but the public API.
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { setTimeout as delay, setImmediate as immediate } from 'node:timers/promises';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { systemErrorCode } from '../../core/errors.ts';
import { faultOfSystemError } from '../fault.ts';
import type { Endpoint, Engine, Wire, WireEvents } from './wire.ts';

const READ_BYTES = 64 * 1024;

export function netEngine(): Engine {
  // One buffer for all connections: the callback runs before the next read. Not so on Windows, where
  // the kernel holds the buffer while the read is pending.
  const shared = process.platform === 'win32' ? undefined : Buffer.allocUnsafeSlow(READ_BYTES);
  return {
    name: 'net',
    dial: (endpoint, events) => new NetWire(endpoint, events, shared ?? Buffer.allocUnsafeSlow(READ_BYTES)),
    run: runTicks,
  };
}

// A timer of Node's is late by up to this many milliseconds.
const TIMER_SLACK = 2;

/** Sleeps while there is time; when the next tick is near and has to be on time, polls instead. */
async function runTicks(tick: () => number, precise: boolean): Promise<void> {
  for (let wait = tick(); wait >= 0; wait = tick()) {
    if (!precise) await delay(wait);
    else if (wait > TIMER_SLACK) await delay(wait - TIMER_SLACK);
    else await immediate();
  }
}

class NetWire implements Wire {
  readonly #socket: Socket;
  #closed = false;

  constructor(endpoint: Endpoint, events: WireEvents, buffer: Uint8Array) {
    const callback = (length: number): boolean => {
      if (!this.#closed) events.received(buffer, length);
      return true;
    };
    this.#socket = openSocket(endpoint, { buffer, callback });
    this.#socket.setNoDelay(true);
    this.#socket.once(endpoint.target.tls ? 'secureConnect' : 'connect', () => events.opened());
    this.#socket.once('end', () => {
      if (!this.#closed) events.ended();
    });
    this.#socket.on('error', (error) => {
      if (this.#closed) return;
      this.#closed = true;
      events.failed(faultOfSystemError(systemErrorCode(error)), error.message);
    });
    // A socket that goes without an error, such as a TLS handshake cut short, still has to be told.
    this.#socket.once('close', () => {
      if (!this.#closed) events.ended();
    });
  }

  send(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  close(): void {
    this.#closed = true;
    this.#socket.destroy();
  }
}

function openSocket(
  { target, address, verifyTls }: Endpoint,
  onread: NonNullable<NetConnectOpts['onread']>,
): Socket {
  if (!target.tls) return connect({ host: address, port: target.port, onread });
  // The typings leave out that `onread` works here too (documented under tls.connect).
  const options: ConnectionOptions & Pick<NetConnectOpts, 'onread'> = {
    host: address,
    port: target.port,
    // An address is no server name (RFC 6066, 3).
    servername: /^[\d.]+$|:/.test(target.host) ? '' : target.host,
    rejectUnauthorized: verifyTls,
    ALPNProtocols: ['http/1.1'],
    onread,
  };
  return connectTls(options);
}
