// Charts as SVG, drawn here: a report must not need a script or the network to be read.
import { escapeHtml } from './page.ts';

const WIDTH = 720;
const HEIGHT = 240;
const LEFT = 84;
const RIGHT = 34;
const TOP = 22;
const BOTTOM = 28;

export interface Line {
  readonly name: string;
  /** A CSS colour. */
  readonly colour: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Axis {
  readonly min: number;
  readonly max: number;
  readonly log?: boolean;
  readonly ticks: readonly (readonly [value: number, label: string])[];
}

/** Lines over two axes, with a legend. `label` tells what is shown to who cannot see it. */
export function lineChart(label: string, lines: readonly Line[], x: Axis, y: Axis): string {
  const paths = lines.map(({ colour, points }) => {
    const d = points.map(([px, py], at) => `${at === 0 ? 'M' : 'L'}${across(x, px)} ${up(y, py)}`).join('');
    return `<path d="${d}" fill="none" stroke="${colour}" stroke-width="1.8"/>`;
  });
  const legend = lines.map(
    ({ name, colour }, at) =>
      `<rect x="${LEFT + at * 170}" y="4" width="10" height="10" fill="${colour}"/>` +
      `<text x="${LEFT + at * 170 + 14}" y="13">${escapeHtml(name)}</text>`,
  );
  return svg(label, HEIGHT, [...axes(x, y), ...paths, ...legend]);
}

/** Cells of `columns`, darker where there is more; `rows` names the lowest value of each row, from below. */
export function heatmap(label: string, columns: readonly (readonly number[])[], x: Axis, rows: Axis): string {
  const most = Math.max(1, ...columns.flat());
  const width = (WIDTH - LEFT - RIGHT) / Math.max(1, columns.length);
  const cells = columns.flatMap((column, at) => {
    const height = (HEIGHT - TOP - BOTTOM) / Math.max(1, column.length);
    return column.flatMap((count, row) => {
      if (count === 0) return [];
      // The root lets the few slow requests be seen beside the many quick ones.
      const opacity = (0.12 + 0.88 * (count / most) ** 0.35).toFixed(2);
      const place = `x="${(LEFT + at * width).toFixed(1)}" y="${(HEIGHT - BOTTOM - (row + 1) * height).toFixed(1)}"`;
      const size = `width="${(width + 0.3).toFixed(1)}" height="${(height + 0.3).toFixed(1)}"`;
      return [`<rect ${place} ${size} fill="var(--one)" fill-opacity="${opacity}"/>`];
    });
  });
  return svg(label, HEIGHT, [...axes(x, rows), ...cells]);
}

export interface Bar {
  readonly name: string;
  readonly low: number;
  readonly middle: number;
  readonly high: number;
  readonly colour: string;
}

/** Intervals around a line at zero, one below the other. */
export function intervalChart(label: string, bars: readonly Bar[], x: Axis): string {
  const rowHeight = 30;
  const height = TOP + bars.length * rowHeight + BOTTOM;
  const left = 92;
  const place = (value: number): string =>
    (
      left +
      ((Math.min(x.max, Math.max(x.min, value)) - x.min) / (x.max - x.min)) * (WIDTH - left - RIGHT)
    ).toFixed(1);
  const rows = bars.flatMap(({ name, low, middle, high, colour }, at) => {
    const y = TOP + at * rowHeight + rowHeight / 2;
    return [
      `<text x="0" y="${y + 4}">${escapeHtml(name)}</text>`,
      `<line x1="${place(low)}" x2="${place(high)}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="6" stroke-opacity="0.45"/>`,
      `<circle cx="${place(middle)}" cy="${y}" r="5" fill="${colour}"/>`,
    ];
  });
  const bottom = height - BOTTOM;
  const ticks = x.ticks.flatMap(([value, text]) => [
    `<line x1="${place(value)}" x2="${place(value)}" y1="${TOP}" y2="${bottom}" stroke="var(--line)"/>`,
    `<text x="${place(value)}" y="${bottom + 16}" text-anchor="middle">${escapeHtml(text)}</text>`,
  ]);
  return svg(label, height, [...ticks, ...rows]);
}

/** Round values from `min` to `max`: on a logarithmic axis 1, 2 and 5 of each power of ten. */
export function ticksBetween(
  min: number,
  max: number,
  show: (value: number) => string,
  log = false,
): Axis['ticks'] {
  if (log) {
    const first = Math.floor(Math.log10(min));
    const powers = Array.from(
      { length: Math.ceil(Math.log10(max)) - first + 1 },
      (_, at) => 10 ** (first + at),
    );
    const steps = powers.length > 4 ? [1] : [1, 2, 5];
    const all = powers.flatMap((power) => steps.map((step) => step * power));
    return all.filter((value) => value >= min && value <= max).map((value) => [value, show(value)]);
  }
  const rough = (max - min) / 5 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const start = Math.ceil(min / step);
  const count = Math.floor(max / step) - start + 1;
  return Array.from(
    { length: Math.max(0, count) },
    (_, at) => [(start + at) * step, show((start + at) * step)] as const,
  );
}

function share({ min, max, log }: Axis, value: number): number {
  const clamped = Math.min(max, Math.max(min, value));
  return log ? Math.log(clamped / min) / Math.log(max / min) : (clamped - min) / (max - min);
}

const across = (axis: Axis, value: number): string =>
  (LEFT + share(axis, value) * (WIDTH - LEFT - RIGHT)).toFixed(1);
const up = (axis: Axis, value: number): string =>
  (HEIGHT - BOTTOM - share(axis, value) * (HEIGHT - TOP - BOTTOM)).toFixed(1);

function axes(x: Axis, y: Axis): string[] {
  const bottom = HEIGHT - BOTTOM;
  return [
    ...y.ticks.flatMap(([value, text]) => [
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${up(y, value)}" y2="${up(y, value)}" stroke="var(--line)"/>`,
      `<text x="${LEFT - 6}" y="${Number(up(y, value)) + 4}" text-anchor="end">${escapeHtml(text)}</text>`,
    ]),
    ...x.ticks.map(
      ([value, text]) =>
        `<text x="${across(x, value)}" y="${bottom + 16}" text-anchor="middle">${escapeHtml(text)}</text>`,
    ),
  ];
}

function svg(label: string, height: number, parts: readonly string[]): string {
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeHtml(label)}">\n${parts.join('\n')}\n</svg>`;
}
