// Proves every schema and version pair of the corpus and every case of the suites, on the embedded PostgreSQL and on a
// real server, applies the plans once more, on the server, compares the results by what pg_dump writes, and prints one
// table. Needs ../shared/corpus/postgres.
//   npm run bench:database -- [--engine pglite|server] [--only NAME] [--suite corpus|cases] [--write]
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { SchemaDiff, SchemaLocation } from '../src/database/index.ts';
import { caseFiles, readCases, type SchemaCase } from '../test/support/case-file.ts';
import { CORPUS, corpusPairs, corpusSchemas, diffLocations, EMPTY, file } from '../test/support/database.ts';
import { compareDumps } from '../test/support/independent.ts';
import { type PostgresServer, startPostgres } from '../test/support/postgres-server.ts';

const { values } = parseArgs({
  options: {
    engine: { type: 'string' },
    only: { type: 'string' },
    suite: { type: 'string' },
    write: { type: 'boolean' },
  },
});

/** One change that has to be proved. */
interface Row {
  readonly name: string;
  readonly from: SchemaLocation;
  readonly to: SchemaLocation;
  readonly renames?: SchemaCase['renames'];
}

interface Verdict {
  readonly name: string;
  readonly objects: number;
  readonly statements: number;
  readonly cpu: number;
  readonly problem: string | undefined;
}

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Where plans are made and proved. Each is applied once more on the server, and dumped there. */
type ScratchEngine = 'pglite' | 'server';

async function judge(
  { name, from, to, renames = [] }: Row,
  engine: ScratchEngine,
  server: PostgresServer,
): Promise<Verdict> {
  const started = cpuSeconds();
  try {
    const diff = await diffLocations(from, to, {
      renames,
      ...(engine === 'pglite' ? {} : { scratchUrl: server.url() }),
    });
    const cpu = cpuSeconds() - started;
    const statements = diff.plan.segments.reduce((count, segment) => count + segment.statements.length, 0);
    return {
      name,
      objects: diff.target.objects.size,
      statements,
      cpu,
      problem: await problemOf(diff, from, to, server),
    };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { name, objects: 0, statements: 0, cpu: cpuSeconds() - started, problem };
  }
}

async function problemOf(
  diff: SchemaDiff,
  from: SchemaLocation,
  to: SchemaLocation,
  server: PostgresServer,
): Promise<string | undefined> {
  const last = diff.proof.steps.at(-1);
  if (!diff.proof.proved) {
    return `not proved ${last?.name}: ${last?.failed?.message ?? `${last?.differences.length} differences`}`;
  }
  const { forward, back } = await compareDumps(from, to, diff, server);
  const missing = missingExtensions(diff);
  const isMissing = (entry: string): boolean =>
    missing.includes(/^[+-] (?:COMMENT )?EXTENSION (\S+)/.exec(entry)?.[1] ?? '');
  const unequal = [...forward, ...back].filter((entry) => !isMissing(entry));
  for (const entry of unequal.slice(0, 4)) console.error(entry.slice(0, 500));
  if (unequal.length > 0) return `${unequal.length} entries of pg_dump differ`;
  if (missing.length > 0) return `yes, but for the extension ${missing.join(', ')}, as it says`;
  return diff.notes.some(({ code }) => code === 'DB021') ? 'plain form' : undefined;
}

/** What the scratch does not have, and the diff has said so. */
const missingExtensions = ({ notes }: SchemaDiff): string[] =>
  notes.flatMap(({ code, message }) => {
    const name = code === 'DB012' ? /has no extension "(.+)"/.exec(message)?.[1] : undefined;
    return name === undefined ? [] : [name];
  });

const corpus = (): Row[] => [
  ...corpusSchemas().map((name) => ({
    name: `empty -> ${name}`,
    from: EMPTY,
    to: file(`${CORPUS}/${name}.sql`),
  })),
  ...corpusPairs().flatMap(({ name, older, newer }) => [
    { name: `${name} -> ${basename(newer, '.sql')}`, from: file(older), to: file(newer) },
    { name: `${basename(newer, '.sql')} -> ${name}`, from: file(newer), to: file(older) },
  ]),
];

interface SharedCase {
  readonly name: string;
  readonly setup: string | null;
  readonly old: string;
  readonly new: string;
}

/** The suites of other tools, as they are kept beside the corpus. */
function sharedCases(name: string): SchemaCase[] {
  const { cases } = JSON.parse(readFileSync(join(CORPUS, 'cases', `${name}.json`), 'utf8')) as {
    readonly cases: readonly SharedCase[];
  };
  return cases.map((one) => ({
    name: one.name,
    before: `${one.setup ?? ''}\n${one.old}`,
    after: `${one.setup ?? ''}\n${one.new}`,
    renames: [],
  }));
}

const SUITES: readonly (readonly [string, () => SchemaCase[]])[] = [
  ...caseFiles().map((name) => [`test/database-cases/${name}`, () => readCases(name)] as const),
  ...['migra-fixtures', 'pgschema-diff'].map((name) => [name, () => sharedCases(name)] as const),
];

function rowOf({ name, before, after, renames }: SchemaCase): Row {
  const folder = mkdtempSync(join(tmpdir(), 'bench-cases-'));
  writeFileSync(join(folder, 'before.sql'), before);
  writeFileSync(join(folder, 'after.sql'), after);
  return { name, from: file(join(folder, 'before.sql')), to: file(join(folder, 'after.sql')), renames };
}

const lines: string[] = [];
const print = (line: string): void => {
  lines.push(line);
  console.log(line);
};

const isWanted = ({ name }: { readonly name: string }): boolean =>
  values.only === undefined || name.includes(values.only);

async function judgeCorpus(engine: ScratchEngine, server: PostgresServer): Promise<void> {
  const title = engine === 'pglite' ? 'planned on PGlite 18.6' : 'planned on PostgreSQL 18.4';
  print(`\n| change, ${title} | objects | statements | CPU s | identical both ways by pg_dump |`);
  print('| --- | ---: | ---: | ---: | --- |');
  let good = 0;
  const rows = corpus().filter(isWanted);
  for (const row of rows) {
    const { name, objects, statements, cpu, problem } = await judge(row, engine, server);
    if (problem === undefined || problem === 'plain form' || problem.startsWith('yes')) good += 1;
    else process.exitCode = 1;
    print(`| ${name} | ${objects} | ${statements} | ${cpu.toFixed(1)} | ${problem ?? 'yes'} |`);
  }
  print(`\n${good} of ${rows.length} ${title}`);
}

async function judgeCases(server: PostgresServer): Promise<void> {
  print('\n| suite, PostgreSQL 18 | cases | identical both ways by pg_dump | not |');
  print('| --- | ---: | ---: | --- |');
  for (const [suite, read] of SUITES) {
    const rows = read().filter(isWanted);
    const bad: string[] = [];
    for (const row of rows) {
      const { problem } = await judge(rowOf(row), 'server', server);
      if (problem !== undefined) bad.push(`${row.name}: ${problem}`);
    }
    if (bad.length > 0) process.exitCode = 1;
    print(`| ${suite} | ${rows.length} | ${rows.length - bad.length} | ${bad.join('; ')} |`);
  }
}

const server = await startPostgres();
try {
  for (const engine of ['pglite', 'server'] as const) {
    const isWantedEngine = (values.engine ?? engine) === engine && values.suite !== 'cases';
    if (isWantedEngine) await judgeCorpus(engine, server);
  }
  if (values.suite !== 'corpus') await judgeCases(server);
} finally {
  await server.stop();
}
if (values.write === true) {
  const head =
    '# Corpus and suites\n\n`npm run bench:database -- --write`, Node 20.20, two shared cores. Every plan is proved, then its statements are\napplied once more to a fresh database of PostgreSQL 18.4 and compared with the schema itself by `pg_dump` 18: forward, and\nthe rollback.\n';
  writeFileSync(new URL('results/database.md', import.meta.url), `${head}${lines.join('\n')}\n`);
}
