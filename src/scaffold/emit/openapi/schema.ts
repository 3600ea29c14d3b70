import type { JsonObject, JsonValue } from '../../model/json.ts';
import { escapePointerToken } from '../../model/place.ts';
import type { Schema, SchemaKey } from '../../model/schema.ts';

/** The name of the component that a schema is. */
export type ComponentName = (key: SchemaKey) => string;

/** A reference to a component. */
export const componentReference = (name: string): string =>
  `#/components/schemas/${encodeURIComponent(escapePointerToken(name))}`;

type Printer = (value: never, nameOf: ComponentName) => JsonValue;

/** A schema of the model as JSON Schema 2020-12, which is what OpenAPI 3.1 has: what sources/openapi/keywords.ts reads. */
export function printJsonSchema(schema: Schema, nameOf: ComponentName): JsonValue {
  if (schema.never) return false;
  const entries: [string, JsonValue][] = [];
  for (const [keyword, name, print] of KEYWORDS) {
    const value = schema[keyword];
    if (value !== undefined) entries.push([name, print(value as never, nameOf)]);
  }
  return fromEntries(entries);
}

/** Unlike assignment, this takes `__proto__` for a name as any other. */
const fromEntries = (entries: readonly (readonly [string, JsonValue])[]): JsonObject =>
  Object.fromEntries(entries);

const asIs: Printer = (value: JsonValue) => value;
const asSchema: Printer = (value: Schema, nameOf) => printJsonSchema(value, nameOf);
const asList: Printer = (value: readonly Schema[], nameOf) =>
  value.map((part) => printJsonSchema(part, nameOf));
const asTable: Printer = (value: ReadonlyMap<string, Schema>, nameOf) =>
  fromEntries([...value].map(([name, part]) => [name, printJsonSchema(part, nameOf)]));

/** In the order in which people write them. */
const KEYWORDS: readonly (readonly [keyof Schema, string, Printer])[] = [
  ['ref', '$ref', (key: SchemaKey, nameOf) => componentReference(nameOf(key))],
  ['types', 'type', (types: readonly string[]) => (types.length === 1 ? (types[0] ?? '') : types)],
  ['format', 'format', asIs],
  ['description', 'description', asIs],
  ['deprecated', 'deprecated', asIs],
  ['readOnly', 'readOnly', asIs],
  ['writeOnly', 'writeOnly', asIs],
  ['values', 'enum', asIs],
  ['default', 'default', asIs],
  ...plain('multipleOf minimum exclusiveMinimum maximum exclusiveMaximum minLength maxLength pattern'),
  ['prefixItems', 'prefixItems', asList],
  ['items', 'items', asSchema],
  ['contains', 'contains', asSchema],
  ...plain('minContains maxContains minItems maxItems uniqueItems'),
  ['required', 'required', asIs],
  ['properties', 'properties', asTable],
  ['patternProperties', 'patternProperties', asTable],
  ['additionalProperties', 'additionalProperties', asSchema],
  ['propertyNames', 'propertyNames', asSchema],
  ...plain('minProperties maxProperties'),
  [
    'dependentRequired',
    'dependentRequired',
    (value: ReadonlyMap<string, JsonValue>) => fromEntries([...value]),
  ],
  ['dependentSchemas', 'dependentSchemas', asTable],
  ['allOf', 'allOf', asList],
  ['anyOf', 'anyOf', asList],
  ['oneOf', 'oneOf', asList],
  ['not', 'not', asSchema],
  ['if', 'if', asSchema],
  ['then', 'then', asSchema],
  ['else', 'else', asSchema],
  ['unevaluatedItems', 'unevaluatedItems', asSchema],
  ['unevaluatedProperties', 'unevaluatedProperties', asSchema],
  [
    'discriminator',
    'discriminator',
    ({ property, mapping }: NonNullable<Schema['discriminator']>, nameOf) => ({
      propertyName: property,
      ...(mapping.size === 0
        ? {}
        : {
            mapping: fromEntries([...mapping].map(([name, key]) => [name, componentReference(nameOf(key))])),
          }),
    }),
  ],
];

function plain(names: string): [keyof Schema, string, Printer][] {
  return names.split(' ').map((name) => [name as keyof Schema, name, asIs]);
}
