// Measures two targets side by side: short blocks, in random order within each pair, so that whatever
// the machine does meanwhile happens to both.
import { UserError } from '../core/errors.ts';
import { type Baseline, differencesFrom, type Environment, restoreBlocks } from './baseline.ts';
import type { Block } from './bootstrap.ts';
import { runClient } from './client/client.ts';
import { netEngine } from './client/net-engine.ts';
import type { ClientControl } from './client/plan.ts';
import { type Comparison, compareBlocks, FEWEST_BLOCKS } from './compare.ts';
import { merged } from './histogram.ts';
import type { LoadResult, RunSettings } from './result.ts';
import { type PreparedRun, prepareRun, runLoad, untilAborted } from './run.ts';
import type { LoadOptions } from './settings.ts';
import { answeredStatuses, statusRule, type Tally } from './tally.ts';

/** Two targets under the same load. Times are in seconds. */
export interface CompareRunOptions {
  /** What both get; `duration` is that of each target, all blocks together. */
  readonly load: Omit<LoadOptions, 'url'>;
  readonly baselineUrl: string;
  readonly candidateUrl: string;
  /** Ends early when the interval of every metric is at most this wide to each side (0.02: 2 %). */
  readonly until?: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** The report of a comparison. */
export interface CompareResult {
  readonly settings: { readonly baseline: RunSettings; readonly candidate: RunSettings };
  readonly comparison: Comparison;
  /** Whether the wanted precision was reached; absent when none was wanted. */
  readonly precise?: boolean;
  /** What was not the same for both, beside the targets; only against a saved run. */
  readonly differences: readonly string[];
  readonly interrupted: boolean;
}

export interface CompareProgress {
  readonly done: number;
  readonly of: number;
}

const SHORTEST_BLOCK = 0.25;
const LONGEST_BLOCK = 3;
const USUAL_BLOCKS = 40;
/** The part of a block's length that is sent before it and not counted: new connections, cold caches. */
const BLOCK_WARMUP = 0.2;

/** Measures both targets in turn. Errors: LOAD001 to LOAD005, LOAD009. */
export async function runCompare(
  options: CompareRunOptions,
  signal: AbortSignal,
  onProgress?: (progress: CompareProgress) => void,
): Promise<CompareResult> {
  refuseUnfit(options.load);
  // In this thread: a fresh one for each block would be measured cold.
  const load: Omit<LoadOptions, 'url'> = { ...options.load, engine: 'net', threads: 1 };
  const baseline = await prepareRun({ ...load, url: options.baselineUrl });
  const candidate = await prepareRun({ ...load, url: options.candidateUrl });
  const { duration } = baseline.settings;
  const length = Math.min(LONGEST_BLOCK, Math.max(SHORTEST_BLOCK, duration / USUAL_BLOCKS));
  const pairs = Math.max(FEWEST_BLOCKS, Math.round(duration / length));
  const measure = (run: PreparedRun): Promise<Block> => measureBlock(run, length, signal);
  // The first pair only warms up both services and this program.
  await measure(baseline);
  await measure(candidate);
  const blocks: [Block[], Block[]] = [[], []];
  let precise = false;
  for (let pair = 0; pair < pairs && !signal.aborted && !precise; pair += 1) {
    const flipped = options.random() < 0.5;
    const first = await measure(flipped ? candidate : baseline);
    const second = await measure(flipped ? baseline : candidate);
    if (signal.aborted) break;
    blocks[0].push(flipped ? second : first);
    blocks[1].push(flipped ? first : second);
    onProgress?.({ done: pair + 1, of: pairs });
    precise = isPrecise(blocks, options, baseline.settings);
  }
  return {
    settings: { baseline: baseline.settings, candidate: candidate.settings },
    comparison: compare(blocks, options.random, baseline.settings, true),
    ...(options.until === undefined ? {} : { precise }),
    differences: [],
    interrupted: signal.aborted,
  };
}

/** Measures one target and compares it with a saved run of it. Errors: as runLoad, and LOAD009. */
export async function runAgainstBaseline(
  options: LoadOptions & { readonly random: () => number },
  baseline: Baseline,
  environment: Environment,
  signal: AbortSignal,
  onProgress?: Parameters<typeof runLoad>[2],
): Promise<CompareResult> {
  const result: LoadResult = await runLoad(options, signal, onProgress);
  const blocks: [Block[], Block[]] = [restoreBlocks(baseline.blocks), restoreBlocks(result.blocks)];
  return {
    settings: { baseline: baseline.settings, candidate: result.settings },
    comparison: compare(blocks, options.random, result.settings, false),
    differences: differencesFrom(baseline, { settings: result.settings, environment }),
    interrupted: result.interrupted,
  };
}

/** Compares two runs that are over, by their blocks. Errors: LOAD009. */
export const compareRuns = (baseline: LoadResult, candidate: LoadResult, random: () => number): Comparison =>
  compare(
    [restoreBlocks(baseline.blocks), restoreBlocks(candidate.blocks)],
    random,
    candidate.settings,
    false,
  );

function refuseUnfit({ stages, requests, warmup, ramp }: Omit<LoadOptions, 'url'>): void {
  const unfit = Object.entries({ stages, requests, warmup, ramp }).find(([, value]) => value !== undefined);
  if (unfit === undefined) return;
  throw new UserError('LOAD005', `${unfit[0]} does not go with comparing`, {
    kind: 'usage',
    help: 'A comparison is made of short blocks with a warm-up each; give --duration, -c or --rate.',
  });
}

function compare(
  [baseline, candidate]: readonly [readonly Block[], readonly Block[]],
  random: () => number,
  { model }: RunSettings,
  paired: boolean,
): Comparison {
  const fewest = Math.min(baseline.length, candidate.length);
  if (fewest < FEWEST_BLOCKS) {
    throw new UserError(
      'LOAD009',
      `there are ${fewest} blocks of measurement, a comparison needs ${FEWEST_BLOCKS}`,
      {
        help: 'Let both runs last at least 5 seconds.',
      },
    );
  }
  return compareBlocks(baseline, candidate, { paired, random, fixedRate: model === 'open' });
}

/** Judged at growing distances only: resampling after each block would cost more than measuring. */
function isPrecise(
  blocks: readonly [readonly Block[], readonly Block[]],
  { until, random }: CompareRunOptions,
  settings: RunSettings,
): boolean {
  const count = blocks[0].length;
  if (until === undefined || count < 2 * FEWEST_BLOCKS || count % FEWEST_BLOCKS !== 0) return false;
  const { metrics } = compare(blocks, random, settings, true);
  return metrics.length > 0 && metrics.every(({ interval: { low, high } }) => high - low <= 2 * until);
}

async function measureBlock({ client }: PreparedRun, seconds: number, signal: AbortSignal): Promise<Block> {
  const control: ClientControl = { stopped: signal.aborted };
  const duration = seconds * 1000;
  const plan = {
    ...client,
    duration,
    warmUp: duration * BLOCK_WARMUP,
    pace: blockPace(client.pace, duration),
  };
  const tally = await untilAborted(signal, control, () => runClient(plan, netEngine(), control));
  return blockOf(tally, statusRule(client.expectedStatuses));
}

/** The open model's one rate for as long as the block and its warm-up last. */
function blockPace(pace: PreparedRun['client']['pace'], duration: number): PreparedRun['client']['pace'] {
  if (pace.kind === 'closed') return pace;
  const rate = pace.segments[0]?.to ?? 0;
  return { ...pace, segments: [{ duration: duration * (1 + BLOCK_WARMUP), from: rate, to: rate }] };
}

function blockOf(tally: Tally, isExpected: (status: number) => boolean): Block {
  const answered = answeredStatuses(tally);
  const wrong = answered.filter(([status]) => !isExpected(status));
  const faults = Object.values(tally.faults).reduce((sum, { count }) => sum + count, 0);
  return {
    latencies: merged(answered.flatMap(([status, histogram]) => (isExpected(status) ? [histogram] : []))),
    failed: wrong.reduce((sum, [, { total }]) => sum + total, faults),
    seconds: tally.elapsed / 1000,
  };
}
