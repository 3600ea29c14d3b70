import { defineCommand, type FlagTable } from '../../command.ts';
import { SCRATCH_FLAGS } from './scratch-flags.ts';

/** Apart from the command, so that what runs it can be typed by them. */
export const DB_DIFF_FLAGS = {
  to: { type: 'text', value: 'SCHEMA', description: 'The schema as it should be' },
  connection: {
    type: 'text',
    value: 'URL',
    env: 'DATABASE_URL',
    description: 'The database as it is, when FROM is not given',
  },
  output: {
    type: 'text',
    short: 'o',
    value: 'DIR',
    description: 'Write the migration and its rollback here instead of printing them',
  },
  allow: { type: 'list', value: 'HAZARD', description: 'Accept a hazard by name, such as data-loss' },
  rename: {
    type: 'list',
    value: 'OLD=NEW',
    description: 'What has another name now, such as users.name=users.full_name',
  },
  'preserve-data': {
    type: 'switch',
    description: 'Rename away what would be dropped with its rows; the rollback gives it its name back',
  },
  lint: {
    type: 'list',
    value: 'FILE',
    description:
      'Check hand-written SQL, a file or a folder, instead of planning; FROM is the schema before it',
  },
  'one-transaction': {
    type: 'switch',
    description: 'With --lint: the runner puts each file into one transaction',
  },
  offline: { type: 'switch', description: 'Plain statements that lock tables for as long as they run' },
  ...SCRATCH_FLAGS,
} as const satisfies FlagTable;

export const dbDiff = defineCommand({
  path: ['db', 'diff'],
  summary: 'Plan the change from one PostgreSQL schema to another, and the way back, and prove both',
  about:
    'FROM and --to are an SQL file, a folder of SQL files or migrations, a pg_dump, postgres://..., pglite:DIR, or\n' +
    'pglite: for an empty database. Both are built in a scratch PostgreSQL and read back from its catalog; the plan\n' +
    'is run there forward, back and forward again before anything is written. The live database is only read.\n' +
    'With --lint, hand-written SQL is run in the scratch instead, statement by statement, and judged by the same hazards.',
  positionals: [
    {
      name: 'FROM',
      description: 'The schema as it is; without it, the database of --connection',
      optional: true,
    },
  ],
  flags: DB_DIFF_FLAGS,
  examples: [
    {
      line: 'senior-backend db diff old.sql --to new.sql -o migrations',
      what: 'Write a proved migration and its rollback',
    },
    {
      line: 'senior-backend db diff --connection postgres://localhost/shop --to schema/ --json',
      what: 'Compare a database with a folder, as JSON',
    },
    {
      line: 'senior-backend db diff old.sql --to new.sql --allow data-loss',
      what: 'Accept that something stored is dropped',
    },
    {
      line: 'senior-backend db diff --connection postgres://localhost/shop --lint migrations/0042_orders.sql',
      what: 'Check a hand-written migration, and how large the tables are that it locks',
    },
  ],
  load: () => import('./diff.ts'),
});
