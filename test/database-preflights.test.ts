import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../src/database/engines/postgres.ts';
import { lintFile, type Plan } from '../src/database/index.ts';
import { diffLocations, file } from './support/database.ts';
import { type PostgresServer, startPostgres } from './support/postgres-server.ts';
import { folderWith } from './support/scratch-folder.ts';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(() => server.stop());

/** A change that rows decide about: one set of rows that fits and one that does not. */
interface DataChange {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly fits: string;
  readonly fails: string;
  /** The statement as people write it; without it, what `after` has behind `before`. */
  readonly byHand?: string;
}

const T = 'CREATE TABLE t (id integer, a text, b integer, c numeric(10,2))';
const row = (values: string): string => `INSERT INTO t VALUES ${values}`;

const CHANGES: readonly DataChange[] = [
  {
    name: 'NOT NULL',
    before: T,
    after: `${T}; ALTER TABLE t ALTER a SET NOT NULL`,
    fits: row("(1, 'x')"),
    fails: row('(1, NULL)'),
  },
  {
    name: 'a required column',
    before: T,
    after: `${T}; ALTER TABLE t ADD d integer NOT NULL`,
    fits: '',
    fails: row('(1)'),
  },
  {
    name: 'a check',
    before: T,
    after: `${T}; ALTER TABLE t ADD CHECK (b > 0)`,
    fits: row("(1, 'x', 1), (2, 'x', NULL)"),
    fails: row("(1, 'x', -1)"),
  },
  {
    name: 'a check that was not valid',
    before: `${T}; ALTER TABLE t ADD CONSTRAINT positive CHECK (b > 0) NOT VALID`,
    after: `${T}; ALTER TABLE t ADD CONSTRAINT positive CHECK (b > 0)`,
    byHand: 'ALTER TABLE t VALIDATE CONSTRAINT positive',
    fits: row("(1, 'x', 1)"),
    fails: `ALTER TABLE t DROP CONSTRAINT positive; ${row("(1, 'x', -1)")}; ALTER TABLE t ADD CONSTRAINT positive CHECK (b > 0) NOT VALID`,
  },
  {
    name: 'a unique constraint',
    before: T,
    after: `${T}; ALTER TABLE t ADD UNIQUE (a, b)`,
    fits: row("(1, 'x', 1), (2, 'x', 2), (3, 'x', NULL), (4, 'x', NULL)"),
    fails: row("(1, 'x', 1), (2, 'x', 1)"),
  },
  {
    name: 'a unique constraint over NULLs',
    before: T,
    after: `${T}; ALTER TABLE t ADD UNIQUE NULLS NOT DISTINCT (a)`,
    fits: row('(1, NULL)'),
    fails: row('(1, NULL), (2, NULL)'),
  },
  {
    name: 'a primary key',
    before: 'CREATE TABLE t (id integer NOT NULL)',
    after: 'CREATE TABLE t (id integer PRIMARY KEY)',
    byHand: 'ALTER TABLE t ADD PRIMARY KEY (id)',
    fits: row('(1), (2)'),
    fails: row('(1), (1)'),
  },
  {
    name: 'a partial unique index',
    before: T,
    after: `${T}; CREATE UNIQUE INDEX u ON t (a) WHERE b > 0`,
    fits: row("(1, 'x', 1), (2, 'x', 0)"),
    fails: row("(1, 'x', 1), (2, 'x', 2)"),
  },
  {
    name: 'a foreign key',
    before: `${T}; CREATE TABLE p (id integer PRIMARY KEY)`,
    after: `${T}; CREATE TABLE p (id integer PRIMARY KEY); ALTER TABLE t ADD FOREIGN KEY (b) REFERENCES p`,
    fits: `INSERT INTO p VALUES (1); ${row("(1, 'x', 1), (2, 'x', NULL)")}`,
    fails: row("(1, 'x', 7)"),
  },
  {
    name: 'text to integer',
    before: T,
    after: T.replace('a text', 'a integer'),
    byHand: 'ALTER TABLE t ALTER a TYPE integer USING a::integer',
    fits: row("(1, '12'), (2, NULL)"),
    fails: row("(1, 'x')"),
  },
  {
    name: 'text to varchar(3)',
    before: T,
    after: T.replace('a text', 'a varchar(3)'),
    byHand: 'ALTER TABLE t ALTER a TYPE varchar(3)',
    fits: row("(1, 'abc'), (2, 'abc   ')"),
    fails: row("(1, 'abcd')"),
  },
  {
    name: 'integer to smallint',
    before: T,
    after: T.replace('b integer', 'b smallint'),
    byHand: 'ALTER TABLE t ALTER b TYPE smallint',
    fits: row("(1, 'x', 32767)"),
    fails: row("(1, 'x', 32768)"),
  },
  {
    name: 'numeric(10,2) to numeric(5,2)',
    before: T,
    after: T.replace('numeric(10,2)', 'numeric(5,2)'),
    fits: row("(1, 'x', 1, 999.99)"),
    fails: row("(1, 'x', 1, 1000)"),
  },
  {
    name: 'text to an enum',
    before: `${T}; CREATE TYPE mood AS ENUM ('sad')`,
    after: `CREATE TYPE mood AS ENUM ('sad'); ${T.replace('a text', 'a mood')}`,
    fits: row("(1, 'sad')"),
    fails: row("(1, 'mad')"),
  },
  {
    name: 'a label fewer',
    before: `CREATE TYPE mood AS ENUM ('sad', 'ok'); ${T.replace('a text', 'a mood')}`,
    after: `CREATE TYPE mood AS ENUM ('sad'); ${T.replace('a text', 'a mood')}`,
    fits: row("(1, 'sad'), (2, NULL)"),
    fails: row("(1, 'ok')"),
  },
  {
    name: 'a check of a domain',
    before: `CREATE DOMAIN zip AS text; ${T.replace('a text', 'a zip')}`,
    after: `CREATE DOMAIN zip AS text CHECK (VALUE <> ''); ${T.replace('a text', 'a zip')}`,
    byHand: "ALTER DOMAIN zip ADD CHECK (VALUE <> '')",
    fits: row("(1, 'x')"),
    fails: row("(1, '')"),
  },
  {
    name: 'NOT NULL of a domain',
    before: `CREATE DOMAIN zip AS text; ${T.replace('a text', 'a zip')}`,
    after: `CREATE DOMAIN zip AS text NOT NULL; ${T.replace('a text', 'a zip')}`,
    byHand: 'ALTER DOMAIN zip SET NOT NULL',
    fits: row("(1, 'x')"),
    fails: row('(1, NULL)'),
  },
];

describe('a change that rows decide about', () => {
  test.each(CHANGES)('$name says which rows would make it fail, and they do', async (change) => {
    const folder = folderWith({ 'a.sql': change.before, 'b.sql': change.after });
    const { plan, proof } = await diffLocations(file(`${folder}/a.sql`), file(`${folder}/b.sql`), {
      scratchUrl: server.url(),
    });
    expect(proof.proved).toBe(true);
    const statements = plan.segments.flatMap((segment) => segment.statements);
    const queries = statements.flatMap(({ preflight }) => preflight ?? []);
    expect(queries.length).toBeGreaterThan(0);
    expect(statements.some(({ hazards }) => hazards.includes('may-fail'))).toBe(true);
    expect(await tried(change, change.fits, plan, queries)).toEqual({ counted: 0, ran: true });
    expect(await tried(change, change.fails, plan, queries)).toEqual({
      counted: expect.any(Number),
      ran: false,
    });
  });

  const written = CHANGES.flatMap((change) => {
    const { before, after, byHand } = change;
    const behind = after.startsWith(before) ? after.slice(before.length).replace(/^; /, '') : undefined;
    const added = byHand ?? behind;
    return added === undefined ? [] : [{ ...change, added }];
  });

  test.each(written)(
    '$name, written by hand, is asked the same',
    async ({ name, before, added, fits, fails }) => {
      const database = await fresh();
      const engine = await connect({ url: server.url(database), budgetMs: 60_000 });
      try {
        await engine.run(before);
        const linted = await lintFile({ path: `${name}.sql`, text: added }, { engine, hasSchema: true });
        const queries = linted.flatMap(({ findings }) =>
          findings.flatMap(({ preflight }) => preflight ?? []),
        );
        expect(queries.length).toBeGreaterThan(0);
        expect(await counted(await loaded(before, fits), queries)).toBe(0);
        expect(await counted(await loaded(before, fails), queries)).toBeGreaterThan(0);
      } finally {
        await engine.close();
      }
    },
  );
});

let databases = 0;

async function fresh(): Promise<string> {
  databases += 1;
  await server.create(`preflight_${databases}`);
  return `preflight_${databases}`;
}

async function loaded(schema: string, rows: string): Promise<Client> {
  const client = new Client({ connectionString: server.url(await fresh()) });
  await client.connect();
  await client.query(schema);
  if (rows !== '') await client.query(rows);
  return client;
}

/** The rows that the queries count together; closes the connection. */
async function counted(client: Client, queries: readonly string[]): Promise<number> {
  let count = 0;
  for (const query of queries) count += Number((await client.query(query)).rows[0].count);
  await client.end();
  return count;
}

async function tried({ before }: DataChange, rows: string, plan: Plan, queries: readonly string[]) {
  const found = await counted(await loaded(before, rows), queries);
  const client = await loaded(before, rows);
  try {
    for (const { statements, transactional } of plan.segments) {
      const sql = statements.map((statement) => statement.sql).join(';\n');
      await client.query(transactional ? `BEGIN;\n${sql};\nCOMMIT` : sql);
    }
    return { counted: found, ran: true };
  } catch {
    expect(found).toBeGreaterThan(0);
    return { counted: found, ran: false };
  } finally {
    await client.end();
  }
}
