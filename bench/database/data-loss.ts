// Runs the plan of every case of the suites, both ways, on a server with a row in every table, and looks
// for every value and sequence position again. What was lost must have been called data-loss before.
//   node bench/run.mjs bench/database/data-loss.ts [--only NAME] [--preserve]
// Needs ../shared/corpus/postgres/cases.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { statementsWith } from '../../src/database/index.ts';
import { mentionsOf } from '../../src/database/sources/mentions.ts';
import { splitStatements } from '../../src/database/sources/statements.ts';
import { CORPUS, diffLocations, file } from '../../test/support/database.ts';
import { lossOf } from '../../test/support/hazards/loss.ts';
import { startMajor } from '../../test/support/postgres-majors.ts';

const { values } = parseArgs({ options: { only: { type: 'string' }, preserve: { type: 'boolean' } } });

interface Case {
  readonly name: string;
  readonly old: string;
  readonly new: string;
  readonly setup?: string | null;
}

const cases = ['migra-fixtures', 'pgschema-diff']
  .flatMap((suite) => {
    const text = readFileSync(join(CORPUS, 'cases', `${suite}.json`), 'utf8');
    const { cases: found }: { cases: readonly Case[] } = JSON.parse(text);
    return found.flatMap((one) => [
      { ...one, name: `${suite}/${one.name}` },
      { ...one, name: `${suite}/${one.name} back`, old: one.new, new: one.old },
    ]);
  })
  .filter(({ name }) => values.only === undefined || name.includes(values.only));

const server = await startMajor(18);
const folder = mkdtempSync(join(tmpdir(), 'data-loss-'));
const counts = { right: 0, missed: 0, extra: 0, none: 0, failed: 0, warned: 0, skipped: 0 };

async function judge({ name, old, new: wanted, setup }: Case, at: number): Promise<void> {
  const [before, after] = [`${setup ?? ''};\n${old}`, `${setup ?? ''};\n${wanted}`];
  writeFileSync(join(folder, 'a.sql'), before);
  writeFileSync(join(folder, 'b.sql'), after);
  const diff = await diffLocations(file(`${folder}/a.sql`), file(`${folder}/b.sql`), {
    scratchUrl: server.url(),
    preserve: values.preserve === true,
  });
  if (diff.plan.segments.length === 0) {
    counts.none += 1;
    return;
  }
  const statements = await splitStatements({ path: 'a.sql', text: before });
  const all = [...statements, ...(await splitStatements({ path: 'b.sql', text: after }))];
  const { roles, createdRoles } = mentionsOf(all);
  const makers = [...roles, ...createdRoles].map(
    (role) => `DO $$ BEGIN CREATE ROLE "${role}"; EXCEPTION WHEN OTHERS THEN NULL; END $$`,
  );
  await server.create(`loss_${at}`);
  const loading = statements.filter(({ node }) => node !== 'CreateRoleStmt').map(({ text }) => text);
  const outcome = await lossOf(server.url(`loss_${at}`), [...makers, ...loading], diff.plan);
  const flagged = statementsWith(diff.plan, 'data-loss');
  const say = (what: string): void =>
    console.log(
      `${name}: ${what}; ${flagged.map(({ sql }) => sql.split('\n')[0]).join(' | ')} ${outcome.empty.length > 0 ? `(no row in ${outcome.empty.join(', ')})` : ''}`,
    );
  if (outcome.failed !== undefined) {
    const warned = statementsWith(diff.plan, 'may-fail').length > 0;
    counts[warned ? 'warned' : 'failed'] += 1;
    if (!warned) say(`FAILED ON ROWS without a word: ${outcome.failed}`);
  } else if (outcome.lost > 0 && flagged.length === 0) {
    counts.missed += 1;
    say(`MISSED, ${outcome.lost} values lost`);
  } else if (outcome.lost === 0 && flagged.length > 0) {
    const isKnown = outcome.empty.length === 0;
    counts[isKnown ? 'extra' : 'skipped'] += 1;
    say(isKnown ? 'EXTRA, nothing was lost' : 'unknown, for want of rows');
  } else if (outcome.lost > 0) counts.right += 1;
  else counts.none += 1;
}

try {
  for (const [at, one] of cases.entries()) {
    if (at % 20 === 0) console.error(`${at} of ${cases.length}: ${JSON.stringify(counts)}`);
    try {
      await judge(one, at);
    } catch (error) {
      counts.skipped += 1;
      console.log(`${one.name}: skipped, ${error instanceof Error ? error.message : String(error)}`);
    }
  }
} finally {
  await server.stop();
  rmSync(folder, { recursive: true });
}
const { right, missed, extra, none, failed, warned, skipped } = counts;
const percent = (part: number, whole: number): string =>
  `${whole === 0 ? 'none of' : ((100 * part) / whole).toFixed(1)} %`;
console.log(
  `\n| changes | values lost and said so | lost, not said | said, not lost | nothing lost, nothing said | stopped by rows, said so | stopped, not said | could not be run |`,
);
console.log('| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
console.log(
  `| ${cases.length} | ${right} | ${missed} | ${extra} | ${none} | ${warned} | ${failed} | ${skipped} |`,
);
console.log(`\nfound ${percent(right, right + missed)}, precise ${percent(right, right + extra)}`);
if (missed > 0) process.exitCode = 1;
