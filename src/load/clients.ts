// Which engine a run gets, and in how many threads.
import { availableParallelism } from 'node:os';
import { UserError } from '../core/errors.ts';
import { runClient } from './client/client.ts';
import { createEngine, quickEngineObstacle } from './client/engines.ts';
import type { ClientControl, ClientPlan } from './client/plan.ts';
import { canStartThreads, runThreads } from './client/threads.ts';
import { needsScenario } from './scenario/build.ts';
import type { LoadOptions } from './settings.ts';
import type { Tally } from './tally.ts';

/** How the clients of a run are made. */
export interface Crew {
  readonly engine: 'net' | 'io_uring';
  readonly threads: number;
  /** Why the quick engine is not in use, when it is not. */
  readonly obstacle?: string;
}

/** Below this many connections a further thread has nothing to do. */
const CONNECTIONS_PER_THREAD = 16;

/** Chooses engine and threads. Errors: LOAD005, LOAD010. */
export function chooseCrew(options: LoadOptions, tls: boolean, connections: number): Crew {
  const obstacle = obstacleFor(options, tls);
  if (options.engine === 'io_uring' && obstacle !== undefined) {
    throw new UserError('LOAD010', `the io_uring engine cannot be used: ${obstacle}`, {
      help: 'Leave out --engine, or give --engine net.',
    });
  }
  const threads = threadsFor(options, connections);
  const quick = obstacle === undefined && options.engine !== 'net';
  if (quick) return { engine: 'io_uring', threads };
  return { engine: 'net', threads, ...(obstacle === undefined ? {} : { obstacle }) };
}

function obstacleFor(options: LoadOptions, tls: boolean): string | undefined {
  if (tls) return 'TLS is done by Node';
  if (options.socketPath !== undefined) return 'socket files are opened by Node';
  if (needsScenario(options)) return 'requests are made anew for each user';
  if ((options.pipeline ?? 1) > 1) return 'pipelining is done over the sockets of Node';
  if (options.http2) return 'HTTP/2 is spoken over the sockets of Node';
  if (options.expectRateLimit) return 'a rate limit is watched in one thread';
  // It blocks its thread while it waits, so it cannot share this one.
  if (!canStartThreads()) return 'threads cannot be started from TypeScript sources';
  return quickEngineObstacle();
}

function threadsFor({ threads, expectRateLimit }: LoadOptions, connections: number): number {
  const few = expectRateLimit || !canStartThreads();
  const usual = Math.ceil(Math.min(availableParallelism() / 2, connections / CONNECTIONS_PER_THREAD));
  if (threads === undefined) return few ? 1 : Math.max(1, usual);
  if (Number.isInteger(threads) && threads >= 1 && threads <= connections && !(few && threads > 1))
    return threads;
  throw new UserError('LOAD005', `threads is ${threads}`, {
    kind: 'usage',
    help: few ? 'A rate limit is watched in one thread.' : `Give a whole number from 1 to ${connections}.`,
  });
}

/** Runs the plan: here, or in threads when the crew says so. */
export function runClients(
  plan: ClientPlan,
  { engine, threads }: Crew,
  control: ClientControl,
): Promise<Tally> {
  if (engine === 'net' && threads === 1)
    return runClient(plan, createEngine('net', plan.connections), control);
  return runThreads(plan, engine, threads, control);
}
