// A worker's part in one run, from joining to handing over what it counted.
import { randomBytes } from 'node:crypto';
import { UserError } from '../../core/errors.ts';
import type { Permit } from './allow.ts';
import type { Channel } from './channel.ts';
import { JOB, type Phase, TO_ALL, TO_WORKER, type ToAll, type ToWorker } from './messages.ts';
import { ParcelReceiver, ParcelSender } from './parcel.ts';
import {
  allSubject,
  BEAT_EVERY,
  type Clock,
  coordinatorSubject,
  PATIENCE,
  PROGRESS_EVERY,
  RESULT_KEPT,
  SILENT_AFTER,
  workerSubject,
} from './protocol.ts';
import { ShapeError } from './shape.ts';
import { encodeTally } from './tally-data.ts';
import { prepareWork, type Work } from './work.ts';

/** What a worker is, beside its runs. */
export interface WorkerSelf {
  readonly name: string;
  readonly version: string;
  readonly capacity: number;
  readonly cores: number;
  readonly permit: Permit;
  readonly clock: Clock;
  /** The most bytes of a part of a parcel. */
  readonly partBytes: number;
}

/** How a seat ended. */
export interface SeatOutcome {
  /** Load was sent, and what was counted was handed over. */
  readonly delivered: boolean;
  readonly requests: number;
  /** In words, for the worker's operator; undefined when there is nothing to say. */
  readonly why?: string;
}

/** What was not acknowledged is sent again at every so many beats: it is large, and seldom lost. */
const TICKS_TO_RESEND = 4;

const MISSED_BY = 250;
const FARTHEST_START = 60_000;

export class Seat {
  readonly run: string;
  readonly ended: Promise<SeatOutcome>;
  readonly #channel: Channel;
  readonly #self: WorkerSelf;
  readonly #ticket = randomBytes(16).toString('hex');
  readonly #endings: (() => void)[] = [];
  readonly #job = new ParcelReceiver();
  #phase: Phase = 'joining';
  #heardAt: number;
  #progressAt = 0;
  #ticks = 0;
  #isLeaving = false;
  #welcome = false;
  #work: Work | undefined;
  #result: ParcelSender | undefined;
  #requests = 0;
  #left: 'stopped here' | 'the coordinator was silent' | undefined;
  #refusal: { readonly code: string; readonly message: string } | undefined;
  #end: (outcome: SeatOutcome) => void = () => {};

  constructor(run: string, channel: Channel, self: WorkerSelf) {
    this.run = run;
    this.#channel = channel;
    this.#self = self;
    this.#heardAt = self.clock.monotonic();
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    const own = workerSubject(run, this.#ticket);
    this.#endings.push(
      channel.hear(own, TO_WORKER, (message) => this.#told(message)),
      channel.hear(allSubject(run), TO_ALL, (message) => this.#heard(message)),
    );
    const beat = setInterval(() => this.#tick(), BEAT_EVERY);
    this.#endings.push(() => clearInterval(beat));
    this.join();
  }

  /**
   * The coordinator answered: this worker is not free for another, unless that one has gone without fetching what was
   * counted for it.
   */
  get isTaken(): boolean {
    const silence = this.#self.clock.monotonic() - this.#heardAt;
    return this.#welcome && !(this.#phase === 'done' && silence > PATIENCE);
  }

  get phase(): Phase {
    return this.#phase;
  }

  join(): void {
    if (this.#welcome) return;
    const { name, version, capacity, cores } = this.#self;
    this.#say({ kind: 'join', name, version, capacity, cores, busy: false });
  }

  /** The worker's own operator wants it to stop: what it counted is handed over, and then it ends. */
  leave(): void {
    this.#isLeaving = true;
    if (this.#phase === 'running') {
      this.#left = 'stopped here';
      this.#work?.stop();
    } else if (this.#phase !== 'done') {
      this.#goAway('stopped here');
    } else if (this.#result?.isDelivered) {
      this.close();
    }
  }

  /** Ends the seat and says so; the coordinator need not wait to find out. */
  #goAway(why: string): void {
    this.#phase = 'gone';
    this.#refusal ??= { code: 'LOAD033', message: why };
    this.#beat();
    this.close(why);
  }

  /** Ends the seat; what was not handed over is gone. */
  close(why?: string): void {
    this.#work?.stop();
    for (const end of this.#endings.splice(0)) end();
    this.#channel.forget(workerSubject(this.run, this.#ticket));
    this.#channel.forget(allSubject(this.run));
    const delivered = this.#result?.isDelivered === true;
    this.#end({ delivered, requests: this.#requests, ...(why === undefined ? {} : { why }) });
  }

  #say(message: object): void {
    this.#channel.say(coordinatorSubject(this.run, this.#ticket), message);
  }

  #tick(): void {
    const silence = this.#self.clock.monotonic() - this.#heardAt;
    if (!this.#welcome) {
      if (silence > SILENT_AFTER) this.close();
      return;
    }
    if (silence > this.#patience()) {
      if (this.#phase !== 'running') {
        this.close('the coordinator was silent');
        return;
      }
      this.#left ??= 'the coordinator was silent';
      this.#work?.stop();
    }
    this.#beat();
    this.#ticks += 1;
    if (this.#ticks % TICKS_TO_RESEND === 0) this.#result?.again();
  }

  /** A result is worth waiting for, unless the worker's operator is waiting too. */
  #patience(): number {
    if (this.#isLeaving) return 2 * SILENT_AFTER;
    return this.#phase === 'done' ? RESULT_KEPT : PATIENCE;
  }

  #beat(): void {
    const now = this.#self.clock.monotonic();
    const isDue = this.#phase === 'running' && now >= this.#progressAt;
    if (isDue) this.#progressAt = now + PROGRESS_EVERY;
    const progress = isDue ? this.#work?.progress() : undefined;
    const crew = this.#work?.crew;
    this.#say({
      kind: 'beat',
      phase: this.#phase,
      ...(this.#refusal === undefined ? {} : { refusal: this.#refusal }),
      ...(crew === undefined ? {} : { crew: { engine: crew.engine, threads: crew.threads } }),
      ...(progress === undefined ? {} : { progress }),
    });
  }

  #heard({ phase }: ToAll): void {
    this.#heardAt = this.#self.clock.monotonic();
    if (phase === 'stopping') this.#work?.stop();
    if (phase === 'over') this.close();
  }

  #told(message: ToWorker): void {
    this.#heardAt = this.#self.clock.monotonic();
    this.#welcome = true;
    // A table rather than a chain of questions; each entry is given the message of its own kind.
    (this.#answers[message.kind] as (message: ToWorker) => void)(message);
  }

  readonly #answers: { readonly [K in ToWorker['kind']]: (message: Extract<ToWorker, { kind: K }>) => void } =
    {
      clock: ({ sample }) => {
        const { clock } = this.#self;
        this.#say({ kind: 'clock', sample, monotonic: clock.monotonic(), wall: clock.now() });
      },
      declined: ({ why }) => this.close(`the coordinator does not take this worker: ${why}`),
      job: (part) => this.#takeJob(part),
      ack: ({ index }) => {
        this.#result?.acknowledged(index);
        if (this.#result?.isDelivered && this.#isLeaving) this.close(this.#left);
      },
      start: ({ at }) => this.#start(at),
    };

  #takeJob(part: Extract<ToWorker, { kind: 'job' }>): void {
    if (this.#phase !== 'joining') {
      this.#say({ kind: 'ack', index: part.index });
      return;
    }
    try {
      const { index, content } = this.#job.take(part);
      if (index !== undefined) this.#say({ kind: 'ack', index });
      if (content !== undefined) void this.#prepare(content);
    } catch (error) {
      this.#refuse(error);
    }
  }

  async #prepare(content: unknown): Promise<void> {
    try {
      this.#work = await prepareWork(JOB(content, 'the job'), this.#self.permit);
      this.#phase = 'ready';
      this.#beat();
    } catch (error) {
      this.#refuse(error);
    }
  }

  #refuse(error: unknown): void {
    this.#phase = 'refused';
    this.#refusal = refusalOf(error);
    this.#beat();
  }

  #start(at: number): void {
    if (this.#phase !== 'ready') {
      this.#beat();
      return;
    }
    const wait = at - this.#self.clock.monotonic();
    if (wait < -MISSED_BY || wait > FARTHEST_START) {
      this.#goAway('the start was missed');
      return;
    }
    this.#phase = 'waiting';
    const timer = setTimeout(() => void this.#begin(), Math.max(0, wait));
    this.#endings.push(() => clearTimeout(timer));
    this.#beat();
  }

  async #begin(): Promise<void> {
    const startedAt = this.#self.clock.monotonic();
    this.#phase = 'running';
    this.#progressAt = startedAt + PROGRESS_EVERY;
    try {
      const { tally, tokenProblem } = (await this.#work?.run()) ?? {};
      if (tally === undefined) return;
      this.#requests = tally.latencies.reduce((sum, own) => sum + (own?.total ?? 0), 0);
      const left = this.#left === undefined ? {} : { left: this.#left };
      const problem = tokenProblem === undefined ? {} : { tokenProblem: tokenProblem.slice(0, 1000) };
      const content = { tally: encodeTally(tally), startedAt, ...left, ...problem };
      this.#phase = 'done';
      this.#result = new ParcelSender(content, this.#self.partBytes, (part) =>
        this.#say({ kind: 'result', ...part }),
      );
    } catch (error) {
      this.#goAway(refusalOf(error).message);
    }
  }
}

/** What the coordinator is told: a code where there is one, and never more than a few lines. */
function refusalOf(error: unknown): { readonly code: string; readonly message: string } {
  const known = error instanceof UserError;
  const message = error instanceof Error ? error.message : String(error);
  const help = known && error.help !== undefined ? `. ${error.help}` : '';
  const code = known ? error.code : error instanceof ShapeError ? 'LOAD005' : 'LOAD032';
  return { code, message: `${message}${help}`.slice(0, 1000) };
}
