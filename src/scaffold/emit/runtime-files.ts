import { readFile } from 'node:fs/promises';
import { HEADER } from './header.ts';

/** templates/, three folders above both src/scaffold/emit and dist/scaffold/emit. */
export const TEMPLATES = new URL('../../../templates/', import.meta.url);

const SHARED = [
  'contract.ts',
  'security.ts',
  'credentials.ts',
  'reply.ts',
  'failure.ts',
  'error-facts.ts',
  'paths.ts',
  'parameters.ts',
  'query.ts',
  'form.ts',
  'shape.ts',
  'body.ts',
  'issues.ts',
  'zod.ts',
];

/** The checks that Zod has no word for. */
const JSON_SCHEMA = ['judge.ts', 'formats.ts', 'json-schema.ts', 'json-schema-logic.ts'];

/** Shapes of error answers, with the template that writes each. */
const ERROR_BODIES = {
  envelope: 'runtime/error-body.ts',
  'problem+json': 'problem/error-body.ts',
  contract: 'contract/error-body.ts',
} as const;

export type ErrorShape = keyof typeof ERROR_BODIES;

/** When answers are held to the contract: what the line of settings.ts becomes. */
const VALIDATE = { development: '$&', always: '$1true;', never: '$1false;' } as const;

export type ValidateResponses = keyof typeof VALIDATE;

/** What decides which runtime files a service gets, and with what in them. */
export interface RuntimeChoices {
  readonly adapter: string;
  readonly usesJsonSchema: boolean;
  readonly usesLinear: boolean;
  readonly errors: ErrorShape;
  readonly validateResponses: ValidateResponses;
}

/** The files that a generated service holds as they are: path in the output folder to text. */
export async function runtimeFiles(choices: RuntimeChoices): Promise<Map<string, string>> {
  const checks = [
    ...(choices.usesJsonSchema ? JSON_SCHEMA : []),
    ...(choices.usesLinear ? ['linear.ts'] : []),
  ];
  const names = [...SHARED, choices.adapter, ...checks];
  const paths = ['errors.ts', ...names.map((name) => `runtime/${name}`)];
  const files = new Map(await Promise.all(paths.map(async (path) => [path, await template(path)] as const)));
  const settings = await template('runtime/settings.ts');
  return files
    .set('runtime/error-body.ts', await template(ERROR_BODIES[choices.errors]))
    .set(
      'runtime/settings.ts',
      settings.replace(/(VALIDATE_RESPONSES: boolean = ).*/, VALIDATE[choices.validateResponses]),
    );
}

/** What a service made from a database holds besides: how rows are read and written. */
const DATA = [
  'database',
  'table',
  'statement',
  'resource',
  'write',
  'filters',
  'order',
  'include',
  'session',
  'failures',
];

export async function runtimeDataFiles(): Promise<Map<string, string>> {
  const paths = DATA.map((name) => `data/${name}.ts`);
  return new Map(await Promise.all(paths.map(async (path) => [path, await template(path)] as const)));
}

const template = async (path: string): Promise<string> =>
  HEADER + withoutLintComments(await readFile(new URL(path, TEMPLATES), 'utf8'));

/** Comments to our own linter mean nothing in somebody else's project. */
export const withoutLintComments = (text: string): string =>
  text.replaceAll(/^ *\/\/ biome-ignore.*\n/gm, '');
