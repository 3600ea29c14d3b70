// What scaffold costs and what its output is worth, against two peers, the generators in turns; writes
// bench/results/scaffold.md: npm run bench:scaffold -- [--rounds 3] [github stripe growth suite]. Parts that
// are not named keep what they last measured. Needs Linux, the registry for the peers, and ../shared/corpus;
// the lines of the summary that are tests' results are there once `npm test` has run.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../test/support/repository.ts';
import { type CostRow, compare } from './scaffold/cost.ts';
import { installPeers } from './scaffold/generators.ts';
import { type GrowthRow, growth } from './scaffold/growth.ts';
import { type SuiteRow, suite } from './scaffold/suite.ts';
import { summary } from './scaffold/summary.ts';

const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  options: { rounds: { type: 'string', default: '3' } },
  allowPositionals: true,
});
const ROUNDS = Number(values.rounds);
const CORPUS = join(ROOT, '..', 'shared', 'corpus', 'openapi');
const KEPT = join(ROOT, '.cache', 'results');

/** What a part measured: now where it was asked for, else the last time. */
async function part<T>(
  name: string,
  needs: string,
  run: (path: string, keep: (rows: readonly T[]) => void) => Promise<T[]>,
): Promise<T[]> {
  const file = join(KEPT, `scaffold-${name}.json`);
  const path = join(CORPUS, needs);
  const isAsked = positionals.length === 0 || positionals.includes(name);
  if (isAsked && existsSync(path)) {
    mkdirSync(KEPT, { recursive: true });
    const keep = (rows: readonly T[]): void => writeFileSync(file, JSON.stringify(rows));
    keep(await run(path, keep));
  }
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const seconds = (value: number): string => value.toFixed(2);
const megabytes = (value: number): string => String(Math.round(value));

const costTable = (rows: readonly CostRow[]): string =>
  table(
    ['document', 'generator', 'makes', 'generate: CPU s', 'MB', 'check: CPU s', 'MB', 'type errors'],
    rows.map(({ document, generator, generate, check, errors }) => [
      document,
      generator.name,
      generator.makes,
      seconds(generate.cpu),
      megabytes(generate.peak),
      seconds(check.cpu),
      megabytes(check.peak),
      errors === undefined ? 'nothing generated' : String(errors),
    ]),
  );

const growthTable = (rows: readonly GrowthRow[]): string =>
  table(
    ['operations', 'document, MB', 'generate: CPU s', 'ms an operation', 'MB', 'check: CPU s', 'MB'],
    rows.map(({ operations, bytes, run: { generate, check } }) => [
      operations.toLocaleString('en-US'),
      (bytes / 1e6).toFixed(1),
      seconds(generate.cpu),
      ((1000 * generate.cpu) / operations).toFixed(2),
      megabytes(generate.peak),
      seconds(check.cpu),
      megabytes(check.peak),
    ]),
  );

const suiteTable = (rows: readonly SuiteRow[]): string =>
  table(
    ['generator', 'core', 'all', 'schemas it cannot convert'],
    rows.map(({ name, core, all, total, refused }) => [
      name,
      `${core} of ${total.core}`,
      `${all} of ${total.all}`,
      String(refused),
    ]),
  );

installPeers();
const costs: CostRow[] = [
  ...(await part('github', 'github-v30.json', (path) => compare('GitHub, 1,223 operations', path, ROUNDS))),
  ...(await part('stripe', 'stripe-v30.json', (path) => compare('Stripe, 452 operations', path, ROUNDS))),
];
const grown: GrowthRow[] = await part('growth', 'ms-graph-v30.json', growth);
const judged: SuiteRow[] = await part('suite', '../json-schema', (_path, keep) => suite(keep));
const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules/typescript/package.json'), 'utf8'));
const report = `# scaffold, measured

\`npm run bench:scaffold\`: Node ${process.versions.node}, TypeScript ${version}, ${cpus().length} cores. CPU seconds are user and system time of all
processes; MB is the peak of their resident memory together.

## In one table

${summary({ costs, grown, judged })}

## Cost

The generators in turns, the median of the rounds (${costs[0]?.rounds ?? 0}); checked strictly (also \`noUncheckedIndexedAccess\` and
\`exactOptionalPropertyTypes\`) with TypeScript ${version}.

${costTable(costs)}

## Growth

Microsoft Graph, whole and cut to every second, fourth and eighth path, with the components that those lead to.

${grown.length === 0 ? 'Not measured in this run.' : growthTable(grown)}

## JSON-Schema-Test-Suite, draft 2020-12

Assertions that hold through the generated Zod. Peers read OpenAPI documents: each schema is the one component of an OpenAPI
3.1 document, with its references adjusted.

${suiteTable(judged)}
`;
writeFileSync(join(ROOT, 'bench', 'results', 'scaffold.md'), report);
console.log(report);
