import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { readSourceFiles } from './files.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'sources-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

test('a folder is read in the order of names, without what only leads back', async () => {
  const folder = folderOf({
    '1_a.up.sql': 'a',
    '1_a.down.sql': 'no',
    '2_b.sql': 'b',
    '2_b_rollback.sql': 'no',
    '3/migration.sql': 'c',
    '4/down.sql': 'no',
    'V5__e.sql': 'e',
    'U5__e.sql': 'no',
    'README.md': 'no',
  });
  const files = await readSourceFiles('.', folder);
  expect(files.map(({ path, text }) => `${path} ${text}`)).toEqual([
    '1_a.up.sql a',
    '2_b.sql b',
    '3/migration.sql c',
    'V5__e.sql e',
  ]);
});

test.each([
  ['dbmate', '-- migrate:up\nCREATE TABLE a ();\n-- migrate:down\nDROP TABLE a;\n'],
  ['goose', '-- +goose Up\nCREATE TABLE a ();\n-- +goose Down\nDROP TABLE a;\n'],
])('only the upward half of a %s file is read', async (_name, text) => {
  const [file] = await readSourceFiles('m.sql', folderOf({ 'm.sql': text }));
  expect(file?.text).toContain('CREATE TABLE a');
  expect(file?.text).not.toContain('DROP');
  expect(file?.text.split('\n')).toHaveLength(text.split('\n').length);
});

test('what is not there, and a folder without SQL, are said to be so', async () => {
  const folder = folderOf({ 'README.md': '' });
  await expect(readSourceFiles('nosuch.sql', folder)).rejects.toMatchObject({ code: 'DB011' });
  await expect(readSourceFiles('.', folder)).rejects.toMatchObject({ code: 'DB011' });
});
