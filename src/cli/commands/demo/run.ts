import { resolve } from 'node:path';
import type { CommandRun, Outcome } from '../../command.ts';
import { columns } from '../../render/columns.ts';
import { type Style, styleFor } from '../../render/style.ts';
import type { demoFlags } from './spec.ts';
import { DEMO_STEPS, type DemoState } from './steps.ts';

/** Runs the steps one after the other; the service ends with the demo, however that ends. */
export const run: CommandRun<typeof demoFlags> = async ({ host, flags, common }): Promise<Outcome> => {
  const style = styleFor(host, 'stderr', common.color);
  const say = (text: string): void => {
    if (!common.quiet) host.stderr.write(`${text}\n`);
  };
  const state: DemoState = {
    folder: resolve(host.cwd, flags.output),
    shownFolder: flags.output,
    env: host.env,
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
  return { exit: 'ok', document: { version: 1, folder: flags.output, steps: done }, text: summary(done) };
};

interface StepReport {
  readonly title: string;
  readonly seconds: number;
  readonly result: object;
}

const heading = (at: number, title: string, style: Style): string =>
  `\n${style('bold', `${at + 1}/${DEMO_STEPS.length} ${title}`)}`;

function summary(steps: readonly StepReport[]): string {
  const rows = steps.map(({ title, seconds }) => [`  ${title}`, `${seconds.toFixed(1)} s`]);
  return ['The demo is done.', ...columns(rows)].join('\n');
}
