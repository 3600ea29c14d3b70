import type { ClientControl, ClientPlan } from './client/client.ts';
import { findEndpoint } from './client/preflight.ts';
import { type Crew, chooseCrew, runClients } from './clients.ts';
import { type LoadProgress, progressOf } from './progress.ts';
import { RateLimitWatch } from './rate-limit.ts';
import { listRequests } from './request-list.ts';
import { type LoadResult, type RunSettings, summarise } from './result.ts';
import { type LoadOptions, paceOf, settle, tlsOf } from './settings.ts';
import { statusRule } from './tally.ts';
import { parseThreshold } from './threshold.ts';

/**
 * Runs one load test and reports it. `signal` ends it early; what was measured until then is reported.
 * Errors, all before the first request: LOAD001 to LOAD005.
 *
 * @example
 * const result = await runLoad({ url: 'http://localhost:3000/', connections: 50, duration: 10 }, signal);
 * console.log(result.requests.perSecond, result.latency?.p99);
 */
export async function runLoad(
  options: LoadOptions,
  signal: AbortSignal,
  onProgress?: (progress: LoadProgress) => void,
): Promise<LoadResult> {
  const thresholds = (options.thresholds ?? []).map(parseThreshold);
  const { expectStatus } = options;
  const isExpected = statusRule(expectStatus);
  const watch = options.expectRateLimit ? new RateLimitWatch() : undefined;
  const { client, settings, crew } = await prepareRun(options);
  const control: ClientControl = {
    stopped: signal.aborted,
    ...(onProgress === undefined
      ? {}
      : { onProgress: (tally) => onProgress(progressOf(tally, isExpected, settings.duration)) }),
    ...(watch === undefined ? {} : { onHead: (status, head, at) => watch.observe(status, at, head) }),
  };
  const tally = await untilAborted(signal, control, () => runClients(client, crew, control));
  return summarise(tally, settings, {
    isExpected,
    interrupted: signal.aborted,
    thresholds,
    ...(expectStatus === undefined ? {} : { expectedStatuses: expectStatus }),
    ...(watch === undefined ? {} : { rateLimit: watch.report() }),
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
}

/** Checks what was asked for and opens a first connection. Errors: LOAD001 to LOAD005. */
export async function prepareRun(options: LoadOptions): Promise<PreparedRun> {
  const timing = settle(options);
  const { requests, expectStatus, socketPath } = options;
  const { target, method, requests: list, bodyBytes } = listRequests(options);
  const crew = chooseCrew(options, target.tls, timing.connections);
  const timeout = timing.timeout * 1000;
  const client: ClientPlan = {
    endpoint: await findEndpoint(target, {
      tls: tlsOf(options),
      protocol: timing.protocol,
      timeout,
      ...(socketPath === undefined ? {} : { socketPath }),
    }),
    list,
    headRequest: method === 'HEAD',
    connections: timing.connections,
    ...(options.http2 ? { http2: { streams: timing.streams, bodyBytes } } : {}),
    pace: paceOf(timing),
    warmUp: timing.warmup * 1000,
    duration: timing.duration * 1000,
    timeout,
    ...(requests === undefined ? {} : { requests }),
    ...(expectStatus === undefined ? {} : { expectedStatuses: expectStatus }),
  };
  const { engine, threads } = crew;
  return {
    client,
    crew,
    settings: {
      url: options.data === undefined ? target.url : options.url,
      method,
      engine,
      threads,
      ...timing,
    },
  };
}
