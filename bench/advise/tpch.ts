// TPC-H's 22 queries on a real PostgreSQL: what db suggest-indexes chooses against nothing, every foreign key, and what
// single-column advice chooses: index_advisor itself where INDEX_ADVISOR and SERVER_URL are given (bench-server.ts), else its
// method (every single column at once, what the planner takes is kept).
// Planner cost and, with --time, execution time in rounds that alternate between the sets; nothing is run once with --none, 90 s a query at most.
//   node bench/run.mjs bench/advise/tpch.ts [--scale 0.1] [--time] [--none]
import { parseArgs } from 'node:util';
import { benchServer, indexAdvisorSql } from './bench-server.ts';
import { type IndexSet, Lab, measureSets } from './index-set.ts';
import { tpchStatements } from './tpch-data.ts';
import { TPCH_QUERIES } from './tpch-queries.ts';

const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: '0.1' },
    time: { type: 'boolean' },
    none: { type: 'boolean' },
  },
});

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

const server = await benchServer();
await server.create('tpch');
const lab = await Lab.open(server.url('tpch'), tpchStatements(Number(values.scale)), TPCH_QUERIES);
try {
  const before = await lab.costs();
  const ours = await lab.ours({ indexes: 10, megabytes: 160 });
  console.log(`advice: ${ours.note}\n`);
  for (const definition of ours.definitions) console.log(`    ${definition}`);
  const advisor = indexAdvisorSql();
  const sets = [
    FOREIGN_KEYS,
    advisor === undefined ? await lab.singleColumns() : await lab.indexAdvisor(advisor),
    ours,
  ];
  const measured = await measureSets(lab, sets, before, values.time ? 3 : 0);
  console.log(
    '\n| index set | indexes | MB | planner: geometric mean | planner: sum of costs | execution ms (median) |\n| --- | ---: | ---: | ---: | ---: | ---: |',
  );
  const bare = before.reduce((sum, cost) => sum + cost, 0);
  console.log(
    `| none | 0 | 0 | 1.00 | ${Math.round(bare)} | ${values.none ? Math.round(await lab.executionMs()) : ''} |`,
  );
  for (const [{ name, definitions }, { mb, gain, costs, ms }] of measured) {
    console.log(
      `| ${name} | ${definitions.length} | ${mb.toFixed(0)} | ${gain.toFixed(2)} | ${Math.round(costs)} | ${values.time ? Math.round(ms) : ''} |`,
    );
  }
} finally {
  await lab.close();
  await server.stop();
}
