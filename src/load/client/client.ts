import type { FaultKind } from '../fault.ts';
import { record } from '../histogram.ts';
import { countAnswer, countFault, createTally, type Tally } from '../tally.ts';
import { Session, type SessionOwner } from './session.ts';
import type { Endpoint, Engine, Wire, WireEvents } from './wire.ts';

/** Everything a client needs to know, in a form that crosses threads. Times are in milliseconds. */
export interface ClientPlan {
  readonly endpoint: Endpoint;
  /** The request as bytes. */
  readonly request: Uint8Array;
  /** The request's method is HEAD: answers have no body. */
  readonly headRequest: boolean;
  readonly connections: number;
  readonly duration: number;
  /** Stop after this many requests; undefined: only `duration` ends the run. */
  readonly requests?: number;
  readonly timeout: number;
}

/** What a client shares with the outside while it runs. */
export interface ClientControl {
  /** Set to end the run at the next tick. */
  stopped: boolean;
  /** Called at most once every `PROGRESS_EVERY` milliseconds. */
  readonly onProgress?: (tally: Tally) => void;
}

const LONGEST_TICK = 20;
const PROGRESS_EVERY = 200;
const FIRST_RETRY = 10;
const LONGEST_RETRY = 500;

/** Sends requests until the plan is done and returns what was counted. */
export async function runClient(plan: ClientPlan, engine: Engine, control: ClientControl): Promise<Tally> {
  const client = new Client(plan, engine, control);
  await engine.run(() => client.tick());
  return client.tally;
}

class Client implements SessionOwner {
  readonly tally = createTally();
  readonly #plan: ClientPlan;
  readonly #engine: Engine;
  readonly #control: ClientControl;
  readonly #sessions: Session[] = [];
  readonly #startedAt = performance.now();
  readonly #endsAt: number;
  readonly #longestTick: number;
  /** Requests that were begun: sent, or given up because no connection could be opened for them. */
  #begun = 0;
  /** Of those, the ones whose end is known. */
  #settled = 0;
  #lastSettledAt = 0;
  #progressAt: number;
  #over = false;

  constructor(plan: ClientPlan, engine: Engine, control: ClientControl) {
    this.#plan = plan;
    this.#engine = engine;
    this.#control = control;
    this.#endsAt = this.#startedAt + plan.duration;
    this.#progressAt = this.#startedAt + PROGRESS_EVERY;
    this.#longestTick = Math.min(LONGEST_TICK, Math.max(1, plan.timeout / 20));
  }

  /** Does what is due and says in how many milliseconds it wants to be called again; negative: never. */
  tick(): number {
    if (this.#sessions.length === 0) this.#openSessions();
    const now = performance.now();
    if (this.#isOver(now)) return this.#finish(now);
    for (const session of this.#sessions) this.#tend(session, now);
    if (now >= this.#progressAt) this.#report(now);
    return Math.min(this.#longestTick, this.#endsAt - now);
  }

  dial(session: WireEvents): Wire {
    return this.#engine.dial(this.#plan.endpoint, session);
  }

  ready(session: Session, now: number): void {
    if (!this.#mayBegin(now)) return;
    this.#begun += 1;
    this.tally.sent += 1;
    this.tally.bytesSent += this.#plan.request.length;
    session.issue(this.#plan.request, now, now);
  }

  vacated(session: Session): void {
    if (this.#mayBegin(performance.now())) session.connect();
  }

  connected(microseconds: number): void {
    record(this.tally.connects, microseconds + 0.5);
  }

  answered(status: number, startedAt: number, now: number): void {
    if (!this.#settle(now)) return;
    countAnswer(this.tally, status, (now - startedAt) * 1000 + 0.5, now - this.#startedAt);
  }

  failed(session: Session, kind: FaultKind, sample: string): void {
    if (this.#over) return;
    const now = performance.now();
    if (session.refusals > 0) this.#begun += 1;
    if (this.#settle(now)) countFault(this.tally, kind, now - this.#startedAt, sample);
    if (session.refusals > 0) session.retryAt = now + retryDelay(session.refusals);
    else this.vacated(session);
  }

  received(bytes: number): void {
    this.tally.bytesReceived += bytes;
  }

  /** False when the end of a request came after the end of the run: it was cut off. */
  #settle(now: number): boolean {
    this.#settled += 1;
    if (now > this.#endsAt) {
      this.tally.cutOff += 1;
      return false;
    }
    this.#lastSettledAt = now;
    return true;
  }

  #mayBegin(now: number): boolean {
    return (
      !this.#over && now < this.#endsAt && this.#begun < (this.#plan.requests ?? Number.POSITIVE_INFINITY)
    );
  }

  #openSessions(): void {
    for (let count = 0; count < this.#plan.connections; count += 1) {
      const session = new Session(this, this.#plan.headRequest);
      this.#sessions.push(session);
      session.connect();
    }
  }

  #tend(session: Session, now: number): void {
    if (!session.isClosed) session.expire(now, this.#plan.timeout);
    else if (now >= session.retryAt && this.#mayBegin(now)) session.connect();
  }

  #report(now: number): void {
    this.#progressAt = now + PROGRESS_EVERY;
    this.tally.elapsed = now - this.#startedAt;
    this.#control.onProgress?.(this.tally);
  }

  #allRequestsSettled(): boolean {
    return this.#plan.requests !== undefined && this.#settled >= this.#plan.requests;
  }

  #isOver(now: number): boolean {
    return now >= this.#endsAt || this.#control.stopped || this.#allRequestsSettled();
  }

  #finish(now: number): number {
    const end = this.#allRequestsSettled() ? this.#lastSettledAt : Math.min(now, this.#endsAt);
    this.tally.elapsed = end - this.#startedAt;
    this.#over = true;
    for (const session of this.#sessions) {
      if (session.isWaiting) this.tally.cutOff += 1;
      session.close();
    }
    return -1;
  }
}

/** A host that refuses is asked again at a growing distance, not as fast as it can refuse. */
function retryDelay(refusals: number): number {
  return Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** (refusals - 1));
}
