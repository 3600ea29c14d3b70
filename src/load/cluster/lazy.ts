// What is of many machines is loaded when there are some, and only then: it is a tenth of what a load test loads.
import type { runCluster as RunCluster } from './run-cluster.ts';
import type { serveRuns as ServeRuns } from './worker.ts';

export type { ClusterOptions } from './run-cluster.ts';
export type { WorkerOptions } from './worker.ts';

/** See run-cluster.ts. */
export const runCluster: typeof RunCluster = async (...given) =>
  (await import('./run-cluster.ts')).runCluster(...given);

/** See worker.ts. */
export const serveRuns: typeof ServeRuns = async (...given) =>
  (await import('./worker.ts')).serveRuns(...given);
