/** A query, and an index that a person who knows its data would build for it. */
export interface QueryShape {
  readonly name: string;
  readonly sql: string;
  /** What follows CREATE INDEX ON. */
  readonly good: string;
}

/** Three tables in the proportions of a small shop, as statements to be run one by one; `scale` 1 is 3.6 million rows. */
export const shapeTables = (scale: number): string[] => [
  `CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, country text NOT NULL, created_at timestamptz NOT NULL);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users, status text NOT NULL, amount integer NOT NULL,
  is_flagged boolean NOT NULL, created_at timestamptz NOT NULL, shipped_at timestamptz, note text);
CREATE TABLE events (id bigint PRIMARY KEY, order_id bigint NOT NULL, kind text NOT NULL, at timestamptz NOT NULL, data jsonb NOT NULL);
INSERT INTO users SELECT i, CASE WHEN i % 2 = 0 THEN 'User' ELSE 'user' END || i || '@example.org', (ARRAY['de','fr','us','jp','br'])[1 + i % 5],
  '2024-01-01'::timestamptz + i * interval '3 minutes' FROM generate_series(1, ${Math.round(100_000 * scale)}) i;
INSERT INTO orders SELECT i, 1 + (i * 7919::bigint) % ${Math.round(100_000 * scale)},
  CASE WHEN i % 1000 = 0 THEN 'failed' WHEN i % 20 = 0 THEN 'open' ELSE 'done' END, (i * 31) % 10000, i % 500 = 0,
  '2024-01-01'::timestamptz + ((i * 7907) % ${Math.round(1_000_000 * scale)}) * interval '30 seconds',
  CASE WHEN i % 200 = 0 THEN NULL ELSE '2025-01-01'::timestamptz + i * interval '10 seconds' END, 'note ' || md5(i::text)
  FROM generate_series(1, ${Math.round(1_000_000 * scale)}) i;
INSERT INTO events SELECT i, 1 + (i * 3)::bigint % ${Math.round(1_000_000 * scale)}, (ARRAY['view','click','buy','ship'])[1 + i % 4],
  '2024-01-01'::timestamptz + i * interval '5 seconds', jsonb_build_object('sku', 'S' || (i * 17) % 5000, 'n', i % 7)
  FROM generate_series(1, ${Math.round(2_500_000 * scale)}) i;
`,
  'VACUUM (ANALYZE) users',
  'VACUUM (ANALYZE) orders',
  'VACUUM (ANALYZE) events',
];

export const SHAPES: readonly QueryShape[] = [
  { name: 'foreign key lookup', sql: 'SELECT * FROM orders WHERE user_id = 4711', good: 'orders (user_id)' },
  {
    name: 'join from a filtered parent',
    sql: "SELECT o.id, o.amount FROM users u JOIN orders o ON o.user_id = u.id WHERE u.email = 'user77@example.org'",
    good: 'orders (user_id)',
  },
  { name: 'rare value', sql: "SELECT * FROM orders WHERE status = 'failed'", good: 'orders (status)' },
  {
    name: 'two equalities',
    sql: "SELECT * FROM orders WHERE user_id = 4711 AND status = 'open'",
    good: 'orders (user_id, status)',
  },
  {
    name: 'newest first with a limit',
    sql: 'SELECT * FROM orders ORDER BY created_at DESC LIMIT 20',
    good: 'orders (created_at)',
  },
  {
    name: 'newest of one parent',
    sql: 'SELECT * FROM orders WHERE user_id = 4711 ORDER BY created_at DESC LIMIT 10',
    good: 'orders (user_id, created_at)',
  },
  {
    name: 'partial',
    sql: "SELECT id FROM orders WHERE is_flagged AND status = 'open' AND amount > 9000",
    good: "orders (amount) WHERE is_flagged AND status = 'open'",
  },
  {
    name: 'expression',
    sql: "SELECT * FROM users WHERE lower(email) = 'user4712@example.org'",
    good: 'users (lower(email))',
  },
  {
    name: 'prefix pattern',
    sql: "SELECT * FROM users WHERE email LIKE 'user471%'",
    good: 'users (email text_pattern_ops)',
  },
  {
    name: 'document contains',
    sql: `SELECT id FROM events WHERE data @> '{"sku": "S17"}'`,
    good: 'events USING gin (data jsonb_path_ops)',
  },
  {
    name: 'covering',
    sql: 'SELECT sum(amount) FROM orders WHERE user_id BETWEEN 1000 AND 3000',
    good: 'orders (user_id) INCLUDE (amount)',
  },
  {
    name: 'range of a table in order',
    sql: "SELECT count(*) FROM events WHERE at >= '2024-02-01' AND at < '2024-02-03'",
    good: 'events USING brin (at)',
  },
  {
    name: 'three-way join',
    sql: `SELECT u.email, e.kind FROM users u JOIN orders o ON o.user_id = u.id JOIN events e ON e.order_id = o.id WHERE u.id = 815`,
    good: 'orders (user_id)',
  },
  {
    name: 'list of values',
    sql: 'SELECT * FROM events WHERE order_id IN (5, 50, 500, 5000)',
    good: 'events (order_id)',
  },
  {
    name: 'counted by value',
    sql: 'SELECT status, count(*) FROM orders GROUP BY status',
    good: 'orders (status)',
  },
  {
    name: 'still open, oldest first',
    sql: 'SELECT id, created_at FROM orders WHERE shipped_at IS NULL ORDER BY created_at LIMIT 50',
    good: 'orders (created_at) WHERE shipped_at IS NULL',
  },
];
