// What runs in a worker thread: one client with a share of the connections.
import { parentPort, workerData } from 'node:worker_threads';
import type { Tally } from '../tally.ts';
import { type ClientControl, type ClientPlan, runClient } from './client.ts';
import { createEngine } from './engines.ts';
import type { EngineName } from './wire.ts';

/** What a thread is started with. */
export interface ThreadOrder {
  readonly plan: ClientPlan;
  readonly engine: EngineName;
  /** Somebody wants to know how it is doing. */
  readonly progress: boolean;
}

/** What a thread tells: how it is doing, and what it counted in the end. */
export interface ThreadNews {
  readonly kind: 'progress' | 'done';
  readonly tally: Tally;
}

const order: ThreadOrder = workerData;
const tell = (news: ThreadNews): void => parentPort?.postMessage(news);
const control: ClientControl = {
  stopped: false,
  ...(order.progress ? { onProgress: (tally: Tally) => tell({ kind: 'progress', tally }) } : {}),
};

parentPort?.on('message', () => {
  control.stopped = true;
});

const tally = await runClient(order.plan, createEngine(order.engine, order.plan.connections), control);
tell({ kind: 'done', tally });
parentPort?.close();
