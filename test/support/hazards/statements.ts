import type { Hazard } from '../../../src/database/index.ts';

/** One kind of statement and what is true of it, which a server with rows in its tables has to confirm. */
export interface StatementCase {
  readonly name: string;
  /** The schema before it. */
  readonly given: string;
  /** Rows, for the measurement only: the linter sees none. */
  readonly rows: string;
  readonly sql: string;
  /** The first major that knows it. */
  readonly since?: number;
  /** What is true of it among TRUTHS; empty: it stops nobody for long and loses nothing. */
  readonly is: readonly Hazard[];
}

/** The hazards that can be measured on a server; the others are about programs that are not there. */
export const TRUTHS: readonly Hazard[] = [
  'table-rewrite',
  'blocking-scan',
  'blocking-build',
  'blocking-refresh',
  'data-loss',
  'renames',
];

const USERS = `CREATE TABLE users (id integer PRIMARY KEY, email text, name varchar(20), amount numeric(10,2),
  seen timestamp, score integer, code char(3), net cidr, body text, zip text NOT NULL DEFAULT '1')`;
const USER_ROWS = `INSERT INTO users SELECT n, 'u' || n || '@example.org', 'name ' || n, n + 0.25, '2024-01-01 10:00:00.25', n, 'abc',
  '10.0.0.0/8', '{"n": ' || n || '}' FROM generate_series(1, 500) n`;
const ORDERS = `${USERS}; CREATE TABLE orders (id bigint PRIMARY KEY, user_id integer, total integer)`;
const ORDER_ROWS = `${USER_ROWS}; INSERT INTO orders SELECT n, n, n FROM generate_series(1, 500) n`;
const EVENTS = `CREATE TABLE events (id integer, at date) PARTITION BY RANGE (at);
  CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
  CREATE TABLE events_2025 (id integer, at date)`;
const EVENT_ROWS = `INSERT INTO events VALUES (1, '2024-05-05'); INSERT INTO events_2025 SELECT n, '2025-05-05' FROM generate_series(1, 500) n`;
const TOTALS = `${ORDERS}; CREATE MATERIALIZED VIEW totals AS SELECT id, total FROM orders; CREATE UNIQUE INDEX totals_id ON totals (id)`;

const inUsers = (name: string, sql: string, is: readonly Hazard[] = [], extra = ''): StatementCase => ({
  name,
  given: `${USERS}${extra === '' ? '' : `; ${extra}`}`,
  rows: USER_ROWS,
  sql,
  is,
});

const inOrders = (name: string, sql: string, is: readonly Hazard[] = [], extra = ''): StatementCase => ({
  name,
  given: `${ORDERS}${extra === '' ? '' : `; ${extra}`}`,
  rows: ORDER_ROWS,
  sql,
  is,
});

const inEvents = (name: string, sql: string, is: readonly Hazard[] = [], extra = ''): StatementCase => ({
  name,
  given: `${EVENTS}${extra === '' ? '' : `; ${extra}`}`,
  rows: EVENT_ROWS,
  sql,
  is,
});

const ofTotals = (name: string, sql: string, is: readonly Hazard[] = []): StatementCase => ({
  name,
  given: TOTALS,
  rows: `${ORDER_ROWS}; REFRESH MATERIALIZED VIEW totals`,
  sql,
  is,
});

const COLUMNS: readonly StatementCase[] = [
  inUsers('add a column', 'ALTER TABLE users ADD COLUMN a text'),
  inUsers('add a column with a constant default', 'ALTER TABLE users ADD COLUMN a integer DEFAULT 5'),
  inUsers('add a column with a stable default', 'ALTER TABLE users ADD COLUMN a timestamptz DEFAULT now()'),
  inUsers('add a NOT NULL column with a default', "ALTER TABLE users ADD COLUMN a text NOT NULL DEFAULT ''"),
  inUsers(
    'add a column with a volatile default',
    'ALTER TABLE users ADD COLUMN a uuid DEFAULT gen_random_uuid()',
    ['table-rewrite'],
  ),
  inUsers('add a bigserial column', 'ALTER TABLE users ADD COLUMN a bigserial', ['table-rewrite']),
  inUsers('add an identity column', 'ALTER TABLE users ADD COLUMN a bigint GENERATED ALWAYS AS IDENTITY', [
    'table-rewrite',
  ]),
  inUsers(
    'add a stored generated column',
    'ALTER TABLE users ADD COLUMN a integer GENERATED ALWAYS AS (score + 1) STORED',
    ['table-rewrite'],
  ),
  {
    ...inUsers(
      'add a virtual generated column',
      'ALTER TABLE users ADD COLUMN a integer GENERATED ALWAYS AS (score + 1) VIRTUAL',
    ),
    since: 18,
  },
  inUsers('add a column with a check', 'ALTER TABLE users ADD COLUMN a integer DEFAULT 1 CHECK (a > 0)', [
    'blocking-scan',
  ]),
  // There is nothing to look up for a column without a value.
  inOrders('add a column with a foreign key', 'ALTER TABLE orders ADD COLUMN a integer REFERENCES users'),
  inOrders(
    'add a column with a default and a foreign key',
    'ALTER TABLE orders ADD COLUMN a integer DEFAULT 1 REFERENCES users',
    ['blocking-scan'],
  ),
  inUsers('add a unique column', 'ALTER TABLE users ADD COLUMN a integer UNIQUE', ['blocking-build']),
  inUsers(
    'add a column of a checked domain',
    'ALTER TABLE users ADD COLUMN a positive',
    ['table-rewrite'],
    'CREATE DOMAIN positive AS integer CHECK (VALUE > 0)',
  ),
  inUsers('drop a column', 'ALTER TABLE users DROP COLUMN email', ['data-loss']),
  inUsers(
    'drop a generated column',
    'ALTER TABLE users DROP COLUMN twice',
    [],
    'ALTER TABLE users ADD COLUMN twice integer GENERATED ALWAYS AS (score * 2) STORED',
  ),
  inUsers('rename a column', 'ALTER TABLE users RENAME COLUMN email TO mail', ['renames']),
  inUsers('set a default', 'ALTER TABLE users ALTER COLUMN score SET DEFAULT 1'),
  inUsers('set the statistics target', 'ALTER TABLE users ALTER COLUMN score SET STATISTICS 500'),
  inUsers('set the storage', 'ALTER TABLE users ALTER COLUMN body SET STORAGE EXTERNAL'),
  inUsers('drop NOT NULL', 'ALTER TABLE users ALTER COLUMN zip DROP NOT NULL'),
  inUsers('set NOT NULL', 'ALTER TABLE users ALTER COLUMN score SET NOT NULL', ['blocking-scan']),
  inUsers(
    'set NOT NULL that a check proves',
    'ALTER TABLE users ALTER COLUMN score SET NOT NULL',
    [],
    'ALTER TABLE users ADD CHECK (score IS NOT NULL)',
  ),
  {
    ...inUsers(
      'add NOT NULL without validating',
      'ALTER TABLE users ADD CONSTRAINT n NOT NULL score NOT VALID',
    ),
    since: 18,
  },
];

const to = (column: string, type: string, extra = ''): string =>
  `ALTER TABLE users ALTER COLUMN ${column} TYPE ${type}${extra}`;

const TYPES: readonly StatementCase[] = [
  inUsers('varchar(20) to varchar(50)', to('name', 'varchar(50)')),
  inUsers('varchar(20) to text', to('name', 'text')),
  inUsers('indexed varchar(20) to text', to('name', 'text'), [], 'CREATE INDEX ON users (name)'),
  inUsers('text to varchar', to('email', 'varchar')),
  inUsers('text to varchar(100)', to('email', 'varchar(100)'), ['table-rewrite']),
  inUsers('varchar(20) to varchar(10)', to('name', 'varchar(10)'), ['table-rewrite']),
  inUsers('text to varchar(5) with an explicit cast', to('email', 'varchar(5)', ' USING email::varchar(5)'), [
    'table-rewrite',
    'data-loss',
  ]),
  inUsers('numeric(10,2) to numeric(12,2)', to('amount', 'numeric(12,2)')),
  inUsers('numeric(10,2) to numeric', to('amount', 'numeric')),
  inUsers('numeric(10,2) to numeric(12,3)', to('amount', 'numeric(12,3)'), ['table-rewrite']),
  inUsers('numeric(10,2) to numeric(10,1)', to('amount', 'numeric(10,1)'), ['table-rewrite', 'data-loss']),
  inUsers('numeric(10,2) to integer', to('amount', 'integer'), ['table-rewrite', 'data-loss']),
  inUsers('integer to bigint', to('score', 'bigint'), ['table-rewrite']),
  inUsers('integer to text', to('score', 'text'), ['table-rewrite']),
  inUsers('timestamp to timestamptz under UTC', `SET timezone = 'UTC'; ${to('seen', 'timestamptz')}`),
  inUsers(
    'timestamp to timestamptz elsewhere',
    `SET timezone = 'Europe/Berlin'; ${to('seen', 'timestamptz')}`,
    ['table-rewrite'],
  ),
  inUsers('timestamp to date', to('seen', 'date'), ['table-rewrite', 'data-loss']),
  inUsers('timestamp to timestamp(0)', to('seen', 'timestamp(0)'), ['table-rewrite', 'data-loss']),
  inUsers('char(3) to text', to('code', 'text'), ['table-rewrite']),
  inUsers('cidr to inet', to('net', 'inet')),
  inUsers('text to jsonb', to('body', 'jsonb', ' USING body::jsonb'), ['table-rewrite']),
];

const CONSTRAINTS: readonly StatementCase[] = [
  inUsers('add a check', 'ALTER TABLE users ADD CONSTRAINT c CHECK (score > 0)', ['blocking-scan']),
  inUsers('add a check NOT VALID', 'ALTER TABLE users ADD CONSTRAINT c CHECK (score > 0) NOT VALID'),
  inUsers(
    'validate a check',
    'ALTER TABLE users VALIDATE CONSTRAINT c',
    [],
    'ALTER TABLE users ADD CONSTRAINT c CHECK (score > 0) NOT VALID',
  ),
  inOrders(
    'add a foreign key',
    'ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (user_id) REFERENCES users',
    ['blocking-scan'],
  ),
  inOrders(
    'add a foreign key NOT VALID',
    'ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (user_id) REFERENCES users NOT VALID',
  ),
  inOrders(
    'validate a foreign key',
    'ALTER TABLE orders VALIDATE CONSTRAINT f',
    [],
    'ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (user_id) REFERENCES users NOT VALID',
  ),
  inUsers('add a unique constraint', 'ALTER TABLE users ADD CONSTRAINT u UNIQUE (email)', ['blocking-build']),
  inUsers(
    'add a unique constraint from an index',
    'ALTER TABLE users ADD CONSTRAINT u UNIQUE USING INDEX ui',
    [],
    'CREATE UNIQUE INDEX ui ON users (email)',
  ),
  inOrders(
    'add a primary key',
    'ALTER TABLE orders ADD PRIMARY KEY (id)',
    ['blocking-build'],
    'ALTER TABLE orders DROP CONSTRAINT orders_pkey',
  ),
  inUsers(
    'add an exclusion constraint',
    'ALTER TABLE users ADD CONSTRAINT x EXCLUDE USING btree (score WITH =)',
    ['blocking-build'],
  ),
  inUsers(
    'drop a constraint',
    'ALTER TABLE users DROP CONSTRAINT c',
    [],
    'ALTER TABLE users ADD CONSTRAINT c CHECK (score > 0)',
  ),
  {
    ...inUsers(
      'add a check to a domain in use',
      'ALTER DOMAIN positive ADD CHECK (VALUE > 0)',
      ['blocking-scan'],
      'CREATE DOMAIN positive AS integer; ALTER TABLE users ADD COLUMN p positive',
    ),
  },
];

const INDEXES: readonly StatementCase[] = [
  inUsers('create an index', 'CREATE INDEX i ON users (email)', ['blocking-build']),
  inUsers('create an index concurrently', 'CREATE INDEX CONCURRENTLY i ON users (email)'),
  inUsers('create a unique index concurrently', 'CREATE UNIQUE INDEX CONCURRENTLY i ON users (email)'),
  inUsers('drop an index', 'DROP INDEX i', [], 'CREATE INDEX i ON users (email)'),
  inUsers('drop an index concurrently', 'DROP INDEX CONCURRENTLY i', [], 'CREATE INDEX i ON users (email)'),
  inUsers('reindex a table', 'REINDEX TABLE users', ['blocking-build'], 'CREATE INDEX i ON users (email)'),
  inUsers(
    'reindex an index concurrently',
    'REINDEX INDEX CONCURRENTLY i',
    [],
    'CREATE INDEX i ON users (email)',
  ),
];

const TABLES: readonly StatementCase[] = [
  inUsers('set unlogged', 'ALTER TABLE users SET UNLOGGED', ['table-rewrite']),
  inUsers('set logged', 'ALTER TABLE users SET LOGGED', ['table-rewrite'], 'ALTER TABLE users SET UNLOGGED'),
  inUsers('set a storage parameter', 'ALTER TABLE users SET (fillfactor = 70)'),
  inUsers('cluster', 'CLUSTER users USING users_pkey', ['table-rewrite']),
  inUsers('vacuum full', 'VACUUM FULL users', ['table-rewrite']),
  inUsers('vacuum', 'VACUUM users'),
  inUsers('truncate', 'TRUNCATE users', ['data-loss']),
  inUsers('drop a table', 'DROP TABLE users', ['data-loss']),
  inUsers('rename a table', 'ALTER TABLE users RENAME TO people', ['renames']),
  inUsers(
    'create a trigger',
    'CREATE TRIGGER t BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()',
  ),
  inUsers('enable row security', 'ALTER TABLE users ENABLE ROW LEVEL SECURITY'),
  inUsers('create a table that refers', 'CREATE TABLE new (user_id integer REFERENCES users)'),
  inUsers(
    'add a value to an enum',
    "ALTER TYPE mood ADD VALUE 'happy'",
    [],
    "CREATE TYPE mood AS ENUM ('sad'); ALTER TABLE users ADD COLUMN m mood",
  ),
  inEvents(
    'attach a partition',
    "ALTER TABLE events ATTACH PARTITION events_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
    ['blocking-scan'],
  ),
  inEvents(
    'attach a partition that a check proves',
    "ALTER TABLE events ATTACH PARTITION events_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
    [],
    "ALTER TABLE events_2025 ADD CHECK (at IS NOT NULL AND at >= '2025-01-01' AND at < '2026-01-01')",
  ),
  inEvents('detach a partition', 'ALTER TABLE events DETACH PARTITION events_2024'),
  {
    ...inEvents(
      'detach a partition concurrently',
      'ALTER TABLE events DETACH PARTITION events_2024 CONCURRENTLY',
    ),
    since: 14,
  },
  ofTotals('refresh a materialized view', 'REFRESH MATERIALIZED VIEW totals', ['blocking-refresh']),
  ofTotals('refresh a materialized view concurrently', 'REFRESH MATERIALIZED VIEW CONCURRENTLY totals'),
  ofTotals('drop a materialized view', 'DROP MATERIALIZED VIEW totals'),
];

/** The kinds of statement that migrations are made of. */
export const STATEMENT_CASES: readonly StatementCase[] = [
  ...COLUMNS,
  ...TYPES,
  ...CONSTRAINTS,
  ...INDEXES,
  ...TABLES,
];
