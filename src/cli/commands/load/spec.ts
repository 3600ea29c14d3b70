import { defineCommand } from '../../command.ts';
import { LOAD_FLAGS } from './flags.ts';

export const load = defineCommand({
  path: ['load'],
  summary: 'Measure an HTTP service: throughput, latency percentiles, errors by kind',
  about:
    'Closed model: each of the connections sends its next request as soon as it has its answer. Open model\n' +
    '(--rate, --stages): requests are due by the clock, and latency counts from when they were due.\n' +
    'Latency ends with the last byte of the answer, and is that of successful requests (status below 400)\n' +
    'alone. Redirects are not followed unless asked, and proxy variables are not read.',
  positionals: [
    {
      name: 'URL',
      description: 'The URL to load, http or https; not needed with --curl or --har',
      optional: true,
    },
    {
      name: 'BASELINE_OR_URL',
      description: 'With --compare: the second URL, or a saved report',
      optional: true,
      many: true,
    },
  ],
  flags: LOAD_FLAGS,
  examples: [
    {
      line: 'senior-backend load http://localhost:3000/orders -c 50 -d 30s',
      what: '50 connections for 30 seconds',
    },
    {
      line: 'senior-backend load http://localhost:3000/orders -m POST -b \'{"item": 1}\'',
      what: 'Send a body',
    },
    {
      line: 'senior-backend load http://localhost:3000/v1 http://localhost:3000/v2 --compare -d 30s',
      what: 'Which of the two is better, if that can be told',
    },
    {
      line: 'senior-backend load http://localhost:3000 --spec openapi.yaml',
      what: 'Every operation of a contract, each measured by itself',
    },
    {
      line: 'senior-backend load http://localhost:3000/orders -c 20 --db postgres://localhost/shop',
      what: 'Why it is slow, with the evidence and what mends it',
    },
    { line: 'senior-backend load http://localhost:3000/orders --json', what: 'The report as JSON' },
  ],
  load: () => import('./run.ts'),
});
