// The portable engine: Node's own sockets. `onread` hands every read to us in one reused buffer, which
// costs two thirds of what 'data' events cost, and needs nothing but the public API.
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { setTimeout as delay, setImmediate as immediate } from 'node:timers/promises';
import { type ConnectionOptions, connect as connectTls, TLSSocket } from 'node:tls';
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
  readonly #events: WireEvents;
  #closed = false;
  /** TCP stands, TLS does not yet: what goes wrong now is TLS. */
  #shakingHands = false;

  constructor(endpoint: Endpoint, events: WireEvents, buffer: Uint8Array) {
    const { tls } = endpoint.target;
    this.#events = events;
    const callback = (length: number): boolean => {
      if (!this.#closed) events.received(buffer, length);
      return true;
    };
    const socket = openSocket(endpoint, { buffer, callback });
    this.#socket = socket;
    socket.setNoDelay(true);
    if (tls) socket.once('connect', () => this.#shakeHands());
    socket.once(tls ? 'secureConnect' : 'connect', () => {
      // A server without ALPN speaks HTTP/1.1.
      const chosen = socket instanceof TLSSocket ? socket.alpnProtocol || 'http/1.1' : endpoint.protocol;
      if (chosen === endpoint.protocol) this.#open();
      else this.#fail(new Error(`the server does not speak ${endpoint.protocol}`));
    });
    socket.once('end', () => this.#end());
    // A socket that goes without an error or an end still has to be told.
    socket.once('close', () => this.#end());
    socket.on('error', (error) => this.#fail(error));
  }

  send(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  close(): void {
    this.#closed = true;
    this.#socket.destroy();
  }

  #shakeHands(): void {
    this.#shakingHands = true;
  }

  #open(): void {
    this.#shakingHands = false;
    if (!this.#closed) this.#events.opened();
  }

  #end(): void {
    if (this.#shakingHands) this.#fail(new Error('the connection ended during the TLS handshake'));
    if (this.#closed) return;
    this.#events.ended();
  }

  #fail(error: Error): void {
    if (this.#closed) return;
    const kind = this.#shakingHands ? 'tls' : faultOfSystemError(systemErrorCode(error));
    this.#closed = true;
    this.#events.failed(kind, error.message);
  }
}

function openSocket(
  { target, address, socketPath, tls, protocol }: Endpoint,
  onread: NonNullable<NetConnectOpts['onread']>,
): Socket {
  const place = socketPath === undefined ? { host: address, port: target.port } : { path: socketPath };
  if (!target.tls) return connect({ ...place, onread });
  // The typings leave out that `onread` works here too (documented under tls.connect).
  const options: ConnectionOptions & Pick<NetConnectOpts, 'onread'> = {
    ...place,
    // An address is no server name (RFC 6066, 3).
    servername: /^[\d.]+$|:/.test(target.host) ? '' : target.host,
    rejectUnauthorized: tls.verify,
    ALPNProtocols: [protocol],
    onread,
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.certificate === undefined ? {} : { cert: tls.certificate }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
  };
  return connectTls(options);
}
