// Runs every kind of statement of test/support/hazards on PostgreSQL 14 to 18: what a second session sees
// on a server with rows, what the linter says on a scratch of that server and on PGlite, without rows.
//   node bench/run.mjs bench/database/hazards.ts [--major 14]
// Needs a Node that runs TypeScript; servers are fetched through npm into .cache/postgres once.
import { parseArgs } from 'node:util';
import { openPGliteScratch } from '../../src/database/engines/pglite.ts';
import type { Hazard } from '../../src/database/index.ts';
import { SNAPSHOT } from '../../test/support/database.ts';
import { STATEMENT_CASES } from '../../test/support/hazards/statements.ts';
import { lintCases, lintCasesOn, measureCases, type Verdicts } from '../../test/support/hazards/verdicts.ts';
import { MAJORS, startMajor } from '../../test/support/postgres-majors.ts';

const { values } = parseArgs({ options: { major: { type: 'string' } } });
const majors = values.major === undefined ? MAJORS : [Number(values.major)];

async function onPGlite(): Promise<Verdicts> {
  const scratch = await openPGliteScratch({ budgetMs: 120_000, snapshot: SNAPSHOT, extensions: new Set() });
  try {
    return await scratch.reading((engine) => lintCases(engine), { autocommit: true });
  } finally {
    await scratch.close();
  }
}

interface Measured {
  readonly truth: Verdicts;
  readonly said: Verdicts;
}

async function onServer(major: number): Promise<Measured> {
  const server = await startMajor(major);
  try {
    await server.create('truth');
    await server.create('lint');
    return {
      truth: await measureCases(server.url('truth'), major),
      said: await lintCasesOn(server.url('lint')),
    };
  } finally {
    await server.stop();
  }
}

const words = (hazards: readonly Hazard[] | undefined): string =>
  hazards === undefined ? '' : hazards.length === 0 ? '-' : hazards.join(', ');

const servers = new Map<number, Measured>();
for (const major of majors) servers.set(major, await onServer(major));
const pglite = await onPGlite();

console.log(`| statement | ${majors.map((major) => `${major} shows`).join(' | ')} | linter differs on |`);
console.log(`| --- |${' --- |'.repeat(majors.length + 1)}`);
let [falseAlarms, missed] = [0, 0];
const count = (truth: readonly Hazard[] | undefined, said: readonly Hazard[] | undefined): boolean => {
  if (truth === undefined || said === undefined) return false;
  const extra = said.filter((hazard) => !truth.includes(hazard)).length;
  const silent = truth.filter((hazard) => !said.includes(hazard)).length;
  falseAlarms += extra;
  missed += silent;
  return extra + silent > 0;
};
for (const { name } of STATEMENT_CASES) {
  const differs = [...servers].flatMap(([major, { truth, said }]) => [
    ...(count(truth.get(name), said.get(name)) ? [String(major)] : []),
    ...(count(truth.get(name), pglite.get(name)) ? [`PGlite against ${major}`] : []),
  ]);
  const shown = [...servers.values()].map(({ truth }) => words(truth.get(name)));
  console.log(`| ${name} | ${shown.join(' | ')} | ${differs.join(', ')} |`);
}
console.log(
  `\n${STATEMENT_CASES.length} kinds of statement on PostgreSQL ${majors.join(', ')}, each judged on`,
);
console.log(`a scratch of that server and on PGlite: ${falseAlarms} false alarms, ${missed} missed`);
console.log('(squawk 2.66.0 on the same kinds, by docs/database.md: 6 false alarms, 5 missed)');
if (falseAlarms + missed > 0) process.exitCode = 1;
