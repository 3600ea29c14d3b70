import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPGliteScratch } from '../src/database/engines/pglite.ts';
import { SNAPSHOT } from './support/database.ts';
import { STATEMENT_CASES, TRUTHS } from './support/hazards/statements.ts';
import { casesOf, lintCases, lintCasesOn, measureCases, type Verdicts } from './support/hazards/verdicts.ts';
import { startMajor } from './support/postgres-majors.ts';

/** What is written beside each statement, as a table like the measured ones. */
const written = (major: number): Verdicts =>
  new Map(casesOf(major).map(({ name, is }) => [name, TRUTHS.filter((hazard) => is.includes(hazard))]));

/** `npm run bench:hazards` takes every major; this is the one that is installed with the other packages. */
const major = 18;

describe(`statements on PostgreSQL ${major}`, () => {
  let server: Awaited<ReturnType<typeof startMajor>>;

  beforeAll(async () => {
    server = await startMajor(major);
    await Promise.all([server.create('truth'), server.create('lint')]);
  }, 120_000);

  afterAll(() => server.stop());

  test('what is written of them is what a second session sees', async () => {
    expect(await measureCases(server.url('truth'), major)).toEqual(written(major));
  });

  test('the linter says just that, without a row in its tables', async () => {
    expect(await lintCasesOn(server.url('lint'))).toEqual(written(major));
  });
});

test('the embedded PostgreSQL says the same', async () => {
  const scratch = await openPGliteScratch({ budgetMs: 120_000, snapshot: SNAPSHOT, extensions: new Set() });
  try {
    const verdicts = await scratch.reading((engine) => lintCases(engine), { autocommit: true });
    expect(verdicts).toEqual(written(18));
  } finally {
    await scratch.close();
  }
});

test('at least 55 kinds of statement are looked at', () => {
  expect(STATEMENT_CASES.length).toBeGreaterThanOrEqual(55);
  expect(new Set(STATEMENT_CASES.map(({ name }) => name)).size).toBe(STATEMENT_CASES.length);
});
