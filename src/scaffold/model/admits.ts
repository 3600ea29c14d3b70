import type { JsonValue } from './json.ts';
import type { JsonType, NamedSchema, Schema, SchemaKey } from './schema.ts';

export type SchemaTable = ReadonlyMap<SchemaKey, NamedSchema>;

/** A set of JSON types as bits: it is asked for at every schema, often more than once. */
export type TypeSet = number;

const BITS: Readonly<Record<JsonType, TypeSet>> = {
  null: 1,
  boolean: 2,
  number: 4,
  integer: 4,
  string: 8,
  array: 16,
  object: 32,
};

export const NO_TYPE: TypeSet = 0;
export const ANY_TYPE: TypeSet = 63;

/** Whether a set holds a type; `integer` counts as `number`. */
export const hasType = (set: TypeSet, type: JsonType): boolean => (set & BITS[type]) !== 0;

/** Chains of references longer than this have been cut before; the bound only keeps a mistake of ours finite. */
const MAX_CHAIN = 200;

/**
 * The JSON types that a schema can accept at all. Never too few: keywords that might narrow further,
 * such as `not`, are left out.
 */
export function admittedTypes(schema: Schema, table: SchemaTable, chain = 0): TypeSet {
  if (schema.never) return NO_TYPE;
  if (chain > MAX_CHAIN) return ANY_TYPE;
  let admitted = ownTypes(schema);
  if (schema.ref !== undefined) {
    admitted &= admittedByName(schema.ref, table, chain + 1);
  }
  for (const part of schema.allOf ?? []) admitted &= admittedTypes(part, table, chain + 1);
  if (schema.anyOf !== undefined) admitted &= eitherType(schema.anyOf, table, chain);
  if (schema.oneOf !== undefined) admitted &= eitherType(schema.oneOf, table, chain);
  return admitted;
}

/** Asked for over and over: the answer for a named schema is kept as long as its table. */
function admittedByName(key: SchemaKey, table: SchemaTable, chain: number): TypeSet {
  const known = ADMITTED.get(table) ?? new Map<SchemaKey, TypeSet>();
  ADMITTED.set(table, known);
  const answer = known.get(key);
  if (answer !== undefined) return answer;
  const target = table.get(key);
  const types = target === undefined ? ANY_TYPE : admittedTypes(target.schema, table, chain);
  // Far down a chain the answer is cut short, and not everybody's.
  if (chain < MAX_CHAIN / 2) known.set(key, types);
  return types;
}

const ADMITTED = new WeakMap<SchemaTable, Map<SchemaKey, TypeSet>>();

const eitherType = (alternatives: readonly Schema[], table: SchemaTable, chain: number): TypeSet =>
  alternatives.reduce((either, part) => either | admittedTypes(part, table, chain + 1), NO_TYPE);

function ownTypes({ types, values }: Schema): TypeSet {
  let set = types === undefined ? ANY_TYPE : types.reduce((listed, type) => listed | BITS[type], NO_TYPE);
  if (values !== undefined)
    set &= values.reduce<TypeSet>((listed, value) => listed | BITS[typeOf(value)], NO_TYPE);
  return set;
}

/** The JSON type of a value. */
export function typeOf(value: JsonValue): JsonType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value as 'boolean' | 'number' | 'string' | 'object';
}
