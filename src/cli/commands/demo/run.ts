import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { withOwnDatabase } from '../../../database/index.ts';
import type { CommandRun, Invocation, Outcome } from '../../command.ts';
import { columns } from '../../render/columns.ts';
import { demoPage } from '../../render/html/demo.ts';
import { type Style, styleFor } from '../../render/style.ts';
import { openPage } from './open-page.ts';
import type { demoFlags } from './spec.ts';
import type { DemoState } from './state.ts';
import { DEMO_STEPS } from './steps.ts';

/** Exit `failed` when the second measurement is not shown to be better. */
export const run: CommandRun<typeof demoFlags> = async (invocation): Promise<Outcome> => {
  const { host } = invocation;
  const server = host.env['DATABASE_URL'] ?? '';
  if (server === '') return demonstrate(invocation, undefined);
  return withOwnDatabase({ url: server, budgetMs: 120_000, signal: host.signal }, (url) =>
    demonstrate(invocation, url),
  );
};

interface StepReport {
  readonly title: string;
  readonly seconds: number;
  readonly result: object;
}

/** Runs the steps one after the other; the service ends with the demo, however that ends. */
async function demonstrate(
  { host, flags, common }: Invocation<typeof demoFlags>,
  databaseUrl: string | undefined,
): Promise<Outcome> {
  const style = styleFor(host, 'stderr', common.color);
  const say = (text: string): void => {
    if (!common.quiet) host.stderr.write(`${text}\n`);
  };
  const state: DemoState = {
    host,
    folder: resolve(host.cwd, flags.output),
    shownFolder: flags.output,
    databaseUrl,
    duration: flags.duration,
    signal: host.signal,
    say,
    stops: [],
  };
  const done: StepReport[] = [];
  try {
    for (const [at, step] of DEMO_STEPS.entries()) {
      host.signal.throwIfAborted();
      say(heading(at, step.title, style));
      const start = host.clock.monotonic();
      const result = await step.run(state);
      done.push({ title: step.title, seconds: (host.clock.monotonic() - start) / 1000, result });
    }
  } finally {
    for (const stop of state.stops.reverse()) await stop();
  }
  return report(state, done, flags['no-open']);
}

async function report(state: DemoState, done: readonly StepReport[], closed: boolean): Promise<Outcome> {
  const file = join(state.folder, 'report.html');
  await writeFile(file, demoPage(state, done));
  if (!closed) openPage(state.host, file);
  const isBetter = state.comparison?.verdict === 'better';
  return {
    exit: isBetter ? 'ok' : 'failed',
    document: { version: 2, folder: state.shownFolder, better: isBetter, report: 'report.html', steps: done },
    text: summary(state, done, isBetter),
  };
}

const heading = (at: number, title: string, style: Style): string =>
  `\n${style('bold', `${at + 1}/${DEMO_STEPS.length} ${title}`)}`;

function summary(
  { shownFolder, comparison }: DemoState,
  steps: readonly StepReport[],
  isBetter: boolean,
): string {
  const rows = steps.map(({ title, seconds }) => [`  ${title}`, `${seconds.toFixed(1)} s`]);
  const end = isBetter
    ? 'The demo is done: with the indexes that it found, the service is better.'
    : `The demo could not show that the service is better: ${comparison?.reason ?? 'nothing was compared'}.`;
  return [end, ...columns(rows), `The report: ${shownFolder}/report.html`].join('\n');
}
