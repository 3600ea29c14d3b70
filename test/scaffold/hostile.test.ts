import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { advisoryCases } from './hostile/advisories.ts';
import {
  differenceOf,
  documentOf,
  generatorVocabulary,
  hostileCase,
  isCompared,
} from './hostile/comparison.ts';
import { OFFERED } from './hostile/offered.ts';

/** As many documents as there is time for here; bench/hostile.ts tries thirty times more. */
const DOCUMENTS = 300;

let vocabulary: ReadonlySet<string> = new Set();
beforeAll(async () => {
  vocabulary = await generatorVocabulary(OFFERED);
});

test('places of a document in turn take what published advisories put there', {
  timeout: 300_000,
}, async () => {
  // An eighth of the places; the bench has them all.
  const cases = [...advisoryCases()].filter((_, at) => at % 8 === 0);
  for (const one of cases)
    expect(await differenceOf(one, vocabulary), JSON.stringify([...one.texts])).toBeUndefined();
  process.stdout.write(`\n${cases.length} places, one after the other\n`);
});

test('no text of a document changes more in a program than literals, comments and names', {
  timeout: 300_000,
}, async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(hostileCase, async (one) => {
      if (isCompared(one)) compared += 1;
      expect(await differenceOf(one, vocabulary), JSON.stringify(documentOf(one))).toBeUndefined();
    }),
    // The same documents every time; bench/hostile.ts takes others.
    { numRuns: DOCUMENTS, seed: 2026, endOnFailure: true },
  );
  process.stdout.write(
    `\n${DOCUMENTS} hostile documents, ${compared} compared tree by tree with their harmless twins\n`,
  );
  expect(compared).toBeGreaterThan(DOCUMENTS / 10);
});
