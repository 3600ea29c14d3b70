// How long the analysis of a running database takes, in the same run as pg_dump --schema-only on the same server, in turns.
// The command as a whole, built (npm run build), starts a Node besides.
//   node bench/run.mjs bench/analyze/speed.ts [SCHEMA] (musicbrainz). pg_dump must be of the server's version or newer: PG_DUMP=/path
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { analyzeServer } from '../../test/support/analyze.ts';
import { CORPUS } from '../../test/support/database.ts';
import { startPostgres } from '../../test/support/postgres-server.ts';

const schema = process.argv[2] ?? 'musicbrainz';
const given = process.env['SERVER_URL'];
const server = given === undefined ? await startPostgres() : undefined;
await server?.create('speed');
const url = given ?? server?.url('speed') ?? '';
const client = new Client({ connectionString: url });
await client.connect();
await client.query('SET check_function_bodies = off');
await client.query(readFileSync(`${CORPUS}/${schema}.sql`, 'utf8'));
await client.end();

const median = (list: readonly number[]): number =>
  [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;
const [dumps, analyses, processes]: [number[], number[], number[]] = [[], [], []];
for (let round = 0; round < 7; round += 1) {
  let started = performance.now();
  execFileSync(process.env['PG_DUMP'] ?? 'pg_dump', ['--schema-only', '--dbname', url], { maxBuffer: 1e9 });
  dumps.push(performance.now() - started);
  started = performance.now();
  await analyzeServer(url);
  analyses.push(performance.now() - started);
  started = performance.now();
  execFileSync(process.execPath, ['dist/cli/main.js', 'db', 'analyze', '--quiet', '--connection', url], {
    maxBuffer: 1e9,
  });
  processes.push(performance.now() - started);
}
const ratio = (list: readonly number[]): string => (median(list) / median(dumps)).toFixed(2);
console.log(
  '| schema | pg_dump --schema-only, ms | db analyze, ms | ratio | with the start of Node, ms | ratio |\n| --- | ---: | ---: | ---: | ---: | ---: |',
);
console.log(
  `| ${schema} | ${median(dumps).toFixed(0)} | ${median(analyses).toFixed(0)} | ${ratio(analyses)} | ${median(processes).toFixed(0)} | ${ratio(processes)} |`,
);
await server?.stop();
process.exit(0);
