import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PatternChooser } from '../../src/scaffold/patterns/choice.ts';
import { validatorFor } from '../support/generated-module.ts';
import { literalsOf, skeleton } from '../support/syntax.ts';
import { hostileText } from './hostile/fragments.ts';

const hostile = hostileText;

const chooser = new PatternChooser();

/** A text that is a pattern for JavaScript's own engine: the others are matched otherwise, or left out. */
const pattern = hostile.filter((text) => chooser.choose(text).engine === 'native');

/** A name that is an array index comes before all others in a JavaScript object, so the order of the code changes. */
const name = hostile.filter((text) => !/^\d+$/.test(text));

/** The places of a schema that take any text. Property names differ: a repeated one would be one property less. */
const texts = fc.record({
  names: fc.uniqueArray(name, { minLength: 5, maxLength: 5 }),
  values: fc.uniqueArray(hostile, { minLength: 3, maxLength: 3 }),
  pattern,
  prose: hostile,
});

type Texts = typeof texts extends fc.Arbitrary<infer T> ? T : never;

function schemaWith({ names, values, pattern: source, prose }: Texts): unknown {
  const [first = '', second = '', third = '', fourth = '', fifth = ''] = names;
  return {
    type: 'object',
    title: prose,
    description: prose,
    properties: {
      [first]: { description: prose, enum: values },
      [second]: { type: 'string', pattern: source, default: values[0], description: prose },
      [third]: { const: { [first]: values[1] }, deprecated: true },
      [fourth]: { type: 'string', format: `x-${prose}`, default: prose },
    },
    required: [first, fifth],
    patternProperties: { [source]: { minLength: 1 } },
    additionalProperties: { const: values[2] },
    dependentRequired: { [first]: [second, third] },
    dependentSchemas: { [second]: { required: [third] } },
    unevaluatedProperties: false,
    if: { properties: { [third]: { const: values[0] } } },
    else: { not: { required: [fourth] } },
  };
}

const HARMLESS: Texts = {
  names: ['one', 'two', 'three', 'four', 'five'],
  values: ['red', 'green', 'blue'],
  pattern: 'plain',
  prose: 'Plain.',
};

test('no text changes anything in the generated code but literals and comments, and each arrives', async () => {
  const { generated: plain } = await validatorFor(schemaWith(HARMLESS));
  const expected = { types: skeleton(plain.types), validators: skeleton(plain.validators) };
  await fc.assert(
    fc.asyncProperty(texts, async (given) => {
      const { generated } = await validatorFor(schemaWith(given));
      expect(skeleton(generated.types)).toBe(expected.types);
      expect(skeleton(generated.validators)).toBe(expected.validators);
      const literals = literalsOf(generated.validators);
      const sent = [...given.names, ...given.values, given.pattern];
      expect(sent.filter((text) => !literals.has(text))).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

/** A URI cannot carry half of a surrogate pair. */
const referable = hostile.filter((text) => !/\p{Cs}/u.test(text));

test('schema names become identifiers, whatever they are', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(referable, { minLength: 1, maxLength: 4 }), async (names) => {
      const $defs = Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
      const pointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
      const anyOf = names.map((name) => ({ $ref: `#/$defs/${encodeURIComponent(pointer(name))}` }));
      const { generated } = await validatorFor({ $defs, anyOf });
      const declared = generated.types.match(/^export type (.*?) = string;$/gm) ?? [];
      expect(declared).toHaveLength(names.length);
    }),
    { numRuns: 200 },
  );
});
