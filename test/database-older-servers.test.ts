import { dirname } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countUncastable } from '../src/database/preflight.ts';
import { SNAPSHOT } from './support/database.ts';
import { isHere, startMajor } from './support/postgres-majors.ts';
import type { PostgresServer } from './support/postgres-server.ts';
import { runLine } from './support/run-line.ts';
import { folderWith } from './support/scratch-folder.ts';

/** Texts that may stand in a column, whatever it is to become. */
const TEXTS = [
  ...[
    '',
    ' ',
    '7',
    ' +7\t',
    '-32768',
    '32768',
    '2147483648',
    '-9223372036854775809',
    '1.5',
    '1e3',
    '٣',
    '7 7',
  ],
  ...['t', ' TRUE ', 'fal', 'o', 'of', 'on', 'yess', 'N', 'truee'],
  ...['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{A0EEBC999C0B4EF8BB6D6BB9BD380A11}'],
  ...['a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11-'],
  ...['{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', ' a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
];

const TYPES = ['smallint', 'integer', 'bigint', 'boolean', 'uuid'];

// `npm run bench:hazards` fetches every major; without that there is none to ask.
describe.skipIf(!isHere(15))('PostgreSQL 15', () => {
  let server: PostgresServer;
  let client: Client;

  beforeAll(async () => {
    server = await startMajor(15);
    await server.create('shop');
    client = new Client({ connectionString: server.url('shop') });
    await client.connect();
    await client.query('CREATE TABLE t (id integer, a text, d text)');
  }, 120_000);

  afterAll(async () => {
    await client?.end();
    await server?.stop();
  });

  test.each(TYPES)('the texts that are counted are those that it does not read as %s', async (type) => {
    const query = countUncastable('t', 'a', 'text', type, { version: 150_000 }) ?? '';
    const found: (readonly [text: string, counted: boolean])[] = [];
    const refused: (readonly [text: string, counted: boolean])[] = [];
    for (const text of TEXTS) {
      await client.query('TRUNCATE t');
      await client.query('INSERT INTO t VALUES (1, $1), (2, NULL)', [text]);
      found.push([text, (await client.query(query)).rows[0].count === '1']);
      const cast = client.query(`SELECT a::${type} FROM t`);
      refused.push([
        text,
        await cast.then(
          () => false,
          () => true,
        ),
      ]);
    }
    expect(found).toEqual(refused);
    expect(new Set(refused.map(([, isRefused]) => isRefused)).size).toBe(2);
  });

  test('no statement is given a query that the server does not know', async () => {
    const folder = folderWith({
      'm.sql': `ALTER TABLE t ALTER a TYPE integer USING a::integer; ALTER TABLE t ALTER d TYPE date USING d::date`,
      'new.sql': 'CREATE TABLE t (id integer, a integer, d date)',
    });
    const db = async (...words: readonly string[]) =>
      runLine(['db', 'diff', '--connection', server.url('shop'), ...words, '--json'], {
        cwd: folder,
        env: { XDG_CACHE_HOME: dirname(dirname(SNAPSHOT)) },
      });
    const linted = JSON.parse((await db('--lint', 'm.sql')).stdout);
    const said = linted.files[0].statements.flatMap(({ findings }: Statement) =>
      findings.filter(({ hazard }) => hazard === 'may-fail'),
    );
    expect(said).toMatchObject([
      { preflight: expect.stringContaining('::numeric NOT BETWEEN') },
      { safeWay: expect.stringContaining('No query counts those rows') },
    ]);
    expect(said[1]).not.toHaveProperty('preflight');
    const planned = JSON.parse((await db('--to', 'new.sql')).stdout);
    const queries = planned.plan.segments.flatMap(({ statements }: Segment) =>
      statements.flatMap(({ preflight }) => preflight ?? []),
    );
    expect(queries).toEqual([expect.stringContaining('::numeric NOT BETWEEN')]);
    for (const query of [said[0].preflight, ...queries]) await client.query(query);
  });
});

interface Statement {
  readonly findings: readonly { readonly hazard: string; readonly preflight?: string }[];
}

interface Segment {
  readonly statements: readonly { readonly preflight?: string }[];
}
