// A pair of queues shared with the kernel (io_uring_setup(2), io_uring(7)): entries are written into one,
// results read from the other, and one call submits a batch and waits. Linux 5.19 and later.
import type { Native, NativeMemory } from './native.ts';

const SYS_SETUP = 425;
const SYS_ENTER = 426;

const SETUP_CLAMP = 1 << 4;
const SETUP_COOP_TASKRUN = 1 << 8;
const SETUP_SINGLE_ISSUER = 1 << 12;
const SETUP_DEFER_TASKRUN = 1 << 13;
/** The sets of flags to try: what newer kernels do better, what older ones know. */
const SETUPS = [
  SETUP_CLAMP | SETUP_SINGLE_ISSUER | SETUP_DEFER_TASKRUN,
  SETUP_CLAMP | SETUP_COOP_TASKRUN,
  SETUP_CLAMP,
];
const FEATURE_SINGLE_MMAP = 1;
const ENTER_GETEVENTS = 1;
const OFFSET_RINGS = 0;
const OFFSET_ENTRIES = 0x10000000;

const PARAMS_BYTES = 120;
const ENTRY_WORDS = 16;
const RESULT_WORDS = 4;
const EINTR = -4;
const EAGAIN = -11;
const EBUSY = -16;
const TEMPORARY: readonly number[] = [EINTR, EAGAIN, EBUSY];

/** A kind of operation: the parts of an entry that are the same each time. */
export interface Operation {
  /** Opcode, entry flags and priority, as they stand in the entry's first word. */
  readonly head: number;
  readonly offset: number;
  readonly operationFlags: number;
}

/** In place of a slot: an operation whose result nobody waits for. */
export const NO_SLOT = -1;
/** In place of a slot: an alarm; its number stands for the generation. */
const ALARM_SLOT = -2;
const ALARM: Operation = { head: 11, offset: 0, operationFlags: 0 };

/** Told of what is done: the two words that came with the submission, and a count or minus an error. */
export type Completed = (slot: number, generation: number, result: number) => void;

export class Ring {
  readonly #native: Native;
  readonly #fd: number;
  readonly #rings: NativeMemory;
  readonly #entryMemory: NativeMemory;
  readonly #words: Uint32Array;
  readonly #results: Int32Array;
  readonly #entries: Uint32Array;
  /** Indexes into #words. */
  readonly #submitTail: number;
  readonly #submitMask: number;
  readonly #completeHead: number;
  readonly #completeTail: number;
  readonly #completeMask: number;
  readonly #resultsAt: number;
  readonly #timespec: NativeMemory;
  readonly #timespecWords: Uint32Array;
  #pending = 0;
  /** When the latest alarm rings, and its number. */
  #alarmAt = Number.POSITIVE_INFINITY;
  #alarm = 0;

  /** Throws RangeError where the kernel has no io_uring or forbids it. */
  constructor(native: Native, entries: number) {
    this.#native = native;
    const scratch = native.map(PARAMS_BYTES, -1, 0);
    const params = new Uint32Array(scratch.buffer, 0, PARAMS_BYTES / 4);
    this.#fd = setUp(native, entries, params, scratch.address);
    const at = (index: number): number => params[index] ?? 0;
    const features = at(5);
    if ((features & FEATURE_SINGLE_MMAP) === 0) {
      native.close(this.#fd);
      throw new RangeError('the kernel is too old');
    }
    const size = Math.max(at(16) + at(0) * 4, at(25) + at(1) * RESULT_WORDS * 4);
    this.#rings = native.map(size, this.#fd, OFFSET_RINGS);
    this.#entryMemory = native.map(at(0) * ENTRY_WORDS * 4, this.#fd, OFFSET_ENTRIES);
    this.#words = new Uint32Array(this.#rings.buffer, 0, size >> 2);
    this.#results = new Int32Array(this.#rings.buffer, 0, size >> 2);
    this.#entries = new Uint32Array(this.#entryMemory.buffer);
    this.#submitTail = at(11) >> 2;
    this.#submitMask = this.#words[at(12) >> 2] ?? 0;
    this.#completeHead = at(20) >> 2;
    this.#completeTail = at(21) >> 2;
    this.#completeMask = this.#words[at(22) >> 2] ?? 0;
    this.#resultsAt = at(25) >> 2;
    // Entry i of the queue is always entry i of the array.
    for (let index = 0; index <= this.#submitMask; index += 1) this.#words[(at(16) >> 2) + index] = index;
    this.#timespec = native.map(64, -1, 0);
    this.#timespecWords = new Uint32Array(this.#timespec.buffer);
    native.unmap(scratch);
  }

  /**
   * Queues one operation on `fd`; `address` is of memory that stays until it is done. When the queue is
   * full it is handed to the kernel first. Allocates nothing.
   */
  push(
    operation: Operation,
    fd: number,
    address: number,
    length: number,
    slot: number,
    generation: number,
  ): void {
    if (this.#pending > this.#submitMask) this.#enter(0, 0);
    const tail = this.#words[this.#submitTail] as number;
    const entry = (tail & this.#submitMask) * ENTRY_WORDS;
    const words = this.#entries;
    words[entry] = operation.head;
    words[entry + 1] = fd;
    words[entry + 2] = operation.offset;
    words[entry + 3] = 0;
    words[entry + 4] = address >>> 0;
    words[entry + 5] = address / 2 ** 32;
    words[entry + 6] = length;
    words[entry + 7] = operation.operationFlags;
    words[entry + 8] = slot;
    words[entry + 9] = generation;
    words[entry + 10] = 0;
    words[entry + 11] = 0;
    this.#words[this.#submitTail] = tail + 1;
    this.#pending += 1;
  }

  /**
   * Hands over what is queued and waits for one result, at most `milliseconds` from `now`. Blocks the
   * thread. What bounds the wait is an alarm among the operations, set anew only when it would ring too
   * late: a timer for every wait would be started and stopped for every request of a single connection.
   */
  submitAndWait(milliseconds: number, now: number): void {
    if (milliseconds <= 0 || this.#hasResults()) {
      this.#enter(0, ENTER_GETEVENTS);
      return;
    }
    if (now + milliseconds < this.#alarmAt) this.#setAlarm(milliseconds, now);
    this.#enter(1, ENTER_GETEVENTS);
  }

  /**
   * Tells `completed` of everything that is done by now. What is done meanwhile waits for the next time: a server that
   * answers as quickly as it is asked would keep the caller from its clock for ever.
   */
  drain(completed: Completed): void {
    const tail = this.#words[this.#completeTail];
    for (let head = this.#words[this.#completeHead] as number; head !== tail; ) {
      const at = this.#resultsAt + (head & this.#completeMask) * RESULT_WORDS;
      const slot = this.#results[at] as number;
      const generation = this.#results[at + 1] as number;
      const result = this.#results[at + 2] as number;
      head = (head + 1) >>> 0;
      this.#words[this.#completeHead] = head;
      if (slot !== ALARM_SLOT) completed(slot, generation, result);
      else if (generation === this.#alarm) this.#alarmAt = Number.POSITIVE_INFINITY;
    }
  }

  /** Ends all that is under way and gives the queues back. */
  close(): void {
    this.#native.close(this.#fd);
    for (const memory of [this.#rings, this.#entryMemory, this.#timespec]) this.#native.unmap(memory);
  }

  #hasResults(): boolean {
    return this.#words[this.#completeHead] !== this.#words[this.#completeTail];
  }

  #setAlarm(milliseconds: number, now: number): void {
    const seconds = Math.floor(milliseconds / 1000);
    this.#timespecWords[0] = seconds;
    this.#timespecWords[2] = (milliseconds - seconds * 1000) * 1e6;
    this.#alarmAt = now + milliseconds;
    this.#alarm = (this.#alarm + 1) | 0;
    this.push(ALARM, -1, this.#timespec.address, 1, ALARM_SLOT, this.#alarm);
  }

  #enter(minimum: number, flags: number): void {
    const result = this.#native.syscall(SYS_ENTER, this.#fd, this.#pending, minimum, flags, 0, 0);
    if (result >= 0) this.#pending -= result;
    else if (!TEMPORARY.includes(result)) throw new Error(`io_uring_enter failed (error ${-result})`);
  }
}

/** Sets the ring up with the best flags that the kernel knows; its descriptor. */
function setUp(native: Native, entries: number, params: Uint32Array, address: number): number {
  let result = 0;
  for (const flags of SETUPS) {
    params.fill(0);
    params[2] = flags;
    result = native.syscall(SYS_SETUP, entries, address);
    if (result >= 0) return result;
  }
  throw new RangeError(`io_uring is not to be had (error ${-result})`);
}
