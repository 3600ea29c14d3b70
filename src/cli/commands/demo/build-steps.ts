// From the example to a service that runs.
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { counted } from '../../../core/names.ts';
import { scaffoldServer } from '../../../scaffold/index.ts';
import { build, installPackages } from './processes.ts';
import { askService } from './requests.ts';
import { type DemoState, leftBy } from './state.ts';

/** examples/orders, four folders above both src and dist. */
const EXAMPLE = fileURLToPath(new URL('../../../../examples/orders', import.meta.url));

export async function copyExample({ folder, shownFolder, say }: DemoState): Promise<object> {
  // What is there already stays: the folder is the user's after the first run.
  await cp(EXAMPLE, folder, { recursive: true, force: false, errorOnExist: false });
  say(`${shownFolder}/openapi.yaml, schema.sql, seed.sql, src/api/*.handlers.ts`);
  return { folder: shownFolder };
}

export async function generate({ folder, shownFolder, say }: DemoState): Promise<object> {
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

export async function compile(state: DemoState): Promise<object> {
  await installPackages(state);
  await build(state);
  state.say('No type errors.');
  return { typeErrors: 0 };
}

export async function ask(state: DemoState): Promise<object> {
  const exchanges = await askService(leftBy(state, 'service').url, state.signal);
  for (const { request, status, body } of exchanges) state.say(`${request}\n  ${status} ${body}`);
  return { exchanges };
}
