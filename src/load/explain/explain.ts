import { UserError } from '../../core/errors.ts';
import { type Observer, openEmbeddedObserver, openObserver } from '../../database/index.ts';
import { LoneClient } from '../client/lone-client.ts';
import type { LoadProgress } from '../progress.ts';
import type { LoadResult } from '../result.ts';
import { type PreparedRun, prepareRun, runLoad, withToken } from '../run.ts';
import type { LoadOptions } from '../settings.ts';
import { statusRule } from '../tally.ts';
import { type Decomposition, isStarved } from './decompose.ts';
import type { Evidence, LoadEvidence, OperationEvidence } from './evidence.ts';
import { judge } from './judge.ts';
import { Meter } from './meter.ts';
import { dividedBy } from './operation-notes.ts';
import { planProbe } from './operations.ts';
import { Probe } from './probe.ts';
import type { Reason } from './reason.ts';
import { findServerProcess } from './server-times.ts';
import { studied } from './studied.ts';
import { Watch } from './watch.ts';

export interface ExplainOptions {
  /**
   * `postgres://...`, the service's own database, seen with a role that may read its statistics; or `watch:SOCKET`, where
   * a service tells of its own embedded one.
   */
  readonly database: string;
  /** The file that keeps an initialised scratch database between runs. */
  readonly snapshot?: string;
  /** In place of connecting to `database`: what watches a database that cannot be seen from outside. */
  readonly observer?: Observer;
  /** Sends the load in place of runLoad; it is to send what the options say. */
  readonly run?: () => Promise<LoadResult>;
  /** Told when a part begins, in words. */
  readonly onPhase?: (phase: string) => void;
}

/** Why a service is slow, as far as that was seen. */
export interface Explanation {
  readonly database: string;
  readonly reasons: readonly Reason[];
  readonly decomposition: Decomposition;
  readonly evidence: Evidence;
  /** What could not be seen, and how it could be. */
  readonly notes: readonly string[];
}

/** A run together with its explanation. */
export interface ExplainedRun {
  readonly result: LoadResult;
  readonly explanation: Explanation;
}

/** Milliseconds. */
const BACKGROUND_MS = 300;
const PROBE_MS = 20_000;
const LOOK_MS = 5_000;
/** A service under load answers when its thread is free. */
const COPY_MS = 60_000;
const ROUND_TRIPS = 30;

/**
 * Probes each operation alone, runs the load with the database watched, and says why the service is slow. The
 * database is only read. Errors: as runLoad; DB001; LOAD018 for a database that cannot be watched.
 *
 * @example
 * const { result, explanation } = await runExplained({ url, connections: 20 }, { database }, signal);
 * console.log(explanation.reasons[0]?.message);
 */
export async function runExplained(
  asked: LoadOptions,
  options: ExplainOptions,
  signal: AbortSignal,
  onProgress?: (progress: LoadProgress) => void,
): Promise<ExplainedRun> {
  const prepared = await prepareRun(asked);
  const probing = prepared.token === undefined ? asked : withToken(asked, prepared.token);
  const { endpoint, timeout } = prepared.client;
  const client = new LoneClient(endpoint, timeout);
  const now = (): number => client.now();
  const openedAt = now();
  const observer = options.observer ?? (await openOwn(options.database, signal));
  const openedMs = now() - openedAt;
  try {
    const server = await findServerProcess(
      endpoint.socketPath === undefined ? endpoint.address : '',
      endpoint.target.port,
    );
    const meter = new Meter(observer, server, now);
    const roundTripMs = await measureRoundTrip(observer, now);
    options.onPhase?.('Probing each operation alone');
    await meter.noteBackground(BACKGROUND_MS);
    const limits = { budgetMs: PROBE_MS, isExpected: statusRule(prepared.client.expectedStatuses), signal };
    const alone = await new Probe(client, meter, limits).run(planProbe(probing));
    const watch = await Watch.open(meter, now);
    options.onPhase?.('Loading');
    const result = await watch.during(() => options.run?.() ?? runLoad(asked, signal, onProgress));
    const load = loadEvidence(result, watch);
    options.onPhase?.('Looking into the statements');
    const operations = alone.map((operation) => underLoad(operation, result));
    const { statements, notes } = await studied({
      operations,
      load,
      meter,
      sent: watch.seen.sent,
      options,
      signal,
    });
    const evidence: Evidence = {
      operations,
      load,
      statements,
      roundTripMs,
      connectMs: Math.max(roundTripMs, openedMs - SETTING_UP * roundTripMs),
      source: sourceOf(meter, operations),
      embedded: observer.embedded !== undefined,
      connection: shownConnection(options.database, observer),
    };
    const { reasons, decomposition } = judge(evidence);
    return {
      result,
      explanation: {
        database: observer.name,
        reasons,
        decomposition,
        evidence,
        notes: [...notesOf(evidence, meter, { prepared, isBlind: watch.seen.isBlind }), ...notes],
      },
    };
  } finally {
    client.close();
    if (options.observer === undefined) await observer.close().catch(() => undefined);
  }
}

/** Statements that opening an observer runs beside connecting. */
const SETTING_UP = 5;

/** How the socket of a service that watches its own database is named. */
const WATCH = 'watch:';

function openOwn(database: string, signal: AbortSignal): Promise<Observer> {
  if (/^postgres(?:ql)?:\/\//.test(database)) return openObserver(database, LOOK_MS, signal);
  if (database.startsWith(WATCH)) return openEmbeddedObserver(database.slice(WATCH.length), COPY_MS);
  throw new UserError(
    'LOAD018',
    `${JSON.stringify(database.replace(/:.*/s, ':...'))} cannot be watched from outside`,
    {
      kind: 'usage',
      help: 'Give postgres://user@host/database. A PGlite database lives inside the process of the service, where no other may open it: let the service call watchEmbedded(pglite, SOCKET) of senior-backend/watch, and give watch:SOCKET.',
    },
  );
}

async function measureRoundTrip(observer: Observer, now: () => number): Promise<number> {
  const times: number[] = [];
  for (let at = 0; at < ROUND_TRIPS; at += 1) {
    const before = now();
    await observer.ping();
    times.push(now() - before);
  }
  return times.sort((one, other) => one - other)[ROUND_TRIPS / 2] ?? 0;
}

function loadEvidence(result: LoadResult, watch: Watch): LoadEvidence {
  const { requests, latency, settings } = result;
  // What was cut off at the end was mostly waiting still.
  const sent = requests.total + requests.warmUp;
  const { cost, sessions, locks, peers } = watch.seen;
  const meanMs = latency?.mean ?? 0;
  const most = settings.connections * settings.streams * settings.pipeline;
  const inFlight = Math.round((requests.perSecond * meanMs) / 1000);
  return {
    // In the open model not every connection is in use.
    concurrency: settings.model === 'closed' ? most : Math.max(1, Math.min(most, inFlight)),
    requests: sent,
    failed: requests.failed,
    perSecond: requests.perSecond,
    meanMs,
    statements: dividedBy(cost.statements, sent),
    cpuMs: cost.cpuMs === undefined || sent === 0 ? undefined : cost.cpuMs / sent,
    busiest: cost.busiest,
    sessions,
    locks,
    peers,
  };
}

type Told = Pick<LoadResult['steps'][number], 'name' | 'successful' | 'failed' | 'latency'>;

/** What the load says of an operation: its share of the requests, and its own mean where it is told apart. */
function underLoad(
  operation: OperationEvidence,
  { steps: ownSteps, operations, latency }: LoadResult,
): OperationEvidence {
  const steps: readonly Told[] = operations.length > 0 ? operations : ownSteps;
  const step = steps.find(({ name }) => name === operation.name);
  if (step === undefined) return { ...operation, weight: steps.length > 0 ? 0 : 1, loadMs: latency?.mean };
  const all = steps.reduce((sum, one) => sum + one.successful + one.failed, 0);
  return {
    ...operation,
    weight: all === 0 ? 0 : (step.successful + step.failed) / all,
    loadMs: step.latency?.mean,
  };
}

function sourceOf(meter: Meter, operations: readonly OperationEvidence[]): Evidence['source'] {
  if (meter.substitute === undefined) return 'counted';
  return operations.some(({ statements }) => statements.length > 0) ? 'sampled' : 'none';
}

/** A command must work where it is pasted, and no report shows a password. */
function shownConnection(database: string, { embedded }: Observer): Evidence['connection'] {
  if (embedded !== undefined) {
    const { folder } = embedded;
    return { shown: folder === '' ? '' : `pglite:${folder}`, hasPassword: false };
  }
  if (!URL.canParse(database)) return { shown: database, hasPassword: false };
  const url = new URL(database);
  const hasPassword = url.password !== '' || url.searchParams.has('password');
  url.password = '';
  url.searchParams.delete('password');
  return { shown: url.href, hasPassword };
}

/** What the evidence lacks. */
function notesOf(
  evidence: Evidence,
  { observer, server }: Meter,
  { prepared: { client }, isBlind }: { readonly prepared: PreparedRun; readonly isBlind: boolean },
): string[] {
  const { obstacle } = observer;
  const failed = evidence.operations.filter((one) => one.requests === one.failed);
  return [
    ...(obstacle === undefined
      ? []
      : [
          `Statements are not counted (${obstacle.why}): their time is estimated from samples, and N+1 cannot be seen. ${obstacle.help}`,
        ]),
    ...(server === undefined
      ? [
          `The process behind ${client.endpoint.target.authority} cannot be seen from here: time on its processor is not told apart from other waiting`,
        ]
      : []),
    ...(isBlind
      ? [
          'The role may not see what other sessions do (GRANT pg_read_all_stats TO it): statements, locks and connections were not judged',
        ]
      : []),
    ...(evidence.load.sessions === undefined && !isBlind
      ? ['The sessions of the database could not be seen: locks and connections were not judged']
      : []),
    ...(evidence.load.requests === 0
      ? ['No request was answered under load: what is said is of requests that were sent alone']
      : []),
    ...(isStarved(evidence.operations)
      ? [
          'The machine was busy with other work: for most of its time a request alone waited for a processor, so that less can be told apart',
        ]
      : []),
    ...failed.map(
      ({ name }) => `${name} did not succeed when it was sent alone, so that nothing can be said of it`,
    ),
  ];
}
