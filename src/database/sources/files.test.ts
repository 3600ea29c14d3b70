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
    '4_d-down.sql': 'no',
    '4_d-up.sql': 'd',
    '5_shut_down.sql': 'not back',
    'V5__e.sql': 'e',
    'U5__e.sql': 'no',
    'README.md': 'no',
  });
  const files = await readSourceFiles('.', folder);
  expect(files.map(({ path, text }) => `${path} ${text}`)).toEqual([
    '1_a.up.sql a',
    '2_b.sql b',
    '3/migration.sql c',
    '4_d-up.sql d',
    '5_shut_down.sql not back',
    'V5__e.sql e',
  ]);
});

test.each([
  ['migrations of one folder', ['1.sql', '2.sql', '10.sql']],
  ['Flyway, repeatable files last', ['V1__a.sql', 'V1_1__b.sql', 'V2__c.sql', 'V10__d.sql', 'R__z.sql']],
  ['a release each', ['1.2.sql', '1.9.sql', '1.10.sql', '1.10a.sql', '2.0-x.sql']],
  ['no version, but numbers', ['step1.sql', 'step2.sql', 'step10.sql']],
  ['migrations in folders of releases', ['b/1_x.sql', 'a/2_y.sql', 'a/11_z.sql']],
  ['a folder each', ['2_b/up.sql', '10_a/up.sql']],
  [
    'other files, by their paths',
    ['tables/part2.sql', 'tables/part10.sql', 'tables/part10/x.sql', 'views/1.sql'],
  ],
])('the order of files: %s', async (_name, order) => {
  const folder = folderOf(Object.fromEntries(order.map((path) => [path, ''])));
  const files = await readSourceFiles('.', folder);
  expect(files.map(({ path }) => path)).toEqual(order);
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
