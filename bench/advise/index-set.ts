// Sets of indexes on a real server: built, dropped, and what the planner and the clock say with them.
import { Client } from 'pg';
import { advise } from '../../src/database/advise/advise.ts';
import { definitionOf } from '../../src/database/advise/candidates/candidate.ts';
import { readStatistics } from '../../src/database/advise/whatif/read-statistics.ts';
import { connect } from '../../src/database/engines/postgres.ts';
import { readSchema } from '../../src/database/sources/schema.ts';
import { SNAPSHOT } from '../../test/support/database.ts';

export interface IndexSet {
  readonly name: string;
  /** What stands behind `CREATE INDEX name ON`. */
  readonly definitions: readonly string[];
}

export interface Limits {
  readonly indexes: number;
  readonly megabytes: number;
}

const BUDGET_MS = 120_000;

/** A database with rows and the queries that it is asked. */
export class Lab {
  readonly url: string;
  readonly client: Client;
  readonly queries: readonly string[];

  private constructor(url: string, client: Client, queries: readonly string[]) {
    this.url = url;
    this.client = client;
    this.queries = queries;
  }

  static async open(url: string, statements: readonly string[], queries: readonly string[]): Promise<Lab> {
    const client = new Client({ connectionString: url });
    await client.connect();
    for (const sql of statements) await client.query(sql);
    await client.query('SET max_parallel_workers_per_gather = 0; SET jit = off');
    await client.query('VACUUM ANALYZE');
    return new Lab(url, client, queries);
  }

  /** The planner's cost of each query. */
  async costs(): Promise<number[]> {
    const list: number[] = [];
    for (const query of this.queries) list.push(await this.cost(query));
    return list;
  }

  async cost(query: string): Promise<number> {
    const { rows } = await this.client.query(`EXPLAIN (FORMAT JSON) ${query}`);
    return rows[0]['QUERY PLAN'][0].Plan['Total Cost'];
  }

  /** Milliseconds that all queries take, one after the other; nothing of it stays, and one that takes longer than `limitMs` counts as that. */
  async executionMs(limitMs = 90_000): Promise<number> {
    await this.client.query(`SET statement_timeout = ${limitMs}`);
    let elapsed = 0;
    for (const query of this.queries) {
      await this.client.query('BEGIN');
      const started = performance.now();
      const timedOut = await this.client.query(query).then(
        () => false,
        (error: unknown) => {
          if ((error as { code?: string }).code !== '57014') throw error;
          return true;
        },
      );
      elapsed += timedOut ? limitMs : performance.now() - started;
      await this.client.query('ROLLBACK');
    }
    await this.client.query('RESET statement_timeout');
    return elapsed;
  }

  /** What index_advisor says of each query, all of it together; the extension is taken away again. */
  async indexAdvisor(sql: string): Promise<IndexSet> {
    await this.client.query(`CREATE EXTENSION IF NOT EXISTS hypopg; ${sql}`);
    const kept = new Set<string>();
    for (const query of this.queries) {
      const { rows } = await this.client.query('SELECT index_statements FROM index_advisor($1)', [query]);
      for (const statement of rows[0]?.index_statements ?? [])
        kept.add(statement.replace(/^CREATE INDEX ON /, ''));
    }
    await this.client.query('DROP FUNCTION index_advisor(text); DROP EXTENSION hypopg');
    return { name: 'index_advisor 0.2.0', definitions: [...kept] };
  }

  /** Builds a set; returns its size in MB. */
  async build({ definitions }: IndexSet): Promise<number> {
    for (const [at, definition] of definitions.entries())
      await this.client.query(`CREATE INDEX bench_${at} ON ${definition}`);
    await this.client.query('VACUUM ANALYZE');
    const { rows } = await this.client.query(
      `SELECT coalesce(sum(pg_relation_size(i.oid)), 0)::float8 / 1048576 AS mb FROM pg_class c
         CROSS JOIN LATERAL (SELECT c.oid UNION SELECT relid FROM pg_partition_tree(c.oid)) i WHERE c.relname ~ '^bench_[0-9]+$'`,
    );
    return rows[0].mb;
  }

  async drop({ definitions }: IndexSet): Promise<void> {
    for (const at of definitions.keys()) await this.client.query(`DROP INDEX bench_${at}`);
  }

  /** What `db suggest-indexes` chooses. */
  async ours(limits: Limits): Promise<IndexSet & { readonly note: string }> {
    const live = await connect({ url: this.url, budgetMs: BUDGET_MS });
    const statistics = await readStatistics(live, { values: true });
    await live.close();
    const started = process.cpuUsage();
    const advice = await advise({
      schema: await readSchema({ kind: 'server', url: this.url }, { budgetMs: BUDGET_MS }),
      statistics,
      searchPath: 'public',
      limits: { indexes: limits.indexes, blocks: (limits.megabytes * 1_048_576) / 8192 },
      writes: new Map(),
      unused: new Set(),
      snapshot: SNAPSHOT,
      budgetMs: BUDGET_MS,
      workload: {
        source: 'bench',
        notes: [],
        statements: this.queries.map((sql) => ({ sql, calls: 1, totalMs: undefined, rows: undefined })),
      },
    });
    const { user, system } = process.cpuUsage(started);
    return {
      name: 'db suggest-indexes',
      definitions: advice.chosen.map(
        ({ candidate }) => `${advice.catalog.table(candidate.table)?.sql} ${definitionOf(candidate)}`,
      ),
      note: `${advice.candidates} candidates, ${advice.planned} plans, ${((user + system) / 1e6).toFixed(0)} s CPU`,
    };
  }

  /** Every column of every table at once; what the plans use is kept: the method of index_advisor. */
  async singleColumns(): Promise<IndexSet> {
    const { rows } = await this.client.query(
      `SELECT c.oid::regclass::text AS t, quote_ident(a.attname) AS c FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
         JOIN pg_opclass o ON o.opcintype = a.atttypid AND o.opcdefault JOIN pg_am m ON m.oid = o.opcmethod AND m.amname = 'btree'
         WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0`,
    );
    const kept = new Set<string>();
    for (const [at, { t, c }] of rows.entries())
      await this.client.query(`CREATE INDEX bench_${at} ON ${t} (${c})`);
    await this.client.query('VACUUM ANALYZE');
    for (const query of this.queries) {
      const { rows: plan } = await this.client.query(`EXPLAIN (FORMAT JSON) ${query}`);
      for (const { t, c } of usedOf(JSON.stringify(plan), rows)) kept.add(`${t} (${c})`);
    }
    for (const at of rows.keys()) await this.client.query(`DROP INDEX bench_${at}`);
    return { name: 'single columns, as index_advisor chooses', definitions: [...kept] };
  }

  close(): Promise<void> {
    return this.client.end();
  }
}

interface IndexedColumn {
  readonly t: string;
  readonly c: string;
}

/** The indexes of a plan; a partition's index is called after its table and column. */
function usedOf(plan: string, all: readonly IndexedColumn[]): IndexedColumn[] {
  return [...plan.matchAll(/"Index Name":"([^"]+)"/g)].flatMap(([, name = '']) => {
    const own = /^bench_(\d+)$/.exec(name)?.[1];
    if (own !== undefined) return all[Number(own)] ?? [];
    return all.find(({ t, c }) => name.startsWith(`${t}_`) && name.endsWith(`_${c}_idx`)) ?? [];
  });
}

/** By what factor the costs fall, the geometric mean over the queries. */
export const geometric = (before: readonly number[], after: readonly number[]): number =>
  Math.exp(before.reduce((sum, cost, at) => sum + Math.log(cost / (after[at] ?? cost)), 0) / before.length);

export const median = (list: readonly number[]): number =>
  [...list].sort((left, right) => left - right)[Math.floor(list.length / 2)] ?? 0;

export interface Measured {
  readonly mb: number;
  readonly gain: number;
  readonly costs: number;
  /** Milliseconds of all queries, the median of the rounds; 0 where no time was taken. */
  readonly ms: number;
}

/** Measures sets in turns, so that what the machine does meanwhile meets all of them. */
export async function measureSets(
  lab: Lab,
  sets: readonly IndexSet[],
  before: readonly number[],
  rounds: number,
): Promise<ReadonlyMap<IndexSet, Measured>> {
  const found = new Map<IndexSet, Measured>();
  const times = new Map<IndexSet, number[]>();
  for (let round = 0; round < Math.max(1, rounds); round += 1) {
    for (const set of sets) {
      const mb = await lab.build(set);
      const after = await lab.costs();
      if (rounds > 0) times.set(set, [...(times.get(set) ?? []), await lab.executionMs()]);
      const costs = after.reduce((sum, cost) => sum + cost, 0);
      found.set(set, { mb, gain: geometric(before, after), costs, ms: median(times.get(set) ?? []) });
      await lab.drop(set);
    }
  }
  return found;
}
