// A load test on many machines, from the options to the report.
import { UserError } from '../../core/errors.ts';
import { merged, percentile } from '../histogram.ts';
import type { LoadProgress } from '../progress.ts';
import { type LoadResult, type RunSettings, summarise } from '../result.ts';
import { messagesOf, statusesOf } from '../run.ts';
import { type LoadOptions, settle, tlsOf } from '../settings.ts';
import { mergeTallies, statusRule } from '../tally.ts';
import { parseThreshold } from '../threshold.ts';
import { clusterChecks, clusterReport } from './cluster-report.ts';
import { Coordinator } from './coordinator.ts';
import { createEnvelopes } from './envelope.ts';
import type { Wanted } from './gathering.ts';
import { type LinkOptions, openLink } from './link.ts';
import { isLoopback } from './link-rules.ts';
import type { Member } from './member.ts';
import { encodeOptions } from './options.ts';
import type { Clock } from './protocol.ts';

/** The machines that a run is made with. */
export interface ClusterOptions extends Wanted {
  readonly link: LinkOptions;
  /** What coordinator and workers share; messages are then encrypted. */
  readonly clusterKey?: string | undefined;
  /** Of this package. */
  readonly version: string;
  readonly clock: Clock;
}

/** Who is told what happens. */
export interface ClusterWatcher {
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  /** A worker joined, is lost, is back, left; the server is silent. */
  readonly tell: (line: string) => void;
}

/**
 * Runs one load test on all workers that join, and reports it as runLoad does, with the machines beside it. `signal`
 * ends it early on all of them. Errors: as runLoad, LOAD030 to LOAD034.
 */
export async function runCluster(
  options: LoadOptions,
  cluster: ClusterOptions,
  signal: AbortSignal,
  watcher: ClusterWatcher,
): Promise<LoadResult> {
  const thresholds = (options.thresholds ?? []).map(parseThreshold);
  const timing = settle(options);
  const { target, method, operations } = checkHere(options, cluster);
  const envelopes = createEnvelopes({ version: cluster.version, name: 'coordinator' }, cluster.clusterKey);
  const link = await openLink(cluster.link, 'senior-backend load', watcher.tell);
  if (!envelopes.sealed && !isLoopback(cluster.link))
    watcher.tell(
      'without --cluster-key, whoever listens at the NATS server reads the requests and their headers',
    );
  const length = (timing.warmup + timing.duration) * 1000;
  const { workers, joinWithin, clock } = cluster;
  const order = { options, connections: timing.connections, length, workers, joinWithin };
  const { onProgress, tell } = watcher;
  let members: readonly Member[] = [];
  const coordinator = new Coordinator(link, envelopes, order, {
    clock,
    tell,
    onProgress: onProgress && (() => onProgress(progressOfAll(members, timing.duration))),
  });
  members = coordinator.members;
  try {
    await coordinator.lead(signal);
  } finally {
    await link.close();
  }
  const isExpected = statusRule(statusesOf(options));
  const url = options.data === undefined ? target.url : options.url;
  const settings: RunSettings = { url, method, ...crewOf(members), ...timing };
  const result = summarise(mergeTallies(talliesOf(members)), settings, {
    isExpected,
    interrupted: signal.aborted,
    thresholds,
    ...(options.expectStatus === undefined ? {} : { expectedStatuses: options.expectStatus }),
    ...(options.steps === undefined ? {} : { steps: options.steps.map(({ name }) => name) }),
    ...(operations.length === 0 ? {} : { operations }),
    ...tokenProblemOf(members),
  });
  const { server } = link;
  const { startAt, ignored, notes } = coordinator;
  const facts = { server, encrypted: envelopes.sealed, startAt, ignoredMessages: ignored, notes, isExpected };
  const report = clusterReport(members, facts);
  return { ...result, checks: [...result.checks, ...clusterChecks(report)], cluster: report };
}

/** What would be refused at each worker is refused before any is called. */
function checkHere(options: LoadOptions, { workers, clusterKey }: ClusterOptions) {
  tlsOf(options);
  encodeOptions(options);
  if (clusterKey === '' || (workers !== undefined && !(workers >= 1))) {
    throw new UserError('LOAD005', clusterKey === '' ? 'the cluster key is empty' : `workers is ${workers}`, {
      kind: 'usage',
      help: 'Give at least 1 worker, and a key such as 32 random characters.',
    });
  }
  return messagesOf(options);
}

const talliesOf = (members: readonly Member[]) => members.flatMap(({ result }) => result?.tally ?? []);

function crewOf(members: readonly Member[]): Pick<RunSettings, 'engine' | 'threads'> {
  const crews = members.flatMap(({ crew, result }) => (crew && result ? [crew] : []));
  const engines = [...new Set(crews.map(({ engine }) => engine))].sort();
  return { engine: engines.join(', '), threads: crews.reduce((sum, { threads }) => sum + threads, 0) };
}

function tokenProblemOf(members: readonly Member[]): { readonly tokenProblem?: string } {
  const problem = members.find(({ result }) => result?.tokenProblem !== undefined)?.result?.tokenProblem;
  return problem === undefined ? {} : { tokenProblem: problem };
}

/** What is known of all workers together while they run. */
function progressOfAll(members: readonly Member[], durationSeconds: number): LoadProgress {
  const known = members.flatMap(({ progress }) => progress ?? []);
  const latencies = merged(known.map((one) => one.latencies));
  return {
    elapsedSeconds: Math.max(0, ...known.map(({ elapsedSeconds }) => elapsedSeconds)),
    durationSeconds,
    requests: known.reduce((sum, { requests }) => sum + requests, 0),
    failed: known.reduce((sum, { failed }) => sum + failed, 0),
    p50: percentile(latencies, 50) / 1000,
    p99: percentile(latencies, 99) / 1000,
  };
}
