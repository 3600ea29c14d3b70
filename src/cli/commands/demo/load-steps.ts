// The service under load by its contract, and what its database did meanwhile.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareRuns, FEWEST_BLOCKS, type LoadResult, runLoad } from '../../../load/index.ts';
import { readContractRun } from '../load/contract/read.ts';
import { runMaybeExplained } from '../load/explained.ts';
import { oneLine, startAfresh } from './database-steps.ts';
import { startService } from './processes.ts';
import { type CountedStatement, type DemoState, leftBy, type Measurement } from './state.ts';

const CONNECTIONS = 10;
/** Where the service writes its statements down, below its folder. */
const STATEMENTS = 'statements.json';
const SHOWN = 3;
/** How many times as long the second try of a measurement takes. */
const LONGER = 3;

export async function boot(state: DemoState): Promise<object> {
  await startAfresh(state);
  state.say('The first time, 245,000 rows are generated; later runs find them in place.');
  state.service = await startService(state, STATEMENTS);
  state.say(state.service.url);
  return { url: state.service.url };
}

export async function loadFirst(state: DemoState): Promise<object> {
  state.first = await measure(state, state.databaseUrl);
  return shown(state, state.first);
}

/** The service reads its statements' plans anew in a process of its own, as after any deployment. */
export async function loadAgain(state: DemoState): Promise<object> {
  state.service = await startService(state, STATEMENTS);
  state.second = await measure(state, undefined);
  return shown(state, state.second);
}

/** On a machine that is busy with other things a run can be too short for a comparison: then it is made once more, longer. */
async function measure(state: DemoState, database: string | undefined): Promise<Measurement> {
  const measurement = await measureFor(state, state.duration, database);
  if (measurement.result.blocks.length >= FEWEST_BLOCKS) return measurement;
  const longer = LONGER * state.duration;
  state.say(`The machine is busy: too little was measured to compare. Once more, for ${longer} s`);
  return measureFor(state, longer, database);
}

/** With a database that can be watched from outside, also why it is as slow as it is. */
async function measureFor(
  state: DemoState,
  duration: number,
  database: string | undefined,
): Promise<Measurement> {
  const { url } = leftBy(state, 'service');
  const host = { cwd: state.folder, random: state.host.random, signal: state.signal };
  const asked = { url, connections: CONNECTIONS, duration };
  const { options, check, ...rest } = await readContractRun(host, 'openapi.yaml', asked, { mix: undefined });
  const { result, explanation } = await runMaybeExplained(state.host, options, {
    database,
    onPhase: undefined,
    run: () => runLoad(options, state.signal, undefined, (sample) => check.take(sample)),
  });
  return { result, contract: { ...rest, ...check.finish(result) }, explanation };
}

function shown({ say }: DemoState, { result, contract }: Measurement): object {
  const { requests, latency, operations } = result;
  const ms = (value: number | undefined): string => (value === undefined ? '-' : `${value.toFixed(1)} ms`);
  say(`Every operation of the contract over ${CONNECTIONS} connections for ${result.settings.duration} s`);
  say(
    `  ${requests.perSecond.toFixed(0)} requests/s, ${requests.failed} failed, P50 ${ms(latency?.p50)}, P99 ${ms(latency?.p99)}`,
  );
  for (const own of operations) say(`  ${own.name.padEnd(36)} P50 ${ms(own.latency?.p50)}`);
  say(
    contract.breaches.length === 0
      ? `  the contract was kept by all ${contract.checked} answers that were read`
      : `  ${contract.breaches.length} ways in which answers break the contract`,
  );
  return { requests, latency, operations, contract };
}

/**
 * Which statements took the time of the database, as the service's own connection counted them. The service is stopped for
 * it: an embedded database can be open in one process only.
 */
export async function explain(state: DemoState): Promise<object> {
  await leftBy(state, 'service').stop();
  const statements: CountedStatement[] = JSON.parse(await readFile(join(state.folder, STATEMENTS), 'utf8'));
  const ranked = [...statements].sort((one, other) => other.milliseconds - one.milliseconds);
  state.statements = ranked;
  const { explanation } = leftBy(state, 'first');
  for (const { message } of explanation?.reasons ?? []) state.say(message);
  const all = ranked.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  for (const { sql, calls, milliseconds } of ranked.slice(0, SHOWN)) {
    const share = ((100 * milliseconds) / all).toFixed(0);
    state.say(
      `${share} % of the database's time, ${calls} calls, ${(milliseconds / calls).toFixed(1)} ms each\n  ${oneLine(sql)}`,
    );
  }
  return { reasons: explanation?.reasons ?? [], statements: ranked };
}

/** Both measurements, held against each other. */
export async function compare(state: DemoState): Promise<object> {
  await leftBy(state, 'service').stop();
  const [first, second]: readonly LoadResult[] = [
    leftBy(state, 'first').result,
    leftBy(state, 'second').result,
  ];
  if (first === undefined || second === undefined) throw new Error('nothing was measured');
  const comparison = compareRuns(first, second, state.host.random);
  state.comparison = comparison;
  for (const { name, unit, baseline, candidate, interval, verdict } of comparison.metrics) {
    const figures = `${baseline.toFixed(1)} ${unit} to ${candidate.toFixed(1)} ${unit}`;
    state.say(
      `${name.padEnd(11)} ${figures}, between ${signed(interval.low)} and ${signed(interval.high)} (95 % for all): ${verdict}`,
    );
  }
  state.say(`The second measurement is ${comparison.verdict}: ${comparison.reason}`);
  return { comparison };
}

const signed = (value: number): string => `${value < 0 ? '-' : '+'}${Math.abs(value * 100).toFixed(0)} %`;
