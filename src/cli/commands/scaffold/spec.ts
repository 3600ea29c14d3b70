import { defineCommand, type FlagTable } from '../../command.ts';
import { expectShortRun } from '../../short-run.ts';

export const scaffoldFlags = {
  framework: {
    type: 'choice',
    short: 'f',
    choices: ['express', 'fastify', 'koa'],
    description: 'The framework the server is written for, express unless given; --generate-spec finds it',
  },
  output: {
    type: 'text',
    short: 'o',
    value: 'PATH',
    description:
      'The folder to write to, ./generated unless given; the document with --generate-spec, ./openapi.yaml',
  },
  'types-only': { type: 'switch', description: 'Write types.ts and nothing else' },
  project: {
    type: 'switch',
    description: 'Write a whole service around it: server, configuration, tests, Dockerfile',
  },
  check: {
    type: 'switch',
    description: 'Write nothing; exit 3 when the folder is not what would be generated',
  },
  'dry-run': { type: 'switch', description: 'Write nothing; say what would be written' },
  errors: {
    type: 'choice',
    group: 'Answers',
    choices: ['contract', 'envelope', 'problem+json'],
    default: 'contract',
    description:
      "The shape of error answers: the contract's own schemas (else the envelope), the envelope, or RFC 9457",
  },
  'validate-responses': {
    type: 'choice',
    group: 'Answers',
    choices: ['development', 'always', 'never'],
    default: 'development',
    description: 'When answers are held to the contract, unless the application says',
  },
  'from-db': {
    type: 'text',
    group: 'From a database',
    value: 'DATABASE',
    description:
      'Serve the tables of postgres://..., pglite:DIR, or an SQL file or folder, instead of a document',
  },
  schemas: {
    type: 'list',
    group: 'From a database',
    value: 'NAME',
    description: 'Only tables of this schema',
  },
  tables: { type: 'list', group: 'From a database', value: 'NAME', description: 'Only this table or view' },
  exclude: {
    type: 'list',
    group: 'From a database',
    value: 'NAME',
    description: 'Not this table or view, or this column: table.column',
  },
  'read-only': { type: 'switch', group: 'From a database', description: 'Nothing that writes' },
  'generate-spec': {
    type: 'switch',
    group: 'From code',
    description:
      'Read the routes of a folder of sources, without running them, and write their OpenAPI document',
  },
  'openapi-version': {
    type: 'choice',
    group: 'From code',
    choices: ['3.1', '3.0'],
    description: 'The version of the document, unless there is one already',
  },
  force: { type: 'switch', description: 'Overwrite generated files that were edited by hand' },
  'allow-refs': {
    type: 'switch',
    group: 'References',
    description: "Follow $ref to files outside the document's folder",
  },
  'allow-network': { type: 'switch', group: 'References', description: 'Follow $ref to http(s) URLs' },
} as const satisfies FlagTable;

export const scaffold = defineCommand({
  path: ['scaffold'],
  summary:
    'Generate a typed, validated server from an OpenAPI document or a PostgreSQL database, or a document from code',
  about: `Generated files are rewritten each time; the *.handlers.ts files are written once and then yours.`,
  positionals: [
    {
      name: 'SPEC',
      description: 'The OpenAPI or Swagger document, YAML or JSON; the folder of routes with --generate-spec',
      optional: true,
    },
  ],
  flags: scaffoldFlags,
  examples: [
    {
      line: 'senior-backend scaffold openapi.yaml --output src/api',
      what: 'An Express server in src/api',
    },
    {
      line: 'senior-backend scaffold openapi.yaml -f fastify -o src/api --check',
      what: 'In CI: exit 3 when src/api is not up to date',
    },
    {
      line: 'senior-backend scaffold openapi.yaml --project -f fastify -o orders-service',
      what: 'A whole service, to install, test and start',
    },
    {
      line: 'senior-backend scaffold --from-db postgres://localhost/shop -f fastify -o src/api',
      what: 'A server that reads and writes the tables of a database',
    },
    {
      line: 'senior-backend scaffold src --generate-spec -o openapi.yaml',
      what: 'The contract of the Express, Fastify or Koa routes in src',
    },
    {
      line: 'senior-backend scaffold openapi.yaml --types-only --json',
      what: 'Only the types, with a summary as JSON',
    },
  ],
  load: async () => {
    expectShortRun();
    return import('./generate.ts');
  },
});
