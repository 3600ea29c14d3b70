import type { JsonValue } from './json.ts';
import type { Place } from './place.ts';

export type JsonType = 'null' | 'boolean' | 'number' | 'integer' | 'string' | 'array' | 'object';

/** All types there are; `number` includes the integers. */
export const JSON_TYPES: readonly JsonType[] = ['null', 'boolean', 'number', 'string', 'array', 'object'];

/** Identifies a named schema of the model. */
export type SchemaKey = string;

/**
 * A schema in the vocabulary of JSON Schema 2020-12, whatever dialect it came from; an absent keyword
 * is absent. Differences from the specification's spelling: `values` holds both `enum` and `const`,
 * `ref` names a schema of the model, `never` is the schema `false`, and the empty schema is `true`.
 */
export interface Schema {
  readonly place: Place;
  readonly never?: true;
  readonly ref?: SchemaKey;
  readonly types?: readonly JsonType[];
  readonly values?: readonly JsonValue[];

  readonly multipleOf?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;

  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;

  readonly prefixItems?: readonly Schema[];
  readonly items?: Schema;
  readonly contains?: Schema;
  readonly minContains?: number;
  readonly maxContains?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly unevaluatedItems?: Schema;

  readonly properties?: ReadonlyMap<string, Schema>;
  readonly required?: readonly string[];
  readonly patternProperties?: ReadonlyMap<string, Schema>;
  readonly additionalProperties?: Schema;
  readonly propertyNames?: Schema;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly dependentRequired?: ReadonlyMap<string, readonly string[]>;
  readonly dependentSchemas?: ReadonlyMap<string, Schema>;
  readonly unevaluatedProperties?: Schema;

  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly not?: Schema;
  readonly if?: Schema;
  readonly then?: Schema;
  readonly else?: Schema;

  readonly discriminator?: Discriminator;
  readonly description?: string;
  readonly deprecated?: boolean;
  readonly default?: JsonValue;
  /** They need not be valid. */
  readonly examples?: readonly JsonValue[];
  readonly readOnly?: boolean;
  readonly writeOnly?: boolean;
}

/** OpenAPI's discriminator: which schema a value of the property stands for. */
export interface Discriminator {
  readonly property: string;
  readonly mapping: ReadonlyMap<string, SchemaKey>;
}

/** A schema that others refer to, under the name that the generated code gives it. */
export interface NamedSchema {
  readonly key: SchemaKey;
  readonly name: string;
  readonly schema: Schema;
}

const NOTHING: readonly Schema[] = [];

/** Keywords that judge the same value as the schema they stand in, not a part of it. */
export function inPlaceSchemas(schema: Schema): readonly Schema[] {
  const { allOf, anyOf, oneOf, not, if: condition, then, else: otherwise, dependentSchemas } = schema;
  if ((allOf ?? anyOf ?? oneOf ?? not ?? condition ?? dependentSchemas) === undefined) return NOTHING;
  const parts: Schema[] = [];
  for (const part of [not, condition, then, otherwise]) if (part) parts.push(part);
  for (const list of [allOf, anyOf, oneOf]) if (list) parts.push(...list);
  if (dependentSchemas) parts.push(...dependentSchemas.values());
  return parts;
}

/** Keywords that judge a part of the value: an item, a property, a property name. */
export function partSchemas(schema: Schema): readonly Schema[] {
  const { properties, patternProperties, prefixItems, items, contains, additionalProperties } = schema;
  const { propertyNames, unevaluatedItems, unevaluatedProperties } = schema;
  const parts: Schema[] = properties === undefined ? [] : [...properties.values()];
  if (patternProperties) parts.push(...patternProperties.values());
  if (prefixItems) parts.push(...prefixItems);
  if (items) parts.push(items);
  if (additionalProperties) parts.push(additionalProperties);
  for (const part of [contains, propertyNames, unevaluatedItems, unevaluatedProperties]) {
    if (part) parts.push(part);
  }
  return parts;
}
