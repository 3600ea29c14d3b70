// Starts clients in threads of their own and adds up what they counted.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { mergeTallies, type Tally } from '../tally.ts';
import type { ClientControl, ClientPlan } from './client.ts';
import type { ThreadNews, ThreadOrder, ThreadWord } from './thread.ts';
import type { EngineName } from './wire.ts';

const STOP_EVERY = 100;

/**
 * Whether threads can be started from here. From TypeScript sources (as in tests) only where Node reads
 * those in threads.
 */
export function canStartThreads(): boolean {
  return import.meta.url.endsWith('.js');
}

/** Runs the plan in `count` threads, each with its share of connections and requests. */
export async function runThreads(
  plan: ClientPlan,
  engine: EngineName,
  count: number,
  control: ClientControl,
): Promise<Tally> {
  const latest: (Tally | undefined)[] = [];
  const workers = sharePlan(plan, count).map((share, index) => {
    const workerData: ThreadOrder = {
      plan: share,
      engine,
      progress: control.onProgress !== undefined,
      ...(control.renewed === undefined ? {} : { renewed: control.renewed }),
    };
    const worker = new Worker(new URL('./thread.js', import.meta.url), { workerData });
    worker.on('message', (news: ThreadNews) => {
      latest[index] = news.tally;
      if (news.kind === 'progress')
        control.onProgress?.(mergeTallies(latest.filter((tally) => tally !== undefined)));
    });
    return worker;
  });
  const tellAll = (word: ThreadWord): void => {
    for (const worker of workers) worker.postMessage(word);
  };
  let told = control.renewed;
  const stopping = setInterval(() => {
    if (control.stopped) tellAll({ kind: 'stop' });
    if (control.renewed === undefined || control.renewed === told) return;
    told = control.renewed;
    tellAll({ kind: 'renew', renewed: told });
  }, STOP_EVERY);
  try {
    await Promise.all(workers.map((worker) => once(worker, 'exit')));
  } finally {
    clearInterval(stopping);
    // One that failed must not leave the others at work.
    for (const worker of workers) void worker.terminate();
  }
  return mergeTallies(latest.filter((tally) => tally !== undefined));
}

/** Splits connections, requests and due times so that the shares add up to the whole. @internal */
export function sharePlan(plan: ClientPlan, count: number): ClientPlan[] {
  const part = (whole: number, index: number): number =>
    Math.floor((whole * (index + 1)) / count) - Math.floor((whole * index) / count);
  return Array.from({ length: count }, (_, index) => ({
    ...plan,
    connections: part(plan.connections, index),
    // So that short runs in several threads do not all send the first rows only.
    firstOfList: Math.floor(((plan.scenario?.rows ?? plan.list).length * index) / count),
    ...(plan.requests === undefined ? {} : { requests: part(plan.requests, index) }),
    pace:
      plan.pace.kind === 'closed'
        ? plan.pace
        : { ...plan.pace, share: { ...plan.pace.share, first: index, of: count } },
  }));
}
