import { defineCommand } from '../../command.ts';
import { JOURNAL_FLAGS } from './journal-flags.ts';

export const dbRollback = defineCommand({
  path: ['db', 'rollback'],
  summary: 'Undo the last migration with the way back that stands beside it',
  about:
    'The database must be as the migration left it, and must be what it was before once the way back is run. What\n' +
    'was stored since is lost where the way back drops it: that is refused until --allow data-loss.',
  positionals: [
    {
      name: 'PATH',
      description: 'The migration, its way back, or the folder of both; without it: migrations',
      optional: true,
    },
  ],
  flags: JOURNAL_FLAGS,
  examples: [
    {
      line: 'senior-backend db rollback --connection postgres://localhost/shop --dry-run',
      what: 'Show what undoing the last migration would do',
    },
    {
      line: 'senior-backend db rollback --connection postgres://localhost/shop --allow data-loss',
      what: 'Undo it, with what was stored in its columns since',
    },
  ],
  load: () => import('./rollback.ts'),
});
