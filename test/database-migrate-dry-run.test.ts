import { dirname } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checksumsOf, withoutAutovacuum } from './support/checksums.ts';
import { SNAPSHOT } from './support/database.ts';
import { type PostgresServer, startPostgres } from './support/postgres-server.ts';
import { runLine } from './support/run-line.ts';
import { schemaValidator } from './support/schema.ts';
import { folderWith } from './support/scratch-folder.ts';

let server: PostgresServer;
let url = '';
let client: Client;

beforeAll(async () => {
  server = await startPostgres();
  await withoutAutovacuum(server.url());
  await server.create('dry');
  url = server.url('dry');
  client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`CREATE TABLE users (id serial PRIMARY KEY, name varchar(20), email text);
    INSERT INTO users (name, email) SELECT 'n' || i, 'e' FROM generate_series(1, 2000) i;
    ANALYZE; CREATE TABLE empty (id integer)`);
});
afterAll(async () => {
  await client.end();
  await server.stop();
});

const validate = schemaValidator('db-migrate');

interface DryRun {
  readonly live: boolean;
  readonly statistics: boolean;
  readonly scratchOnly?: string;
  readonly outcome: string;
  readonly refused: readonly string[];
  readonly files: readonly {
    readonly statements: readonly {
      readonly where: string;
      readonly locks: readonly unknown[];
      readonly rewrites: readonly string[];
      readonly tables: readonly unknown[];
      readonly estimate?: number;
      readonly fails: boolean;
      readonly reason?: string;
    }[];
    readonly differences: readonly unknown[];
  }[];
}

/** With databases of the same server as scratch, or with PGlite where that is what is tried. */
async function dryRun(sql: string, ...words: string[]): Promise<DryRun> {
  const scratch = words.includes('pglite') ? [] : ['--scratch', server.url()];
  const flags = words.filter((word) => word !== 'pglite');
  const cwd = folderWith({ '1.sql': sql });
  const before = await checksumsOf(url);
  const { stdout, stderr } = await runLine(
    ['db', 'migrate', '.', '--connection', url, '--dry-run', '--json', ...scratch, ...flags],
    { cwd, env: { XDG_CACHE_HOME: dirname(dirname(SNAPSHOT)) } },
  );
  expect(await checksumsOf(url), stderr).toEqual(before);
  const document = JSON.parse(stdout);
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  return document;
}

describe('a dry run', { timeout: 180_000 }, () => {
  test('runs on the database and rolls back, and says what each statement takes', async () => {
    const { live, files, outcome } = await dryRun(
      'ALTER TABLE users ALTER COLUMN name TYPE char(30);\nCREATE TABLE b (id bigserial);\n',
    );
    expect({ live, outcome }).toEqual({ live: true, outcome: 'ok' });
    expect(files[0]?.statements[0]).toMatchObject({
      where: 'live',
      locks: [{ table: 'public.users', lock: 'ACCESS EXCLUSIVE' }],
      rewrites: ['public.users'],
      tables: [{ table: 'public.users', rows: 2000 }],
    });
    expect(files[0]?.differences).toContainEqual({ id: 'table:public.b', action: 'add' });
  });

  test('finds rows that do not fit, which a scratch has none of', async () => {
    await client.query(`INSERT INTO users (name) VALUES (NULL)`);
    const { files, outcome } = await dryRun('ALTER TABLE users ALTER COLUMN name SET NOT NULL;');
    expect(outcome).toBe('failed');
    expect(files[0]?.statements[0]).toMatchObject({
      fails: true,
      reason: expect.stringContaining('contains null values'),
    });
    await client.query('DELETE FROM users WHERE name IS NULL');
  });

  test.each([
    [`INSERT INTO users (name) VALUES ('x');`, 'INSERT INTO users may leave traces'],
    [`ALTER TABLE users ADD COLUMN n integer DEFAULT nextval('users_id_seq');`, 'sequences do not roll back'],
  ])('keeps %s to the scratch', async (sql, reason) => {
    const { live, scratchOnly } = await dryRun(sql);
    expect(live).toBe(false);
    expect(scratchOnly).toContain(reason);
  });

  test('says how many rows a statement would change, as the planner expects', async () => {
    // The scratch has no rows; that it has the statistics shows in what a statement run there can read.
    const { files, statistics } = await dryRun(
      `UPDATE users SET email = 'x'; DO $$ BEGIN ASSERT (SELECT reltuples FROM pg_class WHERE relname = 'users') = 2000; ASSERT EXISTS (SELECT FROM pg_stats WHERE tablename = 'users' AND attname = 'email' AND most_common_vals::text = '{e}'); END $$;`,
      'pglite',
    );
    expect(statistics).toBe(true);
    expect(files[0]?.statements[1]).toMatchObject({ where: 'scratch', fails: false });
    expect(files[0]?.statements[0]?.estimate).toBe(2000);
  });

  test('gives up on a table that is in use instead of making others wait', async () => {
    await client.query('BEGIN; LOCK TABLE users IN ACCESS SHARE MODE');
    const { live, scratchOnly, outcome } = await dryRun(
      'ALTER TABLE users ADD COLUMN n integer;',
      '--lock-timeout',
      '0.4',
    );
    await client.query('COMMIT');
    expect({ live, outcome }).toEqual({ live: false, outcome: 'ok' });
    expect(scratchOnly).toContain('longer than lock_timeout');
  });

  test('names what would be refused', async () => {
    const { refused, outcome } = await dryRun('ALTER TABLE users DROP COLUMN email;');
    expect({ refused, outcome }).toEqual({ refused: ['data-loss'], outcome: 'refused' });
  });
});
