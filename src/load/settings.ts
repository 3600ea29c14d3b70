import { UserError } from '../core/errors.ts';
import type { TlsOptions } from './client/wire.ts';
import type { Row } from './feeder.ts';
import type { OAuthClient } from './oauth.ts';
import type { NamedRequest } from './operation.ts';
import { type Pace, segmentsOf } from './pace.ts';
import type { Header } from './request.ts';
import type { RunSettings } from './result.ts';
import type { Step } from './scenario/scenario.ts';

/** A load test as it is asked for. Times are in seconds. */
export interface LoadOptions {
  readonly url: string;
  /** GET by default, POST when there is a body. */
  readonly method?: string;
  readonly headers?: readonly Header[];
  readonly body?: string | Uint8Array;
  /** Rows for `{{column}}` in the URL's path, the headers and the body: one request for each, in turn. */
  readonly data?: readonly Row[];
  /** Connections; 10 by default in the closed model, 100 in the open one. */
  readonly connections?: number;
  /** How long is measured; 10 by default. Not with `stages`, which say it themselves. */
  readonly duration?: number;
  /** For each request, from sending it to its last byte; 30 by default. */
  readonly timeout?: number;
  /** Ends the run after this many requests, or at `duration`. */
  readonly requests?: number;
  /** false accepts any certificate. */
  readonly verifyTls?: boolean;
  /** PEM: the authorities to trust, in place of the usual ones. */
  readonly ca?: string;
  /** PEM: the client's own certificate, and its key. */
  readonly certificate?: string;
  readonly key?: string;
  /** A socket file to use in place of the URL's host and port. */
  readonly socketPath?: string;
  /** Requests per second, whatever the server does: the open model. */
  readonly rate?: number;
  /** Rates one after the other: the open model. */
  readonly stages?: readonly Stage[];
  /** The load is sent this long before anything is counted. */
  readonly warmup?: number;
  /** The load grows evenly from nothing for this long, within the warm-up and the duration. */
  readonly ramp?: number;
  /** The statuses that are a success; by default all below 400. */
  readonly expectStatus?: readonly number[];
  /** Watches for 429 and reports when the limit sets in and how long it holds. */
  readonly expectRateLimit?: boolean;
  /** Speak HTTP/2, in cleartext without asking first. */
  readonly http2?: boolean;
  /** HTTP/2: requests at the same time on each connection; 1 by default. */
  readonly streams?: number;
  /** HTTP/1.1: requests sent on a connection without waiting for an answer; 1 by default. */
  readonly pipeline?: number;
  /** Follow so many redirects of a request, on its own origin; 0 by default. */
  readonly follow?: number;
  /** Each connection keeps the cookies it is given and sends them back. */
  readonly cookies?: boolean;
  /** Requests that each connection sends one after the other, in place of method, path and body. */
  readonly steps?: readonly Step[];
  /** Several operations of one service, in place of method, path and body: `url` says only where it is. */
  readonly operations?: readonly NamedRequest[];
  /** Of each operation, so many answers are handed over whole, spread over the run; 0 by default. */
  readonly samples?: number;
  /** Fetches a token before the run, and again before it expires. */
  readonly oauth?: OAuthClient;
  /** How bytes are moved; by default the quickest that is to be had. */
  readonly engine?: EngineChoice;
  /** Threads that share the connections; by default half the cores, and no more than keep busy. */
  readonly threads?: number;
  /** Limits to keep, such as `p99<200ms`, `errors<0.5%`, `rps>1000`. */
  readonly thresholds?: readonly string[];
}

/** Seconds at a rate of requests per second. */
export interface Stage {
  readonly duration: number;
  readonly rate: number;
}

// The histogram's range ends at 35 minutes.
const LONGEST_TIMEOUT = 1800;

const MOST_PIPELINED = 1000;

type EngineChoice = 'auto' | 'net' | 'io_uring';

type Timing = Omit<RunSettings, 'url' | 'method' | 'engine' | 'threads'>;

/** Fills in what was not said. Errors: LOAD005. */
export function settle(options: LoadOptions): Timing {
  const { rate, stages, requests, timeout = 30, warmup = 0, ramp = 0, http2 = false } = options;
  const { streams = 1, pipeline = 1 } = options;
  if (rate !== undefined && stages !== undefined) throw together('rate', 'stages');
  if (stages !== undefined && options.duration !== undefined) throw together('duration', 'stages');
  if (requests !== undefined && warmup > 0) throw together('requests', 'warmup');
  const open = rate !== undefined || stages !== undefined;
  const duration = stages?.reduce((sum, stage) => sum + stage.duration, 0) ?? options.duration ?? 10;
  const connections = options.connections ?? (open ? 100 : 10);
  checkPositive({ rate, duration, timeout, requests, connections, streams, pipeline });
  if (streams > 1 && !http2) throw outside('streams', streams, '1, or add http2');
  if (pipeline > MOST_PIPELINED) throw outside('pipeline', pipeline, `at most ${MOST_PIPELINED}`);
  if (pipeline > 1 && http2) throw together('pipeline', 'http2');
  for (const stage of stages ?? [])
    checkPositive({ 'stage duration': stage.duration, 'stage rate': stage.rate });
  if (timeout > LONGEST_TIMEOUT) throw outside('timeout', timeout, `at most ${LONGEST_TIMEOUT}`);
  if (!(warmup >= 0)) throw outside('warmup', warmup, '0 or more');
  if (!(ramp >= 0 && ramp <= warmup + duration)) throw outside('ramp', ramp, `0 to ${warmup + duration}`);
  return {
    model: open ? 'open' : 'closed',
    protocol: http2 ? 'h2' : 'http/1.1',
    connections,
    streams,
    pipeline,
    duration,
    timeout,
    warmup,
    ramp,
    ...(open ? { stages: stages ?? [{ duration, rate: rate ?? 0 }] } : {}),
  };
}

export function tlsOf({ verifyTls = true, ca, certificate, key }: LoadOptions): TlsOptions {
  if ((certificate === undefined) !== (key === undefined)) {
    throw new UserError('LOAD005', 'a certificate needs its key, and a key its certificate', {
      kind: 'usage',
      help: 'Give both.',
    });
  }
  return {
    verify: verifyTls,
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(key === undefined ? {} : { key }),
  };
}

/** The pace of the whole run. The warm-up has the rate of the first stage. */
export function paceOf({ stages, warmup, ramp }: Timing): Pace {
  if (stages === undefined) return { kind: 'closed', ramp: ramp * 1000 };
  const timed = stages.map(({ duration, rate }, at) => ({
    duration: (duration + (at === 0 ? warmup : 0)) * 1000,
    rate,
  }));
  return { kind: 'open', segments: segmentsOf(timed, ramp * 1000), share: { first: 0, of: 1 } };
}

function checkPositive(values: Readonly<Record<string, number | undefined>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && !(value > 0)) throw outside(name, value, 'above 0');
  }
}

function outside(name: string, value: number, allowed: string): UserError {
  return new UserError('LOAD005', `${name} is ${value}`, {
    kind: 'usage',
    help: `Give a number ${allowed}.`,
  });
}

function together(one: string, other: string): UserError {
  return new UserError('LOAD005', `${one} and ${other} do not go together`, {
    kind: 'usage',
    help: 'Give one of the two.',
  });
}
