// The sixteen query shapes with HypoPG on the same kind of server: what it predicts of the index that a person would build, and
// what that index, really built, costs. For holding beside the prediction without an extension (test/database-analyze/what-if.test.ts).
//   SERVER_URL=postgres://... (a server that has HypoPG) node bench/run.mjs bench/advise/hypopg.ts
import { benchServer } from './bench-server.ts';
import { Lab } from './index-set.ts';
import { SHAPES, shapeTables } from './shapes.ts';

const server = await benchServer();
await server.create('hypopg');
const lab = await Lab.open(
  server.url('hypopg'),
  ['CREATE EXTENSION hypopg', ...shapeTables(0.05)],
  SHAPES.map(({ sql }) => sql),
);
console.log('| query | HypoPG | really built | off by |\n| --- | ---: | ---: | ---: |');
let good = 0;
for (const { name, sql, good: index } of SHAPES) {
  const predicted = await lab.client
    .query('SELECT hypopg_create_index($1)', [`CREATE INDEX ON ${index}`])
    .then(() => lab.cost(sql))
    .catch(() => undefined);
  await lab.client.query('SELECT hypopg_reset()');
  await lab.build({ name, definitions: [index] });
  const real = await lab.cost(sql);
  await lab.drop({ name, definitions: [index] });
  const off = predicted === undefined ? Number.POSITIVE_INFINITY : predicted / real - 1;
  if (Math.abs(off) <= 0.05) good += 1;
  console.log(
    `| ${name} | ${predicted?.toFixed(2) ?? 'refused'} | ${real.toFixed(2)} | ${predicted === undefined ? '' : `${(off * 100).toFixed(1)} %`} |`,
  );
}
console.log(`| within 5 % | ${good} of ${SHAPES.length} | | |`);
await lab.close();
await server.stop();
