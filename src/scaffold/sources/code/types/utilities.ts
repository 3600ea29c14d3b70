import type { TSType } from 'oxc-parser';
import type { JsonObject, JsonValue } from '../../../model/json.ts';
import type { SchemaContext } from '../schemas/context.ts';
import type { Scope } from '../scope.ts';
import { schemaOfType } from './schema.ts';

type Utility = (args: readonly TSType[], scope: Scope, context: SchemaContext, depth: number) => JsonObject;

/** What is the schema of its first argument. */
const through: Utility = ([inner], scope, context, depth) =>
  inner === undefined ? {} : schemaOfType({ node: inner, scope }, context, depth);

const list: Utility = (args, scope, context, depth) => ({
  type: 'array',
  items: through(args, scope, context, depth),
});

/** An object's schema itself, where it stands or is referred to. */
function resolved(schema: JsonObject, { named }: SchemaContext): JsonObject {
  const name =
    typeof schema['$ref'] === 'string' ? schema['$ref'].replace('#/components/schemas/', '') : undefined;
  return name === undefined ? schema : (named.schemas.get(name) ?? {});
}

const namesOf = (schema: JsonObject | undefined): string[] => {
  const values: readonly JsonValue[] = Array.isArray(schema?.['enum'])
    ? schema['enum']
    : schema?.['const'] === undefined
      ? []
      : [schema['const']];
  return values.map(String);
};

/** Changes the properties of an object; of what is no plain object nothing can be told. */
const reshaped =
  (
    change: (
      names: readonly string[],
      required: readonly string[],
      keys: readonly string[],
    ) => { keep: readonly string[]; required: readonly string[] },
  ): Utility =>
  ([inner, keys], scope, context, depth) => {
    if (inner === undefined) return {};
    const object = resolved(schemaOfType({ node: inner, scope }, context, depth), context);
    const { properties } = object;
    if (
      object['type'] !== 'object' ||
      typeof properties !== 'object' ||
      properties === null ||
      Array.isArray(properties)
    )
      return {};
    const given = keys === undefined ? [] : namesOf(schemaOfType({ node: keys, scope }, context, depth));
    const names = Object.keys(properties);
    const before = Array.isArray(object['required']) ? object['required'].map(String) : [];
    const { keep, required } = change(names, before, given);
    const kept = Object.entries(properties).filter(([name]) => keep.includes(name));
    return {
      type: 'object',
      ...(required.length === 0 ? {} : { required }),
      properties: Object.fromEntries(kept),
    };
  };

/** Types of TypeScript's own library, and of packages that give schemas a type. */
export const UTILITIES: Readonly<Record<string, Utility>> = {
  Promise: through,
  Awaited: through,
  Readonly: through,
  NonNullable: through,
  Array: list,
  ReadonlyArray: list,
  Set: () => ({ type: 'object' }),
  Map: () => ({ type: 'object' }),
  Date: () => ({ type: 'string', format: 'date-time' }),
  URL: () => ({ type: 'string' }),
  Object: () => ({ type: 'object' }),
  String: () => ({ type: 'string' }),
  Number: () => ({ type: 'number' }),
  Boolean: () => ({ type: 'boolean' }),
  Record: ([, value], scope, context, depth) => ({
    type: 'object',
    additionalProperties: value === undefined ? {} : schemaOfType({ node: value, scope }, context, depth),
  }),
  Partial: reshaped((names) => ({ keep: names, required: [] })),
  Required: reshaped((names) => ({ keep: names, required: names })),
  Pick: reshaped((_names, required, keys) => ({
    keep: keys,
    required: required.filter((name) => keys.includes(name)),
  })),
  Omit: reshaped((names, required, keys) => ({
    keep: names.filter((name) => !keys.includes(name)),
    required: required.filter((name) => !keys.includes(name)),
  })),
  // zod: z.infer<typeof X>; TypeBox: Static<typeof X>; json-schema-to-ts: FromSchema<typeof X>
  infer: through,
  output: through,
  input: through,
  TypeOf: through,
  Static: through,
  StaticDecode: through,
  StaticEncode: through,
  FromSchema: through,
};
