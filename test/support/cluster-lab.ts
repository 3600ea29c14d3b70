import { createServer } from 'node:http';
import {
  type ClusterOptions,
  type LoadOptions,
  runCluster,
  serveRuns,
  type WorkerOptions,
} from '../../src/load/index.ts';
import { listen } from './faulty-server.ts';

export const CLOCK = { now: () => Date.now(), monotonic: () => performance.now() };

/** A worker in this process. */
export interface LabWorker {
  readonly said: string[];
  readonly done: ReturnType<typeof serveRuns>;
  stop(): Promise<void>;
}

export function startWorker(url: string, name: string, more: Partial<WorkerOptions> = {}): LabWorker {
  const control = new AbortController();
  const said: string[] = [];
  const options = {
    link: { url },
    name,
    version: '1.0.0',
    capacity: 1,
    cores: 1,
    allow: [],
    once: false,
    clock: CLOCK,
    ...more,
  };
  const done = serveRuns(options, control.signal, (line) => said.push(line));
  // Whoever wants to know of a failure awaits `done` himself.
  done.catch(() => {});
  return {
    said,
    done,
    stop: async () => {
      control.abort();
      await done.catch(() => {});
    },
  };
}

/** A run led from this process. */
export function lead(
  url: string,
  options: LoadOptions,
  more: Partial<ClusterOptions> = {},
  signal: AbortSignal = new AbortController().signal,
) {
  const said: string[] = [];
  const cluster = { link: { url }, version: '1.0.0', clock: CLOCK, joinWithin: 10, ...more };
  const result = runCluster(options, cluster, signal, { tell: (line) => said.push(line) });
  result.catch(() => {});
  return { said, result };
}

/** A server that counts what it is asked, and answers after `wait` milliseconds. */
export async function startCountingServer(wait: () => number = () => 0) {
  const seen: string[] = [];
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    if (seen.length < 1000) seen.push(request.url ?? '');
    const answer = (): void => {
      response.end('ok');
    };
    const delay = wait();
    if (delay > 0) setTimeout(answer, delay);
    else answer();
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/`,
    port,
    seen,
    requests: () => requests,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * By how many requests a report and a server differ: 0 when all are accounted for. Those that were cut off had left,
 * but when their connection was closed at once the server may not have read them.
 */
export function unaccounted(
  { total, cutOff }: { readonly total: number; readonly cutOff: number },
  seen: number,
): number {
  return seen < total ? seen - total : Math.max(0, seen - total - cutOff);
}

export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
}
