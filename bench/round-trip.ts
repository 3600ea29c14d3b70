// Every document of the corpus through code and back, on every framework: npm run bench:round-trip -- [--fresh] [documents].
// Writes bench/results/round-trip.md after a run of all of them; parts that are named are only printed. A run that was
// cut short goes on where it was, unless --fresh. Needs ../shared/corpus, and for the largest document 6 GB of heap.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FRAMEWORKS, type FrameworkName } from '../src/scaffold/index.ts';
import { type CorpusDocument, corpusDocuments } from '../test/scaffold/corpus.ts';
import { formatFiles, suiteFiles, suiteIsHere, suiteRemotes } from '../test/support/json-schema-suite.ts';
import { ROOT } from '../test/support/repository.ts';
import { type RoundTrip, roundTrip } from '../test/support/round-trip.ts';
import { judgedOtherwise } from '../test/support/suite-round-trip.ts';
import { keptLines } from './kept-lines.ts';

const { values: flags, positionals: named } = parseArgs({
  options: { fresh: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const documents = corpusDocuments().filter(({ name }) => named.length === 0 || named.includes(name));
const frameworks = Object.keys(FRAMEWORKS) as FrameworkName[];
const folder = mkdtempSync(join(tmpdir(), 'round-trip-'));

interface Row {
  readonly name: string;
  readonly framework: FrameworkName;
  readonly trip: RoundTrip;
  readonly cpuSeconds: number;
}

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

async function rowOf({ name, path }: CorpusDocument, framework: FrameworkName): Promise<Row> {
  const before = cpuSeconds();
  const trip = await roundTrip(path, framework, (text) => {
    const file = join(folder, 'given-back.json');
    writeFileSync(file, text);
    return file;
  });
  // The documents themselves are of no further use, and some are large.
  return { name, framework, trip: { ...trip, document: '' }, cpuSeconds: cpuSeconds() - before };
}

const kept = keptLines<Row>('round-trip', flags);
const rows: Row[] = [];
const problems: string[] = [];
for (const document of documents) {
  for (const framework of frameworks) {
    const key = `${document.name} ${framework}`;
    const known = kept.find(key);
    const row = known ?? (await rowOf(document, framework));
    if (known === undefined) kept.keep(key, row);
    rows.push(row);
    const { trip } = row;
    for (const { where, before: was, after } of trip.differences)
      problems.push(`- ${document.name}, ${framework}: ${where}: ${was} became ${after}`);
    for (const message of trip.told) problems.push(`- ${document.name}, ${framework}: ${message}`);
    console.log(`${key}: ${trip.differences.length} differences, ${trip.changed.length} files changed`);
  }
}
rmSync(folder, { recursive: true, force: true });

/** What the suite's schemas judge otherwise once they were code: groups, values, and the descriptions of those values. */
interface Suite {
  groups: number;
  values: number;
  readonly otherwise: string[];
  cpuSeconds: number;
}

async function judgeSuite(): Promise<Suite> {
  const before = cpuSeconds();
  const suite: Suite = { groups: 0, values: 0, otherwise: [], cpuSeconds: 0 };
  const known = suiteRemotes();
  for (const [file, groups] of [...suiteFiles(), ...formatFiles()]) {
    for (const group of groups) {
      suite.groups += 1;
      suite.values += group.tests.length;
      for (const value of await judgedOtherwise(group, known))
        suite.otherwise.push(`- ${file}: ${group.description}: ${value}`);
    }
  }
  return { ...suite, cpuSeconds: cpuSeconds() - before };
}

const keptSuite = keptLines<Suite>('round-trip-suite', flags);
const suite: Suite =
  keptSuite.find('suite') ??
  (suiteIsHere() && named.length === 0
    ? await judgeSuite()
    : { groups: 0, values: 0, otherwise: [], cpuSeconds: 0 });
if (keptSuite.find('suite') === undefined && suite.groups > 0) keptSuite.keep('suite', suite);
const spent = rows.reduce((sum, row) => sum + row.cpuSeconds, suite.cpuSeconds);

const cellOf = (name: string, framework: FrameworkName): string => {
  const trip = rows.find((row) => row.name === name && row.framework === framework)?.trip;
  if (trip === undefined) return '-';
  return trip.differences.length === 0 ? 'equal' : `${trip.differences.length} differences`;
};

const changedOf = (name: string): string => {
  const changed = new Set(rows.filter((row) => row.name === name).flatMap(({ trip }) => trip.changed));
  return changed.size === 0 ? 'the same' : [...changed].join(', ');
};

const table = documents.map(({ name }) => {
  const trip = rows.find((row) => row.name === name)?.trip;
  const cells = frameworks.map((framework) => cellOf(name, framework));
  return `| ${[name, trip?.operations, trip?.schemas, ...cells, changedOf(name)].join(' | ')} |`;
});
const equal = (framework: FrameworkName): string => {
  const own = rows.filter((row) => row.framework === framework);
  return `${own.filter(({ trip }) => trip.differences.length === 0).length} of ${own.length}`;
};
const operations = documents.reduce(
  (sum, { name }) => sum + (rows.find((row) => row.name === name)?.trip.operations ?? 0),
  0,
);
const report = `# Round trip: spec, code, spec

\`npm run bench:round-trip\`, Node ${process.versions.node}: ${spent.toFixed(0)} s of CPU. Each document is generated from, the files that were written are
read back into a document, and the two documents are compared as [docs/round-trip.md](../../docs/round-trip.md) says: paths, methods,
parameters, bodies, answers with their headers, schemas, security. "Generated again" compares the files that the document given
back gives with the first ones, byte by byte, without the types of webhooks and callbacks: where types.ts differs, it is by comments or the order of a union;
in Cloudflare's service one error body is filled in otherwise.

| document | operations | schemas | ${frameworks.join(' | ')} | generated again |
| --- | ---: | ---: | ${frameworks.map(() => '---').join(' | ')} | --- |
${table.join('\n')}
| **${documents.length} documents** | ${operations.toLocaleString('en-US')} | | ${frameworks.map(equal).join(' | ')} | ${documents.filter(({ name }) => changedOf(name) === 'the same').length} the same |

## Schemas of the JSON-Schema-Test-Suite

Draft 2020-12 with its tests of formats: ${suite.groups} schemas go through code and back, and both are made into validators. Of
${suite.values.toLocaleString('en-US')} values, ${suite.otherwise.length} are judged otherwise:

${suite.otherwise.length === 0 ? 'None.' : suite.otherwise.join('\n')}

## Differences and what was said on the way

${problems.length === 0 ? 'None.' : problems.join('\n')}
`;
if (named.length === 0) writeFileSync(join(ROOT, 'bench', 'results', 'round-trip.md'), report);
console.log(report);
