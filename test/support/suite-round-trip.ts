import { printJsonSchema } from '../../src/scaffold/emit/openapi/schema.ts';
import { type GeneratedValidators, generateValidators } from '../../src/scaffold/index.ts';
import { readServiceFiles } from '../../src/scaffold/sources/code/generated/open.ts';
import { runValidators } from './generated-module.ts';
import type { SuiteGroup } from './json-schema-suite.ts';

/**
 * Groups of the suite whose schemas are not given back whole: what `unevaluated*` counts as looked at depends on
 * keywords beside it that refuse nothing (`additionalProperties: true`, `if` without `then`), which code does not hold.
 */
export const NOT_GIVEN_BACK: ReadonlySet<string> = new Set([
  'unevaluatedItems: unevaluatedItems and contains interact to control item dependency relationship',
  'unevaluatedItems: unevaluatedItems can see annotations from if without then and else',
  'unevaluatedProperties: unevaluatedProperties with nested additionalProperties',
  'unevaluatedProperties: nested unevaluatedProperties, outer false, inner true, properties inside',
  'unevaluatedProperties: nested unevaluatedProperties, outer true, inner false, properties inside',
  'unevaluatedProperties: unevaluatedProperties can see annotations from if without then and else',
]);

/** The schemas of a generated validators.ts as one JSON Schema document, read from the code alone. */
async function givenBack({ validators, types, name }: GeneratedValidators): Promise<unknown> {
  const files = new Map([
    ['validators.ts', validators],
    ['types.ts', types],
  ]);
  const { model, diagnostics } = await readServiceFiles(files, 'api');
  if (diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const nameOf = (key: string): string => model.schemas.get(key)?.name ?? key;
  const schemas = [...model.schemas.values()].map(
    (named) => [named.name, printJsonSchema(named.schema, nameOf)] as const,
  );
  const document = { $ref: `#/$defs/${name}`, $defs: Object.fromEntries(schemas) };
  return JSON.parse(JSON.stringify(document).replaceAll('#/components/schemas/', '#/$defs/'));
}

const generate = (schema: unknown, known: ReadonlyMap<string, Uint8Array>): Promise<GeneratedValidators> =>
  generateValidators({
    bytes: new TextEncoder().encode(JSON.stringify(schema)),
    uri: 'https://schemas.test/schema.json',
    name: 'schema.json',
    formats: 'assert',
    known,
  });

/** What a generated validator says of each value of a group. */
function verdicts({ validators, name }: GeneratedValidators, { tests }: SuiteGroup): boolean[] {
  const schema = runValidators(validators)[name];
  return tests.map(({ data }) => schema?.safeParse(data).success === true);
}

/** The values of a group that a schema, and the schema that its code gives, do not judge alike. */
export async function judgedOtherwise(
  group: SuiteGroup,
  known: ReadonlyMap<string, Uint8Array>,
): Promise<string[]> {
  const first = await generate(group.schema, known);
  const second = await generate(await givenBack(first), new Map());
  const [before, after] = [verdicts(first, group), verdicts(second, group)];
  return group.tests.flatMap(({ description }, at) => (before[at] === after[at] ? [] : [description]));
}
