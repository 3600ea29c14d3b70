// Every document of the corpus through code and back, on every framework: npm run bench:round-trip -- [documents].
// Writes bench/results/round-trip.md after a run of all of them; parts that are named are only printed. Needs
// ../shared/corpus.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FRAMEWORKS, type FrameworkName } from '../src/scaffold/index.ts';
import { corpusDocuments } from '../test/scaffold/corpus.ts';
import { formatFiles, suiteFiles, suiteIsHere, suiteRemotes } from '../test/support/json-schema-suite.ts';
import { ROOT } from '../test/support/repository.ts';
import { type RoundTrip, roundTrip } from '../test/support/round-trip.ts';
import { judgedOtherwise } from '../test/support/suite-round-trip.ts';

const named = process.argv.slice(2);
const documents = corpusDocuments().filter(({ name }) => named.length === 0 || named.includes(name));
const frameworks = Object.keys(FRAMEWORKS) as FrameworkName[];
const folder = mkdtempSync(join(tmpdir(), 'round-trip-'));

interface Row {
  readonly name: string;
  readonly framework: FrameworkName;
  readonly trip: RoundTrip;
}

const rows: Row[] = [];
const problems: string[] = [];
const before = process.cpuUsage();
for (const { name, path } of documents) {
  for (const framework of frameworks) {
    const trip = await roundTrip(path, framework, (text) => {
      const file = join(folder, 'given-back.json');
      writeFileSync(file, text);
      return file;
    });
    // The documents themselves are of no further use, and some are large.
    rows.push({ name, framework, trip: { ...trip, document: '' } });
    for (const { where, before: was, after } of trip.differences)
      problems.push(`- ${name}, ${framework}: ${where}: ${was} became ${after}`);
    for (const message of trip.told) problems.push(`- ${name}, ${framework}: ${message}`);
    console.log(
      `${name} ${framework}: ${trip.differences.length} differences, ${trip.changed.length} files changed`,
    );
  }
}
rmSync(folder, { recursive: true, force: true });

/** What the suite's schemas judge otherwise once they were code: groups, values, and the descriptions of those values. */
const suite = { groups: 0, values: 0, otherwise: [] as string[] };
if (suiteIsHere() && named.length === 0) {
  const known = suiteRemotes();
  for (const [file, groups] of [...suiteFiles(), ...formatFiles()]) {
    for (const group of groups) {
      suite.groups += 1;
      suite.values += group.tests.length;
      for (const value of await judgedOtherwise(group, known))
        suite.otherwise.push(`- ${file}: ${group.description}: ${value}`);
    }
  }
}
const { user, system } = process.cpuUsage(before);

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

\`npm run bench:round-trip\`, Node ${process.versions.node}: ${((user + system) / 1e6).toFixed(0)} s of CPU. Each document is generated from, the files that were written are
read back into a document, and the two documents are compared as [docs/round-trip.md](../../docs/round-trip.md) says: paths, methods,
parameters, bodies, answers with their headers, schemas, security. "Generated again" compares the files that the document given
back gives with the first ones, byte by byte, without the types of webhooks and callbacks.

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
