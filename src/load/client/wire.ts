import type { FaultKind } from '../fault.ts';
import type { Target } from '../target.ts';

/** One open connection, as a session sees it. */
export interface Wire {
  /** Sends all of `bytes`, buffering what the socket does not take at once. `bytes` must not change later. */
  send(bytes: Uint8Array): void;
  /** Gives the connection up at once; no event follows. */
  close(): void;
}

/** What a connection tells its session. `chunk` is only valid during the call: engines reuse it. */
export interface WireEvents {
  opened(): void;
  received(chunk: Uint8Array, length: number): void;
  /** The other end will send no more. */
  ended(): void;
  /** The connection is gone; `sample` says why in words. */
  failed(kind: FaultKind, sample: string): void;
}

/** Where a connection goes once the host name is resolved, and how it is secured. */
export interface Endpoint {
  readonly target: Target;
  /** The address that answered before the run; no name is resolved during it. */
  readonly address: string;
  /** A socket file to use in place of host and port. */
  readonly socketPath?: string;
  readonly tls: TlsOptions;
  /** What is spoken; with TLS it is negotiated (ALPN) and anything else is a failed handshake. */
  readonly protocol: 'http/1.1' | 'h2';
}

/** How TLS is spoken. Certificates and keys are PEM. */
export interface TlsOptions {
  /** false accepts any certificate. */
  readonly verify: boolean;
  /** Authorities to trust in place of the usual ones. */
  readonly ca?: string;
  /** The client's own certificate and its key. */
  readonly certificate?: string;
  readonly key?: string;
}

/**
 * A way to move bytes. `run` calls `tick` as often as `tick` itself asks (milliseconds until the next
 * call; negative ends the run), and delivers the events of all wires in between. `precise` asks it to
 * be on time to a fraction of a millisecond, at the price of polling.
 */
export interface Engine {
  readonly name: EngineName;
  dial(endpoint: Endpoint, events: WireEvents): Wire;
  run(tick: () => number, precise: boolean): Promise<void>;
}

export type EngineName = 'net' | 'io_uring';
