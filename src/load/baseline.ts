import { UserError } from '../core/errors.ts';
import type { Block } from './bootstrap.ts';
import { bucketRange, COARSE_BITS, createHistogram } from './histogram.ts';
import type { LoadResult, RunSettings, SavedBlock } from './result.ts';

/** The machine a run was made on, as far as it matters to a comparison. */
export interface Environment {
  readonly node: string;
  readonly platform: string;
  readonly arch: string;
  readonly cpu: string;
  readonly cpus: number;
}

/** A saved `--json` report of an earlier run. */
export interface Baseline {
  readonly settings: RunSettings;
  readonly environment: Environment;
  readonly blocks: readonly SavedBlock[];
}

/** Reads a saved report. `name` is the file, for messages. Errors: LOAD008. */
export function parseBaseline(text: string, name: string): Baseline {
  const document = parseObject(text);
  const { kind, version, settings, environment, blocks } = document;
  const usable =
    kind === 'load' && version === 1 && isObject(settings) && isObject(environment) && Array.isArray(blocks);
  if (!usable) {
    throw new UserError('LOAD008', `${name} is not a report of senior-backend load`, {
      kind: 'usage',
      help: 'Make one with: senior-backend load URL -d 30s --output baseline.json',
    });
  }
  // Written by this program: the schema of the report is schemas/load.schema.json.
  return document as unknown as Baseline;
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** The middle of a saved block's bucket, in milliseconds. */
export function bucketMilliseconds(bucket: number): number {
  const { low, width } = bucketRange(COARSE_BITS, bucket);
  return (low + (width - 1) / 2) / 1000;
}

/** The saved blocks, ready to be compared. */
export function restoreBlocks(blocks: readonly SavedBlock[]): Block[] {
  return blocks.map(({ seconds, failed, buckets }) => {
    const latencies = createHistogram(COARSE_BITS);
    for (let at = 0; at + 1 < buckets.length; at += 2) {
      latencies.counts[buckets[at] ?? 0] = buckets[at + 1] ?? 0;
      latencies.total += buckets[at + 1] ?? 0;
    }
    return { latencies, failed, seconds };
  });
}

const COMPARED_SETTINGS = [
  'url',
  'method',
  'engine',
  'model',
  'protocol',
  'connections',
  'streams',
  'stages',
] as const;

/** What was not the same when the baseline was made: each line names it and both values. */
export function differencesFrom(
  baseline: Baseline,
  now: { readonly settings: LoadResult['settings']; readonly environment: Environment },
): string[] {
  const settings = COMPARED_SETTINGS.map((key) => [key, baseline.settings[key], now.settings[key]] as const);
  const keys = ['node', 'platform', 'arch', 'cpu', 'cpus'] as const;
  const machine = keys.map((key) => [key, baseline.environment[key], now.environment[key]] as const);
  return [...settings, ...machine].flatMap(([key, then, current]) =>
    JSON.stringify(then) === JSON.stringify(current)
      ? []
      : [`${key} was ${JSON.stringify(then)}, is ${JSON.stringify(current)}`],
  );
}
