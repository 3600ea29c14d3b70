import { defineCommand, type FlagTable } from '../../command.ts';

/** Apart from the command, so that what runs it can be typed by them. */
export const DB_ANALYZE_FLAGS = {
  connection: {
    type: 'text',
    value: 'URL',
    env: 'DATABASE_URL',
    description: 'The database to analyse, when no SCHEMA is given; it is only read',
  },
  queries: {
    type: 'text',
    value: 'FILE',
    description:
      'Statements it is used with, instead of pg_stat_statements: SQL, or a server log; - for standard input',
  },
  trace: { type: 'text', value: 'FILE', description: 'Statements per request, to find N+1 in' },
  report: { type: 'text', value: 'FILE', description: 'Write a page with an entity diagram here: FILE.html' },
  'fail-on': {
    type: 'choice',
    choices: ['warning', 'error'],
    description: 'Exit 3 when there is a finding this severe',
  },
  scratch: {
    type: 'text',
    value: 'URL',
    description: 'Make the scratch for SCHEMA on this server instead of the embedded one',
  },
  budget: {
    type: 'number',
    value: 'SECONDS',
    default: 60,
    min: 1,
    description: 'How long the analysis of a running database may take',
  },
} as const satisfies FlagTable;

export const dbAnalyze = defineCommand({
  path: ['db', 'analyze'],
  summary:
    'Say what is wrong with a PostgreSQL database or schema, with the evidence and the SQL that mends it',
  about:
    'SCHEMA is an SQL file, a folder of SQL files or migrations, or a pg_dump; it is built in a scratch PostgreSQL and\n' +
    'judged by its catalog. A running database is judged by its statistics, sessions and statements as well. It is only\n' +
    'read: no lock above ACCESS SHARE, in read-only transactions, within --budget; a statement is run with EXPLAIN\n' +
    'ANALYZE only when nothing in it can change anything. docs/analyze.md lists every finding.',
  positionals: [
    {
      name: 'SCHEMA',
      description: 'The schema to analyse; without it, the database of --connection',
      optional: true,
    },
  ],
  flags: DB_ANALYZE_FLAGS,
  examples: [
    { line: 'senior-backend db analyze schema.sql', what: 'Judge a schema file' },
    {
      line: 'senior-backend db analyze --connection postgres://localhost/shop --report shop.html',
      what: 'Judge a running database, with a page to hand on',
    },
    { line: 'senior-backend db analyze schema/ --fail-on warning --json', what: 'Check it in CI, as JSON' },
  ],
  load: () => import('./analyze.ts'),
});
