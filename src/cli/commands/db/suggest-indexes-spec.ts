import { defineCommand, type FlagTable } from '../../command.ts';

/** Apart from the command, so that what runs it can be typed by them. */
export const DB_SUGGEST_FLAGS = {
  connection: {
    type: 'text',
    value: 'URL',
    env: 'DATABASE_URL',
    description: 'The database whose statistics and statements are read, when no SCHEMA is given',
  },
  queries: {
    type: 'text',
    value: 'FILE',
    description:
      'Statements to make fast, instead of pg_stat_statements: SQL, or a server log; - for standard input',
  },
  output: {
    type: 'text',
    short: 'o',
    value: 'DIR',
    description: 'Write the migration and its rollback here, as db migrate takes them',
  },
  'max-indexes': {
    type: 'number',
    value: 'COUNT',
    default: 10,
    min: 1,
    integer: true,
    description: 'At most so many',
  },
  'max-size': {
    type: 'number',
    value: 'MB',
    default: 1024,
    min: 1,
    description: 'All together at most so large, in megabytes',
  },
  drops: {
    type: 'switch',
    description: 'Let the migration remove the indexes that would not be missed, too',
  },
  'no-values': {
    type: 'switch',
    description:
      'Do not read the sample values in the statistics; plans that hang on single values get less certain',
  },
  budget: {
    type: 'number',
    value: 'SECONDS',
    default: 120,
    min: 1,
    description: 'How long one statement may run, on the database or in the copy',
  },
} as const satisfies FlagTable;

export const dbSuggestIndexes = defineCommand({
  path: ['db', 'suggest-indexes'],
  summary: 'Find the indexes that help most, proved by the planner, and write them as a migration',
  about:
    'Every candidate is planned in a copy of the database that has its statistics and sizes and no rows; nothing is\n' +
    'installed on the server, which is only read. Statements are from --queries or pg_stat_statements; without either\n' +
    'only foreign keys and text-search columns are looked at, and the report says so.',
  positionals: [
    { name: 'SCHEMA', description: 'A schema without a database: sizes are then assumed', optional: true },
  ],
  flags: DB_SUGGEST_FLAGS,
  examples: [
    {
      line: 'senior-backend db suggest-indexes --connection postgres://localhost/shop -o migrations',
      what: 'For what the server says takes its time',
    },
    {
      line: 'senior-backend db suggest-indexes schema.sql --queries queries.sql --max-indexes 5',
      what: 'For the statements of a file',
    },
  ],
  load: () => import('./suggest-indexes.ts'),
});
