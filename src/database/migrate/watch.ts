import type { Engine } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import { blockersOf } from './blockers.ts';
import { type Blocker, pause, type Surroundings } from './surroundings.ts';

/** Most statements are over before anybody would want to know. */
const PATIENCE_MS = 400;
const POLL_MS = 500;
/** How often a phase that does not change is told again. */
const REPEAT_MS = 5_000;

interface Phase {
  readonly phase: string;
  readonly done: string | null;
  readonly total: string | null;
}

/**
 * https://www.postgresql.org/docs/current/progress-reporting.html. There is no such view for VALIDATE
 * CONSTRAINT: of that only the time is told.
 */
const PROGRESS = (pid: number): string => `
  SELECT phase,
    CASE WHEN lockers_total > 0 THEN lockers_done WHEN blocks_total > 0 THEN blocks_done ELSE tuples_done END::text AS done,
    CASE WHEN lockers_total > 0 THEN lockers_total WHEN blocks_total > 0 THEN blocks_total ELSE tuples_total END::text AS total
  FROM pg_catalog.pg_stat_progress_create_index WHERE pid = ${pid}
  UNION ALL SELECT phase, heap_blks_scanned::text, heap_blks_total::text FROM pg_catalog.pg_stat_progress_cluster WHERE pid = ${pid}
  UNION ALL SELECT phase, heap_blks_scanned::text, heap_blks_total::text FROM pg_catalog.pg_stat_progress_vacuum WHERE pid = ${pid}
  UNION ALL SELECT 'copying', tuples_processed::text, NULL FROM pg_catalog.pg_stat_progress_copy WHERE pid = ${pid}`;

/** Looks at a running statement from another connection, and stops it when the user wants to stop. */
export class Watch {
  readonly #session: Session;
  readonly #surroundings: Surroundings;
  #beside: Promise<Engine | undefined> | undefined;
  #blockers: readonly Blocker[] = [];

  constructor(session: Session, surroundings: Surroundings) {
    this.#session = session;
    this.#surroundings = surroundings;
  }

  /** Runs `work`, telling who blocks it and how far it is; `sql` says what runs at the moment. */
  async during<T>(sql: () => string, work: () => Promise<T>): Promise<T> {
    const over = new AbortController();
    const cancel = (): void => void this.#cancelUntil(over.signal);
    const { signal } = this.#surroundings;
    this.#blockers = [];
    signal.addEventListener('abort', cancel, { once: true });
    const looking = this.#look(sql, over.signal);
    try {
      return await work();
    } finally {
      over.abort();
      signal.removeEventListener('abort', cancel);
      await looking;
    }
  }

  /** Who was last seen in the way. */
  get blockers(): readonly Blocker[] {
    return this.#blockers;
  }

  async close(): Promise<void> {
    const engine = await this.#beside?.catch(() => undefined);
    await engine?.close().catch(() => undefined);
  }

  async #look(sql: () => string, over: AbortSignal): Promise<void> {
    const { pid } = this.#session;
    await pause(PATIENCE_MS, over);
    if (pid === undefined || over.aborted) return;
    const begun = this.#surroundings.monotonic();
    const told = { blockers: '', phase: '', at: begun };
    while (!over.aborted) {
      try {
        const engine = await this.#other();
        if (engine === undefined) return;
        await this.#tellBlockers(engine, pid, told);
        await this.#tellProgress(engine, pid, { sql, told, begun });
      } catch {
        // Looking is a courtesy: without a second connection the statement runs all the same.
        return;
      }
      await pause(POLL_MS, over);
    }
  }

  async #tellBlockers(engine: Engine, pid: number, told: Told): Promise<void> {
    const blockers = await blockersOf(engine, pid);
    const names = blockers.map((blocker) => blocker.pid).join(' ');
    if (names !== told.blockers && blockers.length > 0)
      this.#surroundings.report({ kind: 'blocked', blockers });
    if (blockers.length > 0) this.#blockers = blockers;
    told.blockers = names;
  }

  async #tellProgress(engine: Engine, pid: number, { sql, told, begun }: Telling): Promise<void> {
    const [row] = await engine.rows<Phase>(PROGRESS(pid));
    const phase = row?.phase ?? /^\s*\w+(?:\s+\w+){0,3}/.exec(sql())?.[0] ?? '';
    const now = this.#surroundings.monotonic();
    const isNew = row !== undefined && phase !== told.phase;
    if (!isNew && now - told.at < REPEAT_MS) return;
    told.phase = phase;
    told.at = now;
    this.#surroundings.report({
      kind: 'progress',
      phase,
      done: numberOf(row?.done),
      total: numberOf(row?.total),
      seconds: Math.round((now - begun) / 1000),
    });
  }

  /** A cancellation can fall between two statements, so it is repeated until the work is over. */
  async #cancelUntil(over: AbortSignal): Promise<void> {
    const { pid } = this.#session;
    if (pid === undefined) return;
    try {
      const engine = await this.#other();
      while (!over.aborted) {
        await engine?.run(`SELECT pg_catalog.pg_cancel_backend(${pid})`);
        await pause(POLL_MS, over);
      }
    } catch {
      // Without a second connection only ending the first one is left; the server then stops by itself.
      await this.#session.close().catch(() => undefined);
    }
  }

  #other(): Promise<Engine | undefined> {
    this.#beside ??= this.#session.beside();
    return this.#beside;
  }
}

interface Told {
  blockers: string;
  phase: string;
  at: number;
}

interface Telling {
  readonly sql: () => string;
  readonly told: Told;
  readonly begun: number;
}

const numberOf = (text: string | null | undefined): number | undefined =>
  text === null || text === undefined ? undefined : Number(text);
