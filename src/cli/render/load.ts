import {
  type Environment,
  type Explanation,
  FAULT_KINDS,
  type LatencySummary,
  type LoadResult,
} from '../../load/index.ts';
import { columns } from './columns.ts';
import { type ContractReport, contractLines } from './contract.ts';
import { clusterLines } from './load-cluster.ts';
import { explanationLines } from './load-explanation.ts';
import { rateLimitLines } from './load-rate-limit.ts';
import type { Paint, Style } from './style.ts';
import { visibleLine } from './visible.ts';

/** What a report holds beside the figures, where it was asked for. */
export interface LoadParts {
  readonly contract?: ContractReport | undefined;
  readonly explanation?: Explanation | undefined;
}

/** The `--json` document: schemas/load.schema.json. */
export function loadDocument(
  result: LoadResult,
  environment: Environment,
  { contract, explanation }: LoadParts = {},
): object {
  return {
    version: 1,
    kind: 'load',
    environment,
    ...result,
    ...(contract === undefined ? {} : { contract }),
    ...(explanation === undefined ? {} : { explanation }),
  };
}

/** The report of a load test for people; `verbose` adds bytes, connections and statuses. */
export function renderLoad(
  result: LoadResult,
  { style, verbose, contract, explanation }: LoadParts & { readonly style: Style; readonly verbose: boolean },
): string {
  return [
    ...headLines(result, style),
    '',
    ...requestLines(result, style),
    ...latencyLines(result, style),
    ...stepLines(result, style),
    ...operationLines(result, style),
    ...contractLines(contract, style),
    ...(verbose ? detailLines(result, style) : []),
    ...faultLines(result, style),
    ...rateLimitLines(result.rateLimit, style),
    ...clusterLines(result, style),
    ...checkLines(result, style),
    ...recommendationLines(result, style),
    ...(explanation === undefined ? [] : explanationLines(explanation, { style, verbose })),
  ].join('\n');
}

function headLines({ settings, elapsedSeconds, interrupted }: LoadResult, style: Style): string[] {
  return [
    style('bold', `Load test of ${settings.url}`),
    ...columns([
      ['  Method', settings.method],
      ['  Duration', `${elapsedSeconds.toFixed(2)} s${interrupted ? ' (interrupted)' : ''}`],
      ['  Concurrency', concurrencyLine(settings)],
      ['  Model', modelLine(settings)],
      ['  Engine', `${settings.engine}${settings.threads > 1 ? `, ${settings.threads} threads` : ''}`],
    ]),
  ];
}

function concurrencyLine({ connections, protocol, streams, pipeline }: LoadResult['settings']): string {
  if (protocol === 'h2') return `${connections} connections with ${streams} streams each, HTTP/2`;
  return pipeline > 1 ? `${connections} connections with ${pipeline} requests each` : String(connections);
}

function modelLine({ model, stages = [], warmup }: LoadResult['settings']): string {
  const warm = warmup === 0 ? '' : `, after a warm-up of ${warmup} s`;
  if (model === 'closed') return `closed: each connection waits for its answer before it sends again${warm}`;
  const rates = stages.map(({ duration, rate }) => `${rate}/s for ${duration} s`).join(', then ');
  return `open: ${rates}, latency from the moment a request was due${warm}`;
}

function requestLines({ requests }: LoadResult, style: Style): string[] {
  const { total, successful, failed, cutOff, unsent, redirects, perSecond } = requests;
  const share = (count: number): string => `${count} (${percent(count, total)})`;
  return [
    style('bold', 'Requests'),
    ...columns([
      ['  Total', String(total)],
      ['  Requests/s', perSecond.toFixed(1)],
      ['  Successful', share(successful)],
      ['  Failed', failed === 0 ? share(failed) : style('red', share(failed))],
      ...(redirects === 0 ? [] : [['  Redirects', `${redirects} were followed; not in the total`]]),
      ...(unsent === 0
        ? []
        : [['  Never sent', `${unsent} were due but waited for a connection; not in the total`]]),
      ...(cutOff === 0
        ? []
        : [['  Cut off', `${cutOff} were on the wire when the run ended; not in the total`]]),
    ]),
  ];
}

const LATENCY_ROWS: readonly (readonly [label: string, key: keyof LatencySummary])[] = [
  ['Min', 'min'],
  ['Avg', 'mean'],
  ['P50', 'p50'],
  ['P90', 'p90'],
  ['P95', 'p95'],
  ['P99', 'p99'],
  ['P99.9', 'p999'],
  ['Max', 'max'],
  ['Std dev', 'stddev'],
];

function latencyLines({ latency, corrected }: LoadResult, style: Style): string[] {
  if (latency === undefined) return [];
  const shown = corrected !== undefined && corrected.p999 > 1.1 * latency.p999 ? corrected : undefined;
  return [
    '',
    style('bold', 'Latency of successful requests'),
    ...columns([
      ...(shown === undefined
        ? []
        : [['  ', 'measured', 'corrected for requests that a stall kept from being sent']]),
      ...LATENCY_ROWS.map(([label, key]) => [
        `  ${label}`,
        milliseconds(latency[key]),
        ...(shown === undefined ? [] : [milliseconds(shown[key])]),
      ]),
    ]),
  ];
}

function stepLines({ steps }: LoadResult, style: Style): string[] {
  if (steps.length === 0) return [];
  const rows = steps.map(({ name, successful, failed, latency }) => [
    `  ${name}`,
    `${successful} successful`,
    failed === 0 ? '0 failed' : style('red', `${failed} failed`),
    latency === undefined ? '' : `P50 ${milliseconds(latency.p50)}, P99 ${milliseconds(latency.p99)}`,
  ]);
  return ['', style('bold', 'Steps'), ...columns(rows)];
}

function operationLines({ operations }: LoadResult, style: Style): string[] {
  if (operations.length === 0) return [];
  const rows = operations.map(({ name, weight, successful, failed, statuses, faults, latency }) => [
    `  ${visibleLine(name)}`,
    String(weight),
    String(successful + failed),
    failed === 0 ? '0' : style('red', String(failed)),
    ...(latency === undefined
      ? ['', '', '']
      : [milliseconds(latency.p50), milliseconds(latency.p95), milliseconds(latency.p99)]),
    [
      ...statuses.map(({ status, count }) => `${status}: ${count}`),
      ...faults.map(({ kind, count }) => `${kind}: ${count}`),
    ].join(', '),
  ]);
  const head = ['  Operation', 'weight', 'requests', 'failed', 'P50', 'P95', 'P99', 'answers'];
  return ['', style('bold', 'By operation'), ...columns([head, ...rows])];
}

function detailLines({ bytes, connections, statuses }: LoadResult, style: Style): string[] {
  return [
    '',
    style('bold', 'Transfer'),
    ...columns([
      ['  Received', `${bytes.received} bytes`],
      ['  Sent', `${bytes.sent} bytes`],
      ['  Throughput', `${bytes.megabitsPerSecond.toFixed(2)} Mbps`],
      ['  Connections', `${connections.opened} opened${connectTime(connections.latency)}`],
    ]),
    '',
    style('bold', 'Statuses'),
    ...columns(
      statuses.map(({ status, count, latency }) => [
        `  ${status}`,
        String(count),
        `P50 ${milliseconds(latency.p50)}, P99 ${milliseconds(latency.p99)}`,
      ]),
    ),
  ];
}

const connectTime = (latency: LatencySummary | undefined): string =>
  latency === undefined ? '' : `, P50 ${milliseconds(latency.p50)} to open one`;

function faultLines({ faults }: LoadResult, style: Style): string[] {
  if (faults.length === 0) return [];
  return [
    '',
    style('bold', 'Errors by kind'),
    ...columns(
      faults.map(({ kind, count, firstSeen, sample }) => [
        `  ${style('red', kind)}`,
        String(count),
        `${FAULT_KINDS[kind]}; first after ${(firstSeen / 1000).toFixed(2)} s: ${sample}`,
      ]),
    ),
  ];
}

function checkLines({ checks }: LoadResult, style: Style): string[] {
  if (checks.length === 0) return [];
  const rows = checks.map(({ text, met, actual }) => [
    `  ${met ? style('green', 'met') : style('red', 'not met')}`,
    text,
    actual,
  ]);
  return ['', style('bold', 'Checks'), ...columns(rows)];
}

const PAINT_OF_LEVEL: Readonly<Record<LoadResult['recommendations'][number]['level'], Paint>> = {
  good: 'green',
  warning: 'yellow',
  problem: 'red',
};

function recommendationLines({ recommendations }: LoadResult, style: Style): string[] {
  if (recommendations.length === 0) return [];
  return [
    '',
    style('bold', 'Recommendations'),
    ...recommendations.map(
      ({ level, message, reason }) => `  ${style(PAINT_OF_LEVEL[level], message)} (${reason})`,
    ),
  ];
}

function percent(count: number, total: number): string {
  return total === 0 ? '0 %' : `${((100 * count) / total).toFixed(2)} %`;
}

function milliseconds(value: number): string {
  return `${value.toFixed(value < 10 ? 3 : value < 1000 ? 2 : 1)} ms`;
}
