import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { HAZARDS } from '../src/database/index.ts';
import { SNAPSHOT } from './support/database.ts';
import { readText } from './support/repository.ts';
import { runLine } from './support/run-line.ts';
import { schemaValidator } from './support/schema.ts';
import { folderWith } from './support/scratch-folder.ts';
import { expectPage } from './support/update.ts';

const validate = schemaValidator('db-diff');

const FILES = {
  'old.sql': 'CREATE TABLE users (id integer PRIMARY KEY, email text);',
  'new.sql':
    'CREATE TABLE users (id integer PRIMARY KEY, email text, name text); CREATE INDEX users_name ON users (name);',
  'less.sql': 'CREATE TABLE users (id integer PRIMARY KEY);',
  'broken.sql': 'CREATE TABLE a (id integer);\n\nCREATE TABLE b (id nosuchtype);',
  'places.sql': 'CREATE EXTENSION postgis; CREATE TABLE places (at geometry);',
  'typo.sql': 'CREATE TABLE a (id integer);\nCREATE TABEL b ();',
};

function diff(cwd: string, ...words: string[]) {
  const env = { XDG_CACHE_HOME: dirname(dirname(SNAPSHOT)) };
  const clock = { now: () => Date.UTC(2026, 0, 31, 12, 0, 0), monotonic: () => 0 };
  return runLine(['db', 'diff', ...words], { cwd, env, clock });
}

describe('db diff', () => {
  test('writes a migration and its rollback, named after the moment and the change', async () => {
    const cwd = folderWith(FILES);
    const { exit, stdout } = await diff(cwd, 'old.sql', '--to', 'new.sql', '-o', 'migrations');
    expect(exit).toBe(0);
    expect(stdout).toContain('Proved on PGlite');
    const names = readdirSync(join(cwd, 'migrations')).sort();
    expect(names).toEqual([
      '20260131120000_add_users_name_and_1_more.sql',
      '20260131120000_add_users_name_and_1_more_rollback.sql',
    ]);
    const [migration = '', rollback = ''] = names.map((name) =>
      readFileSync(join(cwd, 'migrations', name), 'utf8'),
    );
    expect(migration).toContain('ALTER TABLE public.users ADD COLUMN name text;');
    expect(migration).toMatch(
      /COMMIT;\n\n-- Cannot run inside a transaction.\nSET statement_timeout = 0;\nCREATE INDEX CONCURRENTLY users_name/,
    );
    expect(rollback).toContain('This rollback discards what was stored since the migration');
    expect(rollback).toContain('ALTER TABLE public.users DROP COLUMN name;');
  });

  test('prints both files when no folder is given, and nothing else on stdout', async () => {
    const { exit, stdout, stderr } = await diff(folderWith(FILES), 'old.sql', '--to', 'new.sql');
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^-- Migration;/);
    expect(stdout).toContain('-- Rollback of');
    expect(stderr).toContain('old.sql -> new.sql');
  });

  test('says that there is no difference and writes nothing', async () => {
    const cwd = folderWith(FILES);
    const { exit, stdout } = await diff(cwd, 'old.sql', '--to', 'old.sql', '-o', 'migrations');
    expect({ exit, stdout }).toEqual({
      exit: 0,
      stdout: 'No difference between old.sql and old.sql. Nothing to do.\n',
    });
    expect(readdirSync(cwd)).not.toContain('migrations');
  });

  test('refuses what loses data until it is named', async () => {
    const cwd = folderWith(FILES);
    const refused = await diff(cwd, 'old.sql', '--to', 'less.sql', '-o', 'out');
    expect(refused.exit).toBe(3);
    expect(refused.stdout).toContain('Refused (DB023): data-loss');
    expect(refused.stdout).toContain('ALTER TABLE public.users DROP COLUMN email');
    expect(readdirSync(cwd)).not.toContain('out');
    const allowed = await diff(cwd, 'old.sql', '--to', 'less.sql', '-o', 'out', '--allow', 'data-loss');
    expect(allowed.exit).toBe(0);
    expect(readdirSync(join(cwd, 'out'))).toHaveLength(2);
  });

  test.each([
    ['unchanged', 'old.sql', 'old.sql'],
    ['proved', 'old.sql', 'new.sql'],
    ['refused', 'old.sql', 'less.sql'],
  ])('prints a document that its schema describes: %s', async (status, from, to) => {
    const { stdout } = await diff(folderWith(FILES), from, '--to', to, '--json');
    const document: unknown = JSON.parse(stdout);
    expect(validate(document) ? [] : validate.errors).toEqual([]);
    expect(document).toMatchObject({ status });
  });

  test('a statement that fails is named with its file, line and what PostgreSQL said', async () => {
    const { exit, stderr } = await diff(folderWith(FILES), 'old.sql', '--to', 'broken.sql');
    expect(exit).toBe(2);
    expect(stderr).toContain('error[DB013] type "nosuchtype" does not exist');
    expect(stderr).toContain('broken.sql:3');
  });

  test('what an extension would bring that the scratch does not have is named with the way out', async () => {
    const { exit, stderr } = await diff(folderWith(FILES), 'old.sql', '--to', 'places.sql');
    expect(exit).toBe(2);
    expect(stderr).toContain('error[DB013] type "geometry" does not exist');
    expect(stderr).toContain(
      'The scratch database has no extension "postgis". Give --scratch postgres://... a server that has it.',
    );
  });

  test('a mistake of grammar is named with its place', async () => {
    const { exit, stderr } = await diff(folderWith(FILES), 'old.sql', '--to', 'typo.sql');
    expect(exit).toBe(2);
    expect(stderr).toMatch(/error\[DB010\] syntax error.*\n {2}at typo\.sql:2:8/);
  });

  test('asks for what is missing', async () => {
    const cwd = folderWith(FILES);
    expect((await diff(cwd, 'old.sql')).stderr).toContain('error[DB015] --to is missing');
    expect((await diff(cwd, '--to', 'new.sql')).stderr).toContain(
      'error[DB015] nothing says what to start from',
    );
    expect((await diff(cwd, 'nosuch.sql', '--to', 'new.sql')).stderr).toContain('error[DB011]');
    expect((await diff(cwd, '--connection', 'mysql://x', '--to', 'new.sql')).stderr).toContain(
      'error[DB004]',
    );
    expect((await diff(cwd, 'old.sql', '--to', 'new.sql', '--allow', 'all')).stderr).toContain(
      'error[DB024]',
    );
  });

  test('docs/database.md shows what it really writes', async () => {
    const files = {
      'old.sql': 'CREATE TABLE users (id integer PRIMARY KEY, name varchar(20));',
      'new.sql':
        'CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL); CREATE INDEX users_name ON users (name);',
    };
    const { stdout } = await diff(folderWith(files), 'old.sql', '--to', 'new.sql');
    const [migration = ''] = stdout.split('\n-- Rollback of');
    const page = readText('docs/database.md');
    const shown = `<!-- migration -->\n\n\`\`\`sql\n${migration.trimEnd()}\n\`\`\`\n`;
    expectPage('docs/database.md', page.replace(/<!-- migration -->\n(?:\n```sql\n[\s\S]*?```\n)?/, shown));
  });

  test('every hazard is explained in docs/database.md and known to the schemas', () => {
    const rows = Object.entries(HAZARDS).map(([name, { meaning, safeWay, refused }]) =>
      [`\`${name}\``, meaning, safeWay, refused ? 'yes' : 'no'].join(' | '),
    );
    const table = [
      'name | why it may hurt | safe way | refused until allowed',
      '--- | --- | --- | ---',
      ...rows,
    ].map((row) => `| ${row} |`);
    const page = readText('docs/database.md');
    const shown = `<!-- hazards -->\n\n${table.join('\n')}\n\n`;
    expectPage(
      'docs/database.md',
      page.replace(/<!-- hazards -->\n(?:\n(?:\|.*\n)*\n?)?/, () => shown),
    );
    const { $defs } = JSON.parse(readText('schemas/db-diff.schema.json'));
    expect($defs.hazard.enum).toEqual(Object.keys(HAZARDS));
  });

  test('never prints a password', async () => {
    const url = 'postgres://app:s3cret@127.0.0.1:1/shop?sslpassword=s3cret';
    const { exit, stdout, stderr } = await diff(folderWith(FILES), '--connection', url, '--to', 'new.sql');
    expect(exit).toBe(1);
    expect(stderr).toContain('error[DB001]');
    expect(stdout + stderr).not.toContain('s3cret');
  });
});
