import { UserError } from '../core/errors.ts';
import { type Histogram, mean, percentile, standardDeviation } from './histogram.ts';

/** A limit that a run has to keep, as `p99<200ms` is written. */
export interface Threshold {
  readonly text: string;
  /** The operation that it is about; absent: the whole run. */
  readonly operation?: string;
  readonly metric: string;
  readonly operator: Operator;
  /** In the metric's own unit: milliseconds, a share from 0 to 1, or a count. */
  readonly limit: number;
}

/** How a threshold or an expectation came out. */
export interface Check {
  readonly text: string;
  readonly met: boolean;
  /** What was measured, in words. */
  readonly actual: string;
}

/** The figures that a threshold can be about. */
export interface Figures {
  /** Of successful requests, in microseconds. */
  readonly latencies: Histogram;
  readonly total: number;
  readonly failed: number;
  /** Successful requests. */
  readonly perSecond: number;
}

const OPERATORS = {
  '<': (left: number, right: number) => left < right,
  '<=': (left: number, right: number) => left <= right,
  '>': (left: number, right: number) => left > right,
  '>=': (left: number, right: number) => left >= right,
} as const;

type Operator = keyof typeof OPERATORS;

interface Metric {
  readonly units: Readonly<Record<string, number>>;
  /** undefined when the run gave nothing to measure. */
  readonly measure: (figures: Figures) => number | undefined;
  readonly show: (value: number) => string;
}

const TIMES = { ms: 1, s: 1000, us: 0.001, '': 1 };
const SHARES = { '%': 0.01 };

const latencyMetric = (of: (latencies: Histogram) => number): Metric => ({
  units: TIMES,
  measure: ({ latencies }) => (latencies.total === 0 ? undefined : of(latencies) / 1000),
  show: (value) => `${value.toFixed(3)} ms`,
});

const shareMetric = (of: (figures: Figures) => number): Metric => ({
  units: SHARES,
  measure: (figures) => (figures.total === 0 ? undefined : of(figures) / figures.total),
  show: (value) => `${(value * 100).toFixed(3)} %`,
});

const METRICS: Readonly<Record<string, Metric>> = {
  min: latencyMetric(({ min }) => min),
  mean: latencyMetric(mean),
  avg: latencyMetric(mean),
  max: latencyMetric(({ max }) => max),
  stddev: latencyMetric(standardDeviation),
  errors: shareMetric(({ failed }) => failed),
  success: shareMetric(({ total, failed }) => total - failed),
  rps: { units: { '': 1 }, measure: ({ perSecond }) => perSecond, show: (value) => `${value.toFixed(1)}/s` },
};

/** The metric of a name; any percentile is one: `p50`, `p99.99`. */
function metricNamed(name: string): Metric | undefined {
  const percent = Number(/^p(\d+(?:\.\d+)?)$/.exec(name)?.[1] ?? Number.NaN);
  if (percent > 0 && percent <= 100) return latencyMetric((latencies) => percentile(latencies, percent));
  return Object.hasOwn(METRICS, name) ? METRICS[name] : undefined;
}

/** Reads `p99<200ms`, `errors<0.5%`, `rps>=1000`, and `GET /orders/{id} p99<200ms` of one operation. Errors: LOAD005. */
export function parseThreshold(text: string): Threshold {
  const [, operation, name = '', operator = '', amount = '', unit = ''] =
    /^\s*(?:([A-Z]+ \/\S*)\s+)?([a-z]+[\d.]*)\s*(<=?|>=?)\s*(\d+(?:\.\d+)?)\s*(%|[a-z]*)\s*$/i.exec(text) ??
    [];
  const metric = metricNamed(name.toLowerCase());
  const scale = metric?.units[unit.toLowerCase()];
  if (scale === undefined) {
    throw new UserError('LOAD005', `${JSON.stringify(text)} is not a threshold`, {
      kind: 'usage',
      help: `Write it as p99<200ms, errors<0.5% or rps>1000; the metrics are p50, p99.9 ..., ${Object.keys(METRICS).join(', ')}.`,
    });
  }
  return {
    text,
    ...(operation === undefined ? {} : { operation }),
    metric: name.toLowerCase(),
    operator: operator as Operator,
    limit: Number(amount) * scale,
  };
}

/** Holds the figures to a threshold; undefined where there is no such operation. What could not be measured does not meet it. */
export function checkThreshold(threshold: Threshold, figures: Figures | undefined): Check {
  const metric = metricNamed(threshold.metric);
  const actual = figures === undefined ? undefined : metric?.measure(figures);
  if (metric === undefined || actual === undefined) {
    return { text: threshold.text, met: false, actual: 'nothing was measured' };
  }
  return {
    text: threshold.text,
    met: OPERATORS[threshold.operator](actual, threshold.limit),
    actual: metric.show(actual),
  };
}
