// Lets a disk run full in the middle of a concurrent build and of a transaction, then gives it room again.
//   node bench/run.mjs bench/migrate/disk-full.ts
// Needs Linux, root (for a tmpfs) and a Node that runs TypeScript (22.18 or newer).
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { ALLOW_ALL, start } from '../../test/support/migrate-lab.ts';
import { startPostgres } from '../../test/support/postgres-server.ts';

const small = mkdtempSync(join(tmpdir(), 'migrate-small-'));
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m,mode=0777', 'tmpfs', small]);
const space = join(small, 'space');
mkdirSync(space);
const server = await startPostgres();
let wrong = 0;
try {
  execFileSync('chown', ['-R', 'postgres', space]);
  await server.create('full');
  const url = server.url('full');
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(
    `CREATE TABLE t AS SELECT i AS id, repeat('x', 60) || i AS name FROM generate_series(1, 300000) i`,
  );
  await client.query(`CREATE TABLESPACE small LOCATION '${space}'`);
  const cases = [
    [
      'concurrent build',
      'CREATE TABLE before_build ();\nCREATE INDEX CONCURRENTLY t_name ON t (name) TABLESPACE small;',
    ],
    [
      'transaction',
      'CREATE TABLE copy (id integer, name text) TABLESPACE small;\nINSERT INTO copy SELECT id, name FROM t;',
    ],
  ] as const;
  console.log(
    '| in the middle of | disk | exit | said | invalid indexes | journal |\n| --- | --- | ---: | --- | ---: | --- |',
  );
  for (const [name, sql] of cases) {
    const folder = mkdtempSync(join(tmpdir(), 'migrate-full-'));
    writeFileSync(join(folder, `${name.replace(' ', '_')}.sql`), sql);
    for (const size of ['16m', '200m']) {
      execFileSync('mount', ['-o', `remount,size=${size}`, small]);
      const { exit, stdout } = await start('migrate', folder, '--connection', url, ...ALLOW_ALL).ended;
      const said = /DB\d+: [^\n]*/.exec(stdout)?.[0] ?? stdout.trim();
      const invalid = (await client.query('SELECT FROM pg_index WHERE NOT indisvalid')).rowCount;
      const { rows } = await client.query(
        'SELECT state, reached FROM senior_backend.migrations ORDER BY id DESC LIMIT 1',
      );
      console.log(
        `| ${name} | ${size} | ${exit} | ${said.replaceAll('|', '/')} | ${invalid} | ${JSON.stringify(rows[0] ?? {})} |`,
      );
      if (exit !== (size === '16m' ? 1 : 0) || invalid !== 0) wrong += 1;
    }
    await client.query('DROP TABLE IF EXISTS copy; DROP INDEX IF EXISTS t_name');
  }
  await client.query('DROP TABLESPACE small');
  await client.end();
} finally {
  await server.stop();
  execFileSync('umount', [small]);
}
if (wrong > 0) process.exitCode = 1;
