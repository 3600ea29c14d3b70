// The JSON-Schema-Test-Suite through the Zod schemas that generators write. Peers read OpenAPI documents,
// so each schema of the suite is the one component of an OpenAPI 3.1 document, its references adjusted.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileFunction } from 'node:vm';
import ts from 'typescript-5.9';
import { validatorFor } from '../../test/support/generated-module.ts';
import { type SuiteGroup, suiteFiles, suiteRemotes } from '../../test/support/json-schema-suite.ts';
import { ROOT } from '../../test/support/repository.ts';
import { peerModule } from './generators.ts';

interface Validator {
  safeParse(value: unknown): { readonly success: boolean };
}

/** A way from a schema to a validator. */
interface Converter {
  readonly name: string;
  readonly convert: (schema: unknown) => Promise<Validator>;
}

export interface SuiteRow {
  readonly name: string;
  readonly all: number;
  readonly core: number;
  /** Schemas that it could not convert. */
  readonly refused: number;
  readonly total: { readonly all: number; readonly core: number };
}

/** Without formats, references between schemas and unevaluated*, which few converters attempt: 802 assertions. */
const BEYOND_CORE =
  'anchor defs dynamicRef format ref refRemote unevaluatedItems unevaluatedProperties'.split(' ');

const require = createRequire(import.meta.url);

const asOpenApi = (schema: unknown): object => ({
  openapi: '3.1.0',
  info: { title: 'Suite', version: '1' },
  paths: {},
  components: {
    schemas: {
      Root: JSON.parse(
        JSON.stringify(schema, (key, value: unknown) =>
          key === '$ref' && typeof value === 'string' && value.startsWith('#')
            ? `#/components/schemas/Root${value.slice(1)}`
            : value,
        ) ?? '{}',
      ),
    },
  },
});

/** Executes generated TypeScript. */
function run(text: string, modules: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 },
  });
  const exported: Record<string, unknown> = {};
  compileFunction(outputText, ['require', 'exports'])((name: string) => modules[name], exported);
  return exported;
}

const existing = (validator: unknown): Validator => {
  if (typeof validator !== 'object' || validator === null) throw new Error('nothing was generated');
  return validator as Validator;
};

async function converters(): Promise<Converter[]> {
  const known = suiteRemotes();
  const hey = await import(/* @vite-ignore */ peerModule('@hey-api/openapi-ts/dist/index.mjs'));
  const client = require(fileURLToPath(peerModule('openapi-zod-client/dist/openapi-zod-client.cjs.js')));
  const output = join(ROOT, '.cache', 'bench-suite');
  return [
    {
      name: 'senior-backend',
      convert: async (schema) => (await validatorFor(schema, { known, formats: 'as declared' })).validator,
    },
    {
      name: 'openapi-zod-client 1.18.3, Zod 3',
      convert: async (schema) => {
        const options = { shouldExportAllSchemas: true };
        const generate = client.generateZodClientFromOpenAPI;
        const text = await generate({ openApiDoc: asOpenApi(schema), disableWriteToFile: true, options });
        const zodios = { makeApi: () => [], Zodios: class {} };
        const { schemas } = run(text, { zod: require('zod/v3'), '@zodios/core': zodios });
        return existing((schemas as Record<string, unknown>)['Root']);
      },
    },
    {
      name: '@hey-api/openapi-ts 0.99.0, Zod 4',
      convert: async (schema) => {
        rmSync(output, { recursive: true, force: true });
        mkdirSync(output, { recursive: true });
        const input = asOpenApi(schema);
        await hey.createClient({
          input,
          output: { path: output },
          plugins: ['zod'],
          logs: { level: 'silent' },
        });
        const text = readFileSync(join(output, 'zod.gen.ts'), 'utf8');
        return existing(run(text, { zod: require('zod') })['zRoot']);
      },
    },
  ];
}

/** Every converter on every group of the suite. */
export async function suite(keep: (rows: readonly SuiteRow[]) => void): Promise<SuiteRow[]> {
  const rows: SuiteRow[] = [];
  for (const { name, convert } of await converters()) {
    const row = { name, all: 0, core: 0, refused: 0, total: { all: 0, core: 0 } };
    for (const [file, groups] of suiteFiles()) {
      for (const group of groups) {
        const passed = await passedOf(group, convert);
        const parts = BEYOND_CORE.includes(file) ? (['all'] as const) : (['all', 'core'] as const);
        for (const part of parts) {
          row.total[part] += group.tests.length;
          row[part] += passed ?? 0;
        }
        if (passed === undefined) row.refused += 1;
      }
    }
    rows.push(row);
    keep(rows);
    console.log(row);
  }
  return rows;
}

/** How many values of a group are judged rightly; undefined when there is no validator. */
async function passedOf(
  { schema, tests }: SuiteGroup,
  convert: Converter['convert'],
): Promise<number | undefined> {
  try {
    const validator = await convert(schema);
    return tests.filter(({ data, valid }) => judges(validator, data, valid)).length;
  } catch {
    return undefined;
  }
}

function judges(validator: Validator, data: unknown, valid: boolean): boolean {
  try {
    return validator.safeParse(data).success === valid;
  } catch {
    return false;
  }
}
