import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { HAZARDS } from '../src/database/index.ts';
import { SNAPSHOT } from './support/database.ts';
import { readText } from './support/repository.ts';
import { runLine } from './support/run-line.ts';
import { schemaValidator } from './support/schema.ts';
import { folderWith } from './support/scratch-folder.ts';

const validate = schemaValidator('db-lint');

const FILES = {
  'schema.sql': `CREATE TABLE users (id integer PRIMARY KEY, email text, name varchar(20));
    CREATE TABLE orders (id integer PRIMARY KEY, user_id integer);
    CREATE VIEW mails AS SELECT email FROM users;
    CREATE DOMAIN zip AS text; CREATE TABLE places (code zip);`,
  'safe.sql': `SET lock_timeout = '2s';
ALTER TABLE users ADD COLUMN age integer;
ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (user_id) REFERENCES users NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT f;
CREATE INDEX CONCURRENTLY orders_user ON orders (user_id);
CREATE TABLE fresh (id integer PRIMARY KEY, at timestamptz);
CREATE INDEX ON fresh (at);
ALTER TABLE fresh ALTER COLUMN at SET NOT NULL;
DROP TABLE fresh;
DROP VIEW mails;
CREATE VIEW mails AS SELECT email FROM users;`,
  'bad.sql': `BEGIN;
ALTER TABLE orders ADD CONSTRAINT positive CHECK (id > 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT positive;
COMMIT;
DO $$ BEGIN
  EXECUTE 'ALTER TABLE users ADD COLUMN number bigserial';
END $$;
DROP TABLE users CASCADE;`,
  'broken.sql': `ALTER TABLE users ADD COLUMN a integer;
BEGIN;
CREATE INDEX CONCURRENTLY i ON users (a);
COMMIT;
ALTER TABLE users ALTER COLUMN nosuch SET NOT NULL;`,
};

/** What programs may rely on that is no column. */
const BESIDE = `CREATE ROLE guest; CREATE SCHEMA inside; CREATE EXTENSION hstore;
  CREATE TYPE mood AS ENUM ('sad'); CREATE TYPE spot AS (x int, y int); CREATE DOMAIN age AS int NOT NULL;
  CREATE TABLE inside.old (x int);
  CREATE TABLE top (id int PRIMARY KEY, code text, need int NOT NULL DEFAULT 1, mood mood, at spot, age age, small int CHECK (small > 0));
  CREATE UNIQUE INDEX top_code ON top (code); CREATE TABLE under (top int CONSTRAINT under_fk REFERENCES top); CREATE TABLE also (top int REFERENCES top); CREATE TABLE heir () INHERITS (also); CREATE TABLE more (top int REFERENCES top); CREATE TABLE documents (b jsonb);
  CREATE TABLE guarded (x int); ALTER TABLE guarded ENABLE ROW LEVEL SECURITY; CREATE POLICY few ON guarded USING (x > 0);
  CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER t BEFORE INSERT ON under FOR EACH ROW EXECUTE FUNCTION f(); CREATE RULE r AS ON DELETE TO under DO ALSO NOTHING;
  CREATE FUNCTION norm(x text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT lower(x)'; CREATE INDEX loose_norm ON guarded (norm(x::text));
  CREATE FUNCTION free(x text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT lower(x)';
  CREATE TRIGGER t BEFORE INSERT ON also FOR EACH ROW EXECUTE FUNCTION f();
  CREATE VIEW seen AS SELECT id FROM top; CREATE TABLE moved (x int);
  CREATE TABLE parent (id int) PARTITION BY RANGE (id); CREATE TABLE part PARTITION OF parent FOR VALUES FROM (0) TO (9); CREATE TABLE loose (id int);`;

/** Each statement behind those before it, and the hazards it has. */
const SAID_OF_EACH: readonly (readonly [sql: string, hazards: string])[] = [
  ["SET lock_timeout = '2s'", ''],
  ['ALTER TYPE mood RENAME TO feeling', 'renames'],
  ['ALTER TYPE spot SET SCHEMA inside', 'renames'],
  ['ALTER TYPE inside.spot RENAME ATTRIBUTE y TO z', 'renames'],
  ['ALTER TYPE inside.spot DROP ATTRIBUTE x CASCADE', 'data-loss'],
  ['ALTER SCHEMA inside RENAME TO within', 'renames'],
  ['ALTER VIEW seen RENAME COLUMN id TO number', 'renames'],
  ['ALTER DOMAIN age DROP NOT NULL', 'weaker-rules'],
  ['ALTER TABLE top ALTER COLUMN need DROP DEFAULT', 'required-column'],
  ['CREATE UNIQUE INDEX CONCURRENTLY again ON top (code)', ''],
  ['DROP INDEX CONCURRENTLY again', ''],
  ['DROP INDEX top_code', 'weaker-rules'],
  ['REINDEX TABLE CONCURRENTLY top', ''],
  ['ALTER TABLE top ALTER COLUMN small TYPE bigint', 'table-rewrite type-change'],
  ['ALTER TABLE top ADD CONSTRAINT filled NOT NULL small NOT VALID', ''],
  ['ALTER TABLE top VALIDATE CONSTRAINT filled', 'may-fail'],
  ['ALTER TABLE top ADD COLUMN other int UNIQUE REFERENCES top', 'blocking-build'],
  [
    'ALTER TABLE also DROP CONSTRAINT also_top_fkey, ADD CONSTRAINT other FOREIGN KEY (top) REFERENCES top ON DELETE CASCADE',
    'blocking-scan',
  ],
  [
    'ALTER TABLE more DROP CONSTRAINT more_top_fkey, ADD CONSTRAINT other FOREIGN KEY (top) REFERENCES top NOT VALID',
    'weaker-rules',
  ],
  ['ALTER TABLE under ALTER CONSTRAINT under_fk NOT ENFORCED', 'weaker-rules'],
  ['ALTER TABLE documents ALTER COLUMN b TYPE json', 'table-rewrite type-change'],
  ['ALTER TABLE documents ALTER COLUMN b TYPE jsonb', 'may-fail table-rewrite type-change'],
  ['CREATE OR REPLACE TRIGGER t AFTER INSERT ON under FOR EACH ROW EXECUTE FUNCTION f()', 'changes-access'],
  ['CREATE OR REPLACE RULE r AS ON DELETE TO under DO INSTEAD NOTHING', 'changes-access'],
  ['ALTER TABLE under DISABLE RULE r', 'changes-access'],
  ['ALTER TABLE moved DISABLE TRIGGER ALL', ''],
  ['ALTER TABLE top DISABLE TRIGGER USER', ''],
  ['ALTER TABLE also DISABLE TRIGGER ALL', 'changes-access weaker-rules'],
  ['ALTER TABLE also ENABLE TRIGGER ALL', 'changes-access'],
  ['ALTER TABLE top DISABLE TRIGGER ALL', 'weaker-rules'],
  ['ALTER TABLE top ENABLE TRIGGER ALL', ''],
  ['SET session_replication_role = replica', 'weaker-rules'],
  ['SET session_replication_role = DEFAULT', ''],
  ["SELECT set_config('session_replication_role', 'replica', true)", 'weaker-rules'],
  ['ALTER TABLE under RENAME TO below', 'renames'],
  ['ALTER POLICY few ON guarded TO guest', 'changes-access'],
  ['ALTER TABLE guarded FORCE ROW LEVEL SECURITY', 'changes-access'],
  ['ALTER TABLE guarded DISABLE ROW LEVEL SECURITY', 'changes-access'],
  ['ALTER FUNCTION f() SECURITY DEFINER', 'changes-access'],
  [
    "CREATE OR REPLACE FUNCTION norm(x text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT upper(x)'",
    'stale-results',
  ],
  [
    "CREATE OR REPLACE FUNCTION norm(x text) RETURNS text IMMUTABLE LANGUAGE sql COST 9 AS 'SELECT upper(x)'",
    '',
  ],
  ["CREATE OR REPLACE FUNCTION free(x text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT upper(x)'", ''],
  ['ALTER VIEW seen SET (security_invoker = true)', 'changes-access'],
  ['ALTER VIEW seen SET (security_barrier = true)', ''],
  ['ALTER TABLE guarded OWNER TO guest', 'changes-access'],
  ['ALTER TABLE moved RENAME TO moved_away', ''],
  ['CREATE VIEW moved AS SELECT * FROM moved_away', ''],
  ['ALTER TABLE parent RENAME TO whole', 'renames'],
  ['ALTER TABLE whole DETACH PARTITION part CONCURRENTLY', 'changes-access'],
  ['ALTER TABLE heir NO INHERIT also', 'changes-access'],
  ['ALTER TABLE heir INHERIT also', ''],
  ['ALTER TABLE whole ATTACH PARTITION loose FOR VALUES FROM (20) TO (30)', 'blocking-scan may-fail'],
  ['TRUNCATE top CASCADE', 'cascade data-loss'],
  ['DROP EXTENSION hstore', 'breaks-clients'],
  ['DROP DATABASE elsewhere', 'data-loss'],
  ['DROP OWNED BY guest', 'changes-access data-loss'],
];

/** Statements that write rows, the table that loses all of its rows, and the one of which every row is written. */
const WRITES: readonly (readonly [sql: string, lost?: string, written?: string])[] = [
  ['DELETE FROM posts WHERE true', 'public.posts'],
  ['DELETE FROM posts AS p WHERE 1 = 1 AND p.id IS NOT NULL', 'public.posts'],
  ['DELETE FROM posts WHERE at IS NOT NULL'],
  ['DELETE FROM posts WHERE false'],
  ['DELETE FROM posts WHERE EXISTS (SELECT FROM users)', 'public.posts'],
  ['DELETE FROM posts WHERE id IN (SELECT id FROM users)'],
  ['DELETE FROM posts WHERE ctid IN (SELECT ctid FROM posts LIMIT 1000)'],
  ['DELETE FROM posts USING users', 'public.posts'],
  ['DELETE FROM posts USING users u WHERE u.id = 5', 'public.posts'],
  ['DELETE FROM posts USING users u WHERE u.id = posts.author'],
  ['DELETE FROM posts USING users u WHERE u.id = 5 AND posts.author < u.id'],
  ['WITH d AS (DELETE FROM posts RETURNING id) SELECT count(*) FROM d', 'public.posts'],
  ['WITH d AS (DELETE FROM posts WHERE id < 9 RETURNING id) SELECT count(*) FROM d'],
  ['WITH d AS (DELETE FROM posts WHERE id < 9 RETURNING id) INSERT INTO users SELECT id, 1 FROM d'],
  ['WITH d AS (UPDATE posts SET at = 1 RETURNING id) SELECT count(*) FROM d', '', 'public.posts'],
  [
    'WITH b AS (SELECT id FROM posts WHERE at IS NULL LIMIT 100) UPDATE posts SET at = 0 FROM b WHERE posts.id = b.id',
  ],
  ['UPDATE users SET "when" = 1 WHERE "when" IS NOT NULL', '', 'public.users'],
  ['UPDATE users AS "U" SET "when" = posts.id FROM posts WHERE "U".id = posts.author'],
  ['UPDATE users SET "when" = 1 WHERE id = 5'],
  ['UPDATE posts SET at = 2 FROM users', '', 'public.posts'],
  ['DELETE FROM seen WHERE true', 'public.posts'],
  ['DELETE FROM parted', 'public.parted'],
  ["DELETE FROM parted WHERE at < '2021-01-01'"],
  ['DELETE FROM early', 'public.early'],
  ['INSERT INTO users VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET "when" = 2'],
  ['MERGE INTO posts USING users u ON posts.id = u.id WHEN MATCHED THEN DELETE'],
  ['MERGE INTO posts USING users u ON true WHEN MATCHED THEN DELETE', 'public.posts'],
  ['MERGE INTO posts USING users u ON true WHEN MATCHED AND posts.id = 1 THEN DELETE'],
  [
    'MERGE INTO posts USING users u ON posts.id = u.id WHEN MATCHED THEN UPDATE SET at = 1 WHEN NOT MATCHED BY SOURCE THEN DELETE',
    'public.posts',
  ],
];

interface Document {
  readonly files: readonly {
    readonly statements: readonly {
      readonly sql: string;
      readonly findings: readonly {
        readonly hazard: string;
        readonly about: string;
        readonly safeWay: string;
      }[];
    }[];
  }[];
}

function lint(cwd: string, words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return runLine(['db', 'diff', ...words], {
    cwd,
    env: { XDG_CACHE_HOME: dirname(dirname(SNAPSHOT)), ...env },
  });
}

describe('db diff --lint', () => {
  test('has nothing to say about a careful migration and what it makes itself', async () => {
    const { exit, stdout } = await lint(folderWith(FILES), ['schema.sql', '--lint', 'safe.sql', '--json']);
    const document = JSON.parse(stdout);
    expect(validate(document) ? [] : validate.errors).toEqual([]);
    const said = document.files[0].statements.flatMap(({ line, findings }: Statement) =>
      findings.map(({ hazard }) => `${line} ${hazard}`),
    );
    expect({ exit, said }).toEqual({ exit: 0, said: ['4 may-fail'] });
    expect(document.files[0].statements[4]).toMatchObject({ line: 5, transactional: false });
  });

  test('names each hazard with its line, what it is about and the safe way', async () => {
    const { exit, stdout } = await lint(folderWith(FILES), ['schema.sql', '--lint', 'bad.sql']);
    expect(exit).toBe(3);
    expect(stdout).toMatch(/bad\.sql:3 (?:(?!bad\.sql)[\s\S])*refused blocking-scan public\.orders/);
    expect(stdout).toContain('Commit between ADD ... NOT VALID and VALIDATE');
    expect(stdout).toMatch(/bad\.sql:5 DO .*\n {2}refused table-rewrite public\.users/);
    expect(stdout).toMatch(/bad\.sql:8 DROP TABLE users CASCADE\n {2}refused data-loss public\.users/);
    expect(stdout).toContain('refused cascade public.mails');
    expect(stdout).toContain('warned no-lock-timeout');
  });

  test('goes on with what was allowed by name, and with nothing else', async () => {
    const cwd = folderWith(FILES);
    const names = ['data-loss', 'cascade', 'table-rewrite', 'blocking-scan'];
    const allow = (list: readonly string[]) => list.flatMap((name) => ['--allow', name]);
    const all = await lint(cwd, ['schema.sql', '--lint', 'bad.sql', ...allow(names)]);
    expect(all.exit).toBe(0);
    expect(all.stdout).toContain('allowed data-loss public.users');
    const some = await lint(cwd, ['schema.sql', '--lint', 'bad.sql', ...allow(names.slice(1))]);
    expect(some.exit).toBe(3);
    expect(some.stdout).toContain('To go on all the same: --allow data-loss');
  });

  test('a statement that cannot work is said so in the words of PostgreSQL, and the others are checked', async () => {
    const { exit, stdout, stderr } = await lint(
      folderWith(FILES),
      ['schema.sql', '--lint', 'broken.sql', '--allow', 'blocking-build'],
      { GITHUB_ACTIONS: 'true' },
    );
    expect(exit).toBe(3);
    expect(stdout).toMatch(
      /broken\.sql:3 .*\n {2}cannot work \(DB040\): CREATE INDEX CONCURRENTLY cannot run/,
    );
    expect(stdout).toMatch(/broken\.sql:5 .*\n {2}cannot work \(DB040\): column "nosuch" .* does not exist/);
    expect(stderr).toContain('::error file=broken.sql,line=5,title=cannot work::column "nosuch"');
  });

  test('without the schema, what can be measured is, and the rest is supposed and said to be', async () => {
    const files = {
      'm.sql': `CREATE TABLE a (id integer);
CREATE INDEX ON a (id);
CREATE INDEX ON elsewhere (id);
ALTER TABLE elsewhere ALTER COLUMN id TYPE bigint;`,
    };
    const { exit, stdout } = await lint(folderWith(files), ['--lint', '.', '--json']);
    const document = JSON.parse(stdout);
    expect(validate(document) ? [] : validate.errors).toEqual([]);
    expect(exit).toBe(3);
    const [first, own, unknown, type] = document.files[0].statements;
    expect([first.findings, own.findings]).toEqual([[], []]);
    expect(unknown.findings.map(({ hazard }: { hazard: string }) => hazard)).toEqual(['blocking-build']);
    expect(unknown.unmeasured).toContain('"elsewhere" does not exist: the schema');
    expect(type.findings.map(({ hazard }: { hazard: string }) => hazard)).toContain('table-rewrite');
  });

  test('what changes beside tables is said, and what cannot hurt is not', async () => {
    const files = {
      'schema.sql': BESIDE,
      'm.sql': SAID_OF_EACH.map(([sql]) => `${sql};\n`).join(''),
    };
    const { stdout } = await lint(folderWith(files), ['schema.sql', '--lint', 'm.sql', '--json']);
    const said = (JSON.parse(stdout) as Document).files[0]?.statements.map(({ sql, findings }) => [
      sql,
      [...new Set(findings.map(({ hazard }) => hazard))].sort().join(' '),
    ]);
    expect(said).toEqual([["SET lock_timeout = '2s'", ''], ...SAID_OF_EACH.slice(1)]);
  });

  test('whatever is written around it, a statement that takes every row is said to', async () => {
    const files = {
      'schema.sql': `CREATE TABLE posts (id integer PRIMARY KEY, at bigint, author integer);
        CREATE TABLE users (id integer PRIMARY KEY, "when" bigint NOT NULL); CREATE VIEW seen AS SELECT * FROM posts;
        CREATE TABLE parted (id integer, at date) PARTITION BY RANGE (at);
        CREATE TABLE early PARTITION OF parted FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
        CREATE TABLE late PARTITION OF parted FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');`,
      'm.sql': WRITES.map(([sql]) => `${sql};\n`).join(''),
    };
    const { stdout } = await lint(folderWith(files), ['schema.sql', '--lint', 'm.sql', '--json']);
    const said = (JSON.parse(stdout) as Document).files[0]?.statements.map(({ sql, findings }) => [
      sql,
      findings.map(({ hazard, about }) => `${hazard} ${about}`).join(', '),
    ]);
    expect(said).toEqual(
      WRITES.map(([sql, lost = '', written = lost]) => [
        sql,
        [
          ...(lost === '' ? [] : [`data-loss all rows of ${lost}`]),
          ...(written === '' ? [] : [`unbounded-write all rows of ${written}`]),
        ].join(', '),
      ]),
    );
  });

  test('so is one for tables that nobody knows', async () => {
    const files = {
      'm.sql': `DELETE FROM a WHERE true; DELETE FROM a USING b; DELETE FROM a WHERE id = 1;
        WITH d AS (UPDATE a SET b = 1) DELETE FROM b WHERE id = 1; WITH d AS (DELETE FROM a) SELECT 1;`,
    };
    const { stdout } = await lint(folderWith(files), ['--lint', 'm.sql', '--json']);
    const said = (JSON.parse(stdout) as Document).files[0]?.statements.map(({ findings }) =>
      findings.map(({ hazard }) => hazard).join(' '),
    );
    const all = 'data-loss unbounded-write';
    expect(said).toEqual([all, all, '', 'unbounded-write', all]);
  });

  test('a transaction in a transaction is none', async () => {
    const files = { 'm.sql': 'BEGIN;\nBEGIN;\nSELECT 1;\nCOMMIT;' };
    const { exit, stdout } = await lint(folderWith(files), ['--lint', 'm.sql']);
    expect(exit).toBe(3);
    expect(stdout).toMatch(/m\.sql:2 BEGIN\n {2}cannot work \(DB040\): there is already a transaction/);
  });

  test('of a block that reads and locks, what is known is said: not in which order', async () => {
    const block = (...parts: readonly string[]): string =>
      `DO $$ BEGIN ${parts.map((part) => `${part};`).join(' ')} END $$`;
    const [read, change] = ['PERFORM count(*) FROM users', 'ALTER TABLE users DROP COLUMN name'];
    const about = async (sql: string): Promise<readonly (readonly string[])[]> => {
      const files = { ...FILES, 'm.sql': sql };
      const { stdout } = await lint(folderWith(files), ['schema.sql', '--lint', 'm.sql', '--json']);
      return (JSON.parse(stdout) as Document).files.flatMap(({ statements }) =>
        statements.flatMap(({ findings }) =>
          findings
            .filter(({ hazard }) => hazard === 'blocking-scan')
            .map((finding) => [finding.about, finding.safeWay]),
        ),
      );
    };
    const unknown = [
      'public.users, if it is read behind the lock: one block does both, and their order is not seen',
      expect.stringMatching(/^Read in a transaction of its own before the block/),
    ];
    expect(await about(block(read, change))).toEqual([unknown]);
    expect(await about(block(change, read))).toEqual([unknown]);
    expect(await about(block(read))).toEqual([]);
    expect(await about(`BEGIN; ${block(change)}; ${block(read)}; COMMIT`)).toEqual([
      ['public.users', 'Commit before it, so that no earlier statement keeps the table locked.'],
    ]);
  });

  test('what only works in a transaction is said to, unless the runner makes one', async () => {
    const files = {
      ...FILES,
      'm.sql': `LOCK TABLE users IN EXCLUSIVE MODE;
DECLARE c CURSOR FOR SELECT 1;
DECLARE held CURSOR WITH HOLD FOR SELECT 1;
SAVEPOINT s;
BEGIN; LOCK TABLE users; DECLARE d CURSOR FOR SELECT 1; SAVEPOINT s; RELEASE s; COMMIT;
ROLLBACK TO s;`,
    };
    const failures = async (...words: readonly string[]): Promise<readonly string[]> => {
      const { stdout } = await lint(folderWith(files), ['schema.sql', '--lint', 'm.sql', '--json', ...words]);
      const { statements } = JSON.parse(stdout).files[0];
      return statements.flatMap(({ line, failure }: Statement) =>
        failure === undefined ? [] : [`${line} ${failure.message}`],
      );
    };
    const only = 'can only be used in transaction blocks; with a runner that puts each file into one';
    expect(await failures()).toEqual([
      expect.stringContaining(`1 LOCK TABLE ${only}, as db migrate does, say --one-transaction`),
      expect.stringContaining(`2 DECLARE CURSOR ${only}`),
      expect.stringContaining(`4 SAVEPOINT ${only}`),
      expect.stringContaining(`6 ROLLBACK TO SAVEPOINT ${only}`),
    ]);
    files['m.sql'] = files['m.sql'].split('\n').slice(0, 4).join('\n');
    expect(await failures('--one-transaction')).toEqual([]);
  });

  test('with one transaction for the whole file, locks add up', async () => {
    const files = {
      ...FILES,
      'm.sql': `SET lock_timeout = '2s';
ALTER TABLE users ADD COLUMN a integer;
ALTER TABLE orders ADD COLUMN a integer;
UPDATE orders SET a = 1;`,
    };
    const cwd = folderWith(files);
    const hazards = (text: string): string[] =>
      JSON.parse(text).files[0].statements.flatMap(({ line, findings }: Statement) =>
        findings.map(({ hazard }) => `${line} ${hazard}`),
      );
    const apart = await lint(cwd, ['schema.sql', '--lint', 'm.sql', '--json']);
    expect(hazards(apart.stdout)).toEqual(['4 unbounded-write']);
    const together = await lint(cwd, ['schema.sql', '--lint', 'm.sql', '--one-transaction', '--json']);
    expect(hazards(together.stdout)).toEqual([
      '3 many-locks',
      '4 unbounded-write',
      '4 blocking-scan',
      '4 work-under-lock',
    ]);
  });

  test('follows savepoints and search_path, and sees what is made again in another shape', async () => {
    const files = {
      'schema.sql': `CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (id integer, m mood); CREATE VIEW v AS SELECT id FROM t;
        CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';`,
      'm.sql': `SET lock_timeout = '2s';
BEGIN;
SAVEPOINT here;
ALTER TABLE t DROP COLUMN m;
ROLLBACK TO here;
ALTER TABLE t ADD COLUMN a integer;
COMMIT;
SET search_path = '';
CREATE TABLE public.other (m public.mood);
DROP VIEW public.v; CREATE VIEW public.v AS SELECT id, a FROM public.t;
DROP FUNCTION public.f(); CREATE FUNCTION public.f() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
BEGIN;
CREATE TABLE public.lost ();`,
    };
    const { stdout } = await lint(folderWith(files), ['schema.sql', '--lint', 'm.sql', '--json']);
    const { statements } = JSON.parse(stdout).files[0];
    const said = statements.flatMap(({ line, findings, failure }: Statement) => [
      ...findings.map(({ hazard }) => `${line} ${hazard}`),
      ...(failure === undefined ? [] : [`${line} ${failure.message}`]),
    ]);
    expect(said).toEqual([
      '4 data-loss',
      '10 breaks-clients',
      '11 breaks-clients',
      '12 the file ends without committing the transaction that begins here',
    ]);
  });

  test('is not mixed with what plans', async () => {
    const { exit, stderr } = await lint(folderWith(FILES), ['schema.sql', '--to', 'x', '--lint', 'bad.sql']);
    expect({ exit, stderr }).toMatchObject({ exit: 2, stderr: expect.stringContaining('error[DB042]') });
  });

  test('its schema knows every hazard', () => {
    const { $defs } = JSON.parse(readText('schemas/db-lint.schema.json'));
    expect($defs.hazard.enum).toEqual(Object.keys(HAZARDS));
  });
});

interface Statement {
  readonly line: number;
  readonly findings: readonly { readonly hazard: string }[];
  readonly failure?: { readonly message: string };
}
