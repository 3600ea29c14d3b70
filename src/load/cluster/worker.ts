// A worker: waits for calls, takes one seat at a time, and does what it is asked as far as its operator allows.
import { type Permit, permitOf } from './allow.ts';
import { Channel, strangerWords } from './channel.ts';
import { createEnvelopes } from './envelope.ts';
import { type Link, type LinkOptions, openLink } from './link.ts';
import { linkLost, partBytesOf, refuseOpenDoor } from './link-rules.ts';
import { CALL } from './messages.ts';
import { CALL_SUBJECT, type Clock, coordinatorSubject, STRANGER_SUBJECT } from './protocol.ts';
import { Seat, type SeatOutcome, type WorkerSelf } from './seat.ts';

/** A worker as it is asked for. */
export interface WorkerOptions {
  readonly link: LinkOptions;
  /** What coordinator and workers share; messages are then encrypted. */
  readonly clusterKey?: string | undefined;
  readonly name: string;
  /** Of this package. */
  readonly version: string;
  /** How much of a run it gets, against the other workers. */
  readonly capacity: number;
  readonly cores: number;
  /** Hosts that may be loaded (see permitOf); none: this machine. */
  readonly allow: readonly string[];
  /** Ends after one run. */
  readonly once: boolean;
  readonly clock: Clock;
}

/** What became of a worker. */
export interface WorkerOutcome {
  readonly server: string;
  /** Runs it took part in to the end. */
  readonly runs: number;
  readonly requests: number;
}

/** Serves runs until `signal` is aborted or, with `once`, until it has served one. Errors: LOAD005, LOAD030, LOAD034. */
export async function serveRuns(
  options: WorkerOptions,
  signal: AbortSignal,
  tell: (line: string) => void,
): Promise<WorkerOutcome> {
  const permit = permitOf(options.allow);
  refuseOpenDoor(options);
  const link = await openLink(options.link, `senior-backend worker ${options.name}`, tell);
  const worker = new Worker(options, permit, link, tell);
  try {
    return await worker.serve(signal);
  } finally {
    await link.close();
  }
}

class Worker {
  readonly #options: WorkerOptions;
  readonly #link: Link;
  readonly #channel: Channel;
  readonly #self: WorkerSelf;
  readonly #tell: (line: string) => void;
  readonly #strangers = new Set<string>();
  readonly #done: Promise<void>;
  #finish: () => void = () => {};
  #seat: Seat | undefined;
  #runs = 0;
  #requests = 0;

  constructor(options: WorkerOptions, permit: Permit, link: Link, tell: (line: string) => void) {
    const { name, version, capacity, cores, clock, clusterKey } = options;
    this.#options = options;
    this.#link = link;
    this.#tell = tell;
    this.#self = { name, version, capacity, cores, permit, clock, partBytes: partBytesOf(link) };
    this.#channel = new Channel(link, createEnvelopes({ version, name }, clusterKey), {
      onStranger: (stranger) => this.#misheard(strangerWords('A coordinator', stranger)),
      onUnreadable: (subject) => {
        if (subject === CALL_SUBJECT)
          this.#misheard('A coordinator called that has another cluster key, or none');
      },
    });
    this.#done = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  async serve(signal: AbortSignal): Promise<WorkerOutcome> {
    const stop = (): void => {
      if (this.#seat === undefined) this.#finish();
      else this.#seat.leave();
    };
    const deaf = this.#channel.hear(CALL_SUBJECT, CALL, ({ run }) => this.#called(run, signal), {
      shared: true,
    });
    signal.addEventListener('abort', stop);
    this.#tell(`Worker ${this.#options.name} waits for runs at ${this.#link.server}`);
    try {
      if (!signal.aborted) await Promise.race([this.#done, linkLost(this.#link)]);
      return { server: this.#link.server, runs: this.#runs, requests: this.#requests };
    } finally {
      signal.removeEventListener('abort', stop);
      deaf();
      this.#seat?.close();
    }
  }

  #called(run: string, signal: AbortSignal): void {
    if (signal.aborted) return;
    const seat = this.#seat;
    if (seat?.run === run) {
      seat.join();
      return;
    }
    // One that nobody has welcomed is no reason to keep another coordinator waiting.
    if (seat?.isTaken) {
      this.#sayBusy(run);
      return;
    }
    seat?.close();
    const taken = new Seat(run, this.#channel, this.#self);
    this.#seat = taken;
    void taken.ended.then((outcome) => this.#ended(taken, outcome, signal));
  }

  #ended(seat: Seat, { delivered, requests, why }: SeatOutcome, signal: AbortSignal): void {
    if (this.#seat === seat) this.#seat = undefined;
    if (delivered) {
      this.#runs += 1;
      this.#requests += requests;
      this.#tell(`A run is over: ${requests} answers were counted and handed over`);
    }
    if (why !== undefined) this.#tell(why);
    if (signal.aborted || (delivered && this.#options.once)) this.#finish();
  }

  #sayBusy(run: string): void {
    const { name, version, capacity, cores } = this.#self;
    const subject = coordinatorSubject(run, 'b'.repeat(32));
    this.#channel.say(subject, { kind: 'join', name, version, capacity, cores, busy: true });
  }

  /** Said once for each; the coordinator is told by a message that it can as little read. */
  #misheard(words: string): void {
    this.#channel.say(STRANGER_SUBJECT, {});
    if (this.#strangers.has(words) || this.#strangers.size > 100) return;
    this.#strangers.add(words);
    this.#tell(words);
  }
}
