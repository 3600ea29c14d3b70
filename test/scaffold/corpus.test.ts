import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { columns } from '../../src/cli/render/columns.ts';
import type { FrameworkName } from '../../src/scaffold/index.ts';
import { ROOT } from '../support/repository.ts';
import { TYPESCRIPT_5, TYPESCRIPT_7 } from './compile.ts';
import { type CorpusDocument, corpusDocuments, hasCorpus } from './corpus.ts';
import { type DocumentProof, type ProofRun, proveDocuments } from './proof.ts';

/** Documents that cannot pass yet, with the operations that are missing and why. The test fails when the gap closes. */
const KNOWN_GAPS: Readonly<Record<string, { readonly operations: number; readonly reason: string }>> = {};

/**
 * Express is tried with both compilers. What the frameworks share (types, validators, the
 * runtime) is then proved: for the other two, the newer compiler is enough.
 */
const RUNS: readonly ProofRun[] = [
  { framework: 'express', compilers: [TYPESCRIPT_7, TYPESCRIPT_5] },
  { framework: 'fastify', compilers: [TYPESCRIPT_7] },
  { framework: 'koa', compilers: [TYPESCRIPT_7] },
];

/** It takes as long as a third of all the others together, and has a run of its own: npm run bench:corpus. */
const LARGEST = 'ms-graph-v30.json';
const isWhole = process.env['WHOLE_CORPUS'] === '1';
const documents = corpusDocuments().filter(({ name }) => isWhole || name !== LARGEST);

const proofs: DocumentProof[] = [];

/** Documents of so many bytes are compiled together: what a compiler reads besides them costs more than they do. */
const BATCH_BYTES = 6_000_000;

/** The older compiler takes as long for larger documents as for all others together: they wait for npm run bench:corpus. */
const OLDER_COMPILER_BYTES = 2_000_000;

const runsOf = (batch: readonly CorpusDocument[]): readonly ProofRun[] =>
  isWhole || batch.every(({ path }) => statSync(path).size <= OLDER_COMPILER_BYTES)
    ? RUNS
    : RUNS.map((run) => ({ ...run, compilers: [TYPESCRIPT_7] }));

const batches = inBatches(documents);
const begun = new Map<readonly CorpusDocument[], Promise<readonly DocumentProof[]>>();

/** What became of a document; the first that is asked for of a batch has all of it proved. */
async function proofsOf(document: CorpusDocument): Promise<readonly DocumentProof[]> {
  const batch = batches.find((one) => one.includes(document)) ?? [document];
  const proved = begun.get(batch) ?? proveDocuments(batch, runsOf(batch));
  begun.set(batch, proved);
  return (await proved).filter((proof) => proof.document === document);
}

describe('every document of the corpus, on every framework', () => {
  test.for(documents)('$name: generated, strict, booted', { timeout: 900_000 }, async (document) => {
    const own = await proofsOf(document);
    expect(own).toHaveLength(RUNS.length);
    proofs.push(...own);
    const gap = KNOWN_GAPS[document.name];
    for (const { framework, failures, operations, answered } of own) {
      expect(failures, framework).toEqual([]);
      expect(operations - answered, gap?.reason ?? framework).toBe(gap?.operations ?? 0);
    }
  });
});

afterAll(() => {
  if (!hasCorpus)
    process.stdout.write('\nSkipped: the corpus of real documents is not beside the repository.\n');
  else if (!isWhole) process.stdout.write(`\nLeft to npm run bench:corpus: ${LARGEST}.\n`);
  const proved = [...new Set(proofs.map(({ document }) => document.name))];
  const cell = (name: string, framework: FrameworkName): string => {
    const proof = proofs.find((one) => one.document.name === name && one.framework === framework);
    if (proof === undefined) return '-';
    return proof.failures.length === 0 ? `${proof.answered} of ${proof.operations}` : 'FAILED';
  };
  const rows = proved.map((name) => [name, ...RUNS.map(({ framework }) => cell(name, framework))]);
  const head = ['operations answered at their own path', ...RUNS.map(({ framework }) => framework)];
  const totals = RUNS.map(({ framework }) => share(proofs.filter((proof) => proof.framework === framework)));
  const table = columns([head, ...rows, [`${proved.length} documents`, ...totals]]);
  process.stdout.write(`\n${table.join('\n')}\n`);
  keepResults(Object.fromEntries(RUNS.map(({ framework }, at) => [framework, totals[at] ?? ''])));
});

/** For the one table of `npm run bench:scaffold`; of a run of everything only. */
function keepResults(totals: Readonly<Record<string, string>>): void {
  if (!hasCorpus || proofs.length !== RUNS.length * documents.length) return;
  const folder = join(ROOT, '.cache', 'results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'corpus.json'), JSON.stringify(totals));
}

function share(own: readonly DocumentProof[]): string {
  const passed = own.filter(({ failures }) => failures.length === 0).length;
  const operations = own.reduce((sum, proof) => sum + proof.operations, 0);
  const answered = own.reduce((sum, proof) => sum + proof.answered, 0);
  const percent = (part: number, whole: number): string =>
    `${((100 * part) / Math.max(1, whole)).toFixed(2)} %`;
  return `${percent(passed, own.length)}; ${percent(answered, operations)} of ${operations}`;
}

/** The smallest together, a batch as full as it may be. */
function inBatches(all: readonly CorpusDocument[]): CorpusDocument[][] {
  const sized = all.map((document) => ({ document, size: statSync(document.path).size }));
  const found: CorpusDocument[][] = [];
  let bytes = 0;
  for (const { document, size } of sized.toSorted((left, right) => left.size - right.size)) {
    const last = found.at(-1);
    bytes += size;
    if (last !== undefined && bytes <= BATCH_BYTES) last.push(document);
    else {
      found.push([document]);
      bytes = size;
    }
  }
  return found;
}
