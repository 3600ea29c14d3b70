import { ask, compile, copyExample, generate } from './build-steps.ts';
import { apply, proveWayBack, rehearse, suggest } from './database-steps.ts';
import { boot, compare, explain, loadAgain, loadFirst } from './load-steps.ts';
import type { DemoState, DemoStep } from './state.ts';

/** The demo, in order. */
export const DEMO_STEPS: readonly DemoStep[] = [
  { title: 'Take the example: a contract, a schema, and the handlers between them', run: copyExample },
  { title: 'Generate the server from the contract', run: generate },
  { title: 'Compile it in strict mode', run: compile },
  { title: 'Fill the database and boot the service', run: boot },
  { title: 'Send a valid and an invalid request', run: ask },
  { title: 'Load it by its contract', run: loadFirst },
  { title: 'See which statements take the time', run: explain },
  { title: 'Find the indexes that are missing', run: suggest },
  { title: 'Rehearse the migration', run: rehearse },
  { title: 'Migrate', run: apply },
  { title: 'Load it again', run: loadAgain },
  { title: 'Compare', run: compare },
  { title: 'Prove the way back', run: proveWayBack },
  { title: 'See what there is', run: showPlaces },
];

async function showPlaces({ shownFolder, databaseUrl, say }: DemoState): Promise<object> {
  const places = {
    contract: `${shownFolder}/openapi.yaml`,
    server: `${shownFolder}/src/api`,
    handlers: `${shownFolder}/src/api/*.handlers.ts`,
    migration: `${shownFolder}/migrations`,
    ...(databaseUrl === undefined ? { database: `${shownFolder}/data` } : {}),
    start: `cd ${shownFolder} && PORT=3000 node dist/server.js`,
  };
  for (const [what, place] of Object.entries(places)) say(`${what.padEnd(9)} ${place}`);
  return places;
}
