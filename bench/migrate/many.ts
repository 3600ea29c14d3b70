// Starts 2, 10 and 50 processes of `db migrate` at once and counts what was applied.
//   node bench/run.mjs bench/migrate/many.ts
// Needs a Node that runs TypeScript (22.18 or newer).
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { ALLOW_ALL, start } from '../../test/support/migrate-lab.ts';
import { startPostgres } from '../../test/support/postgres-server.ts';

const server = await startPostgres();
const folder = mkdtempSync(join(tmpdir(), 'migrate-many-'));
writeFileSync(
  join(folder, '1.sql'),
  'CREATE TABLE log (at timestamptz DEFAULT clock_timestamp()); INSERT INTO log DEFAULT VALUES;',
);
writeFileSync(
  join(folder, '2.sql'),
  'INSERT INTO log DEFAULT VALUES;\nCREATE INDEX CONCURRENTLY log_at ON log (at);',
);

console.log(
  '| processes at once | applied | nothing to do | otherwise | rows (2 wanted) |\n| ---: | ---: | ---: | ---: | ---: |',
);
let wrong = 0;
for (const count of [2, 10, 50]) {
  await server.create(`many${count}`);
  const url = server.url(`many${count}`);
  const line = ['migrate', folder, '--connection', url, '--wait', '300', ...ALLOW_ALL];
  const ended = await Promise.all(Array.from({ length: count }, () => start(...line).ended));
  const applied = ended.filter(({ stdout }) => stdout.includes('Applied 2.sql')).length;
  const nothing = ended.filter(({ exit, stdout }) => exit === 0 && stdout.startsWith('Nothing to do')).length;
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rowCount } = await client.query('SELECT FROM log');
  await client.end();
  for (const { exit, stderr } of ended) if (exit !== 0) console.error(stderr);
  console.log(`| ${count} | ${applied} | ${nothing} | ${count - applied - nothing} | ${rowCount} |`);
  if (applied !== 1 || nothing !== count - 1 || rowCount !== 2) wrong += 1;
}
await server.stop();
if (wrong > 0) process.exitCode = 1;
