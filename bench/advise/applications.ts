// Index advice for what applications ask of three schemas of the corpus and of pgbench's tables, on a real PostgreSQL with
// rows: what db suggest-indexes chooses against nothing, every foreign key, single-column advice, and the best of all sets
// of as many indexes, found by planning every one of them. Needs ../shared/corpus/postgres.
//   node bench/run.mjs bench/advise/applications.ts [--only pagila] [--time]
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CORPUS } from '../../test/support/database.ts';
import { type BenchServer, benchServer, indexAdvisorSql } from './bench-server.ts';
import { geometric, type IndexSet, Lab, measureSets } from './index-set.ts';
import { WORKLOADS, type Workload } from './workloads.ts';

const { values } = parseArgs({ options: { only: { type: 'string' }, time: { type: 'boolean' } } });
const LIMITS = { indexes: 4, megabytes: 160 };

const DROP_INDEXES = `DO $$ DECLARE line record; BEGIN
  FOR line IN SELECT c.oid::regclass::text AS name FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid
    WHERE c.relnamespace = 'public'::regnamespace AND NOT c.relispartition
      AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.indexrelid) LOOP
    EXECUTE 'DROP INDEX ' || line.name;
  END LOOP;
END $$`;

/** The file's own settings would outlive it. */
const schemaOf = ({ schema }: Workload): string[] =>
  schema === undefined
    ? []
    : [
        'SET check_function_bodies = off',
        readFileSync(`${CORPUS}/${schema}.sql`, 'utf8').replace(/^\\.*$/gm, ''),
      ];

/** Every set of so many of them. */
function* subsets(size: number, from: number, count: number): Generator<number[]> {
  if (size === 0) yield [];
  else
    for (let at = from; at < count; at += 1)
      for (const rest of subsets(size - 1, at + 1, count)) yield [at, ...rest];
}

/** The best of all sets of `size` candidates: all are built once, and switched on and off in the catalog. */
async function exhaustive(
  lab: Lab,
  candidates: readonly string[],
  size: number,
  before: readonly number[],
): Promise<{ readonly set: IndexSet; readonly tried: number }> {
  const all: IndexSet = { name: 'all', definitions: candidates };
  await lab.build(all);
  await lab.client.query('SET allow_system_table_mods = on');
  let [best, bestGain, tried]: [readonly number[], number, number] = [[], 0, 0];
  for (const chosen of subsets(Math.min(size, candidates.length), 0, candidates.length)) {
    const names = chosen.map((at) => `'bench_${at}'`).join(', ');
    await lab.client.query(
      `UPDATE pg_index SET indisvalid = c.relname IN (${names}) FROM pg_class c WHERE c.oid = indexrelid AND c.relname ~ '^bench_'`,
    );
    const gain = geometric(before, await lab.costs());
    tried += 1;
    if (gain > bestGain) [best, bestGain] = [chosen, gain];
  }
  await lab.drop(all);
  return { set: { name: 'best of all sets', definitions: best.map((at) => candidates[at] ?? '') }, tried };
}

async function judge(workload: Workload, server: BenchServer): Promise<void> {
  await server.create(workload.name);
  const setUp = [...schemaOf(workload), 'SET search_path = public', ...workload.rows, DROP_INDEXES];
  const lab = await Lab.open(server.url(workload.name), setUp, workload.queries);
  try {
    const before = await lab.costs();
    const ours = await lab.ours(LIMITS);
    const best = await exhaustive(lab, workload.candidates, LIMITS.indexes, before);
    const foreignKeys = { name: 'every foreign key', definitions: workload.foreignKeys };
    const advisor = indexAdvisorSql();
    const single = advisor === undefined ? await lab.singleColumns() : await lab.indexAdvisor(advisor);
    const sets = [{ name: 'none', definitions: [] }, foreignKeys, single, ours, best.set];
    const measured = await measureSets(lab, sets, before, values.time ? 5 : 0);
    for (const [{ name, definitions }, { mb, gain, ms }] of measured) {
      console.log(
        `| ${workload.name} | ${name}${name === best.set.name ? ` (${best.tried})` : ''} | ${definitions.length} | ${mb.toFixed(1)} | ${gain.toFixed(2)} | ${values.time ? ms.toFixed(1) : ''} |`,
      );
    }
    const [own, highest] = [measured.get(ours)?.gain ?? 0, measured.get(best.set)?.gain ?? 0];
    console.log(`| | db suggest-indexes against the best | | | ${(own / highest).toFixed(2)} | |`);
    for (const definition of ours.definitions) console.error(`    ${workload.name}: ${definition}`);
  } finally {
    await lab.close();
  }
}

const server = await benchServer();
console.log(
  '| queries of | index set | indexes | MB | planner: geometric mean | execution ms (median) |\n| --- | --- | ---: | ---: | ---: | ---: |',
);
for (const workload of WORKLOADS) {
  if (values.only === undefined || workload.name === values.only) await judge(workload, server);
}
await server.stop();
