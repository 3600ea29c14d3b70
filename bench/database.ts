// Proves every schema and version pair of the corpus, compares the results by a second reading of the
// catalog, and prints a table.
//   node bench/database.ts [--scratch URL] [--offline] [--only NAME]
// Needs a Node that runs TypeScript (22.18 or newer) and ../shared/corpus/postgres.
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import type { SchemaDiff, SchemaLocation } from '../src/database/index.ts';
import { CORPUS, corpusPairs, corpusSchemas, diffLocations, EMPTY, file } from '../test/support/database.ts';
import { compareFacts } from '../test/support/independent.ts';

const { values } = parseArgs({
  options: { scratch: { type: 'string' }, offline: { type: 'boolean' }, only: { type: 'string' } },
});

interface Row {
  readonly name: string;
  readonly from: SchemaLocation;
  readonly to: SchemaLocation;
}

const rows: readonly Row[] = [
  ...corpusSchemas().map((name) => ({
    name: `empty -> ${name}`,
    from: EMPTY,
    to: file(`${CORPUS}/${name}.sql`),
  })),
  ...corpusPairs().flatMap(({ name, older, newer }) => [
    { name: `${name} -> ${basename(newer, '.sql')}`, from: file(older), to: file(newer) },
    { name: `${basename(newer, '.sql')} -> ${name}`, from: file(newer), to: file(older) },
  ]),
].filter(({ name }) => values.only === undefined || name.includes(values.only));

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

function verdict({ proof, notes }: SchemaDiff): string {
  const isPlain = notes.some(({ code }) => code === 'DB021');
  if (proof.proved) return isPlain ? 'proved, plain form' : 'proved';
  const last = proof.steps.at(-1);
  return `NOT PROVED ${last?.name}: ${last?.failed?.message ?? `${last?.differences.length} differences`}`;
}

console.log('| change | objects | statements | CPU s | result |\n| --- | ---: | ---: | ---: | --- |');
let proved = 0;
for (const { name, from, to } of rows) {
  const started = cpuSeconds();
  try {
    const diff = await diffLocations(from, to, {
      online: values.offline !== true,
      scratchUrl: values.scratch,
    });
    const statements = diff.plan.segments.reduce((count, segment) => count + segment.statements.length, 0);
    const cpu = (cpuSeconds() - started).toFixed(1);
    const facts = await compareFacts(from, to, diff, values.scratch);
    const unequal = [...facts.forward, ...facts.back];
    if (diff.proof.proved && unequal.length === 0) proved += 1;
    for (const fact of unequal.slice(0, 4)) console.error(`${name}: ${fact.slice(0, 300)}`);
    const strict = unequal.length === 0 ? '' : `, ${unequal.length} facts differ`;
    console.log(
      `| ${name} | ${diff.target.objects.size} | ${statements} | ${cpu} | ${verdict(diff)}${strict} |`,
    );
  } catch (error) {
    console.log(`| ${name} | | | | ERROR ${error instanceof Error ? error.message : String(error)} |`);
  }
}
console.log(`\n${proved} of ${rows.length} proved`);
if (proved < rows.length) process.exitCode = 1;
