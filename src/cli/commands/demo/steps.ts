import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { counted } from '../../../core/names.ts';
import { runLoad } from '../../../load/index.ts';
import { scaffoldServer } from '../../../scaffold/index.ts';
import { build, installPackages, startService } from './processes.ts';
import { askService } from './requests.ts';

/** What the steps hand on to one another. */
export interface DemoState {
  readonly folder: string;
  /** The folder as the user wrote it. */
  readonly shownFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of the load test, in seconds. */
  readonly duration: number;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
  /** Undo what outlives a step, last one first. */
  readonly stops: (() => Promise<void>)[];
  serviceUrl?: string;
}

/** One thing that the demo does and shows. What it returns goes into the `--json` document. */
export interface DemoStep {
  readonly title: string;
  readonly run: (state: DemoState) => Promise<object>;
}

/** examples/orders, four folders above both src and dist. */
const EXAMPLE = fileURLToPath(new URL('../../../../examples/orders', import.meta.url));

/** The demo, in order. */
export const DEMO_STEPS: readonly DemoStep[] = [
  { title: 'Take the example: a contract, a schema, and the handlers between them', run: copyExample },
  { title: 'Generate the server from the contract', run: generate },
  { title: 'Compile it in strict mode', run: compile },
  { title: 'Fill the embedded PostgreSQL and boot the service', run: boot },
  { title: 'Send a valid and an invalid request', run: ask },
  { title: 'Load-test it', run: load },
  { title: 'See what there is', run: showPlaces },
];

async function copyExample({ folder, shownFolder, say }: DemoState): Promise<object> {
  // What is there already stays: the folder is the user's after the first run.
  await cp(EXAMPLE, folder, { recursive: true, force: false, errorOnExist: false });
  say(`${shownFolder}/openapi.yaml, schema.sql, seed.sql, src/api/*.handlers.ts`);
  return { folder: shownFolder };
}

async function generate({ folder, shownFolder, say }: DemoState): Promise<object> {
  const contract = { path: join(folder, 'openapi.yaml'), shown: `${shownFolder}/openapi.yaml` };
  const { model, changes } = await scaffoldServer(contract, join(folder, 'src', 'api'), {
    framework: 'express',
    typesOnly: false,
    force: false,
    allowRefs: false,
    allowNetwork: false,
  });
  const kept = changes.filter(({ action }) => action === 'kept').length;
  const routes = counted(model.operations.length, 'route handler');
  say(`Generated ${routes}; ${counted(kept, 'handler file')} kept as written.`);
  return { routes: model.operations.length, files: changes.length };
}

async function compile(state: DemoState): Promise<object> {
  await installPackages(state);
  await build(state);
  state.say('No type errors.');
  return { typeErrors: 0 };
}

async function boot(state: DemoState): Promise<object> {
  state.say('The first time, 245,000 rows are generated; later runs find them in place.');
  state.serviceUrl = await startService(state);
  state.say(state.serviceUrl);
  return { url: state.serviceUrl };
}

async function ask(state: DemoState): Promise<object> {
  const exchanges = await askService(state.serviceUrl ?? '', state.signal);
  for (const { request, status, body } of exchanges) state.say(`${request}\n  ${status} ${body}`);
  return { exchanges };
}

async function load(state: DemoState): Promise<object> {
  const url = `${state.serviceUrl}/customers/7`;
  const result = await runLoad({ url, connections: 10, duration: state.duration }, state.signal);
  const { requests, latency } = result;
  const ms = (value: number | undefined): string => (value === undefined ? '-' : `${value.toFixed(1)} ms`);
  state.say(`GET /customers/7 over 10 connections for ${state.duration} s`);
  state.say(`  ${requests.perSecond.toFixed(0)} requests/s, ${requests.failed} failed`);
  state.say(`  P50 ${ms(latency?.p50)}, P99 ${ms(latency?.p99)}`);
  return { url, requests, latency };
}

async function showPlaces({ shownFolder, say }: DemoState): Promise<object> {
  const places = {
    contract: `${shownFolder}/openapi.yaml`,
    server: `${shownFolder}/src/api`,
    handlers: `${shownFolder}/src/api/*.handlers.ts`,
    database: `${shownFolder}/data`,
    start: `cd ${shownFolder} && PORT=3000 node dist/server.js`,
  };
  for (const [what, place] of Object.entries(places)) say(`${what.padEnd(9)} ${place}`);
  return places;
}
