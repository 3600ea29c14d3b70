import { compileFunction } from 'node:vm';
import ts from 'typescript-5.9';
import type { z } from 'zod';
import * as zod from 'zod';
import {
  type GeneratedValidators,
  generateValidators,
  type JsonSchemaSource,
} from '../../src/scaffold/index.ts';
import * as jsonSchema from '../../templates/runtime/json-schema.ts';
import * as linear from '../../templates/runtime/linear.ts';
import * as runtimeZod from '../../templates/runtime/zod.ts';

/** What a generated validators.ts may import. */
const MODULES: Readonly<Record<string, unknown>> = {
  zod,
  './runtime/zod.js': runtimeZod,
  './runtime/json-schema.js': jsonSchema,
  './runtime/linear.js': linear,
};

/** Executes the text of a generated validators.ts and hands out its schemas by name. */
export function runValidators(text: string): Readonly<Record<string, z.ZodType>> {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 },
  });
  const exported: Record<string, z.ZodType> = {};
  compileFunction(outputText, ['require', 'exports'])((name: string): unknown => {
    if (!Object.hasOwn(MODULES, name)) throw new Error(`generated code imports ${name}`);
    return MODULES[name];
  }, exported);
  return exported;
}

/** Generates the validator of a schema document, and executes it. */
export async function validatorFor(
  schema: unknown,
  options: Partial<Pick<JsonSchemaSource, 'formats' | 'known'>> = {},
): Promise<{ readonly validator: z.ZodType; readonly generated: GeneratedValidators }> {
  const generated = await generateValidators({
    bytes: new TextEncoder().encode(JSON.stringify(schema)),
    uri: 'https://schemas.test/schema.json',
    name: 'schema.json',
    formats: 'assert',
    ...options,
  });
  const validator = runValidators(generated.validators)[generated.name];
  if (validator === undefined) throw new Error(`validators.ts does not export ${generated.name}`);
  return { validator, generated };
}
