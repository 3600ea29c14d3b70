// Kills `db migrate` with SIGKILL at the queries of every corpus pair, runs it again and compares with a run that was
// not killed. What was found is kept, and a run that is cut off is taken up by the same line.
//   node bench/run.mjs bench/migrate/kills.ts [--seconds 800] [--most 150] [--lanes 2] [--only NAME] [--anew]
// Needs ../shared/corpus/postgres.
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { connect } from '../../src/database/engines/postgres.ts';
import { withoutAutovacuum } from '../../test/support/checksums.ts';
import { runCli } from '../../test/support/cli.ts';
import { corpusPairs, type SchemaPair } from '../../test/support/database.ts';
import {
  ALLOW_ALL,
  copyOf,
  type Lab,
  type State,
  start,
  stateOf,
  strike,
  through,
} from '../../test/support/migrate-lab.ts';
import { startPostgres } from '../../test/support/postgres-server.ts';
import { rowsOf } from '../../test/support/rows.ts';
import { openProxy } from '../../test/support/wire-proxy.ts';
import { openLedger } from '../ledger.ts';
import { bySize, readyPair } from './ready-pair.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '800' },
    most: { type: 'string', default: '150' },
    lanes: { type: 'string', default: '2' },
    only: { type: 'string' },
    anew: { type: 'boolean', default: false },
  },
});

interface Moment {
  readonly at: number;
  readonly when: 'before' | 'after';
}

/** What one kill led to. */
interface Kill extends Moment {
  readonly kind: 'kill';
  readonly pair: string;
  /** Whether the process was still at work. */
  readonly struck: boolean;
  /** What is wrong with the next run or with what it left; empty when nothing is. */
  readonly fault: string;
}

/** What is known of a pair before anything is killed; `left` says why it was not tried. */
interface Pair {
  readonly kind: 'pair';
  readonly pair: string;
  readonly statements: number;
  readonly queries: number;
  readonly filled: number;
  readonly left: string;
}

const ledger = openLedger<Kill | Pair>('migrate-kills', values.anew);
const end = Date.now() + Number(values.seconds) * 1000;
function killsOf(name: string): Kill[] {
  return ledger.lines.filter((line): line is Kill => line.kind === 'kill' && line.pair === name);
}

function isComplete(name: string): boolean {
  const known = ledger.lines.findLast((line): line is Pair => line.kind === 'pair' && line.pair === name);
  if (known === undefined) return false;
  return killsOf(name).length >= Math.min(Number(values.most), 2 * known.queries);
}

interface Prepared {
  readonly lab: Lab;
  readonly filled: number;
  readonly wanted: State;
  readonly asked: readonly string[];
}

async function workOn(pair: SchemaPair): Promise<void> {
  const { name } = pair;
  const prepared = await prepare(pair).catch((error: unknown) => String(error));
  const none = { kind: 'pair', pair: name, statements: 0, queries: 0, filled: 0 } as const;
  if (typeof prepared === 'string') return ledger.add({ ...none, left: prepared });
  const { lab, asked, filled } = prepared;
  const moments = momentsOf(asked);
  const { statements } = lab;
  ledger.add({ ...none, statements, filled, queries: asked.length, left: '' });
  const done = new Set(killsOf(name).map(({ at, when }) => `${at} ${when}`));
  const left = moments.filter(({ at, when }) => !done.has(`${at} ${when}`));
  const lane = async (number: number): Promise<void> => {
    for (let next = left.shift(); next !== undefined && Date.now() < end; next = left.shift()) {
      ledger.add({ kind: 'kill', pair: name, ...next, ...(await kill(prepared, next, `killed${number}`)) });
    }
  };
  await Promise.all(Array.from({ length: Number(values.lanes) }, (_, number) => lane(number)));
  console.error(`${name}: ${killsOf(name).length} of ${moments.length}`);
}

async function prepare(pair: SchemaPair): Promise<Prepared | string> {
  const ready = await readyPair(server, pair);
  if (typeof ready === 'string') return ready;
  const { lab } = ready;
  const [first, second] = [await copyOf(server, lab, 'first'), await copyOf(server, lab, 'second')];
  const proxy = await openProxy(Number(new URL(first).port));
  const run = (url: string) => start('migrate', lab.folder, '--connection', url, ...ALLOW_ALL).ended;
  await run(through(first, proxy.port));
  await proxy.close();
  await run(second);
  return { ...ready, asked: proxy.asked(), wanted: steady(await stateOf(first), await stateOf(second)) };
}

/** Where something is committed, or runs outside a transaction. */
const DECISIVE = /^COMMIT|; COMMIT$|CONCURRENTLY|^BEGIN;/;

/**
 * Before and in the middle of every query, the decisive ones first, each kind spread evenly by the golden ratio; as
 * many as `--most` allows.
 */
function momentsOf(asked: readonly string[]): Moment[] {
  const all = asked.flatMap((_, at) => [{ at, when: 'before' } as const, { at, when: 'after' } as const]);
  const isDecisive = ({ at }: Moment): boolean => DECISIVE.test(asked[at] ?? '');
  const ordered = [...spread(all.filter(isDecisive)), ...spread(all.filter((one) => !isDecisive(one)))];
  return ordered.slice(0, Number(values.most));
}

function spread<T>(items: readonly T[]): readonly T[] {
  const order = items.map((_, index) => ({ index, key: (index * 0.618_034) % 1 }));
  return order.sort((left, right) => left.key - right.key).flatMap(({ index }) => items[index] ?? []);
}

let kills = 0;

async function kill({ lab, wanted }: Prepared, { at, when }: Moment, database: string) {
  const url = await copyOf(server, lab, database);
  const struck = await strike(url, lab, at, when);
  const next = await runCli('/', 'db', 'migrate', lab.folder, '--connection', url, ...ALLOW_ALL);
  if (next.exit !== 0) return { struck, fault: `exit ${next.exit}: ${next.stdout}${next.stderr}` };
  // The run itself compared the schema with the target; every tenth time it is read once more.
  kills += 1;
  const state = kills % 10 === 0 ? await stateOf(url) : await quickState(url);
  return { struck, fault: difference(state, wanted) };
}

/** What differs; of tables with chance in them only the number of rows counts. */
function difference({ rows, ...state }: State, { rows: wantedRows, ...wanted }: State): string {
  if (!isDeepStrictEqual(state, wanted)) return `another state: ${JSON.stringify(state)}`;
  const names = [...new Set([...Object.keys(rows), ...Object.keys(wantedRows)])];
  const other = names.filter((name) => {
    const [now = '', then = ''] = [rows[name], wantedRows[name]];
    return then.endsWith('?') ? now.split(' ')[0] !== then.split(' ')[0] : now !== then;
  });
  return other.length === 0 ? '' : `other rows in ${other.slice(0, 5).join(', ')}`;
}

/** The state that two runs led to; rows that differ between them are marked. */
function steady({ rows, ...state }: State, { rows: again }: State): State {
  const marked = Object.entries(rows).map(([name, sum]) => [
    name,
    sum === again[name] ? sum : `${sum.split(' ')[0]} ?`,
  ]);
  return { ...state, rows: Object.fromEntries(marked) };
}

/** As `stateOf`, with the fingerprint that the run found and recorded. */
async function quickState(url: string): Promise<State> {
  const engine = await connect({ url, budgetMs: 60_000 });
  try {
    const [row] = await engine.rows<Omit<State, 'rows'>>(
      `SELECT (SELECT count(*)::int FROM pg_index WHERE NOT indisvalid) AS "invalidIndexes",
         (SELECT count(*)::int FROM senior_backend.migrations WHERE state = 'applied') AS applied,
         (SELECT fingerprint_after FROM senior_backend.migrations WHERE state = 'applied') AS fingerprint`,
    );
    if (row === undefined) throw new Error('no answer');
    return { ...row, rows: await rowsOf(engine) };
  } finally {
    await engine.close();
  }
}

function report(): void {
  console.log(
    '| pair | statements | queries | tables with rows | kills | of possible | next run finished, same state |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
  );
  const pairs = new Map(
    ledger.lines.filter((line): line is Pair => line.kind === 'pair').map((line) => [line.pair, line]),
  );
  const totals = { kills: 0, possible: 0, faults: 0 };
  for (const { pair, statements, queries, filled, left } of pairs.values()) {
    if (left !== '') {
      console.log(`| ${pair} | | | | | | not tried: ${left.slice(0, 200)} |`);
      continue;
    }
    const struck = killsOf(pair).filter((line) => line.struck);
    const faults = killsOf(pair).filter(({ fault }) => fault !== '');
    console.log(
      `| ${pair} | ${statements} | ${queries} | ${filled} | ${struck.length} | ${2 * queries} | ${struck.length - faults.length} |`,
    );
    for (const { at, when, fault } of faults) console.error(`${pair} ${when} query ${at}: ${fault}`);
    totals.kills += struck.length;
    totals.possible += 2 * queries;
    totals.faults += faults.length;
  }
  console.log(
    `\n${totals.kills} kills over ${pairs.size} pairs, of ${totals.possible} possible; ${totals.faults} not taken up.`,
  );
  if (totals.faults > 0) process.exitCode = 1;
}

const server = await startPostgres();
await withoutAutovacuum(server.url());
for (const pair of bySize(corpusPairs())) {
  if (values.only !== undefined && !pair.name.includes(values.only)) continue;
  if (Date.now() < end && !isComplete(pair.name)) await workOn(pair);
}
await server.stop();
report();
