import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { SNAPSHOT } from '../../../test/support/database.ts';
import { runLine } from '../../../test/support/run-line.ts';
import { migrationToolLine } from './migration-tool-line.ts';

const cwd = mkdtempSync(join(tmpdir(), 'migration-tool-'));
afterAll(() => rmSync(cwd, { recursive: true }));

const run = (line: string) =>
  runLine(migrationToolLine(line.split(' ')), { cwd, env: { XDG_CACHE_HOME: dirname(dirname(SNAPSHOT)) } });

describe('the lines of the tool of that name', () => {
  test('compare, and apply what was written', { timeout: 180_000 }, async () => {
    writeFileSync(join(cwd, 'v1.sql'), '');
    writeFileSync(join(cwd, 'v2.sql'), 'CREATE TABLE a (id integer PRIMARY KEY);');
    expect(await run('v1.sql --compare v2.sql --output migrations/')).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(
        /Wrote migrations\/\d+_add_a\.sql\nWrote migrations\/\d+_add_a_rollback\.sql/,
      ),
    });
    const file = readdirSync(join(cwd, 'migrations')).sort()[0] ?? '';
    const line = `--connection pglite: --migrate migrations/${file}`;
    expect(await run(`${line} --dry-run`)).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('+ table public.a'),
    });
    expect(await run(line)).toMatchObject({ exit: 0, stdout: expect.stringContaining('Applied') });
  });

  test.each([
    ['s.sql', 'db analyze s.sql'],
    ['--connection postgres://h/d --analyze --json', 'db analyze --connection postgres://h/d --json'],
    [
      '--connection postgres://h/d --suggest-indexes --output m/',
      'db suggest-indexes --connection postgres://h/d --output m/',
    ],
    ['a.sql --analyze --compare=b.sql -o m', 'db diff a.sql -o m --to b.sql'],
  ])('%s is %s', (line, ours) => {
    expect(migrationToolLine(line.split(' ')).join(' ')).toBe(ours);
  });
});
