// Changes a table of 1,000,000 rows in its online and in its plain form while clients write and read it.
//   node bench/run.mjs bench/migrate/load.ts [--rows 1000000] [--clients 4]
// Needs a Node that runs TypeScript (22.18 or newer).
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { ALLOW_ALL, start } from '../../test/support/migrate-lab.ts';
import { startPostgres } from '../../test/support/postgres-server.ts';
import { type Traffic, underTraffic } from '../../test/support/traffic.ts';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, clients: { type: 'string', default: '4' } },
});
const [rows, clients] = [Number(values.rows), Number(values.clients)];

const USERS =
  'CREATE TABLE users (id integer PRIMARY KEY, name text, team integer, visits integer NOT NULL DEFAULT 0';
const TEAMS = 'CREATE TABLE teams (id integer PRIMARY KEY);';
const OLD = `${TEAMS} ${USERS});`;

/** What the schema becomes, and the statement that somebody would write without thinking of others. */
const FORMS = [
  {
    name: 'index',
    newer: `${OLD} CREATE INDEX users_name ON users (name);`,
    plain: 'CREATE INDEX users_name ON users (name);',
  },
  {
    name: 'unique constraint',
    newer: `${TEAMS} ${USERS}, CONSTRAINT users_name UNIQUE (name));`,
    plain: 'ALTER TABLE users ADD CONSTRAINT users_name UNIQUE (name);',
  },
  {
    name: 'foreign key',
    newer: `${TEAMS} ${USERS}, CONSTRAINT users_team FOREIGN KEY (team) REFERENCES teams);`,
    plain: 'ALTER TABLE users ADD CONSTRAINT users_team FOREIGN KEY (team) REFERENCES teams;',
  },
  {
    name: 'check',
    newer: `${TEAMS} ${USERS}, CONSTRAINT users_visits CHECK (visits >= 0 AND length(name) < 100));`,
    plain: 'ALTER TABLE users ADD CONSTRAINT users_visits CHECK (visits >= 0 AND length(name) < 100);',
  },
  {
    name: 'NOT NULL',
    newer: OLD.replace('name text', 'name text NOT NULL'),
    plain: 'ALTER TABLE users ALTER COLUMN name SET NOT NULL;',
  },
] as const;

const server = await startPostgres();
const folder = mkdtempSync(join(tmpdir(), 'migrate-load-'));
writeFileSync(join(folder, 'old.sql'), OLD);
await server.create('base');
await query(
  'base',
  `${OLD} INSERT INTO teams SELECT generate_series(1, 100);
  INSERT INTO users (id, name, team) SELECT i, 'user ' || i, i % 100 + 1 FROM generate_series(1, ${rows}) i; VACUUM ANALYZE`,
);

async function query(database: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: server.url(database) });
  await client.connect();
  for (const statement of sql.split(';')) await client.query(statement);
  await client.end();
}

async function run(
  form: (typeof FORMS)[number],
  online: boolean,
): Promise<{ seconds: number; traffic: Traffic }> {
  await query('postgres', 'DROP DATABASE IF EXISTS load WITH (FORCE); CREATE DATABASE load TEMPLATE base');
  const url = server.url('load');
  const path = mkdtempSync(join(folder, 'm-'));
  if (online) {
    writeFileSync(join(folder, 'new.sql'), form.newer);
    const diff = await start('diff', '--connection', url, '--to', join(folder, 'new.sql'), '-o', path).ended;
    if (diff.exit !== 0) throw new Error(`${diff.stdout}${diff.stderr}`);
  } else writeFileSync(join(path, '1.sql'), form.plain);
  const begun = performance.now();
  const { result, traffic } = await underTraffic(
    url,
    { clients, rows },
    () => start('migrate', path, '--connection', url, ...ALLOW_ALL).ended,
  );
  if (result.exit !== 0) throw new Error(`${result.stdout}${result.stderr}`);
  return { seconds: (performance.now() - begun) / 1000, traffic };
}

const idle = await underTraffic(
  server.url('base'),
  { clients, rows: 1000 },
  () => new Promise((done) => setTimeout(done, 4_000)),
);
console.log(
  `${rows} rows, ${clients} clients. With no migration the longest transaction of 4 s took ${idle.traffic.longestMs.toFixed(0)} ms.\n`,
);
console.log(
  '| change | form | s | transactions | failed | longest pause of a client, ms |\n| --- | --- | ---: | ---: | ---: | ---: |',
);
let failures = 0;
for (const form of FORMS) {
  for (const online of [true, false]) {
    const { seconds, traffic } = await run(form, online);
    if (online) failures += traffic.failed.length;
    const { transactions, failed, longestMs } = traffic;
    console.log(
      `| ${form.name} | ${online ? 'online' : 'plain'} | ${seconds.toFixed(1)} | ${transactions} | ${failed.length} | ${longestMs.toFixed(0)} |`,
    );
  }
}
await server.stop();
if (failures > 0) process.exitCode = 1;
