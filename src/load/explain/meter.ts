// Reads what a service costs: the database's counters, and the processor where that can be seen.
import { setTimeout as delay } from 'node:timers/promises';
import type { Observer, StatementCount } from '../../database/index.ts';
import type { StatementUse } from './evidence.ts';
import { Sampler } from './sampler.ts';
import type { ProcessTimes, ServerProcess } from './server-times.ts';

/** Counters at one moment; `at` in milliseconds of the meter's clock. */
export interface Reading {
  readonly at: number;
  readonly statements: ReadonlyMap<string, StatementCount>;
  readonly times: ProcessTimes | undefined;
}

/** What lies between two readings; not divided by anything. */
export interface Cost {
  readonly elapsedMs: number;
  readonly statements: readonly StatementUse[];
  readonly cpuMs: number | undefined;
  readonly cpuWaitMs: number | undefined;
  /** How much of the time the busiest thread ran or was ready to. */
  readonly busiest: number | undefined;
}

/** Between samples, where sampling has to do for counting. */
const FINE_MS = 3;

export class Meter {
  readonly observer: Observer;
  readonly server: ServerProcess | undefined;
  readonly #now: () => number;
  readonly #sampled: Sampler | undefined;
  #background: Cost | undefined;

  constructor(observer: Observer, server: ServerProcess | undefined, now: () => number) {
    this.observer = observer;
    this.server = server;
    this.#now = now;
    this.#sampled = observer.obstacle === undefined ? undefined : new Sampler(observer, now);
  }

  /** The sampler that stands in for counters that are not there. */
  get substitute(): Sampler | undefined {
    return this.#sampled;
  }

  /** Watches for a while what happens without any request of ours; it is taken off whatever is read later. */
  async noteBackground(ms: number): Promise<Cost> {
    const before = await this.read();
    await this.during(() => delay(ms));
    const background = this.#apart(differenceOf(before, await this.read()));
    this.#background = background;
    return background;
  }

  /** What was counted from one reading to the next, less what goes on anyway. */
  between(before: Reading, after: Reading): Cost {
    const cost = this.#apart(differenceOf(before, after));
    return this.#background === undefined ? cost : less(cost, this.#background);
  }

  /** What an embedded database computes is counted as time of statements, not again as the processor's. */
  #apart(cost: Cost): Cost {
    if (this.observer.embedded === undefined || cost.cpuMs === undefined) return cost;
    const inStatements = cost.statements.reduce((sum, { ms }) => sum + ms, 0);
    return { ...cost, cpuMs: Math.max(0, cost.cpuMs - inStatements) };
  }

  async read(): Promise<Reading> {
    // The processor first: what reading the counters costs the service is nothing, what it costs the machine is not.
    const times = await this.server?.times();
    const at = this.#now();
    const counted = this.#sampled?.counts() ?? (await this.observer.statements());
    return { at, times, statements: new Map(counted.map((one) => [one.id, one])) };
  }

  /** Does some work that is to be read before and after. */
  async during(work: () => Promise<void>): Promise<void> {
    if (this.#sampled === undefined) await work();
    else await this.#sampled.during(work, FINE_MS);
  }
}

function less(cost: Cost, background: Cost): Cost {
  const times = background.elapsedMs > 0 ? cost.elapsedMs / background.elapsedMs : 0;
  const usual = new Map(background.statements.map((one) => [one.id, one]));
  const rest = (value: number | undefined, of: number | undefined): number | undefined =>
    value === undefined ? undefined : Math.max(0, value - times * (of ?? 0));
  return {
    ...cost,
    cpuMs: rest(cost.cpuMs, background.cpuMs),
    cpuWaitMs: rest(cost.cpuWaitMs, background.cpuWaitMs),
    statements: cost.statements.flatMap((use): StatementUse[] => {
      const known = usual.get(use.id);
      if (known === undefined) return [use];
      const left = {
        id: use.id,
        calls: Math.max(0, use.calls - times * known.calls),
        ms: Math.max(0, use.ms - times * known.ms),
        rows: Math.max(0, use.rows - times * known.rows),
      };
      return left.calls >= 1 || left.ms > 0.1 ? [left] : [];
    }),
  };
}

/** What was counted from one reading to the next. Counters that were set back meanwhile count from zero. */
function differenceOf(before: Reading, after: Reading): Cost {
  const elapsedMs = after.at - before.at;
  const statements = [...after.statements.values()].flatMap((now): StatementUse[] => {
    const then = before.statements.get(now.id);
    const from = then === undefined || then.calls > now.calls ? { calls: 0, ms: 0, rows: 0 } : then;
    const use = {
      id: now.id,
      calls: now.calls - from.calls,
      ms: now.ms - from.ms,
      rows: now.rows - from.rows,
    };
    return use.calls > 0 || use.ms > 0 ? [use] : [];
  });
  const [then, now] = [before.times, after.times];
  if (then === undefined || now === undefined) {
    return { elapsedMs, statements, cpuMs: undefined, cpuWaitMs: undefined, busiest: undefined };
  }
  const shares = [...now.threads].map(([thread, ms]) => ms - (then.threads.get(thread) ?? 0));
  return {
    elapsedMs,
    statements,
    // A process that ended takes its times with it.
    cpuMs: Math.max(0, now.cpuMs - then.cpuMs),
    cpuWaitMs: Math.max(0, now.waitMs - then.waitMs),
    busiest: elapsedMs > 0 ? Math.min(1, Math.max(0, ...shares) / elapsedMs) : 0,
  };
}
