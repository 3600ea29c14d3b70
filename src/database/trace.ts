import { sortByText } from '../core/order.ts';
import type { Engine } from './engines/engine.ts';
import type { Effects } from './plan/plan.ts';

/** What is known of a table at one moment of a transaction. */
interface TableState {
  /** What stays when it is renamed. */
  readonly oid: number;
  readonly name: string;
  /** Changes when the table is written anew. */
  readonly file: number;
  /** Sequential scans in this transaction so far. */
  readonly scans: number;
  /** The strongest lock that this transaction holds on it, as its place in LOCKS from 1; 0 for none. */
  readonly lock: number;
  /** `r` table, `p` partitioned table, `m` materialized view. */
  readonly kind: string;
  /** The files of its indexes. */
  readonly indexes: readonly number[] | null;
}

/** What was seen while one statement ran. */
export interface Observation {
  readonly effects: Effects;
  /** The strongest lock on each table that the transaction holds once the statement is done. */
  readonly held: ReadonlyMap<string, Lock>;
  /** The same before the statement. */
  readonly heldBefore: ReadonlyMap<string, Lock>;
  readonly materializedViews: ReadonlySet<string>;
}

/** https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES, weakest first. */
const LOCKS = [
  'ACCESS SHARE',
  'ROW SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
] as const;

export type Lock = (typeof LOCKS)[number];

/** `SHARE ROW EXCLUSIVE` as pg_locks writes it: ShareRowExclusiveLock. */
const modeOf = (lock: Lock): string => {
  const words = lock.split(' ').map((word) => `${word[0]}${word.slice(1).toLowerCase()}`);
  return `${words.join('')}Lock`;
};

/** Whether a lock makes those wait who write rows, or even those who only read. */
export const stopsWriters = (lock: string | undefined): boolean =>
  (LOCKS as readonly (string | undefined)[]).indexOf(lock) >= LOCKS.indexOf('SHARE');

/** Tables that were there before the plan: locks on a table that was just made stop nobody. */
const STATES = (before: number): string => `
  SELECT coalesce(json_agg(q), '[]')::text AS rows FROM (
    SELECT c.oid::int8 AS oid, format('%I.%I', n.nspname, c.relname) AS name, c.relfilenode::int8 AS file, c.relkind AS kind,
      coalesce(pg_stat_get_xact_numscans(c.oid), 0) AS scans, ${INDEX_FILES} AS indexes,
      max(array_position(ARRAY['${LOCKS.map(modeOf).join("','")}'], l.mode)) AS lock
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_locks l ON l.relation = c.oid AND l.locktype = 'relation' AND l.pid = pg_backend_pid() AND l.granted
    WHERE c.relkind IN ('r', 'p', 'm') AND c.oid >= 16384 AND c.oid < ${before}
    GROUP BY 1, 2, 3, 4, c.oid) q`;

/** What this transaction has dropped: locked, and no longer in the catalog. */
const DROPPED = `SELECT coalesce(json_agg(DISTINCT l.relation::int8), '[]')::text AS rows FROM pg_locks l
  WHERE l.locktype = 'relation' AND l.pid = pg_backend_pid() AND l.granted AND l.mode = 'AccessExclusiveLock'
    AND l.relation >= 16384 AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = l.relation)`;

const INDEX_FILES = `(SELECT json_agg(i.relfilenode::int8) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
        WHERE x.indrelid = c.oid AND i.relkind = 'i')`;

/** Every table, whether it is locked or not. */
const ALL_STATES = `
  SELECT coalesce(json_agg(q), '[]')::text AS rows FROM (
    SELECT c.oid::int8 AS oid, format('%I.%I', n.nspname, c.relname) AS name, c.relfilenode::int8 AS file, c.relkind AS kind,
      coalesce(pg_stat_get_xact_numscans(c.oid), 0) AS scans, ${INDEX_FILES} AS indexes, 0 AS lock
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'm') AND c.oid >= 16384) q`;

/** Tables with scans that were not yet reported. */
const SCANNED = `
  SELECT coalesce(json_agg(q), '[]')::text AS rows FROM (
    SELECT c.oid::int8 AS oid, pg_stat_get_xact_numscans(c.oid) AS scans FROM pg_class c
    WHERE c.relkind IN ('r', 'p', 'm') AND c.oid >= 16384 AND pg_stat_get_xact_numscans(c.oid) > 0) q`;

/** Watches what statements do to tables: which locks they take, what they write anew, what they read whole. */
export class Tracer {
  readonly #engine: Engine;
  #before = 0;
  readonly #files = new Map<number, number>();
  readonly #known = new Map<number, TableState>();
  readonly #indexFiles = new Set<number>();
  #held: ReadonlyMap<number, TableState> = new Map();
  #scans: ReadonlyMap<number, number> = new Map();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Notes what there is before the plan begins. */
  async begin(): Promise<void> {
    const [row] = await this.#engine.rows<{ next: string }>(
      'SELECT (max(oid::int8) + 1)::text AS next FROM pg_catalog.pg_class',
    );
    this.#before = Number(row?.next ?? 0);
    this.#remember(await this.#read(ALL_STATES));
  }

  /**
   * A new transaction holds nothing yet; its counts of scans still contain what was not yet reported. With
   * `undisturbed` nothing but watched statements ran since the last one, so that the files are known.
   */
  async startTransaction({ undisturbed = false } = {}): Promise<void> {
    this.#held = new Map();
    const states = await this.#read(undisturbed ? SCANNED : ALL_STATES);
    this.#scans = new Map(states.map(({ oid, scans }) => [oid, scans]));
    if (!undisturbed) this.#remember(states);
  }

  /** Runs a statement inside a transaction and says what it did. Errors: SqlFailure. */
  async run(sql: string): Promise<Observation> {
    await this.#engine.run(sql);
    const states = [...(await this.#read(STATES(this.#before))), ...(await this.#dropped())];
    const observation = this.#compare(states);
    this.#held = new Map(states.map((state) => [state.oid, state]));
    this.#remember(states);
    return observation;
  }

  /**
   * Runs a statement that cannot be inside a transaction: its locks are gone when it is done, so only
   * what it wrote anew is seen, and its lock is the one that the manual names. Errors: SqlFailure.
   */
  async runOutside(sql: string, lock: Lock): Promise<Observation> {
    await this.#engine.run(sql);
    const states = (await this.#read(ALL_STATES)).filter(({ oid }) => this.#files.has(oid));
    const { effects, materializedViews } = this.#compare(states.map((state) => ({ ...state, scans: 0 })));
    this.#remember(states);
    const tables = [...new Set([...effects.rewrites, ...effects.builds])].sort();
    return {
      effects: { ...effects, locks: tables.map((table) => ({ table, lock })) },
      held: new Map(tables.map((table) => [table, lock])),
      heldBefore: new Map(),
      materializedViews,
    };
  }

  async #read(query: string): Promise<readonly TableState[]> {
    const [answer] = await this.#engine.rows<{ rows: string }>(query);
    return JSON.parse(answer?.rows ?? '[]');
  }

  async #dropped(): Promise<readonly TableState[]> {
    const [answer] = await this.#engine.rows<{ rows: string }>(DROPPED);
    const oids: number[] = JSON.parse(answer?.rows ?? '[]');
    return oids.flatMap((oid) => {
      const known = oid < this.#before ? this.#known.get(oid) : undefined;
      return known === undefined ? [] : [{ ...known, lock: LOCKS.length, scans: this.#scansOf(oid) }];
    });
  }

  #scansOf(oid: number): number {
    return this.#held.get(oid)?.scans ?? this.#scans.get(oid) ?? 0;
  }

  #remember(states: readonly TableState[]): void {
    for (const state of states) {
      const { oid, file, indexes } = state;
      this.#files.set(oid, file);
      this.#known.set(oid, state);
      for (const index of indexes ?? []) this.#indexFiles.add(index);
    }
  }

  #compare(states: readonly TableState[]): Observation {
    const held = (state: TableState): TableState | undefined => this.#held.get(state.oid);
    const isNew = (file: number): boolean => !this.#indexFiles.has(file);
    const scansBefore = ({ oid }: TableState): number => this.#scansOf(oid);
    const locked = states.filter((state) => state.lock > Math.max(held(state)?.lock ?? 0, WEAK));
    const rewritten = states.filter(({ oid, file }) => (this.#files.get(oid) ?? file) !== file);
    const built = states.filter((state) => !rewritten.includes(state) && state.indexes?.some(isNew) === true);
    return {
      effects: {
        locks: sortByText(locked, ({ name }) => name).map(({ name, lock }) => ({
          table: name,
          lock: lockOf(lock),
        })),
        rewrites: namesOf(rewritten),
        builds: namesOf(built),
        scans: namesOf(states.filter((state) => state.scans > scansBefore(state))),
      },
      held: locksOf(states),
      heldBefore: locksOf([...this.#held.values()]),
      materializedViews: new Set(states.filter(({ kind }) => kind === 'm').map(({ name }) => name)),
    };
  }
}

/** ACCESS SHARE is what reading takes; it stops only what stops everything. */
const WEAK = 1;

const lockOf = (rank: number): Lock => LOCKS[rank - 1] ?? 'ACCESS SHARE';

const locksOf = (states: readonly TableState[]): ReadonlyMap<string, Lock> =>
  new Map(states.filter(({ lock }) => lock > WEAK).map(({ name, lock }) => [name, lockOf(lock)]));

const namesOf = (tables: readonly TableState[]): string[] =>
  sortByText(
    tables.map(({ name }) => name),
    (name) => name,
  );
