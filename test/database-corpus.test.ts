import { describe, expect, test } from 'vitest';
import { CORPUS, corpusPairs, diffLocations, EMPTY, file, hasCorpus } from './support/database.ts';

/** A sample of the corpus that shows most kinds of object; `npm run bench:database` takes all of it. */
const SCHEMAS = ['pagila', 'supabase_storage', 'temporal_visibility', 'graphile_worker'];
const PAIRS = ['concourse@m104', 'pagila@2018-04-20', 'supabase_storage@m31', 'graphile_worker@m11'];

describe.skipIf(!hasCorpus)('real schemas', () => {
  test.each(SCHEMAS)('an empty database becomes %s, becomes empty, and becomes it again', async (name) => {
    const { proof } = await diffLocations(EMPTY, file(`${CORPUS}/${name}.sql`), { online: false });
    expect(proof.steps.flatMap(({ differences }) => differences)).toEqual([]);
    expect(proof.proved).toBe(true);
  });

  const pairs = corpusPairs().filter(({ name }) => PAIRS.includes(name));
  test.each(pairs)(
    'an old $name becomes new, becomes old, and becomes new again',
    async ({ older, newer }) => {
      const { proof } = await diffLocations(file(older), file(newer));
      expect(proof.steps.flatMap(({ differences }) => differences)).toEqual([]);
      expect(proof.proved).toBe(true);
    },
  );
});

test.skipIf(hasCorpus)('the corpus is not here: real schemas are not tested', () => {
  expect(corpusPairs()).toEqual([]);
});
