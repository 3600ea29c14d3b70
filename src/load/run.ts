import { readSample, type SampledAnswer } from './answer-sample.ts';
import type { AnswerSample, ClientControl, ClientPlan } from './client/plan.ts';
import { findEndpoint } from './client/preflight.ts';
import { type Crew, chooseCrew, runClients } from './clients.ts';
import { fetchToken, renewalDelay, type Token } from './oauth.ts';
import type { AskedOperation } from './operation-result.ts';
import { type LoadProgress, progressOf } from './progress.ts';
import { RateLimitWatch } from './rate-limit.ts';
import { listRequests } from './request-list.ts';
import { type LoadResult, type RunSettings, summarise } from './result.ts';
import { buildScenario, needsScenario } from './scenario/build.ts';
import type { Scenario } from './scenario/scenario.ts';
import { type LoadOptions, paceOf, settle, tlsOf } from './settings.ts';
import { statusRule } from './tally.ts';
import { parseTarget, type Target } from './target.ts';
import { parseThreshold } from './threshold.ts';

/**
 * Runs one load test and reports it. `signal` ends it early; what was measured until then is reported.
 * Errors, all before the first request: LOAD001 to LOAD005, LOAD020.
 * `onSample` is given whole answers of named requests, as `samples` asks; reading them there takes time from the run.
 *
 * @example
 * const result = await runLoad({ url: 'http://localhost:3000/', connections: 50, duration: 10 }, signal);
 * console.log(result.requests.perSecond, result.latency?.p99);
 */
export async function runLoad(
  options: LoadOptions,
  signal: AbortSignal,
  onProgress?: (progress: LoadProgress) => void,
  onSample?: (sample: SampledAnswer) => void,
): Promise<LoadResult> {
  const thresholds = (options.thresholds ?? []).map(parseThreshold);
  const { expectStatus } = options;
  const watch = options.expectRateLimit ? new RateLimitWatch() : undefined;
  const { client, settings, crew, token, operations } = await prepareRun(options);
  const isExpected = statusRule(client.expectedStatuses);
  const control: ClientControl = {
    stopped: signal.aborted,
    ...(onProgress === undefined
      ? {}
      : { onProgress: (tally) => onProgress(progressOf(tally, isExpected, settings.duration)) }),
    ...(onSample === undefined
      ? {}
      : { onSample: (sample: AnswerSample) => onSample(readSample(sample, operations)) }),
    ...(watch === undefined ? {} : { onHead: (status, head, at) => watch.observe(status, at, head) }),
  };
  const renewal = keepToken(options, token, control);
  const tally = await untilAborted(signal, control, () => runClients(client, crew, control));
  const tokenProblem = renewal.end();
  return summarise(tally, settings, {
    isExpected,
    interrupted: signal.aborted,
    thresholds,
    ...(expectStatus === undefined ? {} : { expectedStatuses: expectStatus }),
    ...(watch === undefined ? {} : { rateLimit: watch.report() }),
    ...(options.steps === undefined ? {} : { steps: options.steps.map(({ name }) => name) }),
    ...(operations.length === 0 ? {} : { operations }),
    ...(tokenProblem === undefined ? {} : { tokenProblem }),
  });
}

/** Lets an aborted signal stop the clients of `control`. */
export async function untilAborted<T>(
  signal: AbortSignal,
  control: ClientControl,
  work: () => Promise<T>,
): Promise<T> {
  const stop = (): void => {
    control.stopped = true;
  };
  signal.addEventListener('abort', stop);
  try {
    return await work();
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** A run that is ready to start: checked, its host reached. */
export interface PreparedRun {
  readonly client: ClientPlan;
  readonly settings: RunSettings;
  readonly crew: Crew;
  /** What requests are told apart by; empty without named requests. */
  readonly operations: readonly AskedOperation[];
  /** What was granted before the run. */
  readonly token?: Token;
}

/**
 * Checks what was asked for and opens a first connection; `mayLoad` is asked before that, and throws where the target
 * is not to be loaded. Errors: LOAD001 to LOAD005, LOAD010 to LOAD014, LOAD020.
 */
export async function prepareRun(
  asked: LoadOptions,
  mayLoad?: (target: Target) => void,
): Promise<PreparedRun> {
  const timing = settle(asked);
  const tls = tlsOf(asked);
  const token = asked.oauth === undefined ? undefined : await fetchToken(asked.oauth, tls);
  const options = token === undefined ? asked : withToken(asked, token);
  const { requests, socketPath } = options;
  const { target, method, list, tags, once, operations, hasBodies, scenario } = messagesOf(options);
  mayLoad?.(target);
  const crew = chooseCrew(options, target.tls, timing.connections);
  const timeout = timing.timeout * 1000;
  const expectedStatuses = statusesOf(options);
  const client: ClientPlan = {
    endpoint: await findEndpoint(target, {
      tls,
      protocol: timing.protocol,
      timeout,
      ...(socketPath === undefined ? {} : { socketPath }),
    }),
    list,
    tags,
    once,
    ...(operations.length === 0
      ? {}
      : { operations: { count: operations.length, samples: options.samples ?? 0 } }),
    connections: timing.connections,
    pipeline: timing.pipeline,
    ...(scenario === undefined ? {} : { scenario }),
    ...(options.http2 ? { http2: { streams: timing.streams, hasBodies } } : {}),
    pace: paceOf(timing),
    warmUp: timing.warmup * 1000,
    duration: timing.duration * 1000,
    timeout,
    ...(requests === undefined ? {} : { requests }),
    ...(expectedStatuses === undefined ? {} : { expectedStatuses }),
  };
  const { engine, threads } = crew;
  const url = options.data === undefined ? target.url : options.url;
  return {
    client,
    crew,
    settings: { url, method, engine, threads, ...timing },
    operations,
    ...(token === undefined ? {} : { token }),
  };
}

interface Messages {
  readonly target: Target;
  readonly method: string;
  readonly list: readonly Uint8Array[];
  readonly tags: readonly number[];
  readonly once: number;
  readonly operations: readonly AskedOperation[];
  readonly hasBodies: boolean;
  readonly scenario?: Scenario;
}

/** What is sent: bytes that are made before the run or, in a scenario, steps that are filled in during it. Errors: as runLoad. */
export function messagesOf(options: LoadOptions): Messages {
  if (!needsScenario(options)) {
    const { requests: list, ...rest } = listRequests(options);
    return { list, ...rest };
  }
  const target = parseTarget(options.url);
  const scenario = buildScenario(options, target);
  const method = options.steps === undefined ? (scenario.steps[0]?.method ?? 'GET') : 'steps';
  const list = [new Uint8Array(0)];
  const hasBodies = scenario.steps.some(({ body }) => body !== undefined);
  return { target, method, list, tags: [0], once: 0, operations: [], hasBodies, scenario };
}

/** Of a whole run: the usual ones, and those that single steps want. */
export function statusesOf({ expectStatus, steps = [] }: LoadOptions): readonly number[] | undefined {
  const own = steps.flatMap(({ expect = [] }) => expect);
  if (own.length === 0) return expectStatus;
  return [...(expectStatus ?? Array.from({ length: 200 }, (_, at) => 200 + at)), ...own];
}

export const withToken = (options: LoadOptions, { authorization }: Token): LoadOptions => ({
  ...options,
  headers: [
    ...(options.headers ?? []).filter(([name]) => name.toLowerCase() !== 'authorization'),
    ['Authorization', authorization],
  ],
});

const RETRY_TOKEN = 5000;

/** Renews the token while the run goes on; `end` ends that and tells what went wrong last. */
export function keepToken(
  options: LoadOptions,
  first: Token | undefined,
  control: ClientControl,
): { readonly end: () => string | undefined } {
  let timer: NodeJS.Timeout | undefined;
  let problem: string | undefined;
  const schedule = (delay: number): void => {
    timer = setTimeout(() => void renew(), delay);
  };
  const { oauth } = options;
  const renew = async (): Promise<void> => {
    try {
      if (oauth === undefined) return;
      const token = await fetchToken(oauth, tlsOf(options));
      control.renewed = {
        list: messagesOf(withToken(options, token)).list,
        authorization: token.authorization,
      };
      problem = undefined;
      if (token.lifetime !== undefined) schedule(renewalDelay(token.lifetime));
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
      schedule(RETRY_TOKEN);
    }
  };
  if (first?.lifetime !== undefined) schedule(renewalDelay(first.lifetime));
  return {
    end: () => {
      clearTimeout(timer);
      return problem;
    },
  };
}
