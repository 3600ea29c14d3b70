// Counts what the plans of the corpus' version pairs, both ways, and of the suites add to tables that were
// there before, and which of it was seen to make others wait for as long as a table is large.
//   node bench/run.mjs bench/database/online.ts [--only NAME] [--suites]
// Needs ../shared/corpus/postgres.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { CORPUS, corpusPairs, diffLocations, file } from '../../test/support/database.ts';
import { additionsOf } from '../../test/support/hazards/online.ts';
import { startMajor } from '../../test/support/postgres-majors.ts';

const { values } = parseArgs({ options: { only: { type: 'string' }, suites: { type: 'boolean' } } });

interface Row {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

const folder = mkdtempSync(join(tmpdir(), 'online-'));

const pairs: readonly Row[] = corpusPairs().flatMap(({ name, older, newer }) => [
  { name: `${name} -> ${basename(newer, '.sql')}`, from: older, to: newer },
  { name: `${basename(newer, '.sql')} -> ${name}`, from: newer, to: older },
]);

function suiteRows(): readonly Row[] {
  const text = readFileSync(join(CORPUS, 'cases/pgschema-diff.json'), 'utf8');
  const { cases }: { cases: readonly { name: string; old: string; new: string; setup: string | null }[] } =
    JSON.parse(text);
  return cases.map(({ name, old, new: wanted, setup }, at) => {
    const [from, to] = [join(folder, `${at}a.sql`), join(folder, `${at}b.sql`)];
    writeFileSync(from, `${setup ?? ''};\n${old}`);
    writeFileSync(to, `${setup ?? ''};\n${wanted}`);
    return { name, from, to };
  });
}

const rows = (values.suites === true ? suiteRows() : pairs).filter(
  ({ name }) => values.only === undefined || name.includes(values.only),
);
const counts = new Map<string, { all: number; blocking: number }>();
const server = await startMajor(18);
try {
  for (const { name, from, to } of rows) {
    try {
      const diff = await diffLocations(file(from), file(to), { scratchUrl: server.url() });
      const isPlain = diff.notes.some(({ code }) => code === 'DB021');
      if (isPlain) console.log(`${name}: the plain form was used`);
      for (const { kind, id, blocking } of additionsOf(diff)) {
        const count = counts.get(kind) ?? { all: 0, blocking: 0 };
        counts.set(kind, {
          all: count.all + 1,
          blocking: count.blocking + (blocking.length > 0 || isPlain ? 1 : 0),
        });
        for (const { sql, hazards } of blocking) console.log(`${name}: ${id}: ${hazards.join(', ')}: ${sql}`);
      }
    } catch (error) {
      console.log(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
} finally {
  await server.stop();
  rmSync(folder, { recursive: true });
}
console.log(`\n| added to a table in use, in ${rows.length} changes | all | online |\n| --- | ---: | ---: |`);
for (const [kind, { all, blocking }] of [...counts].sort()) {
  console.log(`| ${kind} | ${all} | ${all - blocking} |`);
}
