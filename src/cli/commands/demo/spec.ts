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
    default: 5,
    min: 1,
    description: 'How long the load test lasts',
  },
} as const satisfies FlagTable;

export const demo = defineCommand({
  path: ['demo'],
  summary: 'Build, boot and load-test a service with an embedded database',
  about:
    'Generates an orders service from the contract in this package, runs it on 245,000 rows in an embedded ' +
    'PostgreSQL, and measures it. Everything is left in the folder, to be looked at and run again.',
  positionals: [],
  flags: demoFlags,
  examples: [{ line: 'senior-backend demo', what: 'The whole of it, in a minute or two' }],
  load: () => import('./run.ts'),
});
