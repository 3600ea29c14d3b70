// Starts clients in threads of their own and adds up what they counted.
import { once as happened } from 'node:events';
import { Worker } from 'node:worker_threads';
import { mergeTallies, type Tally } from '../tally.ts';
import type { ClientControl, ClientPlan, Renewal } from './plan.ts';
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
    const renewed = control.renewed && shareRenewal(control.renewed, plan, index, count);
    const workerData: ThreadOrder = {
      plan: share,
      engine,
      progress: control.onProgress !== undefined,
      samples: control.onSample !== undefined,
      ...(renewed === undefined ? {} : { renewed }),
    };
    const worker = new Worker(new URL('./thread.js', import.meta.url), { workerData });
    worker.on('message', (news: ThreadNews) => {
      if (news.kind === 'sample') {
        control.onSample?.(news.sample);
        return;
      }
      latest[index] = news.tally;
      if (news.kind === 'progress')
        control.onProgress?.(mergeTallies(latest.filter((tally) => tally !== undefined)));
    });
    return worker;
  });
  const tellAll = (wordFor: (index: number) => ThreadWord): void => {
    workers.forEach((worker, index) => {
      worker.postMessage(wordFor(index));
    });
  };
  let told = control.renewed;
  const stopping = setInterval(() => {
    if (control.stopped) tellAll(() => ({ kind: 'stop' }));
    const { renewed } = control;
    if (renewed === undefined || renewed === told) return;
    told = renewed;
    tellAll((index) => ({ kind: 'renew', renewed: shareRenewal(renewed, plan, index, count) }));
  }, STOP_EVERY);
  try {
    await Promise.all(workers.map((worker) => happened(worker, 'exit')));
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
    ...shareList(plan, index, count),
    connections: part(plan.connections, index),
    ...(plan.requests === undefined ? {} : { requests: part(plan.requests, index) }),
    pace:
      plan.pace.kind === 'closed'
        ? plan.pace
        : { ...plan.pace, share: { ...plan.pace.share, first: index, of: count } },
  }));
}

/** What is sent once is dealt out; the rest is sent by all. */
export function shareList(
  { list, tags, once = 0, scenario, firstOfList = 0 }: ClientPlan,
  index: number,
  count: number,
): Pick<ClientPlan, 'list' | 'tags' | 'once' | 'firstOfList'> {
  // So that short runs in several threads do not all send the first rows only.
  if (once === 0) {
    const { length } = scenario?.rows ?? list;
    const first = firstOfList + Math.floor((length * index) / count);
    return { list, tags, firstOfList: length === 0 ? 0 : first % length };
  }
  const own = <Item>(items: readonly Item[]): Item[] =>
    items.filter((_, at) => at >= once || at % count === index);
  return { list: own(list), tags: own(tags), once: own(list.slice(0, once)).length, firstOfList: 0 };
}

/** What replaces a list is shared as the list was. */
export const shareRenewal = (renewal: Renewal, plan: ClientPlan, index: number, count: number): Renewal => ({
  ...renewal,
  list: shareList({ ...plan, list: renewal.list }, index, count).list,
});
