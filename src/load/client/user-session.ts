import type { FaultKind } from '../fault.ts';
import type { Row } from '../feeder.ts';
import { type Finder, finderFor } from '../scenario/capture.ts';
import { CookieJar } from '../scenario/cookie-jar.ts';
import type { Scenario, Step } from '../scenario/scenario.ts';
import { completeOutgoing, fillStep, type Outgoing, redirected } from '../scenario/step-request.ts';
import type { StatusRule } from '../tally.ts';
import { type KeptAnswer, type RawAnswer, readAnswer } from './answer-keeper.ts';
import type { SessionOwner, Slot } from './session.ts';
import { tagOf, withKept } from './tag.ts';
import type { UserProtocol } from './user-protocol.ts';
import type { Wire, WireEvents } from './wire.ts';

/** What a user asks of the client beside what a session does. */
export interface UserOwner extends SessionOwner {
  /** Sent in place of the steps' own Authorization; undefined: there is none. */
  readonly authorization: string | undefined;
  readonly isExpected: StatusRule;
  /** May a user in the middle of the steps send one more request? It counts as begun. */
  mayGoOn(now: number): boolean;
  /** The row for another time through the steps. */
  nextRow(): Row | undefined;
  sent(bytes: number): void;
  redirected(): void;
  /** `microseconds` undefined: the step's request failed. Told beside `answered` and `failed`. */
  stepped(step: number, microseconds: number | undefined): void;
}

/** A scenario with its captures made ready. */
export interface PreparedScenario extends Scenario {
  readonly finders: readonly (readonly (readonly [name: string, find: Finder])[])[];
}

/** Errors: RE2JSException for a pattern that is none. */
export function prepareScenario(scenario: Scenario): PreparedScenario {
  return {
    ...scenario,
    finders: scenario.steps.map(({ captures }) =>
      captures.map((capture) => [capture.name, finderFor(capture)] as const),
    ),
  };
}

/**
 * One user: goes through the steps on one connection, with cookies and captured values of its own. To the
 * client it is a session whose request is the whole way through the steps; to its connection, the owner.
 */
export class UserSession implements Slot, SessionOwner {
  readonly #owner: UserOwner;
  readonly #scenario: PreparedScenario;
  readonly #protocol: UserProtocol;
  readonly #inner: Slot;
  readonly #jar = new CookieJar();
  #values: Row = {};
  /** The answer that is told of next. */
  #kept: RawAnswer = { bytes: new Uint8Array(0) };
  #step = 0;
  /** What was sent last, and what is to be sent as soon as the connection is ready for it. */
  #latest: Outgoing = { method: 'GET', path: '/', headers: [] };
  #next: Outgoing | undefined;
  /** Redirects of the request under way, and when its latency began; it is one request with all of them. */
  #hops = 0;
  #startedAt = 0;

  constructor(owner: UserOwner, scenario: PreparedScenario, protocol: UserProtocol) {
    this.#owner = owner;
    this.#scenario = scenario;
    this.#protocol = protocol;
    this.#inner = protocol.newSession(this);
  }

  get retryAt(): number {
    return this.#inner.retryAt;
  }

  set retryAt(time: number) {
    this.#inner.retryAt = time;
  }

  get refusals(): number {
    return this.#inner.refusals;
  }

  get isClosed(): boolean {
    return this.#inner.isClosed;
  }

  get isIdle(): boolean {
    return this.#inner.isIdle && this.#next === undefined;
  }

  get waiting(): number {
    return this.#hops > 0 && this.#next !== undefined ? 1 : this.#inner.waiting;
  }

  connect(): void {
    this.#inner.connect();
  }

  /** Begins the steps anew. */
  issue(_request: Uint8Array, startedAt: number, now: number): void {
    this.#values = this.#owner.nextRow() ?? {};
    if (this.#scenario.newVisitors) this.#jar.clear();
    this.#step = 0;
    this.#hops = 0;
    this.#send(fillStep(this.#currentStep, this.#values, this.#scenario.origin), startedAt, now);
  }

  expire(now: number, timeout: number): void {
    this.#inner.expire(now, timeout);
  }

  close(): void {
    this.#inner.close();
  }

  received(bytes: number): void {
    this.#owner.received(bytes);
  }

  dial(session: WireEvents): Wire {
    return this.#owner.dial(session);
  }

  ready(_inner: Slot, now: number): void {
    const next = this.#next;
    this.#next = undefined;
    if (next === undefined) this.#owner.ready(this, now);
    // A redirect belongs to a request that has begun; a step is another request.
    else if (this.#hops > 0) this.#send(next, this.#startedAt, now);
    else if (this.#owner.mayGoOn(now)) this.#send(next, now, now);
  }

  vacated(): void {
    if (this.#next === undefined) this.#owner.vacated(this);
    else this.#inner.connect();
  }

  connected(microseconds: number): void {
    this.#owner.connected(microseconds);
  }

  refused(_inner: Slot, kind: FaultKind, sample: string): void {
    const midway = this.#next !== undefined && this.#hops > 0;
    this.#next = undefined;
    if (midway) this.#failStep(kind, sample);
    this.#owner.refused(this, kind, sample);
  }

  kept(_tag: number, _status: number, answer: RawAnswer): void {
    this.#kept = answer;
  }

  answered(status: number, _startedAt: number, now: number): void {
    const answer = readAnswer(this.#kept);
    const { cookies, follow, origin } = this.#scenario;
    if (cookies) this.#jar.store(answer.headers, this.#latest.path, Date.now());
    const location = answer.headers.find(([name]) => name === 'location')?.[1];
    const onwards = follow > 0 ? redirected(this.#latest, status, location, origin) : undefined;
    if (onwards === undefined) this.#settle(status, answer, now);
    else if (this.#hops === follow) this.#failStep('redirects', `${this.#hops} and then to ${onwards.path}`);
    else {
      this.#hops += 1;
      this.#owner.redirected();
      this.#next = onwards;
    }
  }

  retracted(status: number, _startedAt: number, answeredAt: number, sample: string): void {
    this.#owner.retracted(status, this.#startedAt, answeredAt, sample, 0);
  }

  failed(kind: FaultKind, sample: string): void {
    this.#next = undefined;
    this.#failStep(kind, sample);
  }

  get #currentStep(): Step {
    return this.#scenario.steps[this.#step] as Step;
  }

  #send(outgoing: Outgoing, startedAt: number, now: number): void {
    const { authorization } = this.#owner;
    const cookie = this.#scenario.cookies ? this.#jar.send(outgoing.path, Date.now()) : '';
    const request = completeOutgoing(outgoing, [
      ...(authorization === undefined ? [] : [['Authorization', authorization] as const]),
      ...(cookie === '' ? [] : [['Cookie', cookie] as const]),
    ]);
    const { authority, origin } = this.#scenario;
    const target = { path: outgoing.path, authority, tls: origin.startsWith('https:') };
    const bytes = this.#protocol.encode(request, target);
    this.#latest = outgoing;
    this.#startedAt = startedAt;
    this.#owner.sent(bytes.length);
    this.#inner.issue(bytes, startedAt, now, withKept(tagOf(0, outgoing.method === 'HEAD')));
  }

  /** The answer stands at the end of all redirects: is it what the step wants, and what the next one needs? */
  #settle(status: number, answer: KeptAnswer, now: number): void {
    const { name, expect } = this.#currentStep;
    const good = expect?.includes(status) ?? this.#owner.isExpected(status);
    const missing = good ? this.#capture(status, answer) : undefined;
    if (missing !== undefined) this.#failStep('not-captured', `${missing}, in step ${name}`);
    else if (!good && this.#owner.isExpected(status)) this.#failStep('status', `${status} in step ${name}`);
    else {
      this.#owner.answered(status, this.#startedAt, now, 0, 0);
      this.#owner.stepped(this.#step, good ? (now - this.#startedAt) * 1000 + 0.5 : undefined);
      if (good) this.#goOn();
    }
  }

  #goOn(): void {
    this.#hops = 0;
    this.#step += 1;
    if (this.#step === this.#scenario.steps.length) return;
    this.#next = fillStep(this.#currentStep, this.#values, this.#scenario.origin);
  }

  /** Takes the step's values out of an answer; the name of the first one that is not there. */
  #capture(status: number, answer: KeptAnswer): string | undefined {
    const found: Record<string, string> = {};
    for (const [name, find] of this.#scenario.finders[this.#step] ?? []) {
      const value = find(status, answer);
      if (value === undefined) return name;
      found[name] = value;
    }
    this.#values = { ...this.#values, ...found };
    return undefined;
  }

  /** What failed ends the steps: the later ones rest on it. */
  #failStep(kind: FaultKind, sample: string): void {
    this.#hops = 0;
    this.#owner.failed(kind, sample, 0);
    this.#owner.stepped(this.#step, undefined);
  }
}
