import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadGrammar } from '../../src/database/advise/workload/parse-statement.ts';
import { LIVE_RULES } from '../../src/database/analyze/live-rules.ts';
import type { Analysis } from '../../src/database/index.ts';
import { analyzeServer } from '../support/analyze.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';

let server: PostgresServer;
let healthy: Analysis;
let ill: Analysis;
let holder: Client;
const open: Client[] = [];

async function client(database: string): Promise<Client> {
  const one = new Client({ connectionString: server.url(database) });
  one.on('error', () => undefined);
  await one.connect();
  open.push(one);
  return one;
}

const FLUSH = 'SELECT pg_stat_force_next_flush()';

/** Runs a statement when all before it is counted: what ANALYZE finds would be counted behind it as changed. */
async function counted(one: Client, sql: string): Promise<void> {
  await one.query(FLUSH);
  await one.query(sql);
}

const judge = (database: string): Promise<Analysis> => analyzeServer(server.url(database));

const SHOP = `CREATE EXTENSION pg_stat_statements;
CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE, note text NOT NULL);
CREATE INDEX orders_user_id ON orders (user_id);
INSERT INTO users (email) SELECT 'u' || i FROM generate_series(1, 2000) i;
INSERT INTO orders (user_id, note) SELECT 1 + i % 2000, md5(i::text) FROM generate_series(1, 20000) i;`;

/** What goes wrong in a database, one thing after the other; some of it takes a statement outside a transaction. */
const TROUBLE: readonly string[] = [
  // A wide table, one that is mostly empty, one that nobody vacuumed, one that nobody analysed.
  `CREATE TABLE wide (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text); ALTER TABLE wide ALTER body SET STORAGE PLAIN`,
  `INSERT INTO wide (body) SELECT repeat('x', 1500) FROM generate_series(1, 6000)`,
  `CREATE TABLE bloated (id bigint PRIMARY KEY, body text NOT NULL); INSERT INTO bloated SELECT i, repeat('x', 400) FROM generate_series(1, 30000) i`,
  'DELETE FROM bloated WHERE id % 10 > 2',
  'VACUUM ANALYZE bloated',
  'CREATE TABLE dying (id bigint PRIMARY KEY); INSERT INTO dying SELECT generate_series(1, 5000)',
  'ANALYZE dying',
  'DELETE FROM dying WHERE id % 2 = 0',
  'CREATE TABLE unknown (id bigint PRIMARY KEY); INSERT INTO unknown SELECT generate_series(1, 5000)',
  'CREATE TABLE short (id integer GENERATED ALWAYS AS IDENTITY (START WITH 2000000000) PRIMARY KEY); INSERT INTO short DEFAULT VALUES',
  'CREATE INDEX orders_note ON orders (note)',
  'ALTER TABLE orders ADD tags text[]; ALTER TABLE users ADD joined date DEFAULT current_date',
  'VACUUM ANALYZE wide',
  'VACUUM ANALYZE orders',
  'VACUUM ANALYZE users',
  // Many reads of all of a table that is larger than the cache; a loop that asks for one row each; a slow statement.
  `DO $$ BEGIN FOR i IN 1..150 LOOP PERFORM count(*) FROM orders WHERE note = 'none' OR tags @> '{x}'; END LOOP; END $$`,
  `DO $$ DECLARE r record; u record; BEGIN FOR i IN 1..25 LOOP FOR r IN SELECT * FROM orders WHERE id % 400 = i LOOP
     SELECT * INTO u FROM users WHERE id = r.user_id; END LOOP; END LOOP; END $$`,
  'SELECT pg_sleep(0.2)',
  "SELECT pg_create_physical_replication_slot('forgotten', true)",
  // Numbers of transactions: each block that may fail is one of its own.
  'CREATE TABLE burnt (id integer)',
  `DO $$ BEGIN FOR i IN 1..201000 LOOP BEGIN INSERT INTO burnt VALUES (i); EXCEPTION WHEN division_by_zero THEN END; END LOOP; END $$`,
];

beforeAll(async () => {
  await loadGrammar();
  server = await startPostgres([
    'shared_preload_libraries=pg_stat_statements',
    'pg_stat_statements.track=all',
    'shared_buffers=512kB',
    'max_connections=12',
    'autovacuum=off',
    'autovacuum_freeze_max_age=100000',
  ]);
  for (const name of ['fresh', 'shop']) {
    await server.create(name);
    const one = await client(name);
    await one.query(SHOP);
    for (const table of ['users', 'orders']) await counted(one, `VACUUM ANALYZE ${table}`);
    await one.query(FLUSH);
    await one.end();
  }
  healthy = await judge('fresh');
  // Its snapshot keeps everything that dies from now on from being frozen.
  holder = await client('shop');
  await holder.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1');
  const worker = await client('shop');
  for (const sql of TROUBLE) await counted(worker, sql);
  await worker.query(FLUSH);
  await holder.query('LOCK TABLE users IN SHARE MODE');
  const waiter = await client('shop');
  waiter.query('UPDATE users SET email = email').catch(() => undefined);
  for (let more = 0; more < 7; more += 1) await client('shop');
  ill = await judge('shop');
}, 180_000);

afterAll(async () => {
  for (const one of open) await one.end().catch(() => undefined);
  await server.stop();
});

/** Those that take minutes or a second server are not provoked here. */
const ELSEWHERE = new Set(['long-transaction', 'replication-lag']);

test('a database in order has nothing but its settings to say', () => {
  const live = new Set(LIVE_RULES.map(({ code }) => code));
  const said = healthy.findings.filter(({ code }) => live.has(code) && code !== 'setting');
  expect(said.map(({ code, object }) => `${code} ${object.name}`)).toEqual([]);
});

test('every finding of a running database is made where there is cause', () => {
  const found = new Set(ill.findings.map(({ code }) => code));
  const missed = LIVE_RULES.map(({ code }) => code).filter(
    (code) => !found.has(code) && !ELSEWHERE.has(code),
  );
  expect(missed).toEqual([]);
});

test.each([
  ['sequential-scans', /^public\.orders$/],
  ['unused-index', /^public\.orders_note$/],
  ['bloat', /^public\.bloated$/],
  ['stale-statistics', /^public\.(?:unknown|burnt|dying|short)$/],
  ['dead-rows', /^public\.(?:dying|burnt|bloated)$/],
  ['wide-rows', /^public\.wide$/],
  ['missing-not-null', /^public\.(?:wide\.body|users\.joined)$/],
  ['sequence-overflow', /^public\.short/],
  ['unindexed-container', /^public\.orders\.tags$/],
  ['n-plus-one', /FROM users/],
  ['blocked-session', /^\d+ \(postgres\)$/],
  ['replication-slot', /^forgotten$/],
])('%s names what it is about and nothing else', (code, name) => {
  const names = ill.findings.filter((finding) => finding.code === code).map(({ object }) => object.name);
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((one) => !name.test(one))).toEqual([]);
});

test('the statements that mend what can be mended run, and the findings are gone', async () => {
  const mender = await client('shop');
  await holder.query('ROLLBACK');
  const mended = [
    'bloat',
    'stale-statistics',
    'dead-rows',
    'wide-rows',
    'unused-index',
    'replication-slot',
    'unindexed-container',
    'wraparound',
    'blocked-session',
  ];
  for (const { code, fix } of ill.findings) {
    if (mended.includes(code)) for (const { sql } of fix.steps) await mender.query(sql);
  }
  await mender.query(FLUSH);
  const after = await judge('shop');
  const left = new Set(after.findings.map(({ code, object }) => `${code} ${object.name}`));
  const still = ill.findings
    .map(({ code, object }) => `${code} ${object.name}`)
    .filter((one) => left.has(one));
  expect(still.filter((one) => mended.some((code) => one.startsWith(`${code} `)))).toEqual([]);
}, 60_000);
