import { sortByText } from '../core/order.ts';
import type { Engine } from './engines/engine.ts';
import type { Effects } from './plan/plan.ts';

/** What is known of a table at one moment of a transaction. */
interface TableState {
  readonly name: string;
  /** Changes when the table is written anew. */
  readonly file: number;
  /** Sequential scans in this transaction so far. */
  readonly scans: number;
  /** The strongest lock that this transaction holds on it. */
  readonly lock: number;
}

/** https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES, weakest first. */
const LOCKS = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
];

/** Tables that were there before the plan: locks on a table that was just made stop nobody. */
const STATES = (before: number): string => `
  SELECT coalesce(json_agg(q), '[]')::text AS rows FROM (
    SELECT format('%I.%I', n.nspname, c.relname) AS name, c.relfilenode::int8 AS file,
      coalesce(pg_stat_get_xact_numscans(c.oid), 0) AS scans,
      max(array_position(ARRAY['${LOCKS.join("','")}'], l.mode)) AS lock
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_locks l ON l.relation = c.oid AND l.locktype = 'relation' AND l.pid = pg_backend_pid() AND l.granted
    WHERE c.relkind IN ('r', 'p', 'm') AND c.oid >= 16384 AND c.oid < ${before}
    GROUP BY 1, 2, 3) q`;

/** Watches what statements do to tables: which locks they take, what they write anew, what they read whole. */
export class Tracer {
  readonly #engine: Engine;
  #before = 0;
  #files: ReadonlyMap<string, number> = new Map();
  #held: ReadonlyMap<string, TableState> = new Map();
  #scans: ReadonlyMap<string, number> = new Map();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Notes what there is before the plan begins. */
  async begin(): Promise<void> {
    const [row] = await this.#engine.rows<{ next: string }>(
      'SELECT (max(oid::int8) + 1)::text AS next FROM pg_catalog.pg_class',
    );
    this.#before = Number(row?.next ?? 0);
    const files = await this.#engine.rows<{ name: string; file: string }>(
      `SELECT format('%I.%I', n.nspname, c.relname) AS name, c.relfilenode::text AS file
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'm') AND c.oid >= 16384`,
    );
    this.#files = new Map(files.map(({ name, file }) => [name, Number(file)]));
  }

  /** A new transaction holds nothing yet; its counts of scans still contain what was not yet reported. */
  async startTransaction(): Promise<void> {
    this.#held = new Map();
    const scanned = await this.#engine.rows<{ name: string; scans: number }>(
      `SELECT format('%I.%I', n.nspname, c.relname) AS name, pg_stat_get_xact_numscans(c.oid)::int AS scans
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p', 'm') AND c.oid >= 16384 AND pg_stat_get_xact_numscans(c.oid) > 0`,
    );
    this.#scans = new Map(scanned.map(({ name, scans }) => [name, scans]));
  }

  /** Runs a statement inside a transaction and says what it did. */
  async run(sql: string): Promise<Effects> {
    await this.#engine.run(sql);
    const [answer] = await this.#engine.rows<{ rows: string }>(STATES(this.#before));
    const states: readonly TableState[] = JSON.parse(answer?.rows ?? '[]');
    const effects = this.#compare(states);
    this.#held = new Map(states.map((state) => [state.name, state]));
    this.#files = new Map([...this.#files, ...states.map(({ name, file }) => [name, file] as const)]);
    return effects;
  }

  #compare(states: readonly TableState[]): Effects {
    const before = ({ name }: TableState): TableState | undefined => this.#held.get(name);
    const named = (tables: readonly TableState[]): string[] =>
      sortByText(
        tables.map(({ name }) => name),
        (name) => name,
      );
    const locked = states.filter((state) => state.lock > Math.max(before(state)?.lock ?? 0, WEAK));
    return {
      locks: sortByText(locked, ({ name }) => name).map(({ name, lock }) => ({
        table: name,
        lock: lockName(lock),
      })),
      rewrites: named(
        states.filter(({ name, file }) => this.#files.has(name) && this.#files.get(name) !== file),
      ),
      scans: named(
        states.filter((state) => state.scans > (before(state)?.scans ?? this.#scans.get(state.name) ?? 0)),
      ),
    };
  }
}

/** ACCESS SHARE is what reading takes; it stops only what stops everything. */
const WEAK = 1;

/** `ShareRowExclusiveLock` as the manual writes it: SHARE ROW EXCLUSIVE. */
function lockName(rank: number): string {
  const name = LOCKS[rank - 1] ?? '';
  return name
    .replace(/Lock$/, '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase();
}
