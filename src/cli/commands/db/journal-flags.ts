import type { FlagTable } from '../../command.ts';
import { SCRATCH_FLAGS } from './scratch-flags.ts';

/** What `db migrate` and `db rollback` are both asked. */
export const JOURNAL_FLAGS = {
  connection: {
    type: 'text',
    value: 'URL',
    env: 'DATABASE_URL',
    description: 'postgres://..., or pglite:DIR for a database that PGlite keeps in a folder',
  },
  'dry-run': { type: 'switch', description: 'Run everything, report what each statement does, keep nothing' },
  allow: { type: 'list', value: 'HAZARD', description: 'Accept a hazard by name, such as data-loss' },
  'force-fingerprint': {
    type: 'switch',
    description: 'Go on although the database is not in the state that a file was made for',
  },
  journal: {
    type: 'text',
    value: 'SCHEMA',
    default: 'senior_backend',
    description: 'The schema that keeps the journal of what was applied',
  },
  wait: {
    type: 'number',
    value: 'SECONDS',
    default: 60,
    min: 0,
    description: 'How long to wait for another run to end',
  },
  'lock-timeout': {
    type: 'number',
    value: 'SECONDS',
    min: 0.001,
    description: 'How long a statement may wait for a lock (5; what a file sets counts unless this is given)',
  },
  'lock-retries': {
    type: 'number',
    value: 'N',
    default: 10,
    min: 0,
    integer: true,
    description: 'How often to try again without a lock, after 0.5 s, 1 s ... at most 30 s',
  },
  'statement-timeout': {
    type: 'number',
    value: 'SECONDS',
    min: 0.001,
    description: 'How long a statement inside a transaction may run (no limit unless given)',
  },
  resume: {
    type: 'choice',
    choices: ['skip', 'again'],
    description: 'What to do about a statement whose outcome cannot be seen after a run was killed',
  },
  ...SCRATCH_FLAGS,
} as const satisfies FlagTable;
