import fc from 'fast-check';

/** A JSON Schema, or a value, as it would be parsed from a document. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * Few names and values, so that schemas and values meet; one name is among those that every object
 * inherits. Not `toString` or `constructor`: ajv's own equality stumbles over them.
 */
const NAMES = ['a', 'b', 'a-b', 'isPrototypeOf'];
const name = fc.constantFrom(...NAMES);
const text = fc.constantFrom('', 'a', 'ab', 'isPrototypeOf', '\u{1f600}', '2026-01-02');
const number = fc.constantFrom(0, 1, 2, 3, -1, 1.5, 4);
const scalar: fc.Arbitrary<Json> = fc.oneof(text, number, fc.constantFrom(true, false, null));

/** Small JSON values. */
export const jsonValue: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

const count = fc.nat({ max: 2 });
const types = fc.constantFrom('null', 'boolean', 'number', 'integer', 'string', 'array', 'object');

/** Keywords whose value is not a schema. */
const plainKeywords = {
  type: fc.oneof(types, fc.uniqueArray(types, { minLength: 1, maxLength: 3 })),
  const: jsonValue,
  enum: fc.uniqueArray(jsonValue, { minLength: 1, maxLength: 4, selector: (value) => JSON.stringify(value) }),
  minimum: number,
  exclusiveMaximum: number,
  multipleOf: fc.constantFrom(1, 2, 0.5),
  minLength: count,
  maxLength: count,
  pattern: fc.constantFrom('^a', 'b$', '^$'),
  minItems: count,
  maxItems: count,
  uniqueItems: fc.boolean(),
  minContains: count,
  maxContains: count,
  minProperties: count,
  maxProperties: count,
  required: fc.uniqueArray(name, { maxLength: 2 }),
  dependentRequired: fc.dictionary(name, fc.uniqueArray(name, { maxLength: 2 }), {
    maxKeys: 2,
    noNullPrototype: true,
  }),
};

/** A few keywords at a time: with all at once, nearly every value is refused. */
function someOf<T extends Record<string, fc.Arbitrary<unknown>>>(
  keywords: T,
  most: number,
): fc.Arbitrary<Json> {
  return fc
    .subarray(Object.keys(keywords), { maxLength: most })
    .chain((chosen) =>
      fc.record(Object.fromEntries(chosen.map((key) => [key, keywords[key] ?? fc.constant(true)]))),
    ) as fc.Arbitrary<Json>;
}

/** Schemas of the whole vocabulary but formats and dynamic references; `$ref` leads into `$defs`. */
const schemaBody: fc.Arbitrary<Json> = fc.letrec<{ schema: Json }>((tie) => {
  const schema = tie('schema');
  const list = fc.array(schema, { minLength: 1, maxLength: 3 });
  const byName = fc.dictionary(name, schema, { maxKeys: 3, noNullPrototype: true });
  const keywords = {
    ...plainKeywords,
    properties: byName,
    patternProperties: fc.dictionary(fc.constantFrom('^a', 'f$'), schema, {
      maxKeys: 2,
      noNullPrototype: true,
    }),
    additionalProperties: schema,
    propertyNames: schema,
    dependentSchemas: byName,
    unevaluatedProperties: schema,
    items: schema,
    prefixItems: list,
    // Of these ajv is wrong: with `false` beside prefixItems, and with `true` beside unevaluatedItems.
    contains: schema.map((part) => (typeof part === 'boolean' ? { type: 'string' } : part)),
    unevaluatedItems: schema,
    allOf: list,
    anyOf: list,
    oneOf: list,
    not: schema,
    if: schema,
    then: schema,
    else: schema,
    $ref: fc.constantFrom('#/$defs/one', '#/$defs/two'),
  };
  return {
    schema: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.boolean(),
      someOf(plainKeywords, 2),
      someOf(keywords, 4),
    ),
  };
}).schema;

/** The schemas that the others refer to: these refer to nothing, so that no circle is without end. */
const definition = someOf(
  {
    ...plainKeywords,
    properties: fc.dictionary(name, someOf(plainKeywords, 2), { maxKeys: 2, noNullPrototype: true }),
    items: someOf(plainKeywords, 1),
    additionalProperties: fc.boolean(),
  },
  3,
);

/** A schema document. */
export const schemaDocument: fc.Arbitrary<Json> = fc
  .record({ body: schemaBody, one: definition, two: definition })
  .map(({ body, one, two }) => ({ allOf: [body], $defs: { one, two } }));
