import { defineCommand } from '../../command.ts';
import { WORKER_FLAGS } from './cluster-flags.ts';

export const loadWorker = defineCommand({
  path: ['load', 'worker'],
  summary: 'Send the load of another machine: take part in runs of load --cluster',
  about:
    'Waits at a NATS server for runs, takes its part of each, and hands over what it counted. It loads only\n' +
    'hosts that --allow names and, without any, this machine. Ctrl-C during a run hands over what was counted.',
  positionals: [],
  flags: WORKER_FLAGS,
  examples: [
    {
      line: 'senior-backend load worker --cluster nats://nats:4222 --cluster-key @key --allow shop.test',
      what: 'Take part in runs against shop.test',
    },
    {
      line: 'senior-backend load http://shop.test/ --cluster nats://nats:4222 --cluster-key @key --workers 4 --rate 2000',
      what: 'A run on four workers',
    },
  ],
  load: () => import('./worker.ts'),
});
