// Changes a table of 1,000,000 rows in its online and in its plain form while clients write and read it, in turns. What
// was measured is kept, and a run that is cut off is taken up by the same line.
//   node bench/run.mjs bench/migrate/load.ts [--rows 1000000] [--clients 4] [--rounds 3] [--seconds 800] [--anew]
// Needs a Node that runs TypeScript (22.18 or newer).
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { ALLOW_ALL, start } from '../../test/support/migrate-lab.ts';
import { startPostgres } from '../../test/support/postgres-server.ts';
import { underTraffic } from '../../test/support/traffic.ts';
import { openLedger } from '../ledger.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    clients: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '800' },
    anew: { type: 'boolean', default: false },
  },
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

/** What one run of one form did to the clients; the form is empty when nothing was migrated. */
interface Run {
  readonly round: number;
  readonly form: string;
  readonly online: boolean;
  readonly seconds: number;
  readonly transactions: number;
  readonly failed: number;
  readonly longestMs: number;
  /** The longest that a client waited for a lock, as the server logged it: what the machine adds is not in it. */
  readonly lockMs: number;
}

/** Waits of less are not logged. */
const LOGGED_MS = 5;
const ACQUIRED = /process (\d+) acquired \w+ on \w+ \d+.*? after ([\d.]+) ms/g;
let waits: { readonly pid: string; readonly ms: number }[] = [];

const ledger = openLedger<Run>('migrate-load', values.anew);
const server = await startPostgres(
  ['log_lock_waits=on', `deadlock_timeout=${LOGGED_MS}ms`, 'max_wal_size=4GB'],
  (text) => {
    for (const [, pid = '', ms] of text.matchAll(ACQUIRED)) waits.push({ pid, ms: Number(ms) });
  },
);
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

async function run(form: (typeof FORMS)[number], online: boolean): Promise<Omit<Run, 'round'>> {
  await query('postgres', 'DROP DATABASE IF EXISTS load WITH (FORCE); CREATE DATABASE load TEMPLATE base');
  const url = server.url('load');
  const path = mkdtempSync(join(folder, 'm-'));
  if (online) {
    writeFileSync(join(folder, 'new.sql'), form.newer);
    const diff = await start('diff', '--connection', url, '--to', join(folder, 'new.sql'), '-o', path).ended;
    if (diff.exit !== 0) throw new Error(`${diff.stdout}${diff.stderr}`);
  } else writeFileSync(join(path, '1.sql'), form.plain);
  return measured(form.name, online, url, async () => {
    const { exit, stdout, stderr } = await start('migrate', path, '--connection', url, ...ALLOW_ALL).ended;
    if (exit !== 0) throw new Error(`${stdout}${stderr}`);
  });
}

async function measured(form: string, online: boolean, url: string, work: () => Promise<unknown>) {
  waits = [];
  const begun = performance.now();
  const { traffic } = await underTraffic(url, { clients, rows }, work);
  const seconds = (performance.now() - begun) / 1000;
  // Clients alone: the migration waits for them too, which stops nobody by itself.
  const lockMs = Math.max(0, ...waits.filter(({ pid }) => traffic.pids.has(pid)).map(({ ms }) => ms));
  const { transactions, failed, longestMs } = traffic;
  return { form, online, seconds, transactions, failed: failed.length, longestMs, lockMs };
}

const end = Date.now() + Number(values.seconds) * 1000;
const isDone = (round: number, form: string, online: boolean): boolean =>
  ledger.lines.some((line) => line.round === round && line.form === form && line.online === online);
for (let round = 0; round < Number(values.rounds) && Date.now() < end; round += 1) {
  if (!isDone(round, '', true)) {
    const work = () => new Promise((done) => setTimeout(done, 5_000));
    ledger.add({ round, ...(await measured('', true, server.url('base'), work)) });
  }
  for (const form of FORMS) {
    for (const online of [true, false]) {
      if (Date.now() < end && !isDone(round, form.name, online))
        ledger.add({ round, ...(await run(form, online)) });
    }
  }
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((left, right) => left - right)[Math.floor(numbers.length / 2)] ?? Number.NaN;

console.log(
  '| change | form | rounds | s | transactions | failed | longest wait for a lock, ms | longest pause of a client, ms |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |',
);
for (const name of ['', ...FORMS.map((form) => form.name)]) {
  for (const online of name === '' ? [true] : [true, false]) {
    const lines = ledger.lines.filter((line) => line.form === name && line.online === online);
    const of = (key: 'seconds' | 'transactions' | 'lockMs' | 'longestMs'): number[] =>
      lines.map((line) => line[key]);
    const failed = lines.reduce((sum, line) => sum + line.failed, 0);
    const all = (key: 'lockMs' | 'longestMs'): string =>
      `${median(of(key)).toFixed(0)} (${of(key)
        .map((ms) => ms.toFixed(0))
        .join(', ')})`;
    console.log(
      `| ${name === '' ? 'none' : name} | ${name === '' ? '' : online ? 'online' : 'plain'} | ${lines.length} | ${median(of('seconds')).toFixed(1)} | ${median(of('transactions'))} | ${failed} | ${all('lockMs')} | ${all('longestMs')} |`,
    );
  }
}
await server.stop();
if (ledger.lines.some(({ online, failed }) => online && failed > 0)) process.exitCode = 1;
