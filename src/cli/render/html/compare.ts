import type { CompareResult, Verdict } from '../../../load/index.ts';
import { intervalChart, ticksBetween } from './charts.ts';
import { card, escapeHtml, htmlPage, section, table } from './page.ts';

const percent = (value: number): string => `${value < 0 ? '-' : '+'}${(Math.abs(value) * 100).toFixed(1)} %`;

const COLOUR: Readonly<Record<Verdict, string>> = {
  better: 'var(--good)',
  worse: 'var(--bad)',
  'no difference shown': 'var(--soft)',
  'too noisy': 'var(--warn)',
};

/** The report of a comparison as one HTML file. */
export function comparePage(result: CompareResult): string {
  const { comparison, settings, differences } = result;
  const { metrics, verdict, reason, baseline, candidate } = comparison;
  return htmlPage(
    'Comparison',
    [
      '<h1>Comparison</h1>',
      `<p class="note">baseline ${escapeHtml(settings.baseline.url)}<br>candidate ${escapeHtml(settings.candidate.url)}</p>`,
      `<div class="cards">${[
        card(verdict, 'the candidate'),
        card(String(comparison.blocks), comparison.paired ? 'pairs of blocks' : 'blocks'),
        card(String(baseline.failed), 'failed, baseline'),
        card(String(candidate.failed), 'failed, candidate'),
      ].join('')}</div>`,
      `<p>${escapeHtml(reason)}</p>`,
      section('Not the same', differences.map((line) => `<p>${escapeHtml(line)}</p>`).join('')),
      section(
        'Difference of the candidate, with its interval',
        metrics.length === 0 ? '' : differenceChart(comparison),
      ),
      section('Figures', metrics.length === 0 ? '' : figureTable(comparison)),
    ].join('\n'),
  );
}

/** How far each figure is off, with its interval. */
export function differenceChart({ metrics }: CompareResult['comparison']): string {
  const ends = metrics.flatMap(({ interval: { low, high }, difference }) => [low, high, difference]);
  const reach = Math.min(3, Math.max(0.01, ...ends.map(Math.abs)) * 1.1);
  const bars = metrics.map(({ name, interval, difference, verdict }) => ({
    name,
    low: interval.low,
    middle: difference,
    high: interval.high,
    colour: COLOUR[verdict],
  }));
  const x = { min: -reach, max: reach, ticks: ticksBetween(-reach, reach, percent) };
  return intervalChart('Relative difference of each figure with its interval', bars, x);
}

export function figureTable({ metrics }: CompareResult['comparison']): string {
  return table(
    ['', 'baseline', 'candidate', 'difference', 'interval (95 % for all)', 'detectable', 'verdict'],
    metrics.map(({ name, unit, baseline, candidate, difference, interval, detectable, verdict }) => [
      name,
      `${baseline.toFixed(unit === 'ms' ? 3 : 1)} ${unit}`,
      `${candidate.toFixed(unit === 'ms' ? 3 : 1)} ${unit}`,
      percent(difference),
      // On a phone the table scrolls; a cell of two words a line would make its rows six lines high.
      `${percent(interval.low)} to ${percent(interval.high)}`.replaceAll(' ', '\u00a0'),
      `${(detectable * 100).toFixed(1)} %`,
      verdict,
    ]),
  );
}
