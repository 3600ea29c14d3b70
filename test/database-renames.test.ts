import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { askRenames } from '../src/cli/commands/db/ask-renames.ts';
import { parseRename } from '../src/database/index.ts';
import { diffLocations, file } from './support/database.ts';
import { folderWith } from './support/scratch-folder.ts';

const BEFORE = `CREATE TYPE mood AS ENUM ('sad', 'ok');
  CREATE TABLE users (id integer PRIMARY KEY, name text, mood mood);
  CREATE TABLE orders (id integer PRIMARY KEY, user_id integer, note text, total numeric);`;
const AFTER = `CREATE TYPE mood AS ENUM ('unhappy', 'ok');
  CREATE TABLE users (id integer PRIMARY KEY, full_name text, mood mood);
  CREATE TABLE purchases (id integer PRIMARY KEY, user_id integer, note text, total numeric);`;

const LIKELY = [
  { from: 'users.name', to: 'users.full_name' },
  { from: 'orders', to: 'purchases' },
  { from: 'mood.sad', to: 'mood.unhappy' },
];

const states = () => {
  const folder = folderWith({ 'a.sql': BEFORE, 'b.sql': AFTER });
  return [file(`${folder}/a.sql`), file(`${folder}/b.sql`)] as const;
};

describe('renames', () => {
  test('of columns, tables and labels are offered and never done', async () => {
    const diff = await diffLocations(...states());
    expect(diff.likelyRenames).toEqual(LIKELY);
    expect(diff.notes.filter(({ code }) => code === 'DB026')).toHaveLength(3);
    expect(
      diff.plan.segments
        .flatMap(({ statements }) => statements)
        .some(({ hazards }) => hazards.includes('data-loss')),
    ).toBe(true);
  });

  test('that were said are all that is done', async () => {
    const diff = await diffLocations(...states(), { renames: LIKELY });
    expect(diff.proof.proved).toBe(true);
    expect(diff.likelyRenames).toEqual([]);
    const sql = diff.plan.segments.flatMap(({ statements }) => statements.map((statement) => statement.sql));
    expect(sql).toEqual([
      'ALTER TABLE public.users RENAME COLUMN name TO full_name',
      `ALTER TYPE public.mood RENAME VALUE 'sad' TO 'unhappy'`,
      'ALTER TABLE public.orders RENAME TO purchases',
      'ALTER TABLE public.purchases RENAME CONSTRAINT orders_pkey TO purchases_pkey',
    ]);
  });
});

test('a table and what is in it are renamed at once', async () => {
  const folder = folderWith({
    'a.sql': `CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE old ("first.name" text NOT NULL, mood mood DEFAULT 'sad');`,
    'b.sql': `CREATE TYPE feeling AS ENUM ('blue'); CREATE TABLE new (first_name text NOT NULL, mood feeling DEFAULT 'blue');`,
  });
  const states = [file(`${folder}/a.sql`), file(`${folder}/b.sql`)] as const;
  const renames = ['old=new', 'old."first.name"=new.first_name', 'mood=feeling', 'mood.sad=feeling.blue'];
  const diff = await diffLocations(...states, { renames: renames.map(parseRename) });
  expect(diff.proof.proved).toBe(true);
  expect(
    diff.plan.segments.flatMap(({ statements }) => statements.map((statement) => statement.sql)),
  ).toEqual([
    'ALTER TABLE public.old RENAME COLUMN "first.name" TO first_name',
    `ALTER TYPE public.mood RENAME VALUE 'sad' TO 'blue'`,
    'ALTER TABLE public.old RENAME TO new',
    'ALTER TYPE public.mood RENAME TO feeling',
    'ALTER TABLE public.new RENAME CONSTRAINT "old_first.name_not_null" TO "new_first_name_not_null"',
  ]);
});

test('a name that is taken is said to be', async () => {
  const folder = folderWith({
    'a.sql': 'CREATE TABLE a (x int); CREATE TABLE b (y int);',
    'b.sql': 'CREATE TABLE b (x int); CREATE TABLE a (y int);',
  });
  const states = [file(`${folder}/a.sql`), file(`${folder}/b.sql`)] as const;
  await expect(
    diffLocations(...states, {
      renames: [
        { from: 'a', to: 'b' },
        { from: 'b', to: 'a' },
      ],
    }),
  ).rejects.toMatchObject({ code: 'DB025', message: 'cannot rename: relation "b" already exists' });
});

describe('at a terminal', () => {
  /** Presses one key after another, each once the question before it has been drawn. */
  function typist(keys: readonly string[]) {
    const input = new PassThrough();
    const output = new PassThrough();
    const left = [...keys];
    output.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('Is ')) setImmediate(() => input.write(left.shift() ?? '\u0003'));
    });
    return { input, output };
  }

  test('each one is asked, and "no" is what nothing said means', async () => {
    expect(await askRenames(LIKELY, typist(['y', '\r', 'y']))).toEqual([LIKELY[0], LIKELY[2]]);
  });

  test('Ctrl-C is no to the rest', async () => {
    expect(await askRenames(LIKELY, typist(['y', '\u0003']))).toEqual([LIKELY[0]]);
  });
});
