import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ALLOW_ALL,
  copyOf,
  killAt,
  type Lab,
  openLab,
  type State,
  start,
  stateOf,
  through,
} from './support/migrate-lab.ts';
import { type PostgresServer, startPostgres } from './support/postgres-server.ts';
import { folderWith } from './support/scratch-folder.ts';
import { openProxy } from './support/wire-proxy.ts';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

/** Every online form that runs outside a transaction, validates later or swaps, with rows in the tables. */
const OLD = `CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(20), age integer);
  CREATE TABLE orders (id integer NOT NULL, user_id bigint, state text);`;
const NEW = `CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, age integer);
  CREATE INDEX users_age ON users (age);
  CREATE TABLE orders (id integer NOT NULL UNIQUE, user_id bigint REFERENCES users, state text CHECK (state <> ''));`;

describe('a run that is killed', () => {
  test('at any of its queries is finished by the next one', { timeout: 300_000 }, async () => {
    const folder = folderWith({ 'old.sql': OLD, 'new.sql': NEW });
    const lab = await openLab(server, 'kill', {
      older: join(folder, 'old.sql'),
      newer: join(folder, 'new.sql'),
      rows: 20,
    });
    if (lab === undefined) throw new Error('the lab has no migration');
    const { queries, wanted } = await unkilled(lab);
    expect(wanted).toMatchObject({ invalidIndexes: 0, applied: 1 });
    // A few of the moments; bench/migrate.ts takes all of them, and all pairs of the corpus.
    const moments = Array.from({ length: queries }, (_, at) => at).filter((at) => at >= 8 && at % 9 === 0);
    expect(moments.length).toBeGreaterThan(3);
    for (const at of moments) {
      const url = await copyOf(server, lab, 'killed');
      const { struck, next } = await killAt(url, lab, at, at % 2 === 0 ? 'before' : 'after');
      expect({ at, struck, exit: next.exit, stdout: next.stdout }).toMatchObject({ struck: true, exit: 0 });
      expect(await stateOf(url)).toEqual(wanted);
    }
    lab.remove();
  });
});

async function unkilled(lab: Lab): Promise<{ readonly queries: number; readonly wanted: State }> {
  const url = await copyOf(server, lab, 'unkilled');
  const proxy = await openProxy(Number(new URL(url).port));
  const { exit, stderr } = await start(
    'migrate',
    lab.folder,
    '--connection',
    through(url, proxy.port),
    ...ALLOW_ALL,
  ).ended;
  await proxy.close();
  expect({ exit, stderr }).toMatchObject({ exit: 0 });
  return { queries: proxy.queries(), wanted: await stateOf(url) };
}
