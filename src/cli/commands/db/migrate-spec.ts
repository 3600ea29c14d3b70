import { defineCommand, type FlagTable } from '../../command.ts';
import { JOURNAL_FLAGS } from './journal-flags.ts';

/** Apart from the command, so that what runs it can be typed by them. */
export const DB_MIGRATE_FLAGS = {
  ...JOURNAL_FLAGS,
  to: { type: 'text', value: 'VERSION', description: 'Stop behind the migration of this version or name' },
  status: { type: 'switch', description: 'Say what is applied and what is pending, and change nothing' },
  baseline: { type: 'switch', description: 'Record what is pending as applied without running it' },
} as const satisfies FlagTable;

export const dbMigrate = defineCommand({
  path: ['db', 'migrate'],
  summary: 'Apply migrations safely, or show exactly what they would do',
  about:
    'Applies one file, or all of a folder that the journal in the database does not have yet, in order. Files of\n' +
    'db diff, dbmate, goose, sql-migrate, node-pg-migrate (SQL), Flyway and plain SQL are taken as they are. A run\n' +
    'that was killed, cut off or stopped with Ctrl-C is taken up by the same line, where it was.',
  positionals: [
    { name: 'PATH', description: 'A migration or a folder of them; without it: migrations', optional: true },
  ],
  flags: DB_MIGRATE_FLAGS,
  examples: [
    {
      line: 'senior-backend db migrate migrations --connection postgres://localhost/shop --dry-run',
      what: 'Show what every pending statement locks, reads and writes',
    },
    {
      line: 'senior-backend db migrate migrations --connection postgres://localhost/shop',
      what: 'Apply what is pending',
    },
    {
      line: 'senior-backend db migrate migrations --connection pglite:./data --status',
      what: 'Say what is applied',
    },
  ],
  load: () => import('./migrate.ts'),
});
