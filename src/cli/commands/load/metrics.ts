// Metrics of a run for an OpenTelemetry collector, through OpenTelemetry's own packages: they are optional
// peers, twenty megabytes that only those install who want them.
import { UserError } from '../../../core/errors.ts';
import type { LoadProgress, LoadResult } from '../../../load/index.ts';

/** Where metrics of a run go while it lasts, and at its end. */
export interface MetricsOutput {
  progress(state: LoadProgress): void;
  /** Sends the final figures; what went wrong, in words, when they did not arrive. */
  finish(result: LoadResult): Promise<string | undefined>;
  /** Ends it without final figures. */
  stop(): void;
}

const SEND_EVERY = 5000;
const LONGEST_SEND = 3000;

interface Figures {
  readonly requests: { readonly success: number; readonly failure: number };
  readonly latency: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
}

/** Tries the collector once, before anything is loaded. Errors: LOAD017. */
export async function openMetrics(collector: string, target: string): Promise<MetricsOutput> {
  if (!URL.canParse(collector) || !/^https?:$/.test(new URL(collector).protocol))
    throw unsendable(
      `${JSON.stringify(collector)} is not a URL with http or https`,
      'Give one such as http://localhost:4318/v1/metrics.',
    );
  let figures: Figures = { requests: { success: 0, failure: 0 }, latency: {}, faults: {} };
  const send = await createSender(collector, target, () => figures);
  const refused = await send();
  if (refused !== undefined)
    throw unsendable(refused, 'Nothing was loaded. Start the collector, or check its URL.');
  const sending = setInterval(() => void send(), SEND_EVERY);
  return {
    progress: ({ requests, failed, p50, p99 }) => {
      figures = {
        ...figures,
        requests: { success: requests - failed, failure: failed },
        latency: { p50, p99 },
      };
    },
    finish: (result) => {
      clearInterval(sending);
      figures = finalFigures(result);
      return send();
    },
    stop: () => clearInterval(sending),
  };
}

function finalFigures({ requests, latency, faults }: LoadResult): Figures {
  return {
    requests: { success: requests.successful, failure: requests.failed },
    latency: { ...latency },
    faults: Object.fromEntries(faults.map(({ kind, count }) => [kind, count])),
  };
}

/** Makes what sends the figures of the moment; it tells what went wrong instead of throwing. */
async function createSender(
  collector: string,
  url: string,
  figuresNow: () => Figures,
): Promise<() => Promise<string | undefined>> {
  const { MeterProvider, MetricReader, OTLPMetricExporter } = await loadPackages();
  class OnDemand extends MetricReader {
    protected override onShutdown = (): Promise<void> => Promise.resolve();
    protected override onForceFlush = (): Promise<void> => Promise.resolve();
  }
  const exporter = new OTLPMetricExporter({ url: collector, timeoutMillis: LONGEST_SEND });
  const reader = new OnDemand();
  const meter = new MeterProvider({ readers: [reader] }).getMeter('senior-backend');
  meter.createObservableCounter('senior_backend.load.requests').addCallback((result) => {
    for (const [outcome, count] of Object.entries(figuresNow().requests))
      result.observe(count, { url, outcome });
  });
  meter.createObservableCounter('senior_backend.load.faults').addCallback((result) => {
    for (const [kind, count] of Object.entries(figuresNow().faults)) result.observe(count, { url, kind });
  });
  meter.createObservableGauge('senior_backend.load.latency', { unit: 'ms' }).addCallback((result) => {
    for (const [figure, value] of Object.entries(figuresNow().latency))
      result.observe(value, { url, figure });
  });
  return async () => {
    const { resourceMetrics } = await reader.collect();
    return new Promise((resolve) => {
      exporter.export(resourceMetrics, ({ error, code }) =>
        resolve(code === 0 ? undefined : (error?.message ?? 'the collector did not take them')),
      );
    });
  };
}

async function loadPackages() {
  try {
    const [sdk, otlp] = await Promise.all([
      import('@opentelemetry/sdk-metrics'),
      import('@opentelemetry/exporter-metrics-otlp-http'),
    ]);
    return { ...sdk, ...otlp };
  } catch {
    throw unsendable(
      'the packages of OpenTelemetry are not installed',
      'npm install @opentelemetry/sdk-metrics @opentelemetry/exporter-metrics-otlp-http',
    );
  }
}

const unsendable = (why: string, help: string): UserError =>
  new UserError('LOAD017', `the metrics cannot be sent: ${why}`, { help });
