import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FINDINGS } from '../../src/database/index.ts';
import { withRealOutput, withRows } from '../support/console-blocks.ts';
import { SNAPSHOT } from '../support/database.ts';
import { readText } from '../support/repository.ts';
import { runLine } from '../support/run-line.ts';
import { schemaValidator } from '../support/schema.ts';
import { folderWith } from '../support/scratch-folder.ts';
import { expectPage } from '../support/update.ts';

const FILES = {
  'shop.sql': `CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL);
CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE, state text NOT NULL, placed timestamptz NOT NULL);
CREATE INDEX orders_state ON orders (state);
CREATE INDEX orders_state_placed ON orders (state, placed);
CREATE TABLE log (line text);`,
  'queries.sql': 'SELECT * FROM orders WHERE user_id = 5 ORDER BY placed DESC LIMIT 10;',
  'hostile.sql': `CREATE TABLE "\u001b[2J<script>alert(1)</script>" (id integer, "x\u202e</style><img src=http://evil.example/>" integer);`,
  'trace.jsonl': Array.from({ length: 7 }, (_, at) =>
    JSON.stringify({ request: 'GET /users', sql: `SELECT * FROM orders WHERE user_id = ${at}`, ms: 2 }),
  ).join('\n'),
  'broken.jsonl': '{"request": 1}',
};

const overrides = (cwd: string) => ({
  cwd,
  env: { XDG_CACHE_HOME: dirname(dirname(SNAPSHOT)) },
  clock: { now: () => Date.UTC(2026, 0, 31, 12, 0, 0), monotonic: () => performance.now() },
});

const db = (cwd: string, ...words: string[]) => runLine(['db', ...words], overrides(cwd));

describe('db analyze', () => {
  test('prints a document that its schema describes, and the findings', async () => {
    const validate = schemaValidator('db-analyze');
    const { exit, stdout } = await db(folderWith(FILES), 'analyze', 'shop.sql', '--json');
    const document = JSON.parse(stdout);
    expect(validate(document) ? [] : validate.errors).toEqual([]);
    expect(exit).toBe(0);
    expect(document.findings.map(({ code }: { code: string }) => code)).toEqual([
      'no-primary-key',
      'unindexed-foreign-key',
      'redundant-index',
    ]);
  });

  test('exits 3 when there is something as severe as --fail-on', async () => {
    const cwd = folderWith(FILES);
    expect((await db(cwd, 'analyze', 'shop.sql', '--fail-on', 'error')).exit).toBe(3);
    expect((await db(cwd, 'analyze', 'shop.sql', '--fail-on', 'warning')).exit).toBe(3);
    expect(
      (
        await db(
          folderWith({ 'a.sql': 'CREATE TABLE a (id bigint PRIMARY KEY);' }),
          'analyze',
          'a.sql',
          '--fail-on',
          'warning',
        )
      ).exit,
    ).toBe(0);
  });

  test('finds N+1 in a trace, and refuses what is none', async () => {
    const cwd = folderWith(FILES);
    const { stdout } = await db(cwd, 'analyze', 'shop.sql', '--trace', 'trace.jsonl');
    expect(stdout).toContain(
      'GET /users runs the same statement 7 times with other values, on public.orders',
    );
    expect(stdout).toContain('N+1 risks: 1');
    expect((await db(cwd, 'analyze', 'shop.sql', '--trace', 'broken.jsonl')).stderr).toContain(
      'error[DB082]',
    );
    expect((await db(cwd, 'analyze', 'shop.sql', '--queries', 'nosuch')).stderr).toContain('error[DB083]');
    expect((await db(cwd, 'analyze')).stderr).toContain('error[DB084]');
  });

  test('names of the database move no cursor and open no tag', async () => {
    const cwd = folderWith(FILES);
    const { stdout } = await db(cwd, 'analyze', 'hostile.sql', '--report', 'page.html', '--verbose');
    const esc = String.fromCodePoint(0x1b);
    expect(stdout).not.toContain(esc);
    expect(stdout).not.toContain('\u202e');
    const page = readFileSync(join(cwd, 'page.html'), 'utf8');
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toMatch(/<script|<img|<\/style><img/);
    expect(page).not.toContain(esc);
    expect(page).not.toMatch(/<[^>]*(?:src|href)=/);
  });
});

describe('db suggest-indexes', () => {
  test('prints a document that its schema describes, and writes what db migrate takes', {
    timeout: 180_000,
  }, async () => {
    const validate = schemaValidator('db-suggest-indexes');
    const cwd = folderWith(FILES);
    const { exit, stdout } = await db(
      cwd,
      'suggest-indexes',
      'shop.sql',
      '--queries',
      'queries.sql',
      '-o',
      'out',
      '--json',
    );
    const document = JSON.parse(stdout);
    expect(validate(document) ? [] : validate.errors).toEqual([]);
    expect({ exit, proved: document.proved, measured: document.measured }).toEqual({
      exit: 0,
      proved: true,
      measured: false,
    });
    const [migration = '', rollback = ''] = readdirSync(join(cwd, 'out'))
      .sort()
      .map((name) => readFileSync(join(cwd, 'out', name), 'utf8'));
    expect(migration).toContain('CREATE INDEX CONCURRENTLY orders_user_id');
    expect(rollback).toContain('DROP INDEX CONCURRENTLY public.orders_user_id');
  });

  test('says so when no statement is known', { timeout: 180_000 }, async () => {
    const { stdout, stderr } = await db(folderWith(FILES), 'suggest-indexes', 'shop.sql');
    expect(stderr).toContain('warning[DB085]');
    expect(stdout).toContain('ON public.orders USING btree (user_id)');
  });
});

test('docs/analyze.md lists every finding, and shows what is really printed', {
  timeout: 180_000,
}, async () => {
  const rows = FINDINGS.map(({ code, severity, title, live }) => [
    `\`${code}\``,
    severity,
    title,
    live ? 'running' : 'schema',
  ]);
  const page = withRows(readText('docs/analyze.md'), '| finding | severity | what it says | where |', rows);
  expectPage('docs/analyze.md', await withRealOutput(page, overrides(folderWith(FILES)), (output) => output));
});
