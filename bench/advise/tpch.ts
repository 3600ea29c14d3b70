// TPC-H's 22 queries on a real PostgreSQL: what db suggest-indexes chooses against nothing, every foreign key, and what
// single-column advice chooses (every single column at once, what the planner takes is kept: index_advisor's way).
// Planner cost and, with --time, execution time in rounds that alternate between the sets.
//   node bench/run.mjs bench/advise/tpch.ts [--scale 0.1] [--time]
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { advise } from '../../src/database/advise/advise.ts';
import { definitionOf } from '../../src/database/advise/candidates/candidate.ts';
import { readStatistics } from '../../src/database/advise/whatif/read-statistics.ts';
import { connect } from '../../src/database/engines/postgres.ts';
import { readSchema } from '../../src/database/sources/schema.ts';
import { SNAPSHOT } from '../../test/support/database.ts';
import { startPostgres } from '../../test/support/postgres-server.ts';
import { tpchStatements } from './tpch-data.ts';
import { TPCH_QUERIES } from './tpch-queries.ts';

const { values } = parseArgs({
  options: { scale: { type: 'string', default: '0.1' }, time: { type: 'boolean' } },
});
const BUDGET_MS = 120_000;

const server = await startPostgres();
await server.create('tpch');
const url = server.url('tpch');
const client = new Client({ connectionString: url });
await client.connect();
for (const sql of tpchStatements(Number(values.scale))) await client.query(sql);
await client.query('SET max_parallel_workers_per_gather = 0');

interface IndexSet {
  readonly name: string;
  readonly definitions: readonly string[];
}

const FOREIGN_KEYS: IndexSet = {
  name: 'every foreign key',
  definitions: [
    'nation (n_regionkey)',
    'supplier (s_nationkey)',
    'partsupp (ps_suppkey)',
    'customer (c_nationkey)',
    'orders (o_custkey)',
    'lineitem (l_partkey, l_suppkey)',
  ],
};

async function costs(): Promise<number[]> {
  const list: number[] = [];
  for (const query of TPCH_QUERIES) {
    const { rows } = await client.query(`EXPLAIN (FORMAT JSON) ${query}`);
    list.push(rows[0]['QUERY PLAN'][0].Plan['Total Cost']);
  }
  return list;
}

async function build({ definitions }: IndexSet): Promise<number> {
  for (const [at, definition] of definitions.entries())
    await client.query(`CREATE INDEX bench_${at} ON ${definition}`);
  const { rows } = await client.query(
    "SELECT coalesce(sum(pg_relation_size(oid)), 0)::float8 / 1048576 AS mb FROM pg_class WHERE relname LIKE 'bench\\_%'",
  );
  return rows[0].mb;
}

async function drop({ definitions }: IndexSet): Promise<void> {
  for (const at of definitions.keys()) await client.query(`DROP INDEX bench_${at}`);
}

async function ours(): Promise<IndexSet> {
  const live = await connect({ url, budgetMs: BUDGET_MS });
  const statistics = await readStatistics(live, { values: true });
  await live.close();
  const schema = await readSchema({ kind: 'server', url }, { budgetMs: BUDGET_MS });
  const started = process.cpuUsage();
  const advice = await advise({
    schema,
    statistics,
    searchPath: 'public',
    limits: { indexes: 10, blocks: (160 * 1_048_576) / 8192 },
    writes: new Map(),
    unused: new Set(),
    snapshot: SNAPSHOT,
    budgetMs: BUDGET_MS,
    workload: {
      source: 'TPC-H',
      notes: [],
      statements: TPCH_QUERIES.map((sql) => ({ sql, calls: 1, totalMs: undefined, rows: undefined })),
    },
  });
  const { user, system } = process.cpuUsage(started);
  console.log(
    `advice: ${advice.candidates} candidates, ${advice.planned} plans, ${((user + system) / 1e6).toFixed(0)} s CPU\n`,
  );
  const definitions = advice.chosen.map(
    ({ candidate }) => `${advice.catalog.table(candidate.table)?.sql} ${definitionOf(candidate)}`,
  );
  for (const definition of definitions) console.log(`    ${definition}`);
  return { name: 'db suggest-indexes', definitions };
}

/** Every column of every table at once for each query; what its plan uses is kept. */
async function singleColumns(): Promise<IndexSet> {
  const { rows } = await client.query(
    "SELECT table_name t, column_name c FROM information_schema.columns WHERE table_schema = 'public'",
  );
  const kept = new Set<string>();
  const names = new Map<string, string>();
  for (const [at, { t, c }] of rows.entries()) {
    names.set(`bench_${at}`, `${t} (${c})`);
    await client.query(`CREATE INDEX bench_${at} ON ${t} (${c})`);
  }
  for (const query of TPCH_QUERIES) {
    const { rows: plan } = await client.query(`EXPLAIN (FORMAT JSON) ${query}`);
    for (const [, name = ''] of JSON.stringify(plan).matchAll(/"Index Name":"(bench_\d+)"/g))
      kept.add(names.get(name) ?? '');
  }
  for (const at of rows.keys()) await client.query(`DROP INDEX bench_${at}`);
  return { name: 'single columns, as index_advisor chooses', definitions: [...kept] };
}

async function executionMs(): Promise<number> {
  let sum = 0;
  for (const query of TPCH_QUERIES) {
    const started = performance.now();
    await client.query(query);
    sum += performance.now() - started;
  }
  return sum;
}

const geometric = (before: readonly number[], after: readonly number[]): number =>
  Math.exp(before.reduce((sum, cost, at) => sum + Math.log(cost / (after[at] ?? cost)), 0) / before.length);

try {
  const before = await costs();
  const sets: readonly IndexSet[] = [FOREIGN_KEYS, await singleColumns(), await ours()];
  const times = new Map<string, number[]>(sets.map(({ name }) => [name, []]));
  console.log(
    '\n| index set | indexes | MB | planner: geometric mean | planner: sum of costs | execution ms (median) |\n| --- | ---: | ---: | ---: | ---: | ---: |',
  );
  console.log(`| none | 0 | 0 | 1.00 | ${Math.round(before.reduce((sum, cost) => sum + cost, 0))} | |`);
  const lines = new Map<string, string>();
  for (let round = 0; round < (values.time ? 3 : 1); round += 1) {
    for (const set of sets) {
      const mb = await build(set);
      await client.query('VACUUM ANALYZE');
      const after = await costs();
      lines.set(
        set.name,
        `| ${set.name} | ${set.definitions.length} | ${mb.toFixed(0)} | ${geometric(before, after).toFixed(2)} | ${Math.round(after.reduce((sum, cost) => sum + cost, 0))} |`,
      );
      if (values.time) times.get(set.name)?.push(await executionMs());
      await drop(set);
    }
  }
  for (const { name } of sets) {
    const sorted = [...(times.get(name) ?? [])].sort((left, right) => left - right);
    console.log(
      `${lines.get(name)} ${sorted.length === 0 ? '' : Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0)} |`,
    );
  }
} finally {
  await client.end();
  await server.stop();
}
process.exit(0);
