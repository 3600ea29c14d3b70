// Looks at the sessions of a database again and again.
import { setTimeout as delay } from 'node:timers/promises';
import type { Observer, SessionSample, StatementCount } from '../../database/index.ts';
import type { LockWait, SessionEvidence } from './evidence.ts';

interface WaitCount {
  readonly id: string | undefined;
  readonly sql: string;
  readonly event: string;
  seen: number;
  /** By what the holder ran and its state, as often as it was seen. */
  readonly holders: Map<string, { readonly sql: string; readonly state: string; seen: number }>;
}

/** Longer texts may have been cut: PostgreSQL keeps 1,024 bytes unless it is told otherwise, and the observer asks for less. */
const WHOLE_TEXT = 900;
const MOST_TEXTS = 2000;

export class Sampler {
  readonly #observer: Observer;
  readonly #now: () => number;
  #samples = 0;
  #most = 0;
  #active = 0;
  #idleInTransaction = 0;
  #lockWaiting = 0;
  #seeing = 0;
  #ages: number[] = [];
  readonly #pids = new Set<number>();
  readonly #foreign = new Set<number>();
  readonly #spent = new Map<string, { sql: string; ms: number }>();
  readonly #waits = new Map<string, WaitCount>();
  readonly #sent = new Map<string, string>();
  #failed = false;

  constructor(observer: Observer, now: () => number) {
    this.#observer = observer;
    this.#now = now;
  }

  /** Leaves sessions out that are known to be somebody else's. */
  ignore(pids: Iterable<number>): void {
    for (const pid of pids) this.#foreign.add(pid);
  }

  /** Forgets what was seen of sessions; the time by statement goes on. */
  startAnew(): void {
    this.#samples = 0;
    this.#most = 0;
    this.#active = 0;
    this.#idleInTransaction = 0;
    this.#lockWaiting = 0;
    this.#seeing = 0;
    this.#ages = [];
    this.#pids.clear();
    this.#waits.clear();
  }

  /** Samples while some work is done. */
  async during<T>(work: () => Promise<T>, everyMs: number): Promise<T> {
    const state = { done: false };
    const sampling = this.#sample(state, everyMs);
    try {
      return await work();
    } finally {
      state.done = true;
      await sampling;
    }
  }

  async #sample(state: { readonly done: boolean }, everyMs: number): Promise<void> {
    let last = this.#now();
    while (!state.done) {
      const sessions = await this.#look();
      if (sessions === undefined) return;
      const now = this.#now();
      // Nothing of what was done before or after counts.
      if (!state.done) this.#note(sessions, now - last);
      last = now;
      await delay(everyMs);
    }
  }

  /** A look that fails ends the looking, not the load. */
  async #look(): Promise<readonly SessionSample[] | undefined> {
    if (this.#failed) return undefined;
    try {
      return await this.#observer.sessions();
    } catch {
      this.#failed = true;
      return undefined;
    }
  }

  #note(all: readonly SessionSample[], elapsedMs: number): void {
    const own = all.filter(({ pid }) => !this.#foreign.has(pid));
    const active = own.filter(({ state }) => state === 'active');
    const waiting = active.filter(({ waitType }) => waitType === 'Lock');
    this.#samples += 1;
    this.#most = Math.max(this.#most, own.length);
    this.#active += active.length;
    this.#seeing += own.filter(({ state }) => state !== '').length;
    this.#idleInTransaction += own.filter(({ state }) => state.startsWith('idle in transaction')).length;
    this.#lockWaiting += waiting.length;
    for (const { pid, age, statement, sql } of own) {
      this.#pids.add(pid);
      this.#ages.push(age);
      if (statement !== null && sql !== '' && sql.length <= WHOLE_TEXT && this.#sent.size < MOST_TEXTS)
        this.#sent.set(statement, sql);
    }
    for (const { statement, sql } of active) {
      const key = statement ?? sql;
      const known = this.#spent.get(key) ?? { sql, ms: 0 };
      known.ms += elapsedMs;
      this.#spent.set(key, known);
    }
    const sessions = new Map(all.map((session) => [session.pid, session]));
    for (const session of waiting) this.#noteWait(session, sessions);
  }

  #noteWait(session: SessionSample, sessions: ReadonlyMap<number, SessionSample>): void {
    const { statement, sql, waitEvent, blockedBy } = session;
    const key = statement ?? sql;
    const known: WaitCount = this.#waits.get(key) ?? {
      id: statement ?? undefined,
      sql,
      event: waitEvent ?? '',
      seen: 0,
      holders: new Map(),
    };
    known.seen += 1;
    this.#waits.set(key, known);
    // Those in front of it in the queue wait, too; who holds the lock does not.
    const holder = rootOf(blockedBy, sessions);
    if (holder === undefined) return;
    const by = `${holder.state}/${holder.statement ?? holder.sql}`;
    const seen = known.holders.get(by) ?? { sql: holder.sql, state: holder.state, seen: 0 };
    seen.seen += 1;
    known.holders.set(by, seen);
  }

  /** Time by statement as the samples have it; calls and rows cannot be seen. */
  counts(): StatementCount[] {
    return [...this.#spent].map(([id, { ms }]) => ({ id, calls: 0, ms, rows: 0 }));
  }

  /** What the statements of `counts` are. */
  texts(): ReadonlyMap<string, string> {
    return new Map([...this.#spent].map(([id, { sql }]) => [id, sql]));
  }

  /** Statements as they were sent, with the constants that counters leave out, as far as a sample met them. */
  get sent(): ReadonlyMap<string, string> {
    return this.#sent;
  }

  /** Whether there were sessions, and none that says what it does. */
  get isBlind(): boolean {
    return this.#most > 0 && this.#seeing === 0;
  }

  get sessions(): SessionEvidence | undefined {
    if (this.#samples === 0 || this.isBlind) return undefined;
    const mean = (sum: number): number => sum / this.#samples;
    const ages = [...this.#ages].sort((one, other) => one - other);
    return {
      samples: this.#samples,
      most: this.#most,
      different: this.#pids.size,
      age: ages[Math.floor(ages.length / 2)] ?? 0,
      active: mean(this.#active),
      idleInTransaction: mean(this.#idleInTransaction),
      lockWaiting: mean(this.#lockWaiting),
    };
  }

  get locks(): LockWait[] {
    return [...this.#waits.values()]
      .sort((one, other) => other.seen - one.seen)
      .map(({ id, sql, event, seen, holders }) => {
        const [holder] = [...holders.values()].sort((one, other) => other.seen - one.seen);
        return {
          id,
          sql,
          event,
          waiting: seen / Math.max(this.#samples, 1),
          holder: holder === undefined ? undefined : { sql: holder.sql, state: holder.state },
        };
      });
  }
}

/** Who stands at the front: the first of those in the way that is not waiting for a lock itself. */
function rootOf(
  blockedBy: readonly number[],
  sessions: ReadonlyMap<number, SessionSample>,
): SessionSample | undefined {
  const seen = new Set<number>();
  let open = [...blockedBy];
  while (open.length > 0) {
    const found = open.flatMap((pid) => sessions.get(pid) ?? []);
    const root = found.find(({ waitType }) => waitType !== 'Lock');
    if (root !== undefined) return root;
    for (const pid of open) seen.add(pid);
    open = found.flatMap((session) => session.blockedBy).filter((pid) => !seen.has(pid));
  }
  return undefined;
}
