// Runs `db migrate`, its dry run and `db rollback` on servers of every major: a file by hand with everything that is cut
// differently, then a migration that `db diff` makes on that server. Prints a table.
//   node bench/run.mjs bench/migrate/versions.ts [--major 13]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { Client } from 'pg';
import { checksumsOf } from '../../test/support/checksums.ts';
import { ALLOW_ALL, start, stateOf } from '../../test/support/migrate-lab.ts';
import { MAJORS, startMajor } from '../../test/support/postgres-majors.ts';

const { values } = parseArgs({ options: { major: { type: 'string' } } });
const majors = values.major === undefined ? MAJORS : [Number(values.major)];

const OLD = `CREATE TABLE users (id integer PRIMARY KEY, name text, age integer);
  CREATE TABLE orders (id integer PRIMARY KEY, user_id integer, state text);
  CREATE TYPE mood AS ENUM ('sad');`;
const ROWS = `INSERT INTO users SELECT i, 'u' || i, i FROM generate_series(1, 1000) i;
  INSERT INTO orders SELECT i, i, 'new' FROM generate_series(1, 1000) i;`;
const NEW = `CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL, age bigint);
  CREATE INDEX users_age ON users (age);
  CREATE TABLE orders (id integer PRIMARY KEY, user_id integer REFERENCES users, state text CHECK (state <> ''), UNIQUE (user_id, state));
  CREATE TYPE mood AS ENUM ('sad', 'happy');`;
const BY_HAND = `CREATE INDEX CONCURRENTLY users_name ON users (name);
  ALTER TYPE mood ADD VALUE 'glad';
  ALTER TABLE users ADD COLUMN mood mood DEFAULT 'glad';
  VACUUM users;
  UPDATE users SET age = age + 1 WHERE id = 1;`;
const BACK = 'DROP INDEX users_name; ALTER TABLE users DROP COLUMN mood;';

/** What was not as it should be, in words. */
async function faultsOf(url: string, folder: string): Promise<string[]> {
  const faults: string[] = [];
  const run = async (what: string, ...words: string[]): Promise<string> => {
    const { exit, stdout, stderr } = await start(...words).ended;
    if (exit !== 0) faults.push(`${what}: exit ${exit} ${stdout.slice(0, 200)} ${stderr.slice(0, 200)}`);
    return stdout;
  };
  const [schema, hand, generated] = [
    join(folder, 'new.sql'),
    join(folder, 'hand'),
    join(folder, 'generated'),
  ];
  const on = ['--connection', url, ...ALLOW_ALL];
  writeFileSync(schema, NEW);
  await run('diff', 'diff', '--connection', url, '--to', schema, '-o', generated, '--allow', 'data-loss');
  const before = await stateOf(url);
  const sums = await checksumsOf(url);
  await run('dry run', 'migrate', generated, ...on, '--dry-run');
  if (!isDeepStrictEqual(await checksumsOf(url), sums)) faults.push('the dry run left traces');
  await run('migrate', 'migrate', generated, ...on);
  const differs = await run('no difference', 'diff', '--connection', url, '--to', schema);
  if (/^ALTER|^CREATE|^DROP/m.test(differs)) faults.push(`still differs: ${differs.slice(0, 300)}`);
  await run('dry run of the way back', 'rollback', generated, ...on, '--dry-run');
  await run('rollback', 'rollback', generated, ...on);
  const after = await stateOf(url);
  if (after.fingerprint !== before.fingerprint) faults.push('another schema after the rollback');
  if (!isDeepStrictEqual(after.rows, before.rows)) faults.push('other rows after the rollback');
  mkdirSync(hand);
  writeFileSync(join(hand, '1_hand.sql'), BY_HAND);
  writeFileSync(join(hand, '1_hand_rollback.sql'), BACK);
  await run('by hand', 'migrate', hand, ...on, '--journal', 'by_hand');
  await run('by hand, back', 'rollback', hand, ...on, '--journal', 'by_hand', '--force-fingerprint');
  if ((await stateOf(url)).invalidIndexes > 0) faults.push('an invalid index');
  return faults;
}

console.log('| major | not as it should be |\n| --- | --- |');
let wrong = 0;
for (const major of majors) {
  const server = await startMajor(major);
  const folder = mkdtempSync(join(tmpdir(), 'migrate-versions-'));
  await server.create('shop');
  const client = new Client({ connectionString: server.url('shop') });
  await client.connect();
  await client.query(`${OLD} ${ROWS}`);
  await client.end();
  const faults = await faultsOf(server.url('shop'), folder);
  console.log(`| ${major} | ${faults.length === 0 ? 'nothing' : faults.join('; ').replaceAll('\n', ' ')} |`);
  wrong += faults.length;
  rmSync(folder, { recursive: true, force: true });
  await server.stop();
}
if (wrong > 0) process.exitCode = 1;
