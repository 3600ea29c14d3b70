import type { FlagTable } from '../../command.ts';

/** Where commands build schemas, and how long they wait for it. */
export const SCRATCH_FLAGS = {
  scratch: {
    type: 'text',
    value: 'URL',
    description: 'Make the scratch on this server instead of the embedded one',
  },
  budget: {
    type: 'number',
    value: 'SECONDS',
    default: 120,
    min: 1,
    description: 'How long one statement may run in the scratch',
  },
} as const satisfies FlagTable;
