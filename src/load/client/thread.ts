// What runs in a worker thread: one client with a share of the connections.
import { parentPort, workerData } from 'node:worker_threads';
import type { Tally } from '../tally.ts';
import { type ClientControl, type ClientPlan, type Renewal, runClient } from './client.ts';
import { createEngine } from './engines.ts';
import type { EngineName } from './wire.ts';

/** What a thread is started with. */
export interface ThreadOrder {
  readonly plan: ClientPlan;
  readonly engine: EngineName;
  /** Somebody wants to know how it is doing. */
  readonly progress: boolean;
  /** What is sent in place of the plan's own from the start. */
  readonly renewed?: Renewal;
}

/** What a thread is told while it runs. */
export type ThreadWord = { readonly kind: 'stop' } | { readonly kind: 'renew'; readonly renewed: Renewal };

/** What a thread tells: how it is doing, and what it counted in the end. */
export interface ThreadNews {
  readonly kind: 'progress' | 'done';
  readonly tally: Tally;
}

const order: ThreadOrder = workerData;
const tell = (news: ThreadNews): void => parentPort?.postMessage(news);
const control: ClientControl = {
  stopped: false,
  ...(order.renewed === undefined ? {} : { renewed: order.renewed }),
  ...(order.progress ? { onProgress: (tally: Tally) => tell({ kind: 'progress', tally }) } : {}),
};

parentPort?.on('message', (word: ThreadWord) => {
  if (word.kind === 'stop') control.stopped = true;
  else control.renewed = word.renewed;
});

const tally = await runClient(order.plan, createEngine(order.engine, order.plan.connections), control);
tell({ kind: 'done', tally });
parentPort?.close();
