import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Json, jsonValue, schemaDocument } from '../support/arbitrary-schema.ts';
import { validatorFor } from '../support/generated-module.ts';
import { typeErrors } from '../support/type-errors.ts';

/**
 * The same samples each time, for ajv has slips of its own, one in some thousand samples: with
 * PROPERTY_RUNS the search is longer, and its seed its own.
 */
const SEED = 20201212;
const runs = process.env['PROPERTY_RUNS'];
const SEARCH = runs === undefined ? { numRuns: 200, seed: SEED } : { numRuns: Number(runs) };

/** Another implementation's verdict. */
function ajvAccepts(schema: Json, values: readonly Json[]): boolean[] {
  const ajv = new Ajv2020({ strict: false, ownProperties: true, validateSchema: false, logger: false });
  const validate = ajv.compile(schema as Record<string, unknown>);
  return values.map((value) => validate(value));
}

test('generated validators and ajv agree about any schema and any value', async () => {
  const values = fc.array(jsonValue, { minLength: 4, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(schemaDocument, values, async (schema, listed) => {
      const { validator } = await validatorFor(schema);
      const accepted = listed.map((value) => validator.safeParse(value).success);
      expect(accepted).toEqual(ajvAccepts(schema, listed));
    }),
    SEARCH,
  );
});

test('what a validator accepts, its type holds; and both compile strictly', async () => {
  const files = new Map<string, string>();
  const samples = fc.sample(fc.tuple(schemaDocument, fc.array(jsonValue, { minLength: 30, maxLength: 30 })), {
    numRuns: 80,
    seed: SEED,
  });
  for (const [at, [schema, values]] of samples.entries()) {
    const { validator, generated } = await validatorFor(withoutInherited(schema));
    const accepted = withoutInherited(values).filter((value) => validator.safeParse(value).success);
    files.set(`s${at}.types.ts`, withMark(generated.types));
    files.set(`s${at}.validators.ts`, generated.validators.replace('./types.js', `./s${at}.types.js`));
    files.set(`s${at}.values.ts`, assignments(generated.name, `./s${at}.types.js`, accepted));
  }
  expect(typeErrors(files)).toEqual([]);
});

/** To TypeScript every object has what it inherits, to JSON Schema it has not. */
const withoutInherited = <T extends Json>(json: T): T =>
  JSON.parse(JSON.stringify(json).replaceAll('isPrototypeOf', 'c'));

/**
 * TypeScript suspects a slip where a value shares no property with a type of optional ones. It is none
 * here: a mark that types and values have in common keeps it quiet.
 */
const MARK = `'~'?: never`;
const withMark = (types: string): string => types.replaceAll('{\n', `{\n${MARK};\n`);

/** Values as constants of their own type first: of a literal, TypeScript asks more than of a value. */
function assignments(name: string, module: string, values: readonly Json[]): string {
  const lines = values.map(
    (value, at) =>
      `declare const value${at}: ${typeOf(value)};\nexport const held${at}: Schema = value${at};\n`,
  );
  return `import type { ${name} as Schema } from '${module}';\n${lines.join('')}export type { Schema };\n`;
}

function typeOf(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(typeOf).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, part]) => `${JSON.stringify(key)}: ${typeOf(part)}`);
  return `{ ${[MARK, ...members].join('; ')} }`;
}
