// Each operation alone, one request at a time, with the counters read before and after: what they counted is its own.
import { setTimeout as delay } from 'node:timers/promises';
import { type LoneAnswer, type LoneClient, priceOfJson } from '../client/lone-client.ts';
import { CookieJar } from '../scenario/cookie-jar.ts';
import { fillStep, type Outgoing } from '../scenario/step-request.ts';
import type { OperationEvidence, PageEvidence } from './evidence.ts';
import { listLengths } from './json-lists.ts';
import type { Meter, Reading } from './meter.ts';
import { type OperationNotes, startNotes, summariseNotes } from './operation-notes.ts';
import type { ProbedOperation, ProbePlan } from './operations.ts';
import { smallerPages } from './page-size.ts';

/** How much a probe may send. Times in milliseconds. */
export interface ProbeLimits {
  /** For all operations together. */
  readonly budgetMs: number;
  readonly isExpected: (status: number) => boolean;
  readonly signal: AbortSignal;
}

/** Requests before anything is counted: connections are opened and code is compiled in them. */
const WARM_UP = 4;
const MOST_REQUESTS = 20;
const LEAST_REQUESTS = 3;
/** Rounds of steps: each step is read apart, so that fewer have to do. */
const ROUNDS = 4;
const WARM_ROUNDS = 3;
/** What a service does after its answer belongs to the request. */
const SETTLE_MS = 8;
const LEAST_SHARE_MS = 250;
const MOST_SHARE_MS = 1500;

/** Bodies are looked at once and not kept. */
const NOTHING = Buffer.alloc(0);

/** Sends each operation's requests and notes what they cost. */
export class Probe {
  readonly #client: LoneClient;
  readonly #meter: Meter;
  readonly #limits: ProbeLimits;

  constructor(client: LoneClient, meter: Meter, limits: ProbeLimits) {
    this.#client = client;
    this.#meter = meter;
    this.#limits = limits;
  }

  async run(plan: ProbePlan): Promise<OperationEvidence[]> {
    if (plan.kind === 'steps') return this.#runSteps(plan.scenario);
    const count = Math.max(plan.operations.length, 1);
    const shareMs = Math.min(MOST_SHARE_MS, Math.max(LEAST_SHARE_MS, this.#limits.budgetMs / count));
    const found: OperationEvidence[] = [];
    for (const operation of plan.operations) {
      if (this.#limits.signal.aborted) break;
      found.push(await this.#runOne(operation, shareMs));
    }
    return found;
  }

  async #runOne({ name, requests }: ProbedOperation, shareMs: number): Promise<OperationEvidence> {
    const notes = startNotes(name);
    const end = this.#client.now() + shareMs;
    let next = 0;
    const send = async (): Promise<LoneAnswer | undefined> => {
      const request = requests[next % requests.length];
      next += 1;
      return request === undefined ? undefined : this.#client.send(request, this.#limits.signal);
    };
    for (let sent = 0; sent < WARM_UP && (sent === 0 || this.#client.now() < end); sent += 1) await send();
    await this.#measured(notes, async () => {
      for (let sent = 0; sent < MOST_REQUESTS; sent += 1) {
        if (sent >= LEAST_REQUESTS && this.#client.now() > end) break;
        if (this.#limits.signal.aborted) break;
        this.#note(notes, await send());
      }
    });
    const [first] = requests;
    notes.sent = listsOf(first?.body);
    if (first !== undefined) await this.#varyPages(notes, first);
    return summariseNotes(notes);
  }

  async #runSteps(scenario: Extract<ProbePlan, { kind: 'steps' }>['scenario']): Promise<OperationEvidence[]> {
    const { steps, rows, cookies, newVisitors, origin, finders } = scenario;
    const all = steps.map(({ name }) => startNotes(name));
    const jar = new CookieJar();
    for (let round = 0; round < WARM_ROUNDS + ROUNDS && !this.#limits.signal.aborted; round += 1) {
      let values = rows[round % Math.max(rows.length, 1)] ?? {};
      if (newVisitors) jar.clear();
      for (const [at, step] of steps.entries()) {
        const notes = all[at] as OperationNotes;
        const filled = fillStep(step, values, origin);
        const cookie = cookies ? jar.send(filled.path, this.#client.now()) : '';
        const outgoing: Outgoing =
          cookie === '' ? filled : { ...filled, headers: [...filled.headers, ['Cookie', cookie]] };
        notes.sent = listsOf(outgoing.body);
        const send = () => this.#client.send(outgoing, this.#limits.signal);
        let answer: LoneAnswer | undefined;
        if (round < WARM_ROUNDS) answer = await send();
        else {
          await this.#measured(notes, async () => {
            answer = await send();
            this.#note(notes, answer, step.expect);
          });
        }
        if (answer === undefined) break;
        if (cookies) jar.store(answer.headers, outgoing.path, this.#client.now());
        if (round === WARM_ROUNDS + ROUNDS - 1) await this.#varyPages(notes, outgoing);
        const { status, headers, body } = answer;
        const kept = { headers, body: () => body.toString('utf8') };
        const found = (finders[at] ?? []).map(([name, find]) => [name, find(status, kept)] as const);
        if (found.some(([, value]) => value === undefined)) break;
        values = { ...values, ...Object.fromEntries(found.map(([name, value]) => [name, value ?? ''])) };
      }
    }
    return all.map(summariseNotes);
  }

  /** Runs `work` between two readings, and adds what lies between them. */
  async #measured(notes: OperationNotes, work: () => Promise<void>): Promise<void> {
    const before = await this.#meter.read();
    await this.#meter.during(work);
    const after = await this.#settled();
    notes.cost.push(this.#meter.between(before, after));
  }

  /** Read when what comes after an answer is done. */
  async #settled(): Promise<Reading> {
    await delay(SETTLE_MS);
    return this.#meter.read();
  }

  #note(notes: OperationNotes, answer: LoneAnswer | undefined, expect?: readonly number[]): void {
    const good =
      answer !== undefined && (expect?.includes(answer.status) ?? this.#limits.isExpected(answer.status));
    if (answer === undefined || !good) {
      notes.failed += 1;
      return;
    }
    notes.answers.push({ ...answer, body: NOTHING });
    if (notes.json !== undefined) return;
    notes.json = {
      ms: Math.min(...[0, 1, 2].map(() => priceOfJson(answer.body) ?? 0)),
      lists: listsOf(answer.body),
    };
  }

  /** The same request for fewer rows, for a parameter that the service understands. */
  async #varyPages(notes: OperationNotes, request: Outgoing): Promise<void> {
    const full = notes.json?.lists[0] ?? 0;
    if (request.method !== 'GET') return;
    for (const { parameter, path } of smallerPages(request.path, full)) {
      if (this.#limits.signal.aborted) return;
      const page = await this.#page({ ...request, path });
      if (page === undefined || page.rows >= full) continue;
      notes.pages.push(page);
      notes.pageParameter = parameter;
      return;
    }
  }

  async #page(request: Outgoing): Promise<PageEvidence | undefined> {
    const before = await this.#meter.read();
    let answer: LoneAnswer | undefined;
    await this.#meter.during(async () => {
      answer = await this.#client.send(request, this.#limits.signal);
    });
    if (answer === undefined || !this.#limits.isExpected(answer.status)) return undefined;
    const after = await this.#settled();
    const { statements, cpuMs } = this.#meter.between(before, after);
    return { rows: listsOf(answer.body)[0] ?? 0, ms: answer.lastByteMs, cpuMs, statements };
  }
}

function listsOf(body: Uint8Array | undefined): number[] {
  try {
    return body === undefined ? [] : listLengths(JSON.parse(Buffer.from(body).toString('utf8')));
  } catch {
    return [];
  }
}
