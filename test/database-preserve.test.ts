import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrationFiles, type Plan, statementsWith } from '../src/database/index.ts';
import { diffLocations, file } from './support/database.ts';
import { type PostgresServer, startPostgres } from './support/postgres-server.ts';
import { folderWith } from './support/scratch-folder.ts';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(() => server.stop());

/** Everything that is hard to keep: keys, types that change or go, serials, partitions, names that are taken again. */
const BEFORE = `CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TYPE gone AS ENUM ('x', 'y'); CREATE DOMAIN zip AS text CHECK (VALUE <> '');
  CREATE TABLE users (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE, m mood NOT NULL DEFAULT 'ok',
    g gone NOT NULL DEFAULT 'x', code zip, twice integer GENERATED ALWAYS AS (id * 2) STORED);
  CREATE TABLE pets (id serial PRIMARY KEY, owner integer NOT NULL REFERENCES users ON DELETE CASCADE, m mood DEFAULT 'sad',
    g gone[], name text NOT NULL DEFAULT 'Rex' CHECK (name <> ''), "Odd Name" text);
  CREATE INDEX pets_owner ON pets (owner) WHERE name IS NOT NULL; COMMENT ON TABLE pets IS 'animals';
  ALTER TABLE pets ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON pets USING (owner > 0); GRANT SELECT ON pets TO reader;
  CREATE TABLE toys (id integer PRIMARY KEY, pet integer REFERENCES pets);
  CREATE VIEW v AS SELECT p.name, u.email FROM pets p JOIN users u ON u.id = p.owner;
  CREATE SEQUENCE tickets; CREATE SCHEMA old; CREATE TABLE old.t (a integer);
  CREATE TABLE events (id integer, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
  CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');`;

const AFTER = `CREATE TYPE mood AS ENUM ('sad', 'ok', 'great');
  CREATE TABLE users (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
  CREATE TABLE toys (id integer PRIMARY KEY, pet integer);
  CREATE VIEW v AS SELECT id FROM users;
  CREATE TABLE fresh (id serial, CONSTRAINT pets_pkey PRIMARY KEY (id));`;

const ROWS = `INSERT INTO users (email, m, g, code) VALUES ('a@example.org', 'sad', 'y', '0'), ('b@example.org', 'ok', 'x', '1');
  INSERT INTO pets (owner, g, "Odd Name") VALUES (1, '{x,y}', 'o'), (2, NULL, NULL); INSERT INTO toys VALUES (1, 2);
  SELECT nextval('tickets'), nextval('tickets'); INSERT INTO old.t VALUES (7); INSERT INTO events VALUES (1, '2024-05-05');`;

const READ = `SELECT
  (SELECT json_agg(u ORDER BY id) FROM users u) AS users, (SELECT json_agg(p ORDER BY id) FROM pets p) AS pets,
  (SELECT json_agg(t) FROM toys t) AS toys, (SELECT json_agg(t) FROM old.t t) AS old, (SELECT json_agg(e) FROM events_2024 e) AS events,
  (SELECT last_value FROM tickets) AS ticket, (SELECT last_value FROM pets_id_seq) AS pet`;

describe('--preserve-data', () => {
  test('renames away what would be dropped, and the rollback brings every row back', async () => {
    await server.create('kept');
    const client = new Client({ connectionString: server.url('kept') });
    await client.connect();
    try {
      await client.query(`CREATE ROLE reader NOLOGIN; ${BEFORE}`);
      await client.query(ROWS);
      const rows = (await client.query(READ)).rows;
      const diff = await preserved(BEFORE, AFTER);
      expect(diff.proof.proved).toBe(true);
      expect(statementsWith(diff.plan, 'data-loss')).toEqual([]);
      await run(client, diff.plan);
      // A kept column asks programs for nothing.
      await client.query(
        'INSERT INTO users DEFAULT VALUES; INSERT INTO fresh DEFAULT VALUES; DELETE FROM users WHERE id > 2',
      );
      await run(client, diff.rollback);
      expect((await client.query(READ)).rows).toEqual(rows);
      const next = await client.query(`INSERT INTO pets (owner) VALUES (1) RETURNING id`);
      expect(next.rows).toEqual([{ id: 3 }]);
    } finally {
      await client.end();
    }
  });

  test('says in both files what is kept under which name, and how to drop it for good', async () => {
    const diff = await preserved(BEFORE, AFTER);
    const { migration, rollback } = migrationFiles(diff, new Date(0));
    const [pets] = diff.kept.filter(({ from }) => from === 'public.pets');
    expect(pets?.to).toMatch(/^public\.pets__kept_[0-9a-f]{8}$/);
    expect(migration.content).toContain(
      `-- Kept instead of dropped: public.pets is now ${pets?.to}; for good: DROP TABLE ${pets?.to};`,
    );
    expect(rollback.content).toContain(`-- ${pets?.to} gets its name public.pets back`);
  });

  test('leaves what it kept before as it is, and without it the kept is dropped only when allowed', async () => {
    const kept = `CREATE TABLE a (id integer); CREATE TABLE "b__kept_0123abcd" (id integer)`;
    const target = 'CREATE TABLE a (id integer)';
    expect((await preserved(kept, target)).plan.segments).toEqual([]);
    const folder = folderWith({ 'a.sql': kept, 'b.sql': target });
    const plain = await diffLocations(file(`${folder}/a.sql`), file(`${folder}/b.sql`));
    expect(statementsWith(plain.plan, 'data-loss').map(({ sql }) => sql)).toEqual([
      'DROP TABLE public.b__kept_0123abcd',
    ]);
  });

  test('a long name keeps its ending', async () => {
    const name = 'ä'.repeat(31);
    const { kept, proof } = await preserved(`CREATE TABLE "${name}" (id integer)`, 'CREATE SCHEMA s');
    expect(proof.proved).toBe(true);
    expect(kept[0]?.to).toMatch(/^public\."ä+__kept_[0-9a-f]{8}"$/);
  });
});

function preserved(before: string, after: string) {
  const folder = folderWith({ 'before.sql': before, 'after.sql': after });
  return diffLocations(file(`${folder}/before.sql`), file(`${folder}/after.sql`), {
    preserve: true,
    scratchUrl: server.url(),
  });
}

async function run(client: Client, plan: Plan): Promise<void> {
  for (const { statements, transactional } of plan.segments) {
    const sql = statements.map((statement) => statement.sql).join(';\n');
    await client.query(transactional ? `BEGIN;\n${sql};\nCOMMIT` : sql);
  }
}
