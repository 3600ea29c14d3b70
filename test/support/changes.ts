/** One change of a schema and what its migration has to say. */
export interface SchemaChange {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly says: readonly string[];
  /** What it must not say. */
  readonly never?: string;
  readonly renames?: readonly { readonly from: string; readonly to: string }[];
  /** All the hazards of its statements. */
  readonly hazards?: readonly string[];
}

const USERS = 'CREATE TABLE users (id integer PRIMARY KEY, email text, age varchar(10));';
const ORDERS = 'CREATE TABLE orders (id integer PRIMARY KEY, user_id integer, note text);';

const NORM = (body: string, name = 'norm'): string =>
  `CREATE FUNCTION ${name}(x text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT ${body}';`;

/** The kinds of change that people make one at a time, with the ones that tools are known to get wrong. */
export const CHANGES: readonly SchemaChange[] = [
  {
    name: 'a nullable column is added',
    before: USERS,
    after: `${USERS} ALTER TABLE users ADD COLUMN bio text;`,
    says: ['ALTER TABLE public.users ADD COLUMN bio text'],
  },
  {
    name: 'a text default keeps its case',
    before: USERS,
    after: `${USERS} ALTER TABLE users ADD COLUMN role text DEFAULT 'Member, no name' NOT NULL;`,
    says: [`ADD COLUMN role text NOT NULL DEFAULT 'Member, no name'::text`],
  },
  { name: 'a table is added', before: USERS, after: USERS + ORDERS, says: ['CREATE TABLE public.orders'] },
  {
    name: 'a table with everything on it is dropped',
    before: `${USERS} CREATE TABLE pets (id serial PRIMARY KEY, owner integer NOT NULL REFERENCES users ON DELETE CASCADE,
      name text DEFAULT 'Rex' CHECK (name <> '')); CREATE INDEX pets_owner ON pets (owner) WHERE name IS NOT NULL;
      COMMENT ON TABLE pets IS 'animals';`,
    after: USERS,
    says: ['DROP TABLE public.pets'],
  },
  {
    name: 'an index on a table in use is built beside the traffic',
    before: USERS,
    after: `${USERS} CREATE INDEX users_email ON users (lower(email));`,
    says: ['CREATE INDEX CONCURRENTLY users_email'],
  },
  {
    name: 'the predicate of an index changes under its name',
    before: `${USERS} CREATE INDEX users_email ON users (email) WHERE age IS NULL;`,
    after: `${USERS} CREATE INDEX users_email ON users (email) WHERE age IS NOT NULL;`,
    says: ['DROP INDEX CONCURRENTLY IF EXISTS public.users_email', 'RENAME TO users_email'],
  },
  {
    name: 'two new tables refer to each other',
    before: USERS,
    after: `${USERS} CREATE TABLE a (id integer PRIMARY KEY); CREATE TABLE b (id integer PRIMARY KEY, a integer REFERENCES a);
      ALTER TABLE a ADD COLUMN b integer REFERENCES b;`,
    says: ['FOREIGN KEY (b) REFERENCES public.b(id)', 'FOREIGN KEY (a) REFERENCES public.a(id)'],
  },
  {
    name: 'a foreign key on a table in use is validated later',
    before: USERS + ORDERS,
    after: `${USERS}${ORDERS} ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users;`,
    says: ['NOT VALID', 'VALIDATE CONSTRAINT orders_user_id_fkey'],
  },
  {
    name: 'a check on a table in use is validated later',
    before: USERS,
    after: `${USERS} ALTER TABLE users ADD CONSTRAINT adult CHECK (age > '17');`,
    says: ['NOT VALID', 'VALIDATE CONSTRAINT adult'],
  },
  {
    name: 'a unique constraint on a table in use takes over an index',
    before: USERS,
    after: `${USERS} ALTER TABLE users ADD CONSTRAINT one_email UNIQUE (email);`,
    says: ['CREATE UNIQUE INDEX CONCURRENTLY one_email', 'UNIQUE USING INDEX one_email'],
  },
  {
    name: 'a primary key is added',
    before: 'CREATE TABLE t (a integer NOT NULL);',
    after: 'CREATE TABLE t (a integer NOT NULL PRIMARY KEY);',
    says: ['PRIMARY KEY USING INDEX t_pkey'],
  },
  {
    name: 'a column becomes NOT NULL by way of a validated check',
    before: USERS,
    after: USERS.replace('email text', 'email text NOT NULL'),
    says: ['VALIDATE CONSTRAINT', 'ALTER COLUMN email SET NOT NULL', 'DROP CONSTRAINT'],
  },
  {
    name: 'a default changes',
    before: USERS.replace('email text', `email text DEFAULT 'a'`),
    after: USERS.replace('email text', `email text DEFAULT 'b'`),
    says: [`SET DEFAULT 'b'::text`],
  },
  {
    name: 'a varchar is widened without USING',
    before: USERS,
    after: USERS.replace('varchar(10)', 'varchar(20)'),
    says: ['ALTER COLUMN age TYPE character varying(20)'],
  },
  {
    name: 'a text column becomes an integer',
    before: USERS,
    after: USERS.replace('varchar(10)', 'integer'),
    says: ['TYPE integer USING age::integer'],
  },
  {
    name: 'a type changes under a view and what is granted on it',
    before: `${USERS} CREATE ROLE reader; CREATE VIEW ages AS SELECT age FROM users; GRANT SELECT ON ages TO reader;
      COMMENT ON VIEW ages IS 'how old';`,
    after: `${USERS.replace('varchar(10)', 'text')} CREATE ROLE reader; CREATE VIEW ages AS SELECT age FROM users;
      GRANT SELECT ON ages TO reader; COMMENT ON VIEW ages IS 'how old';`,
    says: [
      'DROP VIEW public.ages',
      'CREATE VIEW public.ages',
      'GRANT SELECT ON TABLE public.ages TO reader',
      'how old',
    ],
  },
  {
    name: 'a type changes under a trigger, a policy and a generated column',
    before: `${USERS} CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TRIGGER watch BEFORE UPDATE OF age ON users FOR EACH ROW EXECUTE FUNCTION f();
      CREATE POLICY own ON users USING (age <> '1'); ALTER TABLE users ADD COLUMN size integer GENERATED ALWAYS AS (length(age)) STORED;`,
    after: `${USERS.replace('varchar(10)', 'text')} CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TRIGGER watch BEFORE UPDATE OF age ON users FOR EACH ROW EXECUTE FUNCTION f();
      CREATE POLICY own ON users USING (age <> '1'); ALTER TABLE users ADD COLUMN size integer GENERATED ALWAYS AS (length(age)) STORED;`,
    says: ['DROP TRIGGER watch', 'DROP POLICY own', 'CREATE TRIGGER watch'],
  },
  {
    name: 'a label is added to an enum',
    before: `CREATE TYPE mood AS ENUM ('sad', 'happy');`,
    after: `CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');`,
    says: [`ADD VALUE 'ok' AFTER 'sad'`],
  },
  {
    name: 'a label goes from an enum that a default, an index and a function use',
    before: `CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy'); CREATE TABLE t (m mood DEFAULT 'ok', l mood[]);
      CREATE INDEX t_m ON t (m) WHERE m = 'happy'; CREATE FUNCTION f(mood) RETURNS mood LANGUAGE sql AS 'SELECT $1';`,
    after: `CREATE TYPE mood AS ENUM ('sad', 'happy'); CREATE TABLE t (m mood DEFAULT 'sad', l mood[]);
      CREATE INDEX t_m ON t (m) WHERE m = 'happy'; CREATE FUNCTION f(mood) RETURNS mood LANGUAGE sql AS 'SELECT $1';`,
    says: ['RENAME TO "mood__old"', 'USING m::text::public.mood', 'USING l::text::public.mood[]'],
  },
  {
    name: 'a view changes its columns under another view',
    before: `${USERS} CREATE VIEW a AS SELECT id, email FROM users; CREATE VIEW b AS SELECT id FROM a;`,
    after: `${USERS} CREATE VIEW a AS SELECT email, id FROM users; CREATE VIEW b AS SELECT id FROM a;`,
    says: ['DROP VIEW public.b', 'CREATE VIEW public.b'],
  },
  {
    name: 'a column that a view shows is dropped',
    before: `${USERS} CREATE VIEW a AS SELECT id, email FROM users;`,
    after: `CREATE TABLE users (id integer PRIMARY KEY, age varchar(10)); CREATE VIEW a AS SELECT id FROM users;`,
    says: ['DROP VIEW public.a', 'DROP COLUMN email'],
  },
  {
    name: 'an index name moves to another table',
    before: `${USERS}${ORDERS} CREATE INDEX by_text ON users (email);`,
    after: `${USERS}${ORDERS} CREATE INDEX by_text ON orders (note);`,
    says: ['DROP INDEX CONCURRENTLY IF EXISTS public.by_text', 'ON public.orders USING btree (note)'],
  },
  {
    name: 'a function changes its result under a default',
    before: `CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (a bigint DEFAULT f());`,
    after: `CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'; CREATE TABLE t (a bigint DEFAULT f());`,
    says: ['DROP FUNCTION public.f()', 'CREATE FUNCTION public.f()'],
  },
  {
    name: 'a partition and an index over all partitions are added',
    before: `CREATE TABLE m (at date, v text) PARTITION BY RANGE (at); CREATE TABLE m1 PARTITION OF m FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');`,
    after: `CREATE TABLE m (at date, v text) PARTITION BY RANGE (at); CREATE TABLE m1 PARTITION OF m FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
      CREATE TABLE m2 PARTITION OF m FOR VALUES FROM ('2026-02-01') TO ('2026-03-01'); CREATE INDEX m_v ON m (v);`,
    says: ['ATTACH PARTITION public.m2', 'CREATE INDEX m_v ON ONLY public.m'],
  },
  {
    name: 'a column is renamed under a view, a check and a key',
    before: `CREATE TABLE users (id integer PRIMARY KEY, name text CHECK (name <> ''), CONSTRAINT one UNIQUE (name)); CREATE VIEW v AS SELECT name FROM users;`,
    after: `CREATE TABLE users (id integer PRIMARY KEY, full_name text CHECK (full_name <> ''), CONSTRAINT one UNIQUE (full_name)); CREATE VIEW v AS SELECT full_name FROM users;`,
    renames: [{ from: 'users.name', to: 'full_name' }],
    says: ['RENAME COLUMN name TO full_name', 'RENAME CONSTRAINT users_name_check TO users_full_name_check'],
    never: 'DROP CO',
  },
  {
    name: 'a table is renamed with what is named after it',
    before: `${USERS} CREATE INDEX users_age ON users (age); ${ORDERS} ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users;`,
    after: `${USERS.replace('users', 'people')} CREATE INDEX people_age ON people (age); ${ORDERS} ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES people;`,
    renames: [{ from: 'users', to: 'people' }],
    says: [
      'ALTER TABLE public.users RENAME TO people',
      'RENAME CONSTRAINT users_pkey TO people_pkey',
      'RENAME TO people_age',
    ],
    never: 'DROP',
  },
  {
    name: 'a primary key and an index change their names and nothing else',
    before: 'CREATE TABLE t (a integer CONSTRAINT old_key PRIMARY KEY); CREATE INDEX old_index ON t (a);',
    after: 'CREATE TABLE t (a integer CONSTRAINT new_key PRIMARY KEY); CREATE INDEX new_index ON t (a);',
    says: ['RENAME CONSTRAINT old_key TO new_key', 'RENAME TO new_index'],
    never: 'DROP',
  },
  {
    name: 'a collation is made anew and its columns keep their values',
    before: `CREATE COLLATION c (provider = icu, locale = 'en'); CREATE TABLE t (a text COLLATE c);`,
    after: `CREATE COLLATION c (provider = icu, locale = 'de'); CREATE TABLE t (a text COLLATE c);`,
    says: ['ALTER COLUMN a TYPE text COLLATE public.c'],
    never: 'DROP COLUMN',
  },
  {
    name: 'what is made anew belongs to who had it before',
    before: `CREATE TABLE t (a integer, b text); CREATE VIEW v AS SELECT a, b FROM t; CREATE VIEW w AS SELECT a FROM v;
      CREATE FUNCTION f(x integer) RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT x';
      CREATE TYPE kind AS ENUM ('a', 'b'); ALTER VIEW w OWNER TO "the boss"; ALTER FUNCTION f OWNER TO boss; ALTER TYPE kind OWNER TO boss;`,
    after: `CREATE TABLE t (a integer, b text); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v;
      CREATE FUNCTION f(y integer) RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT y'; CREATE TYPE kind AS ENUM ('b', 'a');`,
    says: [
      'ALTER VIEW public.w OWNER TO "the boss"',
      'ALTER FUNCTION public.f(y integer) OWNER TO boss',
      'ALTER TYPE public.kind OWNER TO boss',
    ],
    never: 'ALTER VIEW public.v OWNER',
  },
  {
    name: 'a serial becomes an identity',
    before: 'CREATE TABLE t (id serial PRIMARY KEY);',
    after: 'CREATE TABLE t (id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY);',
    says: ['GENERATED BY DEFAULT AS IDENTITY'],
  },
  {
    name: 'a column is NOT NULL that a check has long proved',
    before: `${USERS} ALTER TABLE users ADD CHECK (email IS NOT NULL);`,
    after: `${USERS} ALTER TABLE users ADD CHECK (email IS NOT NULL); ALTER TABLE users ALTER email SET NOT NULL;`,
    says: ['ALTER COLUMN email SET NOT NULL'],
    never: 'VALIDATE CONSTRAINT',
  },
  {
    name: 'a composite type gains a field under a function',
    before:
      'CREATE TYPE pair AS (a int); CREATE FUNCTION first_of(p pair) RETURNS int LANGUAGE sql RETURN (p).a;',
    after:
      'CREATE TYPE pair AS (a int, b text); CREATE FUNCTION first_of(p pair) RETURNS int LANGUAGE sql RETURN (p).a;',
    says: ['ADD ATTRIBUTE b text'],
    never: 'FUNCTION',
  },
  {
    name: 'a policy, a unique constraint, a column of a view and a privilege go',
    before: `${USERS} ALTER TABLE users ADD UNIQUE (email); CREATE POLICY own ON users USING (email = current_user);
      CREATE VIEW v AS SELECT id, email FROM users; GRANT SELECT, INSERT ON users TO PUBLIC;`,
    after: `${USERS} CREATE VIEW v AS SELECT id FROM users; GRANT SELECT ON users TO PUBLIC;`,
    says: ['DROP POLICY own', 'DROP CONSTRAINT users_email_key', 'REVOKE INSERT'],
    hazards: ['breaks-clients', 'changes-access', 'weaker-rules'],
  },
  {
    name: 'a policy, a view and a trigger are made anew around a column and are what they were',
    before: `${USERS} CREATE POLICY small ON users USING (age <> ''); CREATE VIEW v AS SELECT age FROM users;
      CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TRIGGER aged BEFORE UPDATE OF age ON users FOR EACH ROW EXECUTE FUNCTION f();`,
    after: `${USERS.replace('varchar(10)', 'varchar(20)')} CREATE POLICY small ON users USING (age <> '');
      CREATE VIEW v AS SELECT age FROM users;
      CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TRIGGER aged BEFORE UPDATE OF age ON users FOR EACH ROW EXECUTE FUNCTION f();`,
    says: ['DROP POLICY small', 'CREATE POLICY small', 'CREATE VIEW public.v'],
    hazards: [],
  },
  {
    name: 'what owners grant themselves adds nothing, and what they take from themselves is not compared',
    before: 'CREATE TABLE ledger (a int); ALTER TABLE ledger OWNER TO keeper;',
    after: `CREATE TABLE ledger (a int); ALTER TABLE ledger OWNER TO keeper;
      REVOKE DELETE ON ledger FROM keeper; GRANT SELECT ON ledger TO keeper, reader WITH GRANT OPTION;
      CREATE TYPE tone AS ENUM ('low'); ALTER TYPE tone OWNER TO keeper; GRANT USAGE ON TYPE tone TO keeper WITH GRANT OPTION;
      CREATE TABLE entries (a int); ALTER TABLE entries OWNER TO keeper; REVOKE UPDATE ON entries FROM keeper;`,
    says: ['GRANT SELECT ON TABLE public.ledger TO reader WITH GRANT OPTION'],
    never: 'keeper',
  },
  {
    name: 'a function whose results are kept in an index gives something else',
    before: `${NORM('lower(x)')} ${USERS} CREATE INDEX users_norm ON users (norm(email));`,
    after: `${NORM('upper(x)')} ${USERS} CREATE INDEX users_norm ON users (norm(email));`,
    says: ['CREATE OR REPLACE FUNCTION public.norm'],
    hazards: ['stale-results'],
  },
  {
    name: 'a function whose results are kept in a column, a check and partitions gives something else',
    before: `${NORM('lower(x)')} CREATE TABLE t (a text CHECK (norm(a) <> ''), b text GENERATED ALWAYS AS (norm(a)) STORED);
      CREATE TABLE p (a text) PARTITION BY LIST (norm(a));`,
    after: `${NORM('upper(x)')} CREATE TABLE t (a text CHECK (norm(a) <> ''), b text GENERATED ALWAYS AS (norm(a)) STORED);
      CREATE TABLE p (a text) PARTITION BY LIST (norm(a));`,
    says: ['CREATE OR REPLACE FUNCTION public.norm'],
    hazards: ['stale-results'],
  },
  {
    name: 'what a function costs is no other result, and a view keeps none',
    before: `${NORM('lower(x)')} ${USERS} CREATE INDEX users_norm ON users (norm(email)); ${NORM('lower(x)', 'other')}
      CREATE VIEW v AS SELECT other(email) FROM users;`,
    after: `${NORM('lower(x)')} ALTER FUNCTION norm COST 9; ${USERS} CREATE INDEX users_norm ON users (norm(email));
      ${NORM('upper(x)', 'other')} CREATE VIEW v AS SELECT other(email) FROM users;`,
    says: ['COST 9', 'CREATE OR REPLACE FUNCTION public.other'],
    hazards: [],
  },
];
