import { isJsonObject, type JsonObject, type JsonValue, own } from '../../../model/json.ts';
import type { Origin } from '../source-file.ts';
import type { ObjectValue, Value } from '../value.ts';
import { MAX_DEPTH, maySpend, type SchemaContext, unknownSchema } from './context.ts';
import { isSchemaTerm, schemaOfTerm } from './terms.ts';
import { jsonArgument } from './validators/chain.ts';

/**
 * JSON Schema as a source writes it, with Fastify's `$ref: 'id#'` led to where the schema with that `$id` is.
 * Terms of packages may stand anywhere in it.
 */
export function jsonSchemaOf(value: Value, context: SchemaContext): JsonObject {
  if (value.kind !== 'object') {
    const json = jsonOf(value, context);
    if (isJsonObject(json)) return referred(json, context);
    return unknownSchema(context, 'a schema', value.kind === 'call' ? value.origin : context.origin);
  }
  // `$id` names a schema among Fastify's, which documents do not know.
  const { $id: _id, ...schema } = isShorthand(value)
    ? { type: 'object', properties: schemasByName(value, context, 0) }
    : keywordsOf(value, context);
  return referred(schema, context);
}

/** `{ name: { type: 'string' } }` of older Fastify: properties without the object around them. */
const isShorthand = ({ properties }: ObjectValue): boolean =>
  ![...properties.keys()].some((name) => KEYWORDS.has(name)) &&
  [...properties.values()].some((member) => member.kind === 'object' || isSchemaTerm(member));

/**
 * The keywords of a schema that JSON Schema and OpenAPI have. Those that validators were taught besides (`transform`,
 * `errorMessage`, `instanceof`) are named: documents cannot hold them.
 */
export function keywordsOf(value: ObjectValue, context: SchemaContext, depth = 0): JsonObject {
  if (depth > MAX_DEPTH || !maySpend(context)) return {};
  const origin = value.origin ?? context.origin;
  const keywords = new Map<string, JsonValue>();
  for (const [name, member] of value.properties) {
    if (member.kind === 'constant' && member.value === undefined) continue;
    if (name === 'isFile') {
      for (const [keyword, said] of Object.entries(FILE)) keywords.set(keyword, said);
      continue;
    }
    if (!KEYWORDS.has(name) && !name.startsWith('x-')) {
      const message = `${name} is no keyword of JSON Schema: it is not in the contract`;
      context.interpreter.report('SCF079', 'info', message, origin);
      continue;
    }
    const json = keywordValue(name, member, context, depth);
    if (json !== undefined) keywords.set(name, json);
    else
      context.interpreter.report(
        'SCF076',
        'info',
        `${name} of a schema cannot be told: it is left out`,
        origin,
      );
  }
  if (value.open) reportPart(context, origin);
  return withNull(Object.fromEntries(keywords));
}

const reportPart = ({ interpreter }: SchemaContext, origin: Origin): void =>
  interpreter.report('SCF076', 'info', 'a part of a schema cannot be told: it is left out', origin);

/** A file of a form, which @fastify/multipart teaches Ajv as `isFile: true`. */
export const FILE: JsonObject = { type: 'string', contentMediaType: 'application/octet-stream' };

/** OpenAPI 3.1 has no `nullable`, which Ajv still takes. */
function withNull({ nullable, ...schema }: JsonObject): JsonObject {
  const { type } = schema;
  const types = type === undefined ? [] : [type].flat();
  return nullable !== true || types.length === 0 || types.includes('null')
    ? schema
    : { ...schema, type: [...types, 'null'] };
}

function keywordValue(
  name: string,
  value: Value,
  context: SchemaContext,
  depth: number,
): JsonValue | undefined {
  if (BY_NAME.has(name) && value.kind === 'object') return schemasByName(value, context, depth + 1);
  if (SCHEMAS.has(name) && value.kind === 'list' && !value.open)
    return value.items.map((item) => innerSchema(item, context, depth + 1));
  if (SCHEMAS.has(name) && value.kind !== 'constant' && value.kind !== 'list')
    return innerSchema(value, context, depth + 1);
  if (value.kind === 'pattern') return value.source;
  const json = jsonArgument(value);
  // Ajv's references to the data that is checked.
  return isJsonObject(json) && '$data' in json && !ANY_VALUE.has(name) ? undefined : json;
}

function schemasByName(value: ObjectValue, context: SchemaContext, depth: number): JsonObject {
  if (value.open) reportPart(context, value.origin ?? context.origin);
  return Object.fromEntries(
    [...value.properties].map(([name, member]) => [
      name,
      innerSchema(
        member,
        value.origin === undefined ? context : { ...context, origin: value.origin },
        depth + 1,
      ),
    ]),
  );
}

/** A schema in another; `true` and `false` are schemas too. */
function innerSchema(value: Value, context: SchemaContext, depth: number): JsonValue {
  if (isSchemaTerm(value)) return schemaOfTerm(value, context);
  if (value.kind === 'object') return keywordsOf(value, context, depth);
  const json = jsonArgument(value);
  if (isJsonObject(json) || typeof json === 'boolean' || Array.isArray(json)) return json;
  return unknownSchema(context, 'a schema', value.kind === 'call' ? value.origin : context.origin);
}

/** Keywords whose value is a schema, or a list of them. */
const SCHEMAS: ReadonlySet<string> = new Set(
  `items prefixItems additionalItems contains unevaluatedItems additionalProperties propertyNames
  unevaluatedProperties not if then else allOf anyOf oneOf contentSchema`.split(/\s+/),
);

/** Keywords whose value holds schemas by names of its own. */
const BY_NAME: ReadonlySet<string> = new Set(
  'properties patternProperties dependentSchemas $defs definitions'.split(' '),
);

/** Keywords whose value may be anything. */
const ANY_VALUE: ReadonlySet<string> = new Set(['enum', 'const', 'default', 'example', 'examples']);

/** What schemas of OpenAPI 3.0 and 3.1 may say, and the keywords of older drafts. */
const KEYWORDS: ReadonlySet<string> = new Set([
  ...SCHEMAS,
  ...BY_NAME,
  ...ANY_VALUE,
  ...`$id $ref $schema $anchor $comment $dynamicRef $dynamicAnchor type format title description deprecated
  readOnly writeOnly nullable multipleOf maximum minimum exclusiveMaximum exclusiveMinimum maxLength minLength
  pattern maxItems minItems uniqueItems minContains maxContains maxProperties minProperties required
  dependentRequired dependencies contentEncoding contentMediaType discriminator externalDocs
  xml`.split(/\s+/),
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
