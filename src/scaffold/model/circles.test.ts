import { describe, expect, test } from 'vitest';
import { breakCircles } from './circles.ts';
import type { NamedSchema, Schema } from './schema.ts';

const place = { file: { name: 'test', locate: () => undefined } };
const schema = (keywords: Omit<Schema, 'place'>): Schema => ({ place, ...keywords });
const ref = (key: string): Schema => schema({ ref: key });

const table = (schemas: Readonly<Record<string, Schema>>): Map<string, NamedSchema> =>
  new Map(Object.entries(schemas).map(([key, entry]) => [key, { key, name: key, schema: entry }]));

describe('breakCircles', () => {
  test('leaves recursion through properties and items alone', () => {
    const schemas = table({ Tree: schema({ types: ['array'], items: ref('Tree') }) });
    expect(breakCircles(schemas)).toEqual({ schemas, diagnostics: [] });
  });

  test('inheritance: the parts include the whole without its alternatives', () => {
    const { schemas, diagnostics } = breakCircles(
      table({
        Pet: schema({ types: ['object'], oneOf: [ref('Cat'), ref('Dog')] }),
        Cat: schema({ allOf: [ref('Pet'), schema({ types: ['object'] })] }),
        Dog: schema({ allOf: [ref('Pet')] }),
      }),
    );
    expect(diagnostics).toEqual([]);
    expect(schemas.get('Cat')?.schema.allOf?.[0]?.ref).toBe('Pet|base');
    expect(schemas.get('Pet|base')).toMatchObject({ name: 'PetBase', schema: { types: ['object'] } });
    expect(schemas.get('Pet|base')?.schema.oneOf).toBeUndefined();
    expect(schemas.get('Pet')?.schema.oneOf).toHaveLength(2);
  });

  test.each([
    ['itself', { A: ref('A') }],
    ['one another', { A: ref('B'), B: ref('A') }],
    ['itself by way of an alternative', { A: schema({ anyOf: [schema({ not: ref('A') })] }) }],
  ])('a schema that is %s is cut, and says so', (_what, schemas) => {
    const broken = breakCircles(table(schemas));
    expect(broken.diagnostics.map(({ code }) => code)).toEqual(['SCF012']);
    expect(breakCircles(broken.schemas).diagnostics).toEqual([]);
  });
});
