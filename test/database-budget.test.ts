import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { diffLocations, EMPTY, file } from './support/database.ts';
import { folderWith } from './support/scratch-folder.ts';

const RUNAWAY = `CREATE TABLE t (a integer);
  DO $$ BEGIN LOOP PERFORM 1; END LOOP; END $$;`;

test('a statement that never ends is stopped, although PGlite cannot be interrupted', async () => {
  const folder = folderWith({ 'a.sql': RUNAWAY });
  await expect(diffLocations(EMPTY, file(`${folder}/a.sql`), { budgetMs: 4000 })).rejects.toMatchObject({
    code: 'DB003',
  });
});

test('an interrupted run ends, and leaves nothing in the folder for temporary files', async () => {
  const folder = folderWith({ 'a.sql': RUNAWAY });
  const before = new Set(readdirSync(tmpdir()));
  const interrupt = new AbortController();
  const running = diffLocations(EMPTY, file(`${folder}/a.sql`), { signal: interrupt.signal });
  setTimeout(() => interrupt.abort(), 4000);
  await expect(running).rejects.toThrow('interrupted');
  const ours = readdirSync(tmpdir()).filter((name) => !before.has(name) && /pglite/i.test(name));
  expect(ours).toEqual([]);
});
