// Starts 2, 10 and 50 runs of `db migrate` at once and counts what was applied: up to 10 are processes of their own; 50 are
// runs in one process, each with its own connections, because the start of 50 processes is all that two cores would do.
//   node bench/run.mjs bench/migrate/many.ts [--runs 2,10,50] [--processes 10]
// Needs a Node that runs TypeScript (22.18 or newer).
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { runCli } from '../../test/support/cli.ts';
import { ALLOW_ALL, start } from '../../test/support/migrate-lab.ts';
import { startPostgres } from '../../test/support/postgres-server.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '2,10,50' }, processes: { type: 'string', default: '10' } },
});
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
  '| runs at once | in | applied | nothing to do | otherwise | rows (2 wanted) |\n| ---: | --- | ---: | ---: | ---: | ---: |',
);
let wrong = 0;
for (const count of values.runs.split(',').map(Number)) {
  await server.create(`many${count}`);
  const url = server.url(`many${count}`);
  const line = ['migrate', folder, '--connection', url, '--wait', '300', ...ALLOW_ALL];
  const isProcess = count <= Number(values.processes);
  const one = () => (isProcess ? start(...line).ended : runCli('/', 'db', ...line));
  const ended = await Promise.all(Array.from({ length: count }, one));
  const applied = ended.filter(({ stdout }) => stdout.includes('Applied 2.sql')).length;
  const nothing = ended.filter(({ exit, stdout }) => exit === 0 && stdout.startsWith('Nothing to do')).length;
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rowCount } = await client.query('SELECT FROM log');
  await client.end();
  for (const { exit, stderr } of ended) if (exit !== 0) console.error(stderr);
  console.log(
    `| ${count} | ${isProcess ? 'processes of their own' : 'one process'} | ${applied} | ${nothing} | ${count - applied - nothing} | ${rowCount} |`,
  );
  if (applied !== 1 || nothing !== count - 1 || rowCount !== 2) wrong += 1;
}
await server.stop();
if (wrong > 0) process.exitCode = 1;
