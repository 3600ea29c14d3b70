import { performance } from 'node:perf_hooks';
import type { FaultKind } from '../fault.ts';
import type { Row } from '../feeder.ts';
import { record } from '../histogram.ts';
import { countOperation, countOperationFault, retractOperation, tallyOf } from '../operation-tally.ts';
import { createPacer, type Pacer } from '../pace.ts';
import type { Tally } from '../tally.ts';
import {
  countAnswer,
  countFault,
  countStep,
  createTally,
  retractCount,
  type StatusRule,
  statusRule,
} from '../tally.ts';
import type { RawAnswer } from './answer-keeper.ts';
import { Http1Session } from './http1-session.ts';
import { Http2Session } from './http2-session.ts';
import type { ClientControl, ClientPlan, Renewal } from './plan.ts';
import type { SessionOwner, Slot } from './session.ts';
import { operationOf, withKept } from './tag.ts';
import type { UserOwner } from './user-session.ts';
import type { Engine, Wire, WireEvents } from './wire.ts';

/** Makes the slots of a client, each for the owner it is given. */
type SlotMaker = (owner: UserOwner) => Slot;

const LONGEST_TICK = 20;
const PROGRESS_EVERY = 200;
const FIRST_RETRY = 10;
/** The share of the answers to be kept that may come from the start of the run. */
const FIRST_SAMPLES = 0.2;
const LONGEST_RETRY = 500;

/** Sends requests until the plan is done and returns what was counted. */
export async function runClient(plan: ClientPlan, engine: Engine, control: ClientControl): Promise<Tally> {
  const client = new Client(plan, engine, control, await slotMaker(plan, control));
  await engine.run(() => client.tick(), plan.pace.kind === 'open');
  return client.tally;
}

/** What reads answers and fills in requests is loaded when there is a scenario, and only then. */
async function slotMaker(
  { http2, pipeline = 1, scenario, operations }: ClientPlan,
  { onHead }: ClientControl,
): Promise<SlotMaker> {
  if (scenario !== undefined) {
    const [{ prepareScenario, UserSession }, { userProtocol }] = await Promise.all([
      import('./user-session.ts'),
      import('./user-protocol.ts'),
    ]);
    const [prepared, protocol] = [prepareScenario(scenario), userProtocol(http2)];
    return (owner) => new UserSession(owner, prepared, protocol);
  }
  const keeps = operations !== undefined && operations.samples > 0;
  if (http2 !== undefined) {
    if (!keeps && onHead === undefined) return (owner) => new Http2Session(owner, http2);
    const { StreamKeeper } = await import('./stream-keeper.ts');
    return (owner) => new Http2Session(owner, http2, new StreamKeeper());
  }
  if (!keeps) return (owner) => new Http1Session(owner, { depth: pipeline });
  const { AnswerKeeper } = await import('./answer-keeper.ts');
  return (owner) => new Http1Session(owner, { depth: pipeline, keeper: new AnswerKeeper() });
}

class Client implements UserOwner {
  readonly tally = createTally();
  readonly #plan: ClientPlan;
  readonly #engine: Engine;
  readonly #control: ClientControl;
  readonly onHead?: SessionOwner['onHead'];
  /** Of each operation: how many answers were kept, and how many may have been by now. */
  readonly #kept: Int32Array;
  #mayKeep = 0;
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
    this.#kept = new Int32Array(plan.operations?.count ?? 0);
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
    this.#allowSamples(now);
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

  answered(status: number, startedAt: number, now: number, tag: number, bytes: number): void {
    if (!this.#settle(now)) return;
    const microseconds = (now - startedAt) * 1000 + 0.5;
    countAnswer(this.tally, status, microseconds, now - this.#measuredFrom, this.isExpected);
    if (this.#plan.operations === undefined) return;
    const own = tallyOf(this.tally.operations, operationOf(tag));
    countOperation(own, status, microseconds, bytes, this.isExpected);
  }

  kept(tag: number, status: number, answer: RawAnswer): void {
    this.#control.onSample?.({ operation: operationOf(tag), status, answer });
  }

  retracted(status: number, startedAt: number, answeredAt: number, sample: string, tag: number): void {
    if (this.#over || answeredAt > this.#endsAt || answeredAt < this.#measuredFrom) return;
    const answer = {
      status,
      microseconds: (answeredAt - startedAt) * 1000 + 0.5,
      at: answeredAt - this.#measuredFrom,
    };
    retractCount(this.tally, answer, this.isExpected, sample);
    if (this.#plan.operations === undefined) return;
    const own = tallyOf(this.tally.operations, operationOf(tag));
    retractOperation(own, status, answer.microseconds, this.isExpected);
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

  failed(kind: FaultKind, sample: string, tag: number): void {
    if (this.#over) return;
    const now = performance.now();
    if (this.#settle(now)) this.#countFault(kind, now, sample, tag);
  }

  refused(session: Slot, kind: FaultKind, sample: string): void {
    if (this.#over) return;
    const now = performance.now();
    session.retryAt = now + retryDelay(session.refusals);
    const tag = this.#nextTag;
    if (this.#giveUpRequest(now)) this.#countFault(kind, now, sample, tag);
  }

  received(bytes: number): void {
    this.tally.bytesReceived += bytes;
  }

  #begin(session: Slot, startedAt: number, now: number): void {
    this.#pacer.advance();
    this.#begun += 1;
    const request = this.#list[this.#next] as Uint8Array;
    const tag = this.#nextTag;
    this.#passOver();
    this.tally.bytesSent += request.length;
    session.issue(request, startedAt, now, this.#isWanted(tag) ? withKept(tag) : tag);
  }

  /** Of the request that stands next in the list. */
  get #nextTag(): number {
    return this.#plan.tags[this.#next] as number;
  }

  #passOver(): void {
    this.#next = this.#next + 1 === this.#list.length ? (this.#plan.once ?? 0) : this.#next + 1;
  }

  /** Whether the answer is to be kept. */
  #isWanted(tag: number): boolean {
    const operation = operationOf(tag);
    const kept = this.#kept[operation];
    if (kept === undefined || kept >= this.#mayKeep) return false;
    this.#kept[operation] = kept + 1;
    return true;
  }

  /** Some at once, and the others as the run goes on. */
  #allowSamples(now: number): void {
    const { operations, duration } = this.#plan;
    if (operations === undefined) return;
    const passed = Math.max(0, Math.min(1, (now - this.#measuredFrom) / duration));
    this.#mayKeep = Math.ceil(operations.samples * Math.max(FIRST_SAMPLES, passed));
  }

  #countFault(kind: FaultKind, now: number, sample: string, tag: number): void {
    countFault(this.tally, kind, now - this.#measuredFrom, sample);
    if (this.#plan.operations === undefined) return;
    countOperationFault(tallyOf(this.tally.operations, operationOf(tag)), kind);
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
    for (;;) {
      const tag = this.#nextTag;
      if (!late() || !this.#giveUpRequest(now)) return;
      this.#countFault('not-sent', now, `waited ${this.#plan.timeout} ms for a connection`, tag);
    }
  }

  /** Takes a due request out of the queue without sending it; true when that counts as a fault. */
  #giveUpRequest(now: number): boolean {
    if (!this.#mayBegin(now) || Number.isNaN(this.#pacer.due(now - this.#startedAt))) return false;
    this.#pacer.advance();
    this.#begun += 1;
    if (this.#plan.operations !== undefined) this.#passOver();
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
