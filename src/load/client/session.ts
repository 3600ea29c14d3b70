import type { FaultKind } from '../fault.ts';
import type { RawAnswer } from './answer-keeper.ts';
import type { Wire, WireEvents } from './wire.ts';

/** What a session asks of the client that drives it. */
export interface SessionOwner {
  /** Opens a new connection for the session. */
  dial(session: WireEvents): Wire;
  /** The session can take one more request; `now` is the time, so that it need not be asked for again. */
  ready(session: Slot, now: number): void;
  /** The session's connection is gone, after what was on it has been counted. */
  vacated(session: Slot): void;
  connected(microseconds: number): void;
  /** A connection could not be opened. */
  refused(session: Slot, kind: FaultKind, sample: string): void;
  /** `tag` is that of the request; `bytes` are those of its answer. */
  answered(status: number, startedAt: number, now: number, tag: number, bytes: number): void;
  /** An answer that was told of turned out to be longer than it announced. */
  retracted(status: number, startedAt: number, answeredAt: number, sample: string, tag: number): void;
  /** A request that was sent has failed. */
  failed(kind: FaultKind, sample: string, tag: number): void;
  received(bytes: number): void;
  /** Given each answer that was to be kept, before `answered`. */
  kept(tag: number, status: number, answer: RawAnswer): void;
  /** When set, told the status line and headers of each answer that arrived in one piece. */
  readonly onHead?: ((status: number, head: string, now: number) => void) | undefined;
}

/** One connection slot, as a client drives it. It stays when its connection goes: `connect` opens the next. */
export interface Slot {
  /** When `connect` may be called again after a failure, on the client's clock. */
  retryAt: number;
  /** Failures to connect in a row. */
  refusals: number;
  readonly isClosed: boolean;
  /** It can take one more request. */
  readonly isIdle: boolean;
  /** Requests that are sent and not answered. */
  readonly waiting: number;
  connect(): void;
  /** Sends a request whose latency counts from `startedAt`; `tag`: see tag.ts. Only when the session is idle. */
  issue(request: Uint8Array, startedAt: number, now: number, tag: number): void;
  /** Fails what has waited longer than `timeout` milliseconds. */
  expire(now: number, timeout: number): void;
  /** Gives up the connection without counting anything. */
  close(): void;
}

/** A slot that speaks on a connection itself. */
export interface Session extends Slot, WireEvents {}
