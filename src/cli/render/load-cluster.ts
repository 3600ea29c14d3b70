import type { ClusterReport, LoadResult, WorkerReport } from '../../load/index.ts';
import { columns } from './columns.ts';
import type { Style } from './style.ts';

/** The machines of a run: one line for each worker, and what is to be known of them. */
export function clusterLines({ cluster }: LoadResult, style: Style): string[] {
  if (cluster === undefined) return [];
  const lost = cluster.workers.filter(({ state }) => state === 'lost');
  return [
    '',
    style(
      'bold',
      `Workers at ${cluster.server}${cluster.encrypted ? ', encrypted with the cluster key' : ''}`,
    ),
    ...columns(cluster.workers.map((worker) => workerRow(worker, style))),
    `  Started within ${cluster.startSpread.toFixed(1)} ms of each other`,
    ...lost.map((worker) => style('red', `  ${lostLine(worker)}`)),
    ...cluster.notes.map((note) => style('yellow', `  ${note}`)),
    ...ignoredLine(cluster),
  ];
}

function workerRow(worker: WorkerReport, style: Style): string[] {
  const { name, state, share, requests, clock } = worker;
  const { total, failed, p50, p99 } = requests;
  return [
    `  ${name}`,
    `${(100 * share).toFixed(1)} %`,
    `${total} requests, ${failed} failed`,
    total === failed ? '' : `P50 ${p50.toFixed(2)} ms, P99 ${p99.toFixed(2)} ms`,
    `clock ${clock.offset < 0 ? '-' : '+'}${Math.abs(clock.offset).toFixed(1)} ms ± ${clock.uncertainty.toFixed(1)}`,
    state === 'finished' ? '' : style('red', state),
  ];
}

const lostLine = ({ name, requests, after = 0 }: WorkerReport): string =>
  `${name} was lost: ${requests.total} requests were known of until ${after.toFixed(1)} s; they are not in the totals`;

const ignoredLine = ({ ignoredMessages }: ClusterReport): string[] =>
  ignoredMessages === 0
    ? []
    : [`  ${ignoredMessages} messages were not read: of others, late, or said twice`];
