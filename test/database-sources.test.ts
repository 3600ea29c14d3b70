import { dirname } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { splitStatements } from '../src/database/sources/statements.ts';
import { SNAPSHOT } from './support/database.ts';
import { type PostgresServer, startPostgres } from './support/postgres-server.ts';
import { runLine } from './support/run-line.ts';
import { folderWith } from './support/scratch-folder.ts';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const diff = (cwd: string, ...words: string[]) =>
  runLine(['db', 'diff', ...words], { cwd, env: { XDG_CACHE_HOME: dirname(dirname(SNAPSHOT)) } });

/** Runs every file in a session of its own, a statement at a time, as psql does. */
async function runAsPsql(url: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      for (const statement of await splitStatements({ path, text })) await client.query(statement.text);
    } finally {
      await client.end();
    }
  }
}

const LOADED: readonly (readonly [name: string, files: Readonly<Record<string, string>>])[] = [
  [
    'a value that is added to an enum and used by a later file',
    {
      '1.sql': `CREATE TYPE kind AS ENUM ('a'); CREATE TABLE q (id integer, kind kind DEFAULT 'a');`,
      '2.sql': `ALTER TYPE kind ADD VALUE 'b';`,
      '3.sql': `ALTER TABLE q ALTER COLUMN kind SET DEFAULT 'b'; CREATE INDEX q_b ON q (id) WHERE kind = 'b';`,
    },
  ],
  [
    'a value that is added where no statement shows it',
    {
      '1.sql': `CREATE TYPE kind AS ENUM ('a');
        DO $$ BEGIN EXECUTE 'ALTER TYPE kind ADD VALUE ''b'''; END $$;
        CREATE TABLE q (kind kind DEFAULT 'b');`,
    },
  ],
  [
    'transactions that end inside of a procedure and a block',
    {
      '1.sql': `CREATE PROCEDURE make() LANGUAGE plpgsql AS $$ BEGIN CREATE TABLE a (id integer); COMMIT; END $$;
        CALL make();
        DO $$ BEGIN CREATE TABLE b (id integer); COMMIT; CREATE TABLE c (id integer); END $$;`,
    },
  ],
  [
    'a search path that ends with its file',
    {
      '1.sql': 'CREATE SCHEMA app; SET search_path TO app; CREATE TABLE t1 (id integer PRIMARY KEY);',
      '2.sql': 'CREATE TABLE t2 (id integer REFERENCES app.t1);',
    },
  ],
  [
    'a dump before migrations by hand',
    {
      '1.sql': `SELECT pg_catalog.set_config('search_path', '', false); CREATE TABLE public.t1 (id integer PRIMARY KEY);`,
      '2.sql': 'CREATE TABLE t2 (id integer REFERENCES t1);',
    },
  ],
  [
    'a role that ends with its file',
    {
      '1.sql':
        'GRANT CREATE ON SCHEMA public TO pg_monitor; SET ROLE pg_monitor; CREATE TABLE theirs (id integer);',
      '2.sql': 'CREATE TABLE ours (id integer);',
    },
  ],
  [
    'SET LOCAL, until the transaction ends',
    {
      '1.sql': `CREATE SCHEMA a; CREATE SCHEMA b; SET search_path TO b;
        BEGIN; SET LOCAL search_path TO a; CREATE TABLE t (id integer); COMMIT;
        CREATE TABLE t (id integer, more text);`,
    },
  ],
  [
    'a table that is there for one transaction, twice',
    {
      '1.sql': `BEGIN; CREATE TEMP TABLE seen ON COMMIT DROP AS SELECT 1 AS a; CREATE TABLE t1 AS SELECT * FROM seen; COMMIT;
        BEGIN; CREATE TEMP TABLE seen (b text) ON COMMIT DROP; CREATE TABLE t2 AS SELECT * FROM seen; COMMIT;`,
    },
  ],
  [
    'statements that end with a command of psql',
    { '1.sql': 'CREATE TABLE t (id integer) \\g\nCREATE TABLE u (id integer)\\gx' },
  ],
];

describe('files make the schema that psql makes of them', () => {
  test.each(LOADED)('%s', { timeout: 120_000 }, async (name, files) => {
    const database = `s${LOADED.findIndex(([one]) => one === name)}`;
    await server.create(database);
    await runAsPsql(server.url(database), files);
    const cwd = folderWith(files);
    const result = await diff(cwd, '--connection', server.url(database), '--to', '.');
    expect(result).toMatchObject({ exit: 0, stdout: expect.stringContaining('No difference') });
  });

  test('from a folder as to one', { timeout: 120_000 }, async () => {
    const folders = LOADED.map(([, files], at) =>
      Object.entries(files).map(([name, text]) => [`${at}/${name}`, text] as const),
    );
    const cwd = folderWith(Object.fromEntries(folders.flat()));
    for (const at of [0, 3]) {
      const result = await diff(cwd, `${at}`, '--to', server.url(`s${at}`));
      expect(result).toMatchObject({ exit: 0, stdout: expect.stringContaining('No difference') });
    }
  });

  test('a statement that names what comes later is run with the search path of its place', async () => {
    const files = {
      '1.sql': 'CREATE SCHEMA app; SET search_path TO app; CREATE VIEW v AS SELECT id FROM t;',
      '2.sql': 'CREATE TABLE app.t (id integer); CREATE TABLE public.t (id integer, more text);',
    };
    const { exit, stdout } = await diff(folderWith(files), 'pglite:', '--to', '.');
    expect(exit).toBe(0);
    expect(stdout).toContain('CREATE VIEW app.v');
  });
});

describe('what only psql knows', () => {
  test.each([
    ['\\if false\nCREATE TABLE nope (id integer);\n\\endif\n', "psql's \\if cannot be run here"],
    ["SELECT 'a' AS name \\gset\nCREATE TABLE t (id integer);\n", "psql's \\gset cannot be run here"],
    ["SELECT 'CREATE TABLE t (id integer)' \\gexec\n", "psql's \\gexec cannot be run here"],
  ])('%j is refused', async (text, message) => {
    const result = await diff(folderWith({ 'a.sql': text }), 'pglite:', '--to', 'a.sql');
    expect(result).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining(`error[DB069] ${message}\n  at a.sql:1`),
    });
  });

  test('files that are included are named, unless they are read anyway', async () => {
    const cwd = folderWith({
      'all.sql': '\\i parts/1.sql\n\\ir elsewhere.sql\n',
      'parts/1.sql': 'CREATE TABLE t (id integer);',
    });
    const { stderr } = await diff(cwd, 'pglite:', '--to', '.');
    expect(stderr.match(/DB012.*/g)).toEqual([
      'DB012] left out, \\ir elsewhere.sql is not followed: give its folder, or both files in one',
    ]);
  });

  test('a block that makes objects of rows which are not put there is named', async () => {
    const text = `CREATE TABLE tenant (id integer PRIMARY KEY); INSERT INTO tenant VALUES (1), (2);
DO $$ BEGIN PERFORM 1 FROM tenant; END $$;
DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM tenant LOOP EXECUTE format('CREATE TABLE data_%s (id integer)', r.id); END LOOP; END $$;`;
    const { stderr } = await diff(folderWith({ 'a.sql': text }), 'pglite:', '--to', 'a.sql');
    expect(stderr.match(/warning.*\n.*/g)).toEqual([
      expect.stringMatching(
        /^warning\[DB014\] reads rows that were not put there: what it makes of them is not compared\n {2}at a\.sql:3 DO /,
      ),
    ]);
  });
});

test.each([
  [
    'CREATE TABLE t (id integer);',
    'CREATE TABLE public.u (id integer); CREATE TABLE t (id text);',
    'relation "t" already exists',
  ],
  [
    'CREATE TABLE t (id integer); CREATE INDEX i ON t (id);',
    'CREATE INDEX i ON t ((id + 1));',
    'relation "i" already exists',
  ],
  ["CREATE TYPE k AS ENUM ('a');", "CREATE TYPE k AS ENUM ('b');", 'type "k" already exists'],
  [
    'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT 1$$;',
    'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT 2$$;',
    'function "f" already exists with same argument types',
  ],
])('what %j and %j both make is named at both places', async (one, other, message) => {
  const cwd = folderWith({ '1.sql': one, '2.sql': other });
  const { exit, stderr } = await diff(cwd, 'pglite:', '--to', '.');
  expect(exit).toBe(2);
  expect(stderr).toContain(`error[DB013] ${message}\n  at 2.sql:1`);
  expect(stderr).toContain('help: It is made at 1.sql:1 as well: keep one of the two.');
});
