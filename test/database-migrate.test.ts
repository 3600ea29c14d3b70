import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openEmbedded } from '../src/database/engines/pglite.ts';
import { SNAPSHOT } from './support/database.ts';
import { ALLOW_ALL, start, through } from './support/migrate-lab.ts';
import { type PostgresServer, startPostgres } from './support/postgres-server.ts';
import { runLine as runAnyLine } from './support/run-line.ts';
import { schemaValidator } from './support/schema.ts';
import { folderWith } from './support/scratch-folder.ts';
import { openProxy } from './support/wire-proxy.ts';

let server: PostgresServer;
let count = 0;
let url = '';
let client: Client;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

beforeEach(async () => {
  count += 1;
  await server.create(`m${count}`);
  url = server.url(`m${count}`);
  client = new Client({ connectionString: url });
  await client.connect();
});
afterEach(() => client.end());

/** With the scratch that every test shares. */
const runLine = (line: readonly string[], { cwd }: { readonly cwd: string }) =>
  runAnyLine(line, { cwd, env: { XDG_CACHE_HOME: dirname(dirname(SNAPSHOT)) } });

const validate = schemaValidator('db-migrate');

/** `db migrate` without asking about hazards, in this process. */
const migrate = (cwd: string, ...words: string[]) =>
  runLine(['db', 'migrate', '.', '--connection', url, ...ALLOW_ALL, ...words], { cwd });

const journal = async (): Promise<unknown[]> =>
  (await client.query('SELECT name, state, statements, reached FROM senior_backend.migrations ORDER BY id'))
    .rows;

describe('what is applied', () => {
  test('is everything pending, in the order of versions, once', async () => {
    const cwd = folderWith({
      '2_b.sql': 'ALTER TABLE a ADD COLUMN b integer;',
      '10_c.sql': 'ALTER TABLE a DROP COLUMN b;',
      '1_a.sql': 'CREATE TABLE a (id integer);',
    });
    expect(await migrate(cwd)).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(/1_a.*\n.*2_b.*\n.*10_c/),
    });
    expect(await migrate(cwd)).toMatchObject({ exit: 0, stdout: expect.stringContaining('Nothing to do') });
    expect(await journal()).toEqual(
      ['1_a.sql', '2_b.sql', '10_c.sql'].map((name) => ({
        name,
        state: 'applied',
        statements: 1,
        reached: 1,
      })),
    );
  });

  test('stops at --to, and --baseline records without running', async () => {
    const cwd = folderWith({
      'V1__a.sql': 'CREATE TABLE a ();',
      'V1.1__b.sql': 'CREATE TABLE b ();',
      'V2__c.sql': 'CREATE TABLE c ();',
    });
    expect((await migrate(cwd, '--to', '1', '--baseline')).exit).toBe(0);
    expect((await migrate(cwd, '--to', '1.1')).exit).toBe(0);
    const tables = await client.query(`SELECT relname FROM pg_class WHERE relname IN ('a', 'b', 'c')`);
    expect(tables.rows).toEqual([{ relname: 'b' }]);
    const { stdout } = await migrate(cwd, '--status');
    expect(stdout).toMatch(/V1__a\.sql +baseline .*\nV1\.1__b\.sql +applied .*\nV2__c\.sql +pending\n/);
  });

  test('may hold psql commands of pg_dump, rows of COPY, and statements of every kind of transaction', async () => {
    const cwd = folderWith({
      '1.sql':
        "\\restrict x\nSELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.t (a integer, b text);\n" +
        "COPY public.t (a, b) FROM stdin;\n1\tx; 'y\n2\t\\N\n\\.\nCREATE TYPE public.mood AS ENUM ('ok');\n\\unrestrict x\n",
      '2.sql':
        "ALTER TYPE mood ADD VALUE 'new';\nALTER TABLE t ADD COLUMN m mood DEFAULT 'new';\nCREATE INDEX CONCURRENTLY t_a ON t (a);\nBEGIN;\nSET LOCAL lock_timeout = '1s';\nUPDATE t SET b = 'z' WHERE a = 2;\nCOMMIT;\nVACUUM t;\n",
    });
    const { exit, stdout } = await migrate(cwd);
    expect({ exit, stdout }).toMatchObject({ exit: 0 });
    expect((await client.query('SELECT * FROM t ORDER BY a')).rows).toEqual([
      { a: 1, b: "x; 'y", m: 'new' },
      { a: 2, b: 'z', m: 'new' },
    ]);
  });

  test('is what dbmate, goose, sql-migrate and node-pg-migrate wrote, forward and back', async () => {
    const cwd = folderWith({
      '1_dbmate.sql': '-- migrate:up\nCREATE TABLE a ();\n-- migrate:down\nDROP TABLE a;\n',
      '2_goose.sql':
        "-- +goose NO TRANSACTION\n-- +goose Up\n-- +goose StatementBegin\nDO $$ BEGIN EXECUTE 'CREATE TABLE b ()'; END $$;\n-- +goose StatementEnd\n-- +goose Down\nDROP TABLE b;\n",
      '3_sql-migrate.sql': '-- +migrate Up\nCREATE TABLE c ();\n-- +migrate Down\nDROP TABLE c;\n',
      '4_node-pg-migrate.sql': '-- Up Migration\nCREATE TABLE d ();\n-- Down Migration\nDROP TABLE d;\n',
    });
    expect((await migrate(cwd)).exit).toBe(0);
    const back = () => runLine(['db', 'rollback', '.', '--connection', url, ...ALLOW_ALL], { cwd });
    for (const table of ['d', 'c', 'b', 'a']) {
      expect((await client.query('SELECT to_regclass($1) IS NOT NULL AS there', [table])).rows).toEqual([
        { there: true },
      ]);
      expect(await back()).toMatchObject({ exit: 0, stdout: expect.stringContaining('Rolled back') });
      expect((await client.query('SELECT to_regclass($1) IS NOT NULL AS there', [table])).rows).toEqual([
        { there: false },
      ]);
    }
    expect(await back()).toMatchObject({ exit: 3, stderr: expect.stringContaining('DB067') });
  });

  test('a repeatable file runs again when it changes', async () => {
    const cwd = folderWith({ 'R__view.sql': 'CREATE OR REPLACE VIEW v AS SELECT 1 AS a;' });
    await migrate(cwd);
    expect((await migrate(cwd)).stdout).toContain('Nothing to do');
    writeFileSync(join(cwd, 'R__view.sql'), 'CREATE OR REPLACE VIEW v AS SELECT 1 AS a, 2 AS b;');
    expect((await migrate(cwd)).stdout).toContain('Applied R__view.sql');
    expect((await client.query('SELECT * FROM v')).rows).toEqual([{ a: 1, b: 2 }]);
  });
});

describe('what is refused', { timeout: 180_000 }, () => {
  test('a file that was applied and has changed since', async () => {
    const cwd = folderWith({ '1.sql': 'CREATE TABLE a ();' });
    await migrate(cwd);
    appendFileSync(join(cwd, '1.sql'), 'CREATE TABLE b ();');
    expect(await migrate(cwd)).toMatchObject({ exit: 3, stderr: expect.stringContaining('DB061') });
  });

  test('a file that was applied under another name, until that name is recorded', async () => {
    const cwd = folderWith({ '1.sql': 'CREATE TABLE a ();', '2.sql': 'CREATE TABLE IF NOT EXISTS b ();' });
    await migrate(cwd);
    renameSync(join(cwd, '2.sql'), join(cwd, '2_b.sql'));
    const refused = { exit: 3, stderr: expect.stringContaining('applied under the name 2.sql') };
    expect(await migrate(cwd)).toMatchObject(refused);
    expect(await migrate(cwd, '--to', '2_b.sql', '--baseline')).toMatchObject({ exit: 0 });
    expect((await migrate(cwd)).stdout).toContain('Nothing to do');
  });

  test('two Flyway files of one version', async () => {
    const cwd = folderWith({ 'V1__a.sql': 'CREATE TABLE a ();', 'V1.0__b.sql': 'CREATE TABLE b ();' });
    expect(await migrate(cwd)).toMatchObject({ exit: 2, stderr: expect.stringContaining('one version') });
  });

  test('a hazard until it is named, before anything is run', async () => {
    await client.query('CREATE TABLE a (x integer); INSERT INTO a VALUES (1)');
    const cwd = folderWith({
      '1.sql': 'CREATE TABLE b (y integer);',
      '2.sql': 'ALTER TABLE a DROP COLUMN x;',
      '3.sql': 'ALTER TABLE b RENAME TO c; CREATE INDEX ON c (y); ALTER TABLE c DROP COLUMN y;',
    });
    const line = ['db', 'migrate', '.', '--connection', url];
    const refused = await runLine(line, { cwd });
    // What an earlier file of the run makes is nobody's yet.
    expect(refused.stderr).not.toContain('3.sql');
    expect(refused).toMatchObject({
      exit: 3,
      stderr: expect.stringContaining('2.sql:1 ALTER TABLE a DROP COLUMN x'),
    });
    expect((await client.query(`SELECT to_regclass('b') AS b`)).rows).toEqual([{ b: null }]);
    expect((await runLine([...line, '--allow', 'data-loss'], { cwd })).exit).toBe(0);
  });

  test('a generated file for another state, unless forced; a way back into another state', async () => {
    const cwd = folderWith({ 'new.sql': 'CREATE TABLE a (id integer, name text);' });
    await client.query('CREATE TABLE a (id integer)');
    const scratch = ['--scratch', server.url()];
    const diff = ['db', 'diff', '--connection', url, '--to', 'new.sql', '-o', 'm', ...scratch];
    const written = (await runLine(diff, { cwd })).stdout;
    expect(written).toContain('Proved');
    await client.query('CREATE TABLE other ()');
    const line = ['db', 'migrate', 'm', '--connection', url, ...scratch];
    expect(await runLine(line, { cwd })).toMatchObject({ exit: 3, stderr: expect.stringContaining('DB065') });
    await client.query('DROP TABLE other');
    expect((await runLine(line, { cwd })).exit).toBe(0);
    await client.query('CREATE TABLE other ()');
    const back = ['db', 'rollback', 'm', '--connection', url, ...ALLOW_ALL, ...scratch];
    expect(await runLine(back, { cwd })).toMatchObject({ exit: 3, stderr: expect.stringContaining('DB065') });
    await client.query('DROP TABLE other');
    expect((await runLine(back, { cwd })).exit).toBe(0);
  });

  test.each([
    ['\\i other.sql\n', 'DB069'],
    ['BEGIN; CREATE TABLE a ();', 'DB069'],
    ['CREATE TABLE a (); ROLLBACK;', 'DB069'],
    ['DISCARD ALL;', 'DB069'],
    ['BEGIN; CREATE INDEX CONCURRENTLY i ON t (a); COMMIT;', 'DB069'],
    ['CREATE TABEL a ();', 'DB010'],
  ])('%s', async (text, code) => {
    const { exit, stderr } = await migrate(folderWith({ '1.sql': text }));
    expect({ exit, stderr }).toMatchObject({ exit: 2, stderr: expect.stringContaining(code) });
  });
});

describe('what fails', () => {
  test('leaves what was committed, and goes on behind it once the file is mended', async () => {
    const bad =
      'CREATE TABLE a (x integer);\nINSERT INTO a VALUES (1), (1);\nCREATE UNIQUE INDEX CONCURRENTLY a_x ON a (x);\n';
    const cwd = folderWith({ '1.sql': bad });
    const failed = await migrate(cwd, '--json');
    expect(failed.exit).toBe(1);
    const document = JSON.parse(failed.stdout);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(document).toMatchObject({ status: 'failed', failure: { code: 'DB062', location: { line: 3 } } });
    expect(await journal()).toEqual([{ name: '1.sql', state: 'running', statements: 3, reached: 2 }]);
    expect((await client.query('SELECT FROM pg_index WHERE NOT indisvalid')).rowCount).toBe(0);
    writeFileSync(join(cwd, '1.sql'), bad.replace('CREATE TABLE a (x', 'CREATE TABLE a (y'));
    expect(await migrate(cwd)).toMatchObject({ exit: 3, stderr: expect.stringContaining('DB068') });
    writeFileSync(join(cwd, '1.sql'), bad.replace('UNIQUE ', ''));
    expect(await migrate(cwd)).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('going on behind statement 2'),
    });
    expect((await client.query('SELECT * FROM a')).rowCount).toBe(2);
  });

  test('for want of a right says so and changes nothing', async () => {
    await client.query(
      `CREATE TABLE mine (id integer); CREATE ROLE clerk${count} LOGIN PASSWORD 'c'; GRANT CREATE ON DATABASE m${count} TO clerk${count}`,
    );
    const clerk = url.replace('postgres:s3cret', `clerk${count}:c`);
    const cwd = folderWith({ '1.sql': 'ALTER TABLE mine ADD COLUMN a integer;' });
    const { exit, stdout } = await runLine(['db', 'migrate', '.', '--connection', clerk, ...ALLOW_ALL], {
      cwd,
    });
    expect(exit).toBe(1);
    expect(stdout).toContain('must be owner of table mine');
    expect(stdout).toContain('0 of 1 statement done');
    expect(await migrate(cwd)).toMatchObject({ exit: 0 });
  });

  test('for want of a lock names who is in the way, and is tried again', async () => {
    await client.query('CREATE TABLE a (id integer)');
    await client.query('BEGIN');
    await client.query(`SELECT id, 'a secret' FROM a`);
    const cwd = folderWith({ '1.sql': 'ALTER TABLE a ADD COLUMN b integer;' });
    const failed = await migrate(cwd, '--lock-timeout', '1', '--lock-retries', '1');
    expect(failed).toMatchObject({ exit: 1, stdout: expect.stringContaining('DB063') });
    expect(failed.stderr).toMatch(/pid \d+, idle in transaction, since \d+ s: SELECT id, \$1 FROM a/);
    expect(failed.stderr).not.toContain('secret');
    expect(failed.stderr).toContain('try 1 of 1');
    await client.query('COMMIT');
    expect((await migrate(cwd)).exit).toBe(0);
  });

  test('because the connection is lost says so and goes on', async () => {
    const cwd = folderWith({
      '1.sql': 'CREATE TABLE a ();\nCREATE TABLE b ();\nVACUUM a;\nCREATE TABLE c ();',
    });
    let cut = false;
    const proxy = await openProxy(Number(new URL(url).port), {
      at: 12,
      when: 'after',
      strike: () => {
        cut = true;
      },
    });
    const failed = await runLine(
      ['db', 'migrate', '.', '--connection', through(url, proxy.port), ...ALLOW_ALL],
      { cwd },
    );
    await proxy.close();
    expect(cut).toBe(true);
    expect(failed.exit).toBe(1);
    expect(`${failed.stdout}${failed.stderr}`).toContain('DB064');
    expect((await migrate(cwd)).exit).toBe(0);
    expect(await journal()).toEqual([{ name: '1.sql', state: 'applied', statements: 4, reached: 4 }]);
  });
});

describe('a long statement', () => {
  /** A concurrent build waits for every older transaction: here one that stays open. */
  const OPEN = 'BEGIN ISOLATION LEVEL REPEATABLE READ';

  async function untilBuilding(): Promise<void> {
    const watcher = new Client({ connectionString: url });
    await watcher.connect();
    for (;;) {
      const { rowCount } = await watcher.query(
        `SELECT FROM pg_stat_progress_create_index WHERE phase LIKE 'waiting%'`,
      );
      if (rowCount === 1) break;
      await new Promise((done) => setTimeout(done, 50));
    }
    await watcher.end();
  }

  test('is told of while it runs, cancelled by Ctrl-C, and built again by the next run', async () => {
    await client.query('CREATE TABLE a (id integer); INSERT INTO a SELECT generate_series(1, 10)');
    const cwd = folderWith({
      '1.sql': 'CREATE TABLE b ();\nCREATE INDEX CONCURRENTLY a_id ON a (id);\nCREATE TABLE c ();',
    });
    await client.query(OPEN);
    await client.query('INSERT INTO a VALUES (11)');
    const running = start('migrate', cwd, '--connection', url, ...ALLOW_ALL);
    await untilBuilding();
    while (!running.stderr().includes('waiting for')) await new Promise((done) => setTimeout(done, 50));
    running.child.kill('SIGINT');
    const { exit, stdout } = await running.ended;
    expect({ exit, stdout }).toMatchObject({
      exit: 130,
      stdout: expect.stringContaining('1 of 3 statements done'),
    });
    await client.query('COMMIT');
    const next = await migrate(cwd);
    expect(next).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining('the unfinished index public.a_id is dropped'),
    });
    expect(
      (await client.query('SELECT indisvalid FROM pg_index WHERE indrelid = $1::regclass', ['a'])).rows,
    ).toEqual([{ indisvalid: true }]);
  });

  test('whose client is killed keeps the next run waiting until it is over', async () => {
    await client.query('CREATE TABLE a (id integer); INSERT INTO a SELECT generate_series(1, 10)');
    const cwd = folderWith({ '1.sql': 'CREATE INDEX CONCURRENTLY a_id ON a (id);' });
    await client.query(OPEN);
    await client.query('INSERT INTO a VALUES (11)');
    const running = start('migrate', cwd, '--connection', url, ...ALLOW_ALL);
    await untilBuilding();
    running.child.kill('SIGKILL');
    await running.ended;
    // Waiting for older transactions blocks nobody, so it is not subject to lock_timeout.
    const next = migrate(cwd, '--lock-timeout', '0.2', '--lock-retries', '0');
    await new Promise((done) => setTimeout(done, 1_500));
    await client.query('COMMIT');
    expect(await next).toMatchObject({ exit: 0 });
    expect(
      (await client.query('SELECT indisvalid FROM pg_index WHERE indrelid = $1::regclass', ['a'])).rows,
    ).toEqual([{ indisvalid: true }]);
  });
});

describe('several at once', () => {
  test.each([2, 10])('%i runs apply everything once, and the others find nothing to do', async (runs) => {
    const cwd = folderWith({
      '1.sql': 'CREATE TABLE log (at timestamptz DEFAULT clock_timestamp()); INSERT INTO log DEFAULT VALUES;',
      '2.sql': 'INSERT INTO log DEFAULT VALUES;\nCREATE INDEX CONCURRENTLY log_at ON log (at);',
    });
    const ended = await Promise.all(Array.from({ length: runs }, () => migrate(cwd)));
    expect(ended.map(({ exit }) => exit)).toEqual(ended.map(() => 0));
    expect(ended.filter(({ stdout }) => stdout.includes('Applied 1.sql'))).toHaveLength(1);
    expect(ended.filter(({ stdout }) => stdout.includes('Nothing to do'))).toHaveLength(runs - 1);
    expect((await client.query('SELECT FROM log')).rowCount).toBe(2);
  });

  test('one that does not want to wait is told who is at work', async () => {
    const cwd = folderWith({
      '1.sql': 'CREATE TABLE a (id integer);',
      '2.sql': 'ALTER TABLE a ADD COLUMN b integer;',
    });
    await migrate(cwd, '--to', '1');
    await client.query('BEGIN; LOCK TABLE a');
    const first = migrate(cwd);
    await new Promise((done) => setTimeout(done, 1_000));
    const second = await migrate(cwd, '--wait', '0');
    expect(second).toMatchObject({
      exit: 1,
      stderr: expect.stringMatching(/DB060\] another run holds the lock \(pid \d+/),
    });
    await client.query('COMMIT');
    expect((await first).exit).toBe(0);
  });
});

test('PGlite takes the same lines: two processes at once apply once, and it is there for the next', {
  timeout: 240_000,
}, async () => {
  const cwd = folderWith({
    '1.sql':
      'CREATE TABLE a (id integer);\nCOPY a (id) FROM stdin;\n1\n2\n\\.\nCREATE INDEX CONCURRENTLY a_id ON a (id);\n',
  });
  const line = ['migrate', cwd, '--connection', `pglite:${join(cwd, 'data')}`, '--wait', '200', ...ALLOW_ALL];
  const ended = await Promise.all([start(...line).ended, start(...line).ended]);
  expect(ended.map(({ exit, stderr }) => ({ exit, stderr }))).toMatchObject([{ exit: 0 }, { exit: 0 }]);
  expect(ended.filter(({ stdout }) => stdout.includes('Applied 1.sql: 3 statements'))).toHaveLength(1);
  expect(ended.filter(({ stdout }) => stdout.includes('Nothing to do'))).toHaveLength(1);
  const engine = await openEmbedded(join(cwd, 'data'), { budgetMs: 60_000 });
  expect(await engine.rows('SELECT count(*)::int AS n FROM a')).toEqual([{ n: 2 }]);
  await engine.close();
});

test('the journal is no difference, and another schema can hold it', { timeout: 180_000 }, async () => {
  const cwd = folderWith({ '1.sql': 'CREATE TABLE a ();', 'all/a.sql': 'CREATE TABLE a ();' });
  await runLine(['db', 'migrate', '1.sql', '--connection', url, '--journal', 'my journal', ...ALLOW_ALL], {
    cwd,
  });
  expect((await client.query(`SELECT name FROM "my journal".migrations`)).rows).toEqual([{ name: '1.sql' }]);
  const diff = await runLine(['db', 'diff', '--connection', url, '--to', 'all', '--scratch', server.url()], {
    cwd,
  });
  expect(diff.stdout).toContain('No difference');
  expect(readFileSync(join(cwd, '1.sql'), 'utf8')).toBe('CREATE TABLE a ();');
  const taken = await runLine(['db', 'migrate', '1.sql', '--connection', url, '--journal', 'public'], {
    cwd,
  });
  expect(taken).toMatchObject({ exit: 2, stderr: expect.stringContaining('DB073') });
});
