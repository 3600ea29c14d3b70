// Kills `db migrate` with SIGKILL at queries of every corpus pair, runs it again and compares with a run
// that was not killed. Moments are spread over each pair; rounds go over all pairs until the time is up.
//   node bench/run.mjs bench/migrate/kills.ts [--seconds 800] [--kills 400] [--only NAME]
// Needs ../shared/corpus/postgres.
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { corpusPairs } from '../../test/support/database.ts';
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
} from '../../test/support/migrate-lab.ts';
import { startPostgres } from '../../test/support/postgres-server.ts';
import { openProxy } from '../../test/support/wire-proxy.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '800' },
    kills: { type: 'string', default: '400' },
    only: { type: 'string' },
  },
});

interface Row {
  readonly lab: Lab;
  readonly queries: number;
  readonly wanted: State;
  readonly done: Set<string>;
  readonly faults: string[];
}

const server = await startPostgres();
const rows: Row[] = [];
const left: string[] = [];

for (const { name, older, newer } of corpusPairs()) {
  if (values.only !== undefined && !name.includes(values.only)) continue;
  try {
    const row = await prepare(name.replaceAll(/\W/g, '_').toLowerCase(), older, newer);
    if (row === undefined) left.push(`${name}: no migration`);
    else rows.push(row);
  } catch (error) {
    left.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** With rows where the migration takes them, else without. */
async function prepare(name: string, older: string, newer: string): Promise<Row | undefined> {
  for (const count of [3, 0]) {
    const lab = await openLab(server, `${name}_${count}`, { older, newer, rows: count });
    if (lab === undefined) return undefined;
    const url = await copyOf(server, lab, 'unkilled');
    const proxy = await openProxy(Number(new URL(url).port));
    const ended = await start('migrate', lab.folder, '--connection', through(url, proxy.port), ...ALLOW_ALL)
      .ended;
    await proxy.close();
    if (ended.exit === 0) {
      return { lab, queries: proxy.queries(), wanted: await stateOf(url), done: new Set(), faults: [] };
    }
    console.error(`${name} with ${count} rows a table: ${ended.stdout.split('\n').slice(0, 4).join(' | ')}`);
    if (count === 0) throw new Error(`it fails without being killed: ${ended.stdout}${ended.stderr}`);
  }
  return undefined;
}

/** The golden ratio spreads any number of moments evenly. */
const moment = (round: number, queries: number): number =>
  Math.floor(((round * 0.618_034 + 0.99) % 1) * queries);

const end = Date.now() + Number(values.seconds) * 1000;
for (let round = 0; Date.now() < end && round < Number(values.kills); round += 1) {
  for (const { lab, queries, wanted, done, faults } of rows) {
    if (Date.now() >= end) break;
    const [at, when] = [moment(round, queries), round % 2 === 0 ? 'after' : 'before'] as const;
    if (done.has(`${at} ${when}`)) continue;
    const url = await copyOf(server, lab, 'killed');
    const { struck, next } = await killAt(url, lab, at, when);
    if (!struck) continue;
    done.add(`${at} ${when}`);
    const state = await stateOf(url);
    const isTakenUp = next.exit === 0 && isDeepStrictEqual(state, wanted);
    console.error(
      `${lab.name}: killed ${when} query ${at} of ${queries}, ${isTakenUp ? 'taken up' : 'NOT TAKEN UP'}`,
    );
    if (next.exit !== 0) faults.push(`query ${at} ${when}: exit ${next.exit} ${next.stdout} ${next.stderr}`);
    else if (!isDeepStrictEqual(state, wanted)) faults.push(`query ${at} ${when}: another state`);
  }
}

console.log(
  '| pair | statements | queries | tables with rows | kills | next run finished, same state |\n| --- | ---: | ---: | ---: | ---: | ---: |',
);
for (const { lab, queries, done, faults } of rows) {
  console.log(
    `| ${lab.name} | ${lab.statements} | ${queries} | ${lab.filled} | ${done.size} | ${done.size - faults.length} |`,
  );
  for (const fault of faults) console.error(`${lab.name} ${fault}`);
  lab.remove();
}
const kills = rows.reduce((sum, { done }) => sum + done.size, 0);
const faults = rows.reduce((sum, row) => sum + row.faults.length, 0);
console.log(`\n${kills} kills over ${rows.length} pairs, ${faults} not taken up.`);
for (const line of left) console.log(`Not tried: ${line}`);
await server.stop();
if (faults > 0) process.exitCode = 1;
