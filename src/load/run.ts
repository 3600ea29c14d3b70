import { UserError } from '../core/errors.ts';
import { type ClientControl, type ClientPlan, runClient } from './client/client.ts';
import { netEngine } from './client/net-engine.ts';
import { findEndpoint } from './client/preflight.ts';
import { encodeRequest, type Header, parseMethod } from './request.ts';
import { type LoadResult, type StatusRule, summarise } from './result.ts';
import { answeredStatuses, type Tally } from './tally.ts';
import { parseTarget } from './target.ts';

/** A load test as it is asked for. Times are in seconds. */
export interface LoadOptions {
  readonly url: string;
  /** GET by default, POST when there is a body. */
  readonly method?: string;
  readonly headers?: readonly Header[];
  readonly body?: string | Uint8Array;
  /** Connections that send at the same time; 10 by default. */
  readonly connections?: number;
  /** 10 by default. */
  readonly duration?: number;
  /** For each request, from sending it to its last byte; 30 by default. */
  readonly timeout?: number;
  /** Ends the run after this many requests, or at `duration`. */
  readonly requests?: number;
  /** false accepts any certificate. */
  readonly verifyTls?: boolean;
}

/** How a run is doing. */
export interface LoadProgress {
  readonly elapsedSeconds: number;
  readonly requests: number;
  readonly failed: number;
}

// The histogram's range ends at 35 minutes.
const LONGEST_TIMEOUT = 1800;

/** The statuses that are a success when nothing else is said: 2xx and, as no redirect is followed, 3xx. */
const isUsualSuccess: StatusRule = (status) => status < 400;

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
  const plan = await makePlan(options);
  const report =
    onProgress === undefined ? {} : { onProgress: (tally: Tally) => onProgress(progressOf(tally)) };
  const control: ClientControl = { stopped: signal.aborted, ...report };
  const stop = (): void => {
    control.stopped = true;
  };
  signal.addEventListener('abort', stop);
  try {
    const engine = netEngine();
    const tally = await runClient(plan.client, engine, control);
    const settings = { ...plan.settings, engine: engine.name };
    return summarise(tally, settings, isUsualSuccess, signal.aborted);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function makePlan(options: LoadOptions) {
  const { connections = 10, duration = 10, timeout = 30, requests, verifyTls = true } = options;
  checkNumbers({ connections, duration, timeout, requests });
  const target = parseTarget(options.url);
  const body = typeof options.body === 'string' ? Buffer.from(options.body) : options.body;
  const method = parseMethod(options.method ?? (body === undefined ? 'GET' : 'POST'));
  const spec = { method, headers: options.headers ?? [], ...(body === undefined ? {} : { body }) };
  const request = encodeRequest(spec, target);
  const endpoint = await findEndpoint(target, { verifyTls, timeout: timeout * 1000 });
  const client: ClientPlan = {
    endpoint,
    request,
    headRequest: method === 'HEAD',
    connections,
    duration: duration * 1000,
    timeout: timeout * 1000,
    ...(requests === undefined ? {} : { requests }),
  };
  return { client, settings: { url: target.url, method, connections, duration, timeout } };
}

function checkNumbers(values: Readonly<Record<string, number | undefined>>): void {
  for (const [name, value] of Object.entries(values)) {
    const limit = name === 'timeout' ? LONGEST_TIMEOUT : Number.POSITIVE_INFINITY;
    if (value === undefined || (value > 0 && value <= limit)) continue;
    throw new UserError('LOAD005', `${name} is ${value}`, {
      kind: 'usage',
      help: `Give a number above 0${limit === LONGEST_TIMEOUT ? ` and at most ${limit}` : ''}.`,
    });
  }
}

function progressOf(tally: Tally): LoadProgress {
  const answered = answeredStatuses(tally);
  const faults = Object.values(tally.faults).reduce((sum, { count }) => sum + count, 0);
  const count = (list: typeof answered): number => list.reduce((sum, [, { total }]) => sum + total, 0);
  return {
    elapsedSeconds: tally.elapsed / 1000,
    requests: count(answered) + faults,
    failed: count(answered.filter(([status]) => !isUsualSuccess(status))) + faults,
  };
}
