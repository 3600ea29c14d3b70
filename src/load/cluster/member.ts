// A worker as the coordinator knows it.
import { type ClockOffset, type ClockSample, clockOffset } from './clock-offset.ts';
import {
  type Phase,
  RESULT,
  type ToCoordinator,
  type WorkerProgress,
  type WorkerResult,
} from './messages.ts';
import { ParcelError, ParcelReceiver, type ParcelSender } from './parcel.ts';
import { CLOCK_SAMPLES, type Clock } from './protocol.ts';
import { ShapeError } from './shape.ts';
import type { Share } from './share.ts';

type Said<Kind extends ToCoordinator['kind']> = Extract<ToCoordinator, { kind: Kind }>;

export class Member {
  readonly name: string;
  readonly version: string;
  readonly capacity: number;
  readonly cores: number;
  heardAt: number;
  phase: Phase = 'joining';
  isSilent = false;
  /** Why nothing more is to be expected of it. */
  lostWhy: string | undefined;
  /** Our own time at which it was given up or heard of last. */
  lostAt: number | undefined;
  refusal: Said<'beat'>['refusal'];
  crew: Said<'beat'>['crew'];
  progress: WorkerProgress | undefined;
  share: Share | undefined;
  job: ParcelSender | undefined;
  result: WorkerResult | undefined;
  readonly #clock: Clock;
  /** Sends it a message. */
  readonly say: (message: object) => void;
  readonly #parcel = new ParcelReceiver();
  readonly #samples: ClockSample[] = [];
  #asked = { sample: -1, at: 0, wall: 0 };

  constructor(
    { name, version, capacity, cores }: Said<'join'>,
    clock: Clock,
    say: (message: object) => void,
  ) {
    this.name = name;
    this.version = version;
    this.capacity = capacity;
    this.cores = cores;
    this.#clock = clock;
    this.say = say;
    this.heardAt = clock.monotonic();
  }

  /** The best that is known of its clocks. */
  get offset(): ClockOffset | undefined {
    return clockOffset(this.#samples);
  }

  get isMeasured(): boolean {
    return this.#samples.length >= CLOCK_SAMPLES;
  }

  /** Nothing more is to come of it: its result is here, or it is lost. */
  get isSettled(): boolean {
    return this.result !== undefined || this.lostWhy !== undefined;
  }

  /** Asks for its time, or for the same sample again. */
  askTime(): void {
    if (this.isMeasured) return;
    this.#asked = {
      sample: this.#samples.length,
      at: this.#clock.monotonic(),
      wall: this.#clock.now(),
    };
    this.say({ kind: 'clock', sample: this.#asked.sample });
  }

  takeTime({ sample, monotonic, wall }: Said<'clock'>): void {
    // An answer to a question that was asked again is of unknown age.
    if (sample !== this.#asked.sample || sample !== this.#samples.length) return;
    const { at, wall: wallAsked } = this.#asked;
    this.#samples.push({ askedAt: at, answeredAt: this.#clock.monotonic(), wallAsked, monotonic, wall });
    this.askTime();
  }

  takeBeat({ phase, refusal, crew, progress }: Said<'beat'>): void {
    this.phase = phase;
    this.refusal ??= refusal;
    this.crew ??= crew;
    if (progress !== undefined) this.progress = progress;
  }

  /** Takes a part of its result; what was taken is acknowledged. A result that is none makes it lost. */
  takeResult({ index, of, data }: Said<'result'>): void {
    if (this.isSettled) {
      this.say({ kind: 'ack', index });
      return;
    }
    try {
      const taken = this.#parcel.take({ index, of, data });
      if (taken.content !== undefined) this.result = RESULT(taken.content, 'the result');
      if (taken.index !== undefined) this.say({ kind: 'ack', index: taken.index });
    } catch (error) {
      if (!(error instanceof ShapeError || error instanceof ParcelError)) throw error;
      this.lostWhy = `its result cannot be used: ${error.message}`;
    }
  }
}
