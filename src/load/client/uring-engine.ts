// The quick engine: io_uring through koffi. Sends and receives of all connections go to the kernel in one
// call per batch, where Node's sockets need several calls each. It blocks its thread while it waits, so
// it belongs in a thread of its own; the waits are bounded, for the thread's messages.
import { performance } from 'node:perf_hooks';
import { setImmediate as immediate } from 'node:timers/promises';
import type { FaultKind } from '../fault.ts';
import type { Native, NativeMemory } from './native.ts';
import { NO_SLOT, type Operation, Ring } from './ring.ts';
import { encodeAddress } from './socket-address.ts';
import type { Endpoint, Engine, Wire, WireEvents } from './wire.ts';

const READ_BYTES = 16 * 1024;
const ADDRESS_BYTES = 32;
const LONGEST_WAIT = 20;
/** Milliseconds after which the thread's own messages are looked at. */
const BREATHE_EVERY = 100;

const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_STREAM_CLOEXEC = 1 | 0o2000000;
const IPPROTO_TCP = 6;
const TCP_NODELAY = 1;
const MSG_NOSIGNAL_WAITALL = 0x4000 | 0x100;

const SKIP_SUCCESS = 1 << (8 + 6);
const POLL_FIRST = 1 << 16;
const SEND: Operation = { head: 26 | SKIP_SUCCESS, offset: 0, operationFlags: MSG_NOSIGNAL_WAITALL };
const RECEIVE: Operation = { head: 27 | POLL_FIRST, offset: 0, operationFlags: 0 };
const CLOSE: Operation = { head: 19 | SKIP_SUCCESS, offset: 0, operationFlags: 0 };
const CONNECT = { [AF_INET]: connectOperation(16), [AF_INET6]: connectOperation(28) } as const;

function connectOperation(addressBytes: number): Operation {
  return { head: 16, offset: addressBytes, operationFlags: 0 };
}

/** Faults by error number; any other is a broken connection. */
const FAULT_OF_ERROR: Readonly<Record<number, readonly [FaultKind, string]>> = {
  9: ['unreachable', 'no socket could be opened: too many open files?'],
  99: ['unreachable', 'EADDRNOTAVAIL: no local port is free'],
  101: ['unreachable', 'ENETUNREACH'],
  104: ['reset', 'ECONNRESET'],
  110: ['connect-timeout', 'ETIMEDOUT'],
  111: ['refused', 'ECONNREFUSED'],
  113: ['unreachable', 'EHOSTUNREACH'],
};

/** Throws RangeError where io_uring is not to be had. `connections` sizes its queues. */
export function uringEngine(native: Native, connections: number): Engine {
  const ring = new Ring(native, Math.max(64, 2 * connections));
  const pool = new SlotPool(native, ring);
  return {
    name: 'io_uring',
    dial: (endpoint, events) => pool.dial(endpoint, events),
    run: async (tick) => {
      try {
        await loop(ring, pool, tick);
      } finally {
        const quiet = awaitQuiet(ring, pool);
        ring.close();
        // Memory that the kernel may still write to is kept rather than given away.
        if (quiet) pool.close();
      }
    },
  };
}

const LONGEST_FAREWELL = 200;

/** Waits until the kernel has let go of every connection; false when it does not in time. */
function awaitQuiet(ring: Ring, pool: SlotPool): boolean {
  const giveUpAt = performance.now() + LONGEST_FAREWELL;
  while (pool.isBusy() && performance.now() < giveUpAt) {
    ring.submitAndWait(5, performance.now());
    ring.drain((slot, generation, result) => pool.completed(slot, generation, result));
  }
  return !pool.isBusy();
}

async function loop(ring: Ring, pool: SlotPool, tick: () => number): Promise<void> {
  let breatheAt = performance.now() + BREATHE_EVERY;
  let tickAt = 0;
  const completed = (slot: number, generation: number, result: number): void =>
    pool.completed(slot, generation, result);
  for (;;) {
    let now = performance.now();
    if (now >= tickAt) {
      const wait = tick();
      if (wait < 0) return;
      tickAt = now + wait;
      now = performance.now();
    }
    if (now >= breatheAt) {
      await immediate();
      now = performance.now();
      breatheAt = now + BREATHE_EVERY;
    }
    ring.submitAndWait(Math.min(LONGEST_WAIT, tickAt - now), now);
    ring.drain(completed);
  }
}

/** Connections, each with memory that the kernel may write to until it has said that it is done. */
class SlotPool {
  readonly #native: Native;
  readonly #ring: Ring;
  readonly #slots: Slot[] = [];
  readonly #free: Slot[] = [];
  readonly #requests = new Map<Uint8Array, NativeMemory>();

  constructor(native: Native, ring: Ring) {
    this.#native = native;
    this.#ring = ring;
  }

  dial({ address, target: { port } }: Endpoint, events: WireEvents): Wire {
    const slot = this.#free.pop() ?? this.#newSlot();
    slot.open(events, address, port);
    return slot;
  }

  completed(index: number, generation: number, result: number): void {
    this.#slots[index]?.completed(generation, result);
  }

  /** The address of a copy that stays where it is. There are few requests, and each is sent many times. */
  addressOf(bytes: Uint8Array): number {
    const known = this.#requests.get(bytes);
    if (known !== undefined) return known.address;
    const memory = this.#native.map(bytes.length, -1, 0);
    new Uint8Array(memory.buffer).set(bytes);
    this.#requests.set(bytes, memory);
    return memory.address;
  }

  isBusy(): boolean {
    return this.#slots.some((slot) => slot.isBusy);
  }

  close(): void {
    for (const slot of this.#slots) slot.release();
    for (const memory of this.#requests.values()) this.#native.unmap(memory);
  }

  #newSlot(): Slot {
    const onFree = (freed: Slot): void => void this.#free.push(freed);
    const slot = new Slot(this.#native, this.#ring, this, this.#slots.length, onFree);
    this.#slots.push(slot);
    return slot;
  }
}

class Slot implements Wire {
  readonly #native: Native;
  readonly #ring: Ring;
  readonly #pool: SlotPool;
  readonly #index: number;
  readonly #onFree: (slot: Slot) => void;
  readonly #memory: NativeMemory;
  readonly #received: Uint8Array;
  #events: WireEvents | undefined;
  #fd = -1;
  /** Tells the results of this connection from those of an earlier one in the same slot. */
  #generation = 0;
  #connecting = false;
  /** The kernel may still write to the memory. */
  #busy = false;
  #lastBytes: Uint8Array | undefined;
  #lastAddress = 0;

  constructor(native: Native, ring: Ring, pool: SlotPool, index: number, onFree: (slot: Slot) => void) {
    this.#native = native;
    this.#ring = ring;
    this.#pool = pool;
    this.#index = index;
    this.#onFree = onFree;
    this.#memory = native.map(ADDRESS_BYTES + READ_BYTES, -1, 0);
    this.#received = new Uint8Array(this.#memory.buffer, ADDRESS_BYTES, READ_BYTES);
  }

  open(events: WireEvents, address: string, port: number): void {
    const family = address.includes(':') ? AF_INET6 : AF_INET;
    this.#events = events;
    this.#generation = (this.#generation + 1) | 0;
    this.#fd = this.#native.socket(family, SOCK_STREAM_CLOEXEC, 0);
    this.#connecting = true;
    this.#busy = true;
    if (this.#fd >= 0) this.#native.setOption(this.#fd, IPPROTO_TCP, TCP_NODELAY, Int32Array.of(1));
    new Uint8Array(this.#memory.buffer).set(encodeAddress(address, port, family));
    // A socket that could not be had (-1) fails as an operation of the ring, in its turn.
    this.#ring.push(CONNECT[family], this.#fd, this.#memory.address, 0, this.#index, this.#generation);
  }

  send(bytes: Uint8Array): void {
    if (bytes !== this.#lastBytes) {
      this.#lastBytes = bytes;
      this.#lastAddress = this.#pool.addressOf(bytes);
    }
    this.#ring.push(SEND, this.#fd, this.#lastAddress, bytes.length, this.#index, ~this.#generation);
  }

  close(): void {
    this.#events = undefined;
    if (this.#fd >= 0) {
      // Ends the pending receive too, which would otherwise keep the connection. The number is given back
      // behind what is queued for it: a new socket must not get what was meant for this one.
      this.#native.shutdown(this.#fd);
      this.#ring.push(CLOSE, this.#fd, 0, 0, NO_SLOT, 0);
      this.#fd = -1;
    }
    if (!this.#busy) this.#onFree(this);
  }

  completed(generation: number, result: number): void {
    // A send reports only when it failed; the receive will tell of the same connection.
    if (generation === ~this.#generation) this.#sendFailed(result);
    if (generation !== this.#generation) return;
    this.#busy = false;
    const events = this.#events;
    if (events === undefined) this.#onFree(this);
    else if (this.#connecting) this.#connected(events, result);
    else if (result > 0) this.#delivered(events, result);
    else if (result === 0) events.ended();
    else this.#failed(events, result);
  }

  get isBusy(): boolean {
    return this.#busy;
  }

  release(): void {
    this.#native.unmap(this.#memory);
  }

  #connected(events: WireEvents, result: number): void {
    this.#connecting = false;
    if (result < 0) {
      this.#failed(events, result);
      return;
    }
    events.opened();
    this.#receive();
  }

  #delivered(events: WireEvents, length: number): void {
    events.received(this.#received, length);
    this.#receive();
  }

  /** Unless the session closed the connection meanwhile. */
  #receive(): void {
    if (this.#events === undefined || this.#busy) return;
    this.#busy = true;
    const address = this.#memory.address + ADDRESS_BYTES;
    this.#ring.push(RECEIVE, this.#fd, address, READ_BYTES, this.#index, this.#generation);
  }

  #sendFailed(result: number): void {
    if (this.#events !== undefined) this.#failed(this.#events, result);
  }

  #failed(events: WireEvents, result: number): void {
    const [kind, sample] = FAULT_OF_ERROR[-result] ?? ['reset', `error ${-result}`];
    events.failed(kind, sample);
  }
}
