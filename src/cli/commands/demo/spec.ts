import { defineCommand, type FlagTable } from '../../command.ts';

export const demoFlags = {
  output: {
    type: 'text',
    short: 'o',
    value: 'DIR',
    default: './senior-backend-demo',
    description: 'The folder to build the service in',
  },
  duration: {
    type: 'number',
    short: 'd',
    value: 'SECONDS',
    default: 6,
    min: 5,
    description: 'How long each of the two measurements lasts',
  },
  'no-open': { type: 'switch', description: 'Do not open the report when the demo is done' },
} as const satisfies FlagTable;

export const demo = defineCommand({
  path: ['demo'],
  summary: 'The whole loop: build a service, load it, find why it is slow, mend it, show that it is better',
  about:
    'Generates an orders service from the contract in this package, runs it on 245,000 rows, loads every operation,\n' +
    'finds the indexes that are missing, builds them by a migration, and measures again. The database is embedded or, with\n' +
    'DATABASE_URL, one of its own on that server, which is removed at the end. Everything else is left in the folder, with a\n' +
    'report. Exit 1 when the second measurement is not shown to be better.',
  positionals: [],
  flags: demoFlags,
  examples: [{ line: 'senior-backend demo', what: 'The whole of it, in a minute or two' }],
  load: () => import('./run.ts'),
});
