import { bucketMilliseconds, FAULT_KINDS, type LoadResult } from '../../../load/index.ts';
import { type ContractReport, placeOf } from '../contract.ts';
import type { LoadParts } from '../load.ts';
import { heatmap, type Line, lineChart, ticksBetween } from './charts.ts';
import { explanationSections } from './load-explanation.ts';
import { card, escapeHtml, htmlPage, section, table } from './page.ts';

const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : value < 1000 ? 1 : 0)} ms`;
const plain = (value: number): string => String(Number(value.toPrecision(3)));
const TICK_MS = (value: number): string => `${plain(value)} ms`;
const SECONDS = (value: number): string => `${plain(value)} s`;

/** The report of one run as one HTML file. */
export function loadPage(result: LoadResult, { contract, explanation }: LoadParts = {}): string {
  const { settings } = result;
  const title = `Load test of ${settings.url}`;
  return htmlPage(
    title,
    [
      `<h1>${escapeHtml(title)}</h1>`,
      `<p class="note">${escapeHtml(settingsLine(result))}</p>`,
      `<div class="cards">${cards(result).join('')}</div>`,
      section('Checks', checkTable(result)),
      section('By operation', operationTable(result)),
      section('Contract', contractTable(contract)),
      section('Left out', remarkTable(contract?.leftOut)),
      section('Notes', remarkTable(contract?.notes)),
      section('Recommendations', recommendationList(result)),
      ...(explanation === undefined ? [] : explanationSections(explanation)),
      section('Latency by percentile', distributionChart(result)),
      section('Over time', seriesChart(result)),
      section('Where the requests fell', latencyHeatmap(result)),
      section('Steps', stepTable(result)),
      section('Errors by kind', faultTable(result)),
      section('Statuses', statusTable(result)),
      section('Workers', workerTable(result)),
    ].join('\n'),
  );
}

function settingsLine({ settings, elapsedSeconds, interrupted }: LoadResult): string {
  const model =
    settings.stages === undefined
      ? `closed model, ${settings.connections} connections`
      : `open model, ${settings.stages.map(({ duration, rate }) => `${rate}/s for ${duration} s`).join(', ')}`;
  const end = interrupted ? ', interrupted' : '';
  return `${settings.method}, ${model}, ${elapsedSeconds.toFixed(1)} s${end}, ${settings.engine} engine`;
}

function cards({ requests, latency }: LoadResult): string[] {
  const share = requests.total === 0 ? 0 : requests.successful / requests.total;
  return [
    card(requests.perSecond.toFixed(1), 'requests/s'),
    card(String(requests.total), 'requests'),
    card(`${(share * 100).toFixed(2)} %`, 'successful'),
    ...(latency === undefined
      ? []
      : [
          card(ms(latency.p50), 'P50'),
          card(ms(latency.p95), 'P95'),
          card(ms(latency.p99), 'P99'),
          card(ms(latency.max), 'max'),
        ]),
  ];
}

function workerTable({ cluster }: LoadResult): string {
  if (cluster === undefined) return '';
  const rows = cluster.workers.map(({ name, state, share, requests, counted }) => [
    name,
    state,
    `${(100 * share).toFixed(1)} %`,
    `${requests.total}${counted ? '' : ' (not in the totals)'}`,
    String(requests.failed),
    ms(requests.p50),
    ms(requests.p99),
  ]);
  return table(['Worker', 'State', 'Share', 'Requests', 'Failed', 'P50', 'P99'], rows);
}

function checkTable({ checks }: LoadResult): string {
  return checks.length === 0
    ? ''
    : table(
        ['', 'check', 'measured'],
        checks.map(({ met, text, actual }) => [met ? 'met' : 'not met', text, actual]),
      );
}

function recommendationList({ recommendations }: LoadResult): string {
  const colour = { good: 'good', warning: 'warning', problem: 'bad' } as const;
  const items = recommendations.map(
    ({ level, message, reason }) =>
      `<li><span class="${colour[level]}">${escapeHtml(message)}</span> (${escapeHtml(reason)})</li>`,
  );
  return items.length === 0 ? '' : `<ul>${items.join('\n')}</ul>`;
}

/** Percentiles on a scale where each step to the right is ten times rarer. */
function distributionChart({ distribution }: LoadResult): string {
  if (distribution.length === 0) return '';
  const rarity = (percent: number): number => 100 / Math.max(0.001, 100 - percent);
  const points = distribution.map(({ percent, latency }) => [rarity(percent), latency] as const);
  const max = Math.max(...distribution.map(({ latency }) => latency)) * 1.05;
  const marks = [0, 90, 99, 99.9, 99.99, 99.999].map((percent) => [rarity(percent), `P${percent}`] as const);
  const line: Line = { name: 'latency', colour: 'var(--one)', points };
  const x = { min: 1, max: 100_000, log: true, ticks: marks };
  return lineChart('Latency by percentile', [line], x, { min: 0, max, ticks: ticksBetween(0, max, TICK_MS) });
}

function seriesChart({ series }: LoadResult): string {
  const { points, width } = series;
  if (points.length < 2) return '';
  const end = points.length * width;
  const x = { min: 0, max: end, ticks: ticksBetween(0, end, SECONDS) };
  const over = (of: (point: (typeof points)[number]) => number) =>
    points.map((point) => [point.at + width / 2, of(point)] as const);
  const rate = over(({ answers }) => answers / width);
  const faults = over((point) => point.faults / width);
  const mostRate = Math.max(1, ...rate.map(([, value]) => value), ...faults.map(([, value]) => value)) * 1.1;
  const slowest = Math.max(0.001, ...points.map(({ p99 }) => p99)) * 1.1;
  return [
    lineChart(
      'Requests per second over time',
      [
        { name: 'successful/s', colour: 'var(--one)', points: rate },
        { name: 'failed/s', colour: 'var(--bad)', points: faults },
      ],
      x,
      { min: 0, max: mostRate, ticks: ticksBetween(0, mostRate, plain) },
    ),
    lineChart(
      'Latency over time',
      [
        { name: 'P50', colour: 'var(--one)', points: over(({ p50 }) => p50) },
        { name: 'P99', colour: 'var(--two)', points: over(({ p99 }) => p99) },
      ],
      x,
      { min: 0, max: slowest, ticks: ticksBetween(0, slowest, TICK_MS) },
    ),
  ].join('\n');
}

const HEAT_ROWS = 24;

/** Time to the right, latency upwards on a logarithmic scale. */
function latencyHeatmap({ blocks, series }: LoadResult): string {
  const pairs = blocks.map(({ buckets }) =>
    Array.from({ length: buckets.length / 2 }, (_, at) => ({
      latency: bucketMilliseconds(buckets[2 * at] ?? 0),
      count: buckets[2 * at + 1] ?? 0,
    })),
  );
  const all = pairs.flat().map(({ latency }) => latency);
  if (blocks.length < 2 || all.length === 0) return '';
  const [low, high] = [Math.max(0.001, Math.min(...all)), Math.max(...all) * 1.001];
  const rowOf = (latency: number): number =>
    Math.min(HEAT_ROWS - 1, Math.floor((Math.log(latency / low) / Math.log(high / low)) * HEAT_ROWS));
  const columns = pairs.map((list) => {
    const column = Array.from({ length: HEAT_ROWS }, () => 0);
    for (const { latency, count } of list) {
      const row = Math.max(0, rowOf(latency));
      column[row] = (column[row] ?? 0) + count;
    }
    return column;
  });
  const end = blocks.length * series.width;
  return heatmap(
    'Requests by time and latency',
    columns,
    { min: 0, max: end, ticks: ticksBetween(0, end, SECONDS) },
    { min: low, max: high, log: true, ticks: ticksBetween(low, high, TICK_MS, true) },
  );
}

function faultTable({ faults }: LoadResult): string {
  const rows = faults.map(({ kind, count, firstSeen, sample }) => [
    kind,
    String(count),
    `${(firstSeen / 1000).toFixed(2)} s`,
    `${FAULT_KINDS[kind]}: ${sample}`,
  ]);
  return rows.length === 0 ? '' : table(['kind', 'count', 'first after', 'what it was'], rows);
}

function stepTable({ steps }: LoadResult): string {
  const rows = steps.map(({ name, successful, failed, latency }) => [
    name,
    String(successful),
    String(failed),
    ...(latency === undefined ? ['', '', ''] : [ms(latency.p50), ms(latency.p95), ms(latency.p99)]),
  ]);
  return rows.length === 0 ? '' : table(['step', 'successful', 'failed', 'P50', 'P95', 'P99'], rows);
}

function operationTable({ operations }: LoadResult): string {
  const rows = operations.map(({ name, weight, successful, failed, statuses, latency }) => [
    name,
    String(weight),
    String(successful + failed),
    String(failed),
    ...(latency === undefined ? ['', '', ''] : [ms(latency.p50), ms(latency.p95), ms(latency.p99)]),
    statuses.map(({ status, count }) => `${status}: ${count}`).join(', '),
  ]);
  const head = ['operation', 'weight', 'requests', 'failed', 'P50', 'P95', 'P99', 'answers'];
  return rows.length === 0 ? '' : table(head, rows);
}

function contractTable(contract: ContractReport | undefined): string {
  if (contract === undefined) return '';
  const { breaches, checked } = contract;
  if (breaches.length === 0)
    return `<p><span class="good">Kept</span> by all ${checked} answers that were read.</p>`;
  return table(
    ['operation', 'where', 'what', 'answers', 'of'],
    breaches.map((breach) => [
      breach.operation,
      placeOf(breach),
      breach.message,
      String(breach.count),
      String(breach.of),
    ]),
  );
}

const remarkTable = (list: ContractReport['leftOut'] = []): string =>
  list.length === 0
    ? ''
    : table(
        ['operation', 'why'],
        list.map(({ operation, why }) => [operation, why]),
      );

function statusTable({ statuses }: LoadResult): string {
  const rows = statuses.map(({ status, count, latency }) => [
    String(status),
    String(count),
    ms(latency.p50),
    ms(latency.p95),
    ms(latency.p99),
    ms(latency.max),
  ]);
  return rows.length === 0 ? '' : table(['status', 'count', 'P50', 'P95', 'P99', 'max'], rows);
}
