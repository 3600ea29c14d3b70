import { performance } from 'node:perf_hooks';
import type { FaultKind } from '../fault.ts';
import type { Row } from '../feeder.ts';
import { record } from '../histogram.ts';
import { createPacer, type Pace, type Pacer } from '../pace.ts';
import type { Scenario } from '../scenario/scenario.ts';
import {
  countAnswer,
  countFault,
  countStep,
  createTally,
  retractCount,
  type StatusRule,
  statusRule,
  type Tally,
} from '../tally.ts';
import { Http1Session } from './http1-session.ts';
import { type Http2Plan, Http2Session } from './http2-session.ts';
import type { SessionOwner, Slot } from './session.ts';
import type { UserOwner } from './user-session.ts';
import type { Endpoint, Engine, Wire, WireEvents } from './wire.ts';

/** Everything a client needs to know, in a form that crosses threads. Times are in milliseconds. */
export interface ClientPlan {
  readonly endpoint: Endpoint;
  /** The requests as bytes, sent in turn; at least one. */
  readonly list: readonly Uint8Array[];
  /** The one to begin with; 0 when absent. */
  readonly firstOfList?: number;
  /** The request's method is HEAD: answers have no body. */
  readonly headRequest: boolean;
  readonly connections: number;
  /** HTTP/1.1: requests sent on a connection without waiting for an answer; 1 when absent. */
  readonly pipeline?: number;
  /** Each connection is a user that goes through steps; `list` is then one empty request. */
  readonly scenario?: Scenario;
  /** Speak HTTP/2; they are then frames (see http2-request.ts). */
  readonly http2?: Http2Plan;
  readonly pace: Pace;
  /** How long requests are sent before what happens is counted. */
  readonly warmUp: number;
  /** How long it is counted. */
  readonly duration: number;
  /** Stop after this many requests; undefined: only `duration` ends the run. */
  readonly requests?: number;
  readonly timeout: number;
  /** The statuses that are a success, when they are not the usual ones. */
  readonly expectedStatuses?: readonly number[];
}

/** What a client shares with the outside while it runs. */
export interface ClientControl {
  /** Set to end the run at the next tick. */
  stopped: boolean;
  /** Set to send these requests, and this Authorization in scenarios, from the next tick on. */
  renewed?: Renewal;
  /** Called at most once every `PROGRESS_EVERY` milliseconds. */
  readonly onProgress?: (tally: Tally) => void;
  /** Told the status line and headers of answers; costs a string each. Milliseconds from the start. */
  readonly onHead?: (status: number, head: string, at: number) => void;
}

/** What replaces the plan's own when a token is renewed. */
export interface Renewal {
  readonly list: readonly Uint8Array[];
  readonly authorization: string;
}

/** Makes the slots of a client, each for the owner it is given. */
type SlotMaker = (owner: UserOwner) => Slot;

const LONGEST_TICK = 20;
const PROGRESS_EVERY = 200;
const FIRST_RETRY = 10;
const LONGEST_RETRY = 500;

/** Sends requests until the plan is done and returns what was counted. */
export async function runClient(plan: ClientPlan, engine: Engine, control: ClientControl): Promise<Tally> {
  const client = new Client(plan, engine, control, await slotMaker(plan));
  await engine.run(() => client.tick(), plan.pace.kind === 'open');
  return client.tally;
}

/** What reads answers and fills in requests is loaded when there is a scenario, and only then. */
async function slotMaker({ headRequest, http2, pipeline = 1, scenario }: ClientPlan): Promise<SlotMaker> {
  if (scenario !== undefined) {
    const { prepareScenario, UserSession } = await import('./user-session.ts');
    const prepared = prepareScenario(scenario);
    return (owner) => new UserSession(owner, prepared);
  }
  if (http2 !== undefined) return (owner) => new Http2Session(owner, headRequest, http2);
  return (owner) => new Http1Session(owner, { headRequest, depth: pipeline });
}

class Client implements UserOwner {
  readonly tally = createTally();
  readonly #plan: ClientPlan;
  readonly #engine: Engine;
  readonly #control: ClientControl;
  readonly onHead?: SessionOwner['onHead'];
  readonly #pacer: Pacer;
  readonly isExpected: StatusRule;
  readonly #newSlot: SlotMaker;
  readonly #sessions: Slot[] = [];
  /** Sessions that had nothing to send; one may stand here though it is no longer idle. */
  readonly #idle: Slot[] = [];
  readonly #startedAt = performance.now();
  readonly #measuredFrom: number;
  readonly #endsAt: number;
  readonly #longestTick: number;
  /** Requests that were begun: sent, or given up because no connection could be opened for them. */
  #begun = 0;
  #list: readonly Uint8Array[];
  #renewal: Renewal | undefined;
  /** Where the next request stands in the list. */
  #next: number;
  #row: number;
  /** Of those, the ones whose end is known. */
  #settled = 0;
  #lastSettledAt = 0;
  #sweepAt = 0;
  #progressAt: number;
  #measuring = false;
  #over = false;

  constructor(plan: ClientPlan, engine: Engine, control: ClientControl, newSlot: SlotMaker) {
    this.#newSlot = newSlot;
    this.#list = plan.list;
    this.#plan = plan;
    this.#engine = engine;
    this.#control = control;
    const { onHead } = control;
    if (onHead !== undefined)
      this.onHead = (status, head, now) => onHead(status, head, now - this.#startedAt);
    this.#row = plan.firstOfList ?? 0;
    this.#next = plan.scenario === undefined ? this.#row : 0;
    this.#pacer = createPacer(plan.pace);
    this.isExpected = statusRule(plan.expectedStatuses);
    this.#measuredFrom = this.#startedAt + plan.warmUp;
    this.#endsAt = this.#measuredFrom + plan.duration;
    this.#progressAt = this.#startedAt + PROGRESS_EVERY;
    this.#longestTick = Math.min(LONGEST_TICK, Math.max(1, plan.timeout / 20));
  }

  /** Does what is due and says in how many milliseconds it wants to be called again; negative: never. */
  tick(): number {
    const now = performance.now();
    if (this.#isOver(now)) return this.#finish(now);
    if (this.#control.renewed !== this.#renewal) this.#renew(this.#control.renewed);
    if (!this.#measuring && now >= this.#measuredFrom) this.#startMeasuring();
    if (this.#sessions.length < this.#plan.connections) this.#openSessions(now);
    if (now >= this.#sweepAt) this.#sweep(now);
    this.#serveBacklog(now);
    if (now >= this.#progressAt) this.#report(now);
    const nextTurn = this.#measuring ? this.#endsAt : this.#measuredFrom;
    return Math.max(
      0,
      Math.min(this.#sweepAt - now, nextTurn - now, this.#pacer.wait(now - this.#startedAt)),
    );
  }

  dial(session: WireEvents): Wire {
    return this.#engine.dial(this.#plan.endpoint, session);
  }

  ready(session: Slot, now: number): void {
    if (!this.#mayBegin(now)) return;
    const due = this.#pacer.due(now - this.#startedAt);
    if (Number.isNaN(due)) this.#idle.push(session);
    else this.#begin(session, due + this.#startedAt, now);
  }

  vacated(session: Slot): void {
    if (this.#mayBegin(performance.now())) session.connect();
  }

  connected(microseconds: number): void {
    record(this.tally.connects, microseconds + 0.5);
  }

  answered(status: number, startedAt: number, now: number): void {
    if (!this.#settle(now)) return;
    countAnswer(
      this.tally,
      status,
      (now - startedAt) * 1000 + 0.5,
      now - this.#measuredFrom,
      this.isExpected,
    );
  }

  retracted(status: number, startedAt: number, answeredAt: number, sample: string): void {
    if (this.#over || answeredAt > this.#endsAt || answeredAt < this.#measuredFrom) return;
    const answer = {
      status,
      microseconds: (answeredAt - startedAt) * 1000 + 0.5,
      at: answeredAt - this.#measuredFrom,
    };
    retractCount(this.tally, answer, this.isExpected, sample);
  }

  get authorization(): string | undefined {
    return this.#renewal?.authorization;
  }

  mayGoOn(now: number): boolean {
    if (!this.#mayBegin(now)) return false;
    this.#begun += 1;
    return true;
  }

  nextRow(): Row | undefined {
    const rows = this.#plan.scenario?.rows ?? [];
    const row = rows[this.#row];
    this.#row = this.#row + 1 >= rows.length ? 0 : this.#row + 1;
    return row;
  }

  sent(bytes: number): void {
    this.tally.bytesSent += bytes;
  }

  redirected(): void {
    if (this.#measuring) this.tally.redirects += 1;
  }

  stepped(step: number, microseconds: number | undefined): void {
    const now = performance.now();
    if (this.#measuring && now <= this.#endsAt) countStep(this.tally, step, microseconds);
  }

  failed(kind: FaultKind, sample: string): void {
    if (this.#over) return;
    const now = performance.now();
    if (this.#settle(now)) this.#countFault(kind, now, sample);
  }

  refused(session: Slot, kind: FaultKind, sample: string): void {
    if (this.#over) return;
    const now = performance.now();
    session.retryAt = now + retryDelay(session.refusals);
    if (this.#giveUpRequest(now)) this.#countFault(kind, now, sample);
  }

  received(bytes: number): void {
    this.tally.bytesReceived += bytes;
  }

  #begin(session: Slot, startedAt: number, now: number): void {
    this.#pacer.advance();
    this.#begun += 1;
    const request = this.#list[this.#next] as Uint8Array;
    this.#next = this.#next + 1 === this.#list.length ? 0 : this.#next + 1;
    this.tally.bytesSent += request.length;
    session.issue(request, startedAt, now);
  }

  #countFault(kind: FaultKind, now: number, sample: string): void {
    countFault(this.tally, kind, now - this.#measuredFrom, sample);
  }

  /** Whether the end of a request counts: after the end it was cut off, before the start it is warm-up. */
  #settle(now: number): boolean {
    this.#settled += 1;
    this.#lastSettledAt = now;
    if (now > this.#endsAt) this.tally.cutOff += 1;
    else if (now < this.#measuredFrom) this.tally.warmUp += 1;
    else return true;
    return false;
  }

  #renew(renewal: Renewal | undefined): void {
    this.#renewal = renewal;
    this.#list = renewal?.list ?? this.#plan.list;
  }

  /** What was moved during the warm-up is not of the measurement. */
  #startMeasuring(): void {
    this.#measuring = true;
    this.tally.bytesReceived = 0;
    this.tally.bytesSent = 0;
  }

  #mayBegin(now: number): boolean {
    return (
      !this.#over && now < this.#endsAt && this.#begun < (this.#plan.requests ?? Number.POSITIVE_INFINITY)
    );
  }

  /** Opens as many sessions as the ramp allows by now. */
  #openSessions(now: number): void {
    const { pace, connections } = this.#plan;
    const ramp = pace.kind === 'closed' ? pace.ramp : 0;
    const allowed = ramp === 0 ? 1 : Math.min(1, (now - this.#startedAt) / ramp);
    while (this.#sessions.length < Math.max(1, Math.floor(allowed * connections))) {
      const session = this.#newSlot(this);
      this.#sessions.push(session);
      session.connect();
    }
  }

  #sweep(now: number): void {
    this.#sweepAt = now + this.#longestTick;
    for (const session of this.#sessions) {
      if (!session.isClosed) session.expire(now, this.#plan.timeout);
      else if (now >= session.retryAt && this.#mayBegin(now)) session.connect();
    }
    this.#expireBacklog(now);
  }

  /** Gives idle sessions the requests that came due. */
  #serveBacklog(now: number): void {
    while (this.#idle.length > 0 && this.#mayBegin(now)) {
      const due = this.#pacer.due(now - this.#startedAt);
      if (Number.isNaN(due)) return;
      const session = this.#idle.pop();
      if (session?.isIdle) this.#begin(session, due + this.#startedAt, now);
    }
  }

  /** Requests that waited for a connection longer than the timeout will not be sent. */
  #expireBacklog(now: number): void {
    if (this.#plan.pace.kind === 'closed') return;
    const backlog = this.#pacer.backlog(now - this.#startedAt);
    this.tally.largestBacklog = Math.max(this.tally.largestBacklog, backlog);
    const late = (): boolean => this.#pacer.due(now - this.#startedAt - this.#plan.timeout) >= 0;
    while (late() && this.#giveUpRequest(now)) {
      this.#countFault('not-sent', now, `waited ${this.#plan.timeout} ms for a connection`);
    }
  }

  /** Takes a due request out of the queue without sending it; true when that counts as a fault. */
  #giveUpRequest(now: number): boolean {
    if (!this.#mayBegin(now) || Number.isNaN(this.#pacer.due(now - this.#startedAt))) return false;
    this.#pacer.advance();
    this.#begun += 1;
    return this.#settle(now);
  }

  #report(now: number): void {
    this.#progressAt = now + PROGRESS_EVERY;
    this.tally.elapsed = now - this.#measuredFrom;
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
    this.tally.elapsed = Math.max(0, end - this.#measuredFrom);
    this.tally.unsent = this.#pacer.backlog(end - this.#startedAt);
    this.#over = true;
    for (const session of this.#sessions) {
      this.tally.cutOff += session.waiting;
      session.close();
    }
    return -1;
  }
}

/** A host that refuses is asked again at a growing distance, not as fast as it can refuse. */
function retryDelay(refusals: number): number {
  return Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** (refusals - 1));
}
