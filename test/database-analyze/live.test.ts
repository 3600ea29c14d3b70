import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lastingConditions } from '../../src/database/advise/candidates/lasting.ts';
import { loadGrammar, parseStatement } from '../../src/database/advise/workload/parse-statement.ts';
import { readUses } from '../../src/database/advise/workload/read-uses.ts';
import { catalogOf } from '../../src/database/analyze/facts/catalog.ts';
import { readFacts } from '../../src/database/analyze/facts/read-facts.ts';
import { explainStatement } from '../../src/database/analyze/live/explain.ts';
import { connect } from '../../src/database/engines/postgres.ts';
import { type Analysis, type AnalyzeRequest, suggestIndexes } from '../../src/database/index.ts';
import { analyzeServer } from '../support/analyze.ts';
import { SNAPSHOT } from '../support/database.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';

let server: PostgresServer;
let url: string;

const SHOP = `
CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL, filled text);
CREATE TABLE orders (id integer PRIMARY KEY, user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE, tags text[] NOT NULL, state text NOT NULL);
CREATE SEQUENCE orders_id_seq OWNED BY orders.id; ALTER TABLE orders ALTER id SET DEFAULT nextval('orders_id_seq');
INSERT INTO users (email, filled) SELECT 'u' || i || '@example.org', 'x' FROM generate_series(1, 5000) i;
INSERT INTO orders (user_id, tags, state) SELECT 1 + i % 5000, ARRAY['t' || i % 50], CASE WHEN i % 100 = 0 THEN 'open' ELSE 'done' END FROM generate_series(1, 40000) i;
SELECT setval('orders_id_seq', 1900000000);
CREATE VIEW of_users AS SELECT u.id, u.email, o.state FROM users u JOIN orders o ON o.user_id = u.id;
CREATE TABLE notes (id serial PRIMARY KEY, line text); CREATE VIEW of_notes AS SELECT n.id, o.state FROM notes n, orders o;
CREATE TABLE visits (at date NOT NULL, user_id bigint NOT NULL, kind text NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE visits_25 PARTITION OF visits FOR VALUES FROM ('2025-01-01') TO ('2026-01-01'); CREATE TABLE visits_26 PARTITION OF visits FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
INSERT INTO visits SELECT date '2025-01-01' + i % 700, i % 3000, 'k' || i % 4 FROM generate_series(1, 20000) i;
CREATE TABLE log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, line text);
CREATE FUNCTION writes() RETURNS integer LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN 1; END $$;
CREATE VIEW sneaky AS SELECT pg_terminate_backend(0) AS gone;
CREATE FUNCTION "no letters: (" () RETURNS integer LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN 1; END $$;
CREATE VIEW quiet AS SELECT "no letters: ("() AS one;
CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE program (line text) SERVER files OPTIONS (program 'true');`;

async function query<Row>(sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const answer: unknown = await client.query(sql);
    return (Array.isArray(answer) ? (answer.at(-1) as { rows: Row[] }) : (answer as { rows: Row[] })).rows;
  } finally {
    await client.end();
  }
}

function run(options: Partial<AnalyzeRequest> = {}): Promise<Analysis> {
  return analyzeServer(url, options);
}

const find = ({ findings }: Analysis, code: string) => findings.filter((finding) => finding.code === code);

beforeAll(async () => {
  server = await startPostgres();
  await server.create('shop');
  url = server.url('shop');
  await query(SHOP);
  await query('ANALYZE users');
  for (const table of ['orders', 'visits_25', 'visits_26']) await query(`ANALYZE ${table}`);
  await loadGrammar();
}, 120_000);

afterAll(() => server.stop());

describe('a running database', () => {
  test('shows what only rows and statistics can show', async () => {
    await query(`INSERT INTO log (line) SELECT 'x' FROM generate_series(1, 3000)`);
    await query('SELECT pg_stat_force_next_flush()');
    const analysis = await run();
    expect(find(analysis, 'missing-not-null').map(({ object }) => object.name)).toContain(
      'public.users.filled',
    );
    expect(find(analysis, 'sequence-overflow')[0]).toMatchObject({
      severity: 'error',
      evidence: { last: 1_900_000_000, limit: 2_147_483_647 },
    });
    expect(find(analysis, 'stale-statistics').map(({ object }) => object.name)).toEqual(['public.log']);
    expect(find(analysis, 'setting').map(({ object }) => object.name)).toContain('fsync');
    expect(analysis.notes.map(({ message }) => message).join()).toContain('pg_stat_statements is not there');
  });

  test('mends of a running database work there', async () => {
    const analysis = await run();
    for (const code of ['stale-statistics', 'missing-not-null', 'sequence-overflow']) {
      for (const { fix } of find(analysis, code)) for (const { sql } of fix.steps) await query(sql);
    }
    const after = await run();
    const mended = new Set(analysis.findings.map(({ code, object }) => `${code} ${object.name}`));
    const left = ['stale-statistics', 'missing-not-null', 'sequence-overflow'].flatMap((code) =>
      find(after, code),
    );
    expect(left.filter(({ code, object }) => mended.has(`${code} ${object.name}`))).toEqual([]);
  });

  test('is judged by statements: times, plans and containers without GIN', async () => {
    const text = [
      `2026-01-01 00:00:00 UTC [7] LOG:  duration: 250.5 ms  execute <unnamed>: SELECT * FROM orders WHERE user_id = $1`,
      `2026-01-01 00:00:00 UTC [7] DETAIL:  parameters: $1 = '77'`,
      `2026-01-01 00:00:01 UTC [7] LOG:  duration: 120 ms  statement: SELECT id FROM orders WHERE tags @> '{t7}'`,
      `2026-01-01 00:00:01 UTC [7] LOG:  duration: 900 ms  statement: UPDATE orders SET state = 'x' WHERE user_id = 5`,
    ].join('\n');
    const before = await query('SELECT count(*) FROM orders WHERE state = $$x$$');
    const analysis = await run({ queries: { name: 'server.log', text } });
    const slow = find(analysis, 'slow-statement');
    expect(slow.find(({ object }) => object.name.startsWith('SELECT * FROM orders'))?.evidence).toMatchObject(
      {
        'average ms': 251,
        'reads whole': expect.stringContaining('orders (40000 rows)'),
        'measured ms': expect.any(Number),
      },
    );
    expect(slow.find(({ object }) => object.name.startsWith('UPDATE'))?.evidence).toMatchObject({
      'only planned': 'it is not a SELECT',
    });
    expect(find(analysis, 'unindexed-container').map(({ object }) => object.name)).toEqual([
      'public.orders.tags',
    ]);
    expect(find(analysis, 'unindexed-foreign-key')[0]?.evidence).toMatchObject({ 'average ms': 575.25 });
    expect(await query('SELECT count(*) FROM orders WHERE state = $$x$$')).toEqual(before);
  });

  test('is asked nothing beyond ACCESS SHARE, while others hold and want locks', async () => {
    const holder = new Client({ connectionString: url });
    const watcher = new Client({ connectionString: url });
    await holder.connect();
    await watcher.connect();
    await holder.query('BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE');
    const modes = new Set<string>();
    let running = true;
    const watching = (async () => {
      while (running) {
        const { rows } = await watcher.query(
          "SELECT DISTINCT mode FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE a.application_name = 'senior-backend' AND l.locktype = 'relation'",
        );
        for (const { mode } of rows) modes.add(mode);
      }
    })();
    const analysis = await run({ budgetMs: 20_000 }).finally(() => {
      running = false;
    });
    await watching;
    await holder.query('ROLLBACK');
    expect(analysis.notes.map(({ message }) => message)).toContain(
      'orders is locked against everybody, so it was not judged',
    );
    await holder.end();
    await watcher.end();
    // Its view reads the locked table, too.
    expect(
      find(analysis, 'integer-key').find(({ object }) => object.name === 'public.notes.id')?.fix,
    ).toMatchObject({
      steps: [],
      caution: expect.stringContaining('locked just now'),
    });
    expect([...modes].filter((mode) => mode !== 'AccessShareLock')).toEqual([]);
  });

  test('is the same under every lock that lets it be read', async () => {
    // EXCLUSIVE lets nothing but ACCESS SHARE by; ALTER SEQUENCE holds what LOCK TABLE does not take of sequences.
    await query("SELECT setval('notes_id_seq', 1900000000)");
    const names = await query<{ name: string; kind: string }>(
      "SELECT oid::regclass AS name, relkind AS kind FROM pg_class WHERE relkind IN ('r', 'p', 'S') AND relnamespace = 'public'::regnamespace",
    );
    const said = ({ findings }: Analysis) =>
      findings.map(
        ({ code, object, evidence }) =>
          `${code} ${object.name} ${evidence['reads whole'] ?? evidence['not planned']}`,
      );
    const written = [
      `UPDATE orders SET state = 'x' FROM users u WHERE u.id = user_id AND state = 'y'`,
      `DELETE FROM orders USING users u WHERE u.id = user_id AND u.filled = 'y'`,
      `INSERT INTO log (line) SELECT state FROM orders WHERE state <> 'done'`,
      `SELECT * FROM orders WHERE state = 'y' FOR UPDATE`,
      `WITH gone AS (DELETE FROM log RETURNING *) SELECT count(*) FROM gone`,
    ];
    const text = written
      .map((sql) => `2026-01-01 00:00:00 UTC [7] LOG:  duration: 250.5 ms  statement: ${sql}`)
      .join('\n');
    const queries = { name: 'server.log', text };
    const free = said(await run({ queries }));
    const holder = new Client({ connectionString: url });
    await holder.connect();
    await holder.query('BEGIN');
    for (const { name, kind } of names) {
      await holder.query(
        kind === 'S' ? `ALTER SEQUENCE ${name} CACHE 1` : `LOCK TABLE ONLY ${name} IN EXCLUSIVE MODE`,
      );
    }
    const analysis = await run({ queries }).finally(() => holder.query('ROLLBACK'));
    await holder.end();
    expect(free.filter((one) => one.startsWith('sequence-overflow '))).toHaveLength(1);
    const slow = free.filter((one) => one.startsWith('slow-statement '));
    expect(slow).toHaveLength(written.length);
    expect(slow.filter((one) => one.includes('orders (40000 rows)'))).toHaveLength(4);
    expect(slow.filter((one) => one.includes('no SELECT finds the same rows'))).toHaveLength(1);
    expect(said(analysis).filter((one) => !one.startsWith('long-transaction '))).toEqual(free);
  });

  test('gives up when the budget is used up', async () => {
    let clock = 0;
    const late = run({
      budgetMs: 1000,
      now: () => {
        clock += 200;
        return clock;
      },
    });
    await expect(late).rejects.toMatchObject({ code: 'DB080' });
  });
});

describe('EXPLAIN ANALYZE', () => {
  test.each([
    ['SELECT * FROM orders WHERE id = 5', true],
    ['SELECT count(*), max(id) FROM orders WHERE state = $1', true],
    ['UPDATE orders SET state = $1', false],
    ['WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone', false],
    ['SELECT * FROM orders FOR UPDATE', false],
    ['SELECT * FROM (SELECT * FROM orders FOR SHARE) x', false],
    [`SELECT nextval('orders_id_seq')`, false],
    ['SELECT pg_terminate_backend(pid) FROM pg_stat_activity', false],
    ['SELECT pg_catalog.pg_sleep(1)', false],
    ['SELECT * FROM sneaky', false],
    ['SELECT writes()', false],
    [`SELECT pg_advisory_lock(1)`, false],
    [`SELECT set_config('work_mem', '1GB', false)`, false],
    ['SELECT * FROM quiet', false],
    ['SELECT * FROM program', false],
    ['SELECT * INTO copy FROM orders', false],
    ['CREATE TABLE copy AS SELECT * FROM orders', false],
    ['SELECT id, lower(email) FROM users ORDER BY random()', false],
    [`SELECT table_to_xml('sneaky', true, false, '')`, false],
    ['SELECT 1; DELETE FROM orders', false],
    ['DECLARE c CURSOR FOR SELECT 1', false],
    ['EXPLAIN ANALYZE DELETE FROM orders', false],
  ])('%s: run %s', async (sql, isRun) => {
    const engine = await connect({ url, budgetMs: 10_000 });
    try {
      expect(parseStatement(sql) === undefined).toBe(sql.includes(';'));
      const explained = await explainStatement(
        engine,
        { sql, calls: 1, totalMs: 1, rows: 1 },
        { timeoutMs: 5000, lockTimeoutMs: 500 },
      );
      // A statement that cannot even be planned in a read-only transaction was not run either.
      expect(explained === undefined ? false : explained.notRun === undefined).toBe(isRun);
    } finally {
      await engine.close();
    }
  });
});

test('values of a log end no statement, wherever the text has a dollar', async () => {
  const engine = await connect({ url, budgetMs: 10_000 });
  try {
    const attack = `'; COMMIT; SET default_transaction_read_only = off; DROP TABLE log; --'`;
    const explained = await explainStatement(
      engine,
      { sql: `SELECT 'costs $1', $1 /* $1 */`, parameters: [attack], calls: 1, totalMs: 1, rows: 1 },
      { timeoutMs: 5000, lockTimeoutMs: 500 },
    );
    expect(explained?.notRun).toBeUndefined();
    expect(await query("SELECT to_regclass('log')::text AS log")).toEqual([{ log: 'log' }]);
  } finally {
    await engine.close();
  }
});

test('nothing is run where functions that users wrote may be called unseen', async () => {
  const hidden: readonly string[] = [
    `CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = integer, FUNCTION = same)`,
    `CREATE CAST (integer AS money_of) WITH FUNCTION of_money(integer)`,
    `CREATE DOMAIN small AS integer CHECK (same(VALUE, 1))`,
  ];
  const engine = await connect({ url, budgetMs: 10_000 });
  try {
    for (const ddl of hidden) {
      await engine.run(`CREATE FUNCTION same(integer, integer) RETURNS boolean LANGUAGE sql AS 'SELECT true'; CREATE TYPE money_of AS (n integer);
        CREATE FUNCTION of_money(integer) RETURNS money_of LANGUAGE sql AS 'SELECT ROW($1)::money_of'; ${ddl}`);
      const explained = await explainStatement(
        engine,
        { sql: 'SELECT 1', calls: 1, totalMs: 1, rows: 1 },
        { timeoutMs: 5000, lockTimeoutMs: 500 },
      );
      expect(explained?.notRun).toContain('calls what users wrote');
      await engine.run('DROP TYPE money_of CASCADE; DROP FUNCTION same CASCADE');
    }
  } finally {
    await engine.close();
  }
});

test('a value makes a partial index only where it is one of a kind and no call has another', async () => {
  const engine = await connect({ url, budgetMs: 10_000 });
  try {
    const catalog = catalogOf(await readFacts(engine));
    const usesOf = (sql: string) => readUses(catalog, parseStatement(sql)?.tree);
    const kept = (...statements: readonly string[]): string[] => {
      const uses = statements.flatMap(usesOf);
      const isLasting = lastingConditions(catalog, uses);
      return uses.flatMap(({ table, constant }) =>
        [...constant].filter(([sql, column]) => isLasting(table, column, sql)).map(([sql]) => sql),
      );
    };
    const open = `SELECT * FROM orders WHERE state = 'open' AND id > 5`;
    expect(kept(open)).toEqual([`("state" = 'open')`]);
    expect(kept(open, open)).toHaveLength(2);
    expect(kept(open, `SELECT * FROM orders WHERE state = 'done'`)).toEqual([]);
    expect(kept(open, 'SELECT * FROM orders WHERE state = $1')).toEqual([]);
    expect(kept('SELECT * FROM orders WHERE user_id = 7')).toEqual([]);
    expect(kept(`SELECT * FROM visits WHERE at = '2025-02-03'`)).toEqual([]);
    expect(kept('SELECT * FROM users WHERE filled IS NULL', 'SELECT * FROM users WHERE filled = $1')).toEqual(
      ['"filled" IS NULL'],
    );
  } finally {
    await engine.close();
  }
});

describe('index advice on a running database', () => {
  test('carries its statistics, and its migration works there', { timeout: 180_000 }, async () => {
    const text =
      'SELECT * FROM orders WHERE user_id = 77; SELECT * FROM orders WHERE tags @> ARRAY[$$t7$$]; SELECT * FROM visits WHERE user_id = 7;';
    const advice = await suggestIndexes({
      location: { kind: 'server', url },
      queries: { name: 'q.sql', text },
      maxIndexes: 5,
      maxBytes: 1e9,
      withDrops: false,
      values: true,
      snapshot: SNAPSHOT,
      budgetMs: 60_000,
    });
    expect(advice.isMeasured).toBe(true);
    expect(advice.suggestions.map(({ definition }) => definition).sort()).toEqual([
      'USING btree ("user_id")',
      'USING btree ("user_id")',
      'USING gin ("tags")',
    ]);
    // A plan names the indexes of partitions.
    expect(advice.advice.statements.map(({ uses }) => uses.length)).toEqual([1, 1, 1]);
    expect(advice.diff?.proof.proved).toBe(true);
    const statements = advice.diff?.plan.segments.flatMap((segment) => segment.statements) ?? [];
    expect(statements.filter(({ sql }) => /^CREATE INDEX(?! CONCURRENTLY| \S+ ON ONLY)/.test(sql))).toEqual(
      [],
    );
    for (const { sql } of statements) await query(sql);
    const plan = JSON.stringify(await query('EXPLAIN SELECT * FROM orders WHERE user_id = 77'));
    expect(plan).toContain('orders_user_id_idx');
  });
});
