import {
  type LoadOptions,
  type LoadProgress,
  type LoadResult,
  parseDuration,
  runCluster,
  runLoad,
  type SampledAnswer,
} from '../../../load/index.ts';
import type { Invocation } from '../../command.ts';
import { visible } from '../../render/visible.ts';
import { packageVersion } from '../../version.ts';
import { readClusterKey, readLink, usage } from './cluster-options.ts';
import type { LoadFlags } from './options.ts';

type LoadRun = Pick<Invocation<LoadFlags>, 'host' | 'flags' | 'common'>;

/** One load test: here or, with --cluster, on the workers that join. Errors: as runLoad and runCluster. */
export async function runHereOrThere(
  { host, flags, common }: LoadRun,
  options: LoadOptions,
  onProgress: ((state: LoadProgress) => void) | undefined,
  onSample: ((sample: SampledAnswer) => void) | undefined,
): Promise<LoadResult> {
  const { cluster, workers, join } = flags;
  if (cluster === undefined) {
    if (workers !== undefined || join !== undefined)
      throw usage('--workers and --join are about many machines', 'Add --cluster.');
    return runLoad(options, host.signal, onProgress, onSample);
  }
  if (flags['expect-contract'])
    throw usage('--expect-contract does not go with --cluster', 'Workers hand over counts, no answers.');
  const quiet = common.quiet || common.json;
  const settings = {
    link: await readLink(host, cluster, flags),
    clusterKey: await readClusterKey(host, flags),
    version: await packageVersion(),
    workers,
    joinWithin: join === undefined ? undefined : parseDuration('--join', join),
    clock: host.clock,
  };
  const tell = (line: string): void => {
    // What workers say of themselves must not steer the terminal.
    if (!quiet) host.stderr.write(`${clearLine(host.stderr.isTTY)}${visible(line)}\n`);
  };
  const { samples = 0, ...sent } = options;
  if (samples > 0) tell('workers hand over what they count, no answers: none are held against the contract');
  return runCluster(sent, settings, host.signal, { onProgress, tell });
}

/** The progress line stands where the words go. */
const clearLine = (isTTY: boolean): string => (isTTY ? '\r\u001b[2K' : '');
