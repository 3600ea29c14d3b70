import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../src/database/engines/engine.ts';
import { openInMemory } from '../src/database/engines/pglite.ts';
import { FactReader } from '../src/database/lint/fact-reader.ts';
import { SNAPSHOT } from './support/database.ts';

/** Each changes something that facts are made of; what one reading kept must be what another one finds. */
const STATEMENTS = `
CREATE SCHEMA shop
CREATE TYPE shop.state AS ENUM ('new', 'sent')
CREATE DOMAIN shop.cents AS integer CHECK (VALUE >= 0)
CREATE FUNCTION shop.tidy(t text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT lower(t)'
CREATE TABLE shop.users (id integer PRIMARY KEY, name text, email text UNIQUE)
CREATE TABLE shop.orders (id bigint GENERATED ALWAYS AS IDENTITY, user_id integer, state shop.state, total shop.cents, PRIMARY KEY (id))
ALTER TABLE shop.orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES shop.users NOT VALID
ALTER TABLE shop.orders VALIDATE CONSTRAINT orders_user
CREATE INDEX users_tidy ON shop.users (shop.tidy(name)) WHERE email IS NOT NULL
ALTER TABLE shop.users ADD CONSTRAINT named CHECK (shop.tidy(name) <> '')
CREATE VIEW shop.sent AS SELECT id, user_id FROM shop.orders WHERE state = 'sent'
COMMENT ON TABLE shop.users IS 'no fact'
INSERT INTO shop.users VALUES (1, 'Ann', 'a@example.org')
ANALYZE shop.users
ALTER TYPE shop.state ADD VALUE 'paid'
ALTER TABLE shop.users ALTER COLUMN name SET NOT NULL
ALTER TABLE shop.users ALTER COLUMN name SET DEFAULT 'nobody'
ALTER TABLE shop.users ALTER COLUMN name DROP DEFAULT
ALTER TABLE shop.users RENAME COLUMN name TO full_name
ALTER TABLE shop.users RENAME TO people
ALTER FUNCTION shop.tidy(text) RENAME TO trim_down
ALTER TYPE shop.cents RENAME TO amount
ALTER TABLE shop.orders RENAME CONSTRAINT orders_user TO orders_person
ALTER INDEX shop.users_tidy RENAME TO people_tidy
ALTER SCHEMA shop RENAME TO store
ALTER TABLE store.people SET SCHEMA public
ALTER TABLE store.orders ALTER COLUMN total TYPE bigint
ALTER TABLE store.orders ADD CONSTRAINT total_there NOT NULL total NOT VALID
ALTER TABLE store.orders VALIDATE CONSTRAINT total_there
CREATE SEQUENCE numbers
ALTER TABLE people ALTER COLUMN id SET DEFAULT nextval('numbers')
CREATE TABLE parts (id integer, region text) PARTITION BY LIST (region)
CREATE TABLE parts_north PARTITION OF parts FOR VALUES IN ('north')
CREATE INDEX ON parts (id)
ALTER TABLE parts DETACH PARTITION parts_north
CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'
CREATE TRIGGER touch BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION touched()
ALTER TABLE people DISABLE TRIGGER ALL
ALTER TABLE people ENABLE ROW LEVEL SECURITY
CREATE POLICY own ON people USING (full_name = current_user)
ALTER TABLE people DROP COLUMN email
SAVEPOINT before
ALTER TABLE people ADD COLUMN one text NOT NULL DEFAULT ''
ROLLBACK TO SAVEPOINT before
ALTER TABLE people ADD COLUMN two bigint
CREATE INDEX one ON people (two)
DROP INDEX one
CREATE INDEX one ON people (two DESC)
DROP TABLE store.orders CASCADE
DROP SCHEMA store CASCADE`;

let engine: Engine;

beforeAll(async () => {
  engine = await openInMemory({ budgetMs: 30_000, snapshot: SNAPSHOT });
});
afterAll(() => engine.close());

test('what was not read anew is what it would be', async () => {
  const reader = new FactReader(engine);
  await engine.run('BEGIN');
  let kept = 0;
  let before = await reader.read();
  for (const statement of STATEMENTS.trim().split('\n')) {
    await engine.run(statement);
    const facts = await reader.read();
    const anew = await new FactReader(engine).read();
    expect([...facts.values()].sort(byKey), statement).toEqual([...anew.values()].sort(byKey));
    kept += [...facts.values()].filter((fact) => before.get(fact.key) === fact).length;
    before = facts;
  }
  await engine.run('ROLLBACK');
  expect(kept).toBeGreaterThan(300);
});

const byKey = (left: { readonly key: string }, right: { readonly key: string }): number =>
  left.key < right.key ? -1 : 1;
