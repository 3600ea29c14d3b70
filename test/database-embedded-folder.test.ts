// A folder that PGlite keeps belongs to somebody else's program too: it has to open it after we did.
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { expect, test } from 'vitest';
import { openEmbedded } from '../src/database/engines/pglite.ts';
import { folderWith } from './support/scratch-folder.ts';

test('a folder opens without our extensions after we had it open', async () => {
  const folder = join(folderWith({}), 'data');
  const before = await PGlite.create(folder);
  await before.exec('CREATE TABLE kept (id integer)');
  await before.close();
  const ours = await openEmbedded(folder, { budgetMs: 60_000 });
  await ours.run('INSERT INTO kept VALUES (1)');
  await ours.close();
  const after = await PGlite.create(folder);
  expect((await after.query('SELECT id FROM kept')).rows).toEqual([{ id: 1 }]);
  await after.close();
}, 60_000);
