import { type Histogram, mean, percentile, standardDeviation } from './histogram.ts';

/** Latencies of a group of requests, in milliseconds. */
export interface LatencySummary {
  readonly min: number;
  readonly mean: number;
  readonly stddev: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** The usual figures of a histogram of microseconds, in milliseconds; undefined when it is empty. */
export function summariseLatency(histogram: Histogram): LatencySummary | undefined {
  if (histogram.total === 0) return undefined;
  const at = (percent: number): number => percentile(histogram, percent) / 1000;
  return {
    min: histogram.min / 1000,
    mean: mean(histogram) / 1000,
    stddev: standardDeviation(histogram) / 1000,
    p50: at(50),
    p90: at(90),
    p95: at(95),
    p99: at(99),
    p999: at(99.9),
    max: histogram.max / 1000,
  };
}
