import { isJsonObject, type JsonObject, type JsonValue, own } from '../../../model/json.ts';
import type { Value } from '../value.ts';
import { MAX_DEPTH, maySpend, type SchemaContext, unknownSchema } from './context.ts';
import { isSchemaTerm, schemaOfTerm } from './terms.ts';

/**
 * JSON Schema as a source writes it, with Fastify's `$ref: 'id#'` led to where the schema with that `$id` is.
 * Terms of packages may stand anywhere in it.
 */
export function jsonSchemaOf(value: Value, context: SchemaContext): JsonObject {
  const json = jsonOf(value, context);
  if (isJsonObject(json)) return plainSchema(json, context);
  return unknownSchema(context, 'a schema', value.kind === 'call' ? value.origin : context.origin);
}

/** `$id` names a schema among Fastify's, which documents do not know. */
function plainSchema({ $id: _id, ...schema }: JsonObject, context: SchemaContext): JsonObject {
  // `{ name: { type: 'string' } }` of older Fastify: properties without the object around them.
  const isSchema = Object.keys(schema).length === 0 || Object.keys(schema).some((key) => KEYWORDS.has(key));
  return referred(isSchema ? schema : { type: 'object', properties: schema }, context);
}

const KEYWORDS: ReadonlySet<string> = new Set([
  'type',
  '$ref',
  'properties',
  'items',
  'enum',
  'const',
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'additionalProperties',
  'required',
  'description',
  'title',
  'default',
  'examples',
  'format',
  'patternProperties',
  'nullable',
  'content',
  'definitions',
  '$defs',
]);

/** A value as JSON, as far as it is; schemas of packages in it become JSON Schema. */
export function jsonOf(value: Value, context: SchemaContext, depth = 0): JsonValue | undefined {
  if (depth > MAX_DEPTH || !maySpend(context)) return undefined;
  if (isSchemaTerm(value)) return schemaOfTerm(value, context);
  if (value.kind === 'constant') {
    if (typeof value.value === 'bigint') return undefined;
    return value.value;
  }
  if (value.kind === 'list') {
    return value.items.map((item) => jsonOf(item, context, depth + 1)).filter((item) => item !== undefined);
  }
  if (value.kind === 'pattern') return value.source;
  if (value.kind !== 'object') return undefined;
  const entries = [...value.properties].flatMap(([name, member]): [string, JsonValue][] => {
    const json = jsonOf(member, context, depth + 1);
    return json === undefined ? [] : [[name, json]];
  });
  return Object.fromEntries(entries);
}

/** Leads every `$ref` of Fastify's kind to a named schema. */
function referred(schema: JsonObject, context: SchemaContext): JsonObject {
  const walk = (value: JsonValue): JsonValue => {
    if (Array.isArray(value)) return value.map(walk);
    if (!isJsonObject(value)) return value;
    const ref = own(value, '$ref');
    const entries = Object.entries(value).map(([key, inner]) => [key, walk(inner)] as const);
    const object = Object.fromEntries(entries);
    if (typeof ref !== 'string' || ref.startsWith('#/components/schemas/')) return object;
    const [id = '', pointer = ''] = ref.split('#');
    const found = context.byId?.(id);
    if (found !== undefined && pointer.replaceAll('/', '') === '') return { ...object, ...found };
    return unknownSchema(context, `the schema ${JSON.stringify(ref)}`, context.origin);
  };
  const walked = walk(schema);
  return isJsonObject(walked) ? walked : {};
}
