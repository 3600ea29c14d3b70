import { expect, test } from 'vitest';
import { validatorFor } from '../support/generated-module.ts';

/** Keywords with values that they cannot have. Each is left out, which the document's author must be told. */
const WRONG: readonly (readonly [keyword: string, value: unknown])[] = [
  ['$ref', 7],
  ['$dynamicRef', {}],
  ['type', 'strnig'],
  ['enum', 'red'],
  ['multipleOf', 0],
  ['minimum', '1'],
  ['minLength', -1],
  ['maxItems', 'many'],
  ['pattern', 5],
  ['format', ['date']],
  ['uniqueItems', 'yes'],
  ['deprecated', 1],
  ['allOf', {}],
  ['anyOf', []],
  ['oneOf', 'x'],
  ['properties', ['a']],
  ['patternProperties', 'a'],
  ['dependentSchemas', 3],
  ['required', true],
  ['dependentRequired', ['a']],
];

test.each(WRONG)('%s: %j is ignored, and said to be', async (keyword, value) => {
  const { generated, validator } = await validatorFor({ properties: { a: { [keyword]: value } } });
  expect(validator.safeParse({ a: 1 }).success).toBe(true);
  const message = `${keyword} cannot be ${JSON.stringify(value)}; it is ignored`;
  const found = generated.diagnostics.filter((one) => one.code === 'SCF007' && one.message === message);
  expect(found).toHaveLength(1);
  expect(['/properties/a', `/properties/a/${keyword}`]).toContain(found[0]?.location?.pointer);
});

test('null is as good as absent', async () => {
  const nothing = Object.fromEntries(WRONG.map(([keyword]) => [keyword, null]));
  const { generated } = await validatorFor({ properties: { a: nothing } });
  expect(generated.diagnostics.filter(({ code }) => code === 'SCF007')).toEqual([]);
});
