import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { snapshotFile } from '../src/cli/commands/db/snapshot.ts';
import { openPGliteScratch } from '../src/database/engines/pglite.ts';
import { ROOT } from './support/repository.ts';
import { folderWith } from './support/scratch-folder.ts';

const PGLITE = JSON.parse(readFileSync(join(ROOT, 'node_modules/@electric-sql/pglite/package.json'), 'utf8'));

async function answerFrom(snapshot: string): Promise<unknown> {
  const scratch = await openPGliteScratch({ snapshot, extensions: [], statements: 1, budgetMs: 60_000 });
  try {
    return await scratch.reading((engine) => engine.rows('SELECT 1 AS one'), { autocommit: false });
  } finally {
    await scratch.close();
  }
}

test('the package carries an initialised data folder of its own PGlite, and starts from it', async () => {
  const packed = snapshotFile({ XDG_CACHE_HOME: '/nowhere' });
  expect(packed).toBe(join(ROOT, `snapshots/pglite-${PGLITE.version}.tar.br`));
  expect(await answerFrom(packed)).toEqual([{ one: 1 }]);
});

test('a packed folder that is broken is left as it is, and the database is initialised', async () => {
  const broken = join(folderWith({ 'pglite.tar.br': 'not what it was' }), 'pglite.tar.br');
  expect(await answerFrom(broken)).toEqual([{ one: 1 }]);
  expect(readFileSync(broken, 'utf8')).toBe('not what it was');
});
