import { describe, expect, test } from 'vitest';
import { agreementOn, agreementTable, precision, recall } from '../support/agreement.ts';
import { hasCorpus } from '../support/database.ts';

/** A share that shows most findings; `npm run bench:analyze` takes all fourteen. */
const SHARE = ['northwind', 'bytebase', 'graphile_worker', 'umami'];

describe.skipIf(!hasCorpus)('labelled schemas', () => {
  test('every finding is right, and nothing is missed', { timeout: 120_000 }, async () => {
    const agreement = await agreementOn(SHARE);
    process.stdout.write(`\n${agreementTable(agreement)}\n`);
    const poor = agreement.filter((one) => precision(one) < 0.95 || recall(one) < 0.95);
    expect(poor.map(({ code, extra, missed }) => ({ code, extra, missed }))).toEqual([]);
    expect(agreement.length).toBeGreaterThan(10);
  });
});
