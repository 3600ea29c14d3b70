import type { CompareResult, MetricComparison, Verdict } from '../../load/index.ts';
import { columns } from './columns.ts';
import type { Paint, Style } from './style.ts';

/** The `--json` document: schemas/load-compare.schema.json. */
export function compareDocument(result: CompareResult): object {
  return { version: 1, kind: 'load-compare', ...result };
}

const PAINT_OF_VERDICT: Readonly<Record<Verdict, Paint>> = {
  better: 'green',
  worse: 'red',
  'no difference shown': 'dim',
  'too noisy': 'yellow',
};

/** The report of a comparison for people. */
export function renderCompare(result: CompareResult, style: Style): string {
  const { settings, comparison, precise, differences, interrupted } = result;
  const how = comparison.paired
    ? `${comparison.blocks} pairs of blocks, side by side in random order`
    : `against a saved run, ${comparison.blocks} blocks: what changed on the machine since then counts too`;
  return [
    style('bold', 'Comparison'),
    ...columns([
      ['  Baseline', settings.baseline.url],
      ['  Candidate', settings.candidate.url],
      ['  Measured', how + (interrupted ? ' (interrupted)' : '')],
    ]),
    ...differences.map((line) => `  ${style('yellow', 'Not the same')}: ${line}`),
    '',
    ...metricTable(result, style),
    '',
    `${style('bold', 'Verdict')}: the candidate is ${verdictText(comparison.verdict, style)} (${comparison.reason})`,
    ...(precise === false
      ? [style('yellow', 'The wanted precision was not reached in the time given.')]
      : []),
  ].join('\n');
}

const SENTENCE: Readonly<Record<Verdict, string>> = {
  better: 'better',
  worse: 'worse',
  'no difference shown': 'not shown to be different',
  'too noisy': 'measured too noisily to tell',
};

const verdictText = (verdict: Verdict, style: Style): string =>
  style(PAINT_OF_VERDICT[verdict], SENTENCE[verdict]);

function metricTable({ comparison }: CompareResult, style: Style): string[] {
  const { baseline, candidate, metrics } = comparison;
  return columns([
    ['', 'baseline', 'candidate', 'difference', 'interval (95 % for all)', 'detectable', ''],
    ...metrics.map((metric) => metricRow(metric, style)),
    [
      'Success',
      share(1 - baseline.failedShare),
      share(1 - candidate.failedShare),
      '',
      '',
      '',
      `${baseline.failed} and ${candidate.failed} failed`,
    ],
  ]);
}

function metricRow(metric: MetricComparison, style: Style): string[] {
  const { name, unit, baseline, candidate, difference, interval, detectable, verdict } = metric;
  const show = (value: number): string =>
    unit === 'ms' ? `${value.toFixed(3)} ms` : `${value.toFixed(1)}/s`;
  return [
    name,
    show(baseline),
    show(candidate),
    signed(difference),
    `${signed(interval.low)} to ${signed(interval.high)}`,
    share(detectable),
    style(PAINT_OF_VERDICT[verdict], verdict),
  ];
}

const share = (value: number): string => `${(value * 100).toFixed(2)} %`;
const signed = (value: number): string => `${value < 0 ? '-' : '+'}${share(Math.abs(value))}`;
