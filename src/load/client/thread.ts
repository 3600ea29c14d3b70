// What runs in a worker thread: one client with a share of the connections.
import { parentPort, workerData } from 'node:worker_threads';
import type { Tally } from '../tally.ts';
import { runClient } from './client.ts';
import { createEngine } from './engines.ts';
import type { AnswerSample, ClientControl, ClientPlan, Renewal } from './plan.ts';
import type { EngineName } from './wire.ts';

/** What a thread is started with. */
export interface ThreadOrder {
  readonly plan: ClientPlan;
  readonly engine: EngineName;
  /** Somebody wants to know how it is doing. */
  readonly progress: boolean;
  /** Somebody wants the answers that are kept. */
  readonly samples: boolean;
  /** What is sent in place of the plan's own from the start. */
  readonly renewed?: Renewal;
}

/** What a thread is told while it runs. */
export type ThreadWord = { readonly kind: 'stop' } | { readonly kind: 'renew'; readonly renewed: Renewal };

/** What a thread tells: how it is doing, an answer that it kept, and what it counted in the end. */
export type ThreadNews =
  | { readonly kind: 'progress' | 'done'; readonly tally: Tally }
  | { readonly kind: 'sample'; readonly sample: AnswerSample };

/** Nobody asks for the operations before the end, and there may be many. */
const shown = (tally: Tally): Tally => ({ ...tally, operations: [] });

const order: ThreadOrder = workerData;
const tell = (news: ThreadNews): void => parentPort?.postMessage(news);
const control: ClientControl = {
  stopped: false,
  ...(order.renewed === undefined ? {} : { renewed: order.renewed }),
  ...(order.progress
    ? { onProgress: (tally: Tally) => tell({ kind: 'progress', tally: shown(tally) }) }
    : {}),
  ...(order.samples ? { onSample: (sample: AnswerSample) => tell({ kind: 'sample', sample }) } : {}),
};

parentPort?.on('message', (word: ThreadWord) => {
  if (word.kind === 'stop') control.stopped = true;
  else control.renewed = word.renewed;
});

const tally = await runClient(order.plan, createEngine(order.engine, order.plan.connections), control);
tell({ kind: 'done', tally });
parentPort?.close();
