import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { caseFiles, readCases, type SchemaCase } from './support/case-file.ts';
import { diffLocations, file } from './support/database.ts';
import { compareDumps } from './support/independent.ts';
import { type PostgresServer, startPostgres } from './support/postgres-server.ts';
import { folderWith } from './support/scratch-folder.ts';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(() => server.stop());

const locations = ({ before, after }: SchemaCase) => {
  const folder = folderWith({ 'before.sql': before, 'after.sql': after });
  return { from: file(`${folder}/before.sql`), to: file(`${folder}/after.sql`) };
};

async function diffOf(one: SchemaCase) {
  const { from, to } = locations(one);
  const diff = await diffLocations(from, to, { renames: one.renames, scratchUrl: server.url() });
  expect(
    diff.proof.steps.map(({ name, failed, differences }) => [name, failed?.message, differences]),
  ).toEqual(['forward', 'back', 'forward again'].map((name) => [name, undefined, []]));
  return diff;
}

/**
 * Every kind of object and every attribute, a few at a time: planned in the online form, run forward,
 * back and forward again on a real server. One in SHARE is also compared by what pg_dump writes, which
 * `npm run bench:database` does for all.
 */
const SHARE = 12;

describe.each(caseFiles())('%s', (name) => {
  test.each(readCases(name).map((one, at) => ({ ...one, at })))('$name', async (one) => {
    const diff = await diffOf(one);
    expect(diff.plan.segments).not.toEqual([]);
    expect(diff.notes.filter(({ code }) => code === 'DB021' || code === 'DB016')).toEqual([]);
    if (one.at % SHARE !== 0) return;
    const { from, to } = locations(one);
    expect(await compareDumps(from, to, diff, server)).toEqual({ forward: [], back: [] });
  });
});

test('the one-change suite is the whole of it', () => {
  expect(readCases('one-change.sql')).toHaveLength(21);
});
