import type { JsonValue } from './json.ts';
import { JSON_TYPES, type JsonType, type NamedSchema, type Schema, type SchemaKey } from './schema.ts';

export type SchemaTable = ReadonlyMap<SchemaKey, NamedSchema>;

/** Chains of references longer than this have been cut before; the bound only keeps a mistake of ours finite. */
const MAX_CHAIN = 200;

const NONE: ReadonlySet<JsonType> = new Set();
const ALL: ReadonlySet<JsonType> = new Set(JSON_TYPES);

/**
 * The JSON types that a schema can accept at all (`integer` counts as `number`). Never too few:
 * keywords that might narrow further, such as `not`, are left out.
 */
export function admittedTypes(schema: Schema, table: SchemaTable, chain = 0): ReadonlySet<JsonType> {
  if (schema.never || chain > MAX_CHAIN) return schema.never ? NONE : ALL;
  let admitted = ownTypes(schema);
  const target = schema.ref === undefined ? undefined : table.get(schema.ref);
  if (target !== undefined) admitted = intersect(admitted, admittedTypes(target.schema, table, chain + 1));
  for (const part of schema.allOf ?? []) {
    admitted = intersect(admitted, admittedTypes(part, table, chain + 1));
  }
  for (const alternatives of [schema.anyOf, schema.oneOf]) {
    if (alternatives === undefined) continue;
    const either = alternatives.flatMap((part) => [...admittedTypes(part, table, chain + 1)]);
    admitted = intersect(admitted, new Set(either));
  }
  return admitted;
}

function ownTypes({ types, values }: Schema): ReadonlySet<JsonType> {
  const listed = types === undefined ? ALL : new Set(types.map(widen));
  return values === undefined ? listed : intersect(listed, new Set(values.map(typeOf)));
}

const widen = (type: JsonType): JsonType => (type === 'integer' ? 'number' : type);

/** The JSON type of a value. */
export function typeOf(value: JsonValue): JsonType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value as 'boolean' | 'number' | 'string' | 'object';
}

function intersect(left: ReadonlySet<JsonType>, right: ReadonlySet<JsonType>): ReadonlySet<JsonType> {
  if (left === ALL) return right;
  if (right === ALL) return left;
  return new Set([...left].filter((type) => right.has(type)));
}
