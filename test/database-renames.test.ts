import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { askRenames } from '../src/cli/commands/db/ask-renames.ts';
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
      'ALTER TABLE public.orders RENAME TO purchases',
      `ALTER TYPE public.mood RENAME VALUE 'sad' TO 'unhappy'`,
      'ALTER TABLE public.purchases RENAME CONSTRAINT orders_pkey TO purchases_pkey',
    ]);
  });
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
