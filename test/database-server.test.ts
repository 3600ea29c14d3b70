import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lintFiles } from '../src/database/index.ts';
import { CORPUS, diffLocations, EMPTY, file, hasCorpus, SNAPSHOT } from './support/database.ts';
import { type PostgresServer, startPostgres } from './support/postgres-server.ts';
import { folderWith } from './support/scratch-folder.ts';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(() => server.stop());

async function query<Row>(database: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: server.url(database) });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Row[];
  } finally {
    await client.end();
  }
}

const SHOP = `CREATE EXTENSION hstore; CREATE TYPE mood AS ENUM ('sad', 'ok');
  CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE, tags hstore, mood mood DEFAULT 'ok');
  CREATE TABLE orders (id serial PRIMARY KEY, user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    state varchar(10) CHECK (state IN ('new', 'paid')));
  CREATE VIEW paid AS SELECT u.email, o.id FROM orders o JOIN users u ON u.id = o.user_id WHERE o.state = 'paid';`;

describe('a live server', () => {
  test('is the same as the file it was made from, read through another engine', async () => {
    await server.create('same');
    await query('same', SHOP);
    const folder = folderWith({ 'shop.sql': SHOP });
    const diff = await diffLocations({ kind: 'server', url: server.url('same') }, file(`${folder}/shop.sql`));
    expect(diff.plan.segments).toEqual([]);
    expect(diff.from).not.toContain('s3cret');
  });

  test('takes the planned statements, with rows in it, and gives them back', async () => {
    await server.create('shop');
    await query('shop', SHOP);
    await query(
      'shop',
      `INSERT INTO users (email) VALUES ('a@example.org'); INSERT INTO orders (user_id, state) VALUES (1, 'paid')`,
    );
    const wanted = `${SHOP.replace('varchar(10)', 'text')} CREATE INDEX orders_user ON orders (user_id);
      ALTER TABLE orders ADD CONSTRAINT positive CHECK (id > 0); ALTER TABLE users ADD COLUMN name text NOT NULL DEFAULT '';`;
    const folder = folderWith({ 'shop.sql': wanted });
    const target = file(`${folder}/shop.sql`);
    const live = { kind: 'server', url: server.url('shop') } as const;
    const diff = await diffLocations(live, target);
    expect(diff.proof.proved).toBe(true);
    for (const { statements, transactional } of diff.plan.segments) {
      const sql = statements.map((statement) => statement.sql).join(';\n');
      await query('shop', transactional ? `BEGIN;\n${sql};\nCOMMIT` : sql);
    }
    expect((await diffLocations(live, target)).plan.segments).toEqual([]);
    expect(await query('shop', 'SELECT * FROM paid')).toEqual([{ email: 'a@example.org', id: 1 }]);
  });

  test('says how large the tables are that a hand-written file locks', async () => {
    await server.create('sized');
    await query(
      'sized',
      `CREATE TABLE large (id integer, body text); CREATE TABLE small (id integer);
       INSERT INTO large SELECT n, repeat('x', 1000) FROM generate_series(1, 12000) n; INSERT INTO small VALUES (1); ANALYZE`,
    );
    const folder = folderWith({
      'm.sql': `ALTER TABLE large ALTER COLUMN id TYPE bigint; ALTER TABLE small ALTER COLUMN id TYPE bigint;
        ALTER TABLE large RENAME TO big; VACUUM FULL big;`,
    });
    const report = await lintFiles({
      paths: ['m.sql'],
      root: folder,
      from: { kind: 'server', url: server.url('sized') },
      oneTransaction: false,
      scratchUrl: undefined,
      snapshot: SNAPSHOT,
      budgetMs: 120_000,
    });
    const rewrites = (report.files[0]?.statements ?? []).flatMap(({ findings }) =>
      findings.filter(({ hazard }) => hazard === 'table-rewrite'),
    );
    expect(rewrites.map(({ grade, about, size }) => [grade, about, size?.rows])).toEqual([
      ['refused', 'public.large', 12_000],
      ['noted', 'public.small', 1],
      ['refused', 'public.big', 12_000],
    ]);
  });

  test('is only read', async () => {
    await server.create('readonly');
    await query('readonly', 'CREATE TABLE t (a integer)');
    const before = await query('readonly', 'SELECT max(oid::int8) FROM pg_class');
    await diffLocations({ kind: 'server', url: server.url('readonly') }, EMPTY);
    expect(await query('readonly', 'SELECT max(oid::int8) FROM pg_class')).toEqual(before);
  });
});

describe('a server as scratch', () => {
  test('proves a change in databases of its own and leaves none behind', async () => {
    const folder = folderWith({ 'a.sql': SHOP, 'b.sql': `${SHOP} CREATE INDEX ON orders (user_id);` });
    const diff = await diffLocations(file(`${folder}/a.sql`), file(`${folder}/b.sql`), {
      scratchUrl: server.url(),
    });
    expect(diff.proof.proved).toBe(true);
    expect(diff.engine).toMatch(/^PostgreSQL 18/);
    expect(await query('postgres', `SELECT datname FROM pg_database WHERE datname LIKE 'senior%'`)).toEqual(
      [],
    );
  });

  test('sweeps up what a run that crashed has left', async () => {
    await server.create('senior_backend_scratch_1_dead');
    const { notes } = await diffLocations(EMPTY, EMPTY, { scratchUrl: server.url() });
    expect(notes).toMatchObject([
      { code: 'DB032', message: 'dropped 1 scratch database that an earlier run had left on the server' },
    ]);
    expect(await query('postgres', `SELECT datname FROM pg_database WHERE datname LIKE 'senior%'`)).toEqual(
      [],
    );
  });

  test.skipIf(!hasCorpus)('builds a real schema from nothing and takes it away again', async () => {
    const { proof } = await diffLocations(EMPTY, file(`${CORPUS}/lemmy.sql`), { scratchUrl: server.url() });
    expect(proof.proved).toBe(true);
  });
});
