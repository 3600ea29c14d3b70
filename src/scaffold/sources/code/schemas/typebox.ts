import type { JsonObject, JsonValue } from '../../../model/json.ts';
import type { CallValue, Value } from '../value.ts';
import { maySpend, type SchemaContext } from './context.ts';
import { keywordsOf } from './json-schema.ts';
import { isSchemaTerm, schemaOfTerm } from './terms.ts';

/** A TypeBox term as the JSON Schema that it makes; undefined when it is none, or of a kind that JSON cannot hold. */
export function typeBoxSchema(value: Value, context: SchemaContext): JsonObject | undefined {
  if (value.kind !== 'call' || !maySpend(context)) return undefined;
  const name = value.callee.kind === 'external' ? value.callee.path.at(-1) : undefined;
  const builder = name !== undefined && Object.hasOwn(BUILDERS, name) ? BUILDERS[name] : undefined;
  return builder?.(value, context);
}

type Builder = (call: CallValue, context: SchemaContext) => JsonObject | undefined;

/** Options that TypeBox copies into the schema. */
function options(value: Value | undefined, context: SchemaContext): JsonObject {
  if (value?.kind !== 'object') return {};
  const { $id: _id, ...rest } = keywordsOf(value, context);
  return rest;
}

const part = (value: Value | undefined, context: SchemaContext): JsonObject => {
  if (value === undefined) return {};
  return isSchemaTerm(value) || value.kind === 'object' ? schemaOfTerm(value, context) : {};
};

const parts = (value: Value | undefined, context: SchemaContext): JsonObject[] =>
  value?.kind === 'list' ? value.items.map((item) => part(item, context)) : [];

const simple =
  (schema: JsonObject): Builder =>
  ({ args: [given] }, context) => ({ ...schema, ...options(given, context) });

const isOptional = (value: Value): boolean => modifier(value) === 'Optional';

const modifier = (value: Value): string | undefined =>
  value.kind === 'call' && value.callee.kind === 'external' ? value.callee.path.at(-1) : undefined;

const object: Builder = ({ args: [members, given] }, context) => {
  if (members?.kind !== 'object') return undefined;
  const properties = [...members.properties].map(([name, member]) => [name, part(member, context)] as const);
  const required = [...members.properties]
    .filter(([, member]) => !isOptional(unwrapped(member)))
    .map(([name]) => name);
  return {
    type: 'object',
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(properties),
    ...options(given, context),
  };
};

/** `Type.Readonly(Type.Optional(...))` is optional too. */
const unwrapped = (value: Value): Value => {
  const [inner] = value.kind === 'call' ? value.args : [];
  return modifier(value) === 'Readonly' && inner !== undefined ? inner : value;
};

const through: Builder = ({ args: [inner, given] }, context) => ({
  ...part(inner, context),
  ...options(given, context),
});

/** The object that a term makes, where it stands. */
function inline(value: Value | undefined, context: SchemaContext): JsonObject | undefined {
  return value === undefined ? undefined : typeBoxSchema(value, context);
}

const propertiesOf = (schema: JsonObject | undefined): readonly (readonly [string, JsonValue])[] =>
  typeof schema?.['properties'] === 'object' && schema['properties'] !== null
    ? Object.entries(schema['properties'])
    : [];

const requiredOf = (schema: JsonObject | undefined): readonly string[] =>
  Array.isArray(schema?.['required']) ? schema['required'].map(String) : [];

const keysOf = (value: Value | undefined): string[] => {
  if (value?.kind === 'list')
    return value.items.flatMap((item) => (item.kind === 'constant' ? [String(item.value)] : []));
  if (value?.kind === 'call' && modifier(value) === 'Union') return keysOf(value.args[0]);
  if (value?.kind === 'call' && modifier(value) === 'Literal')
    return keysOf({ kind: 'list', items: value.args.slice(0, 1), open: false });
  return [];
};

const reshaped =
  (
    change: (
      names: readonly string[],
      required: readonly string[],
      keys: readonly string[],
    ) => readonly [readonly string[], readonly string[]],
    optionsAt: 1 | 2,
  ): Builder =>
  ({ args }, context) => {
    const schema = inline(args[0], context);
    if (schema === undefined) return undefined;
    const entries = propertiesOf(schema);
    const [keep, required] = change(
      entries.map(([name]) => name),
      requiredOf(schema),
      keysOf(args[1]),
    );
    const { required: _required, ...rest } = schema;
    return {
      ...rest,
      ...(required.length === 0 ? {} : { required }),
      properties: Object.fromEntries(entries.filter(([name]) => keep.includes(name))),
      ...options(args[optionsAt], context),
    };
  };

const BUILDERS: Readonly<Record<string, Builder>> = {
  String: simple({ type: 'string' }),
  Number: simple({ type: 'number' }),
  Integer: simple({ type: 'integer' }),
  Boolean: simple({ type: 'boolean' }),
  Null: simple({ type: 'null' }),
  Any: simple({}),
  Unknown: simple({}),
  Never: simple({ not: {} }),
  Date: simple({ type: 'string', format: 'date-time' }),
  RegExp: ({ args: [pattern, given] }, context) => ({
    type: 'string',
    ...(pattern?.kind === 'pattern' ? { pattern: pattern.source } : {}),
    ...options(given, context),
  }),
  Literal: ({ args: [value, given] }, context) =>
    value?.kind === 'constant' && typeof value.value !== 'bigint' && value.value !== undefined
      ? { const: value.value, ...options(given, context) }
      : undefined,
  Array: ({ args: [items, given] }, context) => ({
    type: 'array',
    items: part(items, context),
    ...options(given, context),
  }),
  Tuple: ({ args: [items, given] }, context) => {
    const prefixItems = parts(items, context);
    const { length } = prefixItems;
    return { type: 'array', prefixItems, minItems: length, maxItems: length, ...options(given, context) };
  },
  Object: object,
  Optional: through,
  Readonly: through,
  Union: ({ args: [members, given] }, context) => {
    const schemas = parts(members, context);
    const constants = schemas.map(({ const: value }) => value);
    const isEnum =
      schemas.length > 0 &&
      schemas.every((schema) => typeof schema['const'] === 'string' && Object.keys(schema).length === 1);
    return {
      ...(isEnum
        ? { type: 'string', enum: constants.filter((value) => value !== undefined) }
        : { anyOf: schemas }),
      ...options(given, context),
    };
  },
  Intersect: ({ args: [members, given] }, context) => ({
    allOf: parts(members, context),
    ...options(given, context),
  }),
  Composite: ({ args: [members, given] }, context) => {
    const schemas = members?.kind === 'list' ? members.items.map((item) => inline(item, context)) : [];
    const required = schemas.flatMap((schema) => requiredOf(schema));
    return {
      type: 'object',
      ...(required.length === 0 ? {} : { required: [...new Set(required)] }),
      properties: Object.fromEntries(schemas.flatMap((schema) => propertiesOf(schema))),
      ...options(given, context),
    };
  },
  Record: ({ args: [, value, given] }, context) => ({
    type: 'object',
    additionalProperties: part(value, context),
    ...options(given, context),
  }),
  Enum: ({ args: [members, given] }, context) => {
    const values = members?.kind === 'object' ? [...members.properties.values()] : [];
    const constants = values.flatMap((value) =>
      value.kind === 'constant' && (typeof value.value === 'string' || typeof value.value === 'number')
        ? [value.value]
        : [],
    );
    return { enum: constants, ...options(given, context) };
  },
  Partial: reshaped((names) => [names, []], 1),
  Required: reshaped((names) => [names, names], 1),
  Pick: reshaped((_names, required, keys) => [keys, required.filter((name) => keys.includes(name))], 2),
  Omit: reshaped(
    (names, required, keys) => [
      names.filter((name) => !keys.includes(name)),
      required.filter((name) => !keys.includes(name)),
    ],
    2,
  ),
  Unsafe: ({ args: [schema] }, context) => part(schema, context),
  Ref: ({ args: [inner] }, context) =>
    inner?.kind === 'constant' ? context.byId?.(String(inner.value)) : part(inner, context),
  Transform: through,
  Recursive: () => ({}),
};
