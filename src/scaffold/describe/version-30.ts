import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';

/** A document of OpenAPI 3.1 in the words of 3.0.3, as far as it has them: what it has none for is left out. */
export function toVersion30(document: JsonObject): JsonObject {
  const walked = walk(document, 'other');
  return isJsonObject(walked) ? { ...walked, openapi: '3.0.3' } : document;
}

type Kind = 'schema' | 'schemas' | 'other';

const CHILDREN: Readonly<Record<string, Kind>> = { schema: 'schema', schemas: 'schemas' };
const SCHEMA_CHILDREN: ReadonlySet<string> = new Set(['items', 'not', 'additionalProperties']);
const SCHEMA_LISTS: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf']);

function walk(value: JsonValue, kind: Kind): JsonValue {
  if (Array.isArray(value)) return value.map((item) => walk(item, kind));
  if (!isJsonObject(value)) return value;
  if (kind === 'schema') return schema30(value);
  const entries = Object.entries(value).map(([name, inner]): [string, JsonValue] => [
    name,
    walk(inner, kind === 'schemas' ? 'schema' : (CHILDREN[name] ?? 'other')),
  ]);
  return Object.fromEntries(entries);
}

/** Keywords that 3.0 does not know. */
const UNKNOWN: ReadonlySet<string> = new Set([
  'prefixItems',
  'contains',
  'minContains',
  'maxContains',
  'patternProperties',
  'propertyNames',
  'dependentRequired',
  'dependentSchemas',
  'unevaluatedItems',
  'unevaluatedProperties',
  'if',
  'then',
  'else',
  '$defs',
  '$id',
  '$schema',
  '$comment',
]);

function schema30(schema: JsonObject): JsonObject {
  const result = new Map<string, JsonValue>();
  for (const [name, value] of Object.entries(schema)) {
    if (UNKNOWN.has(name)) continue;
    if (SCHEMA_CHILDREN.has(name)) result.set(name, walk(value, 'schema'));
    else if (SCHEMA_LISTS.has(name)) result.set(name, walk(value, 'schema'));
    else if (name === 'properties') result.set(name, walk(value, 'schemas'));
    else result.set(name, value);
  }
  if (result.has('$ref') && result.size > 1) {
    const ref = result.get('$ref') ?? null;
    result.delete('$ref');
    result.set('allOf', [{ $ref: ref }]);
  }
  nullable(result);
  constant(result);
  for (const [exclusive, limit] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    const value = result.get(exclusive);
    if (typeof value !== 'number') continue;
    result.set(limit, value);
    result.set(exclusive, true);
  }
  const examples = result.get('examples');
  if (Array.isArray(examples)) {
    result.delete('examples');
    if (examples[0] !== undefined) result.set('example', examples[0]);
  }
  if (result.get('contentMediaType') === 'application/octet-stream') {
    result.delete('contentMediaType');
    result.set('format', 'binary');
  }
  if (result.get('type') === 'array' && !result.has('items')) result.set('items', {});
  return Object.fromEntries(result);
}

function nullable(result: Map<string, JsonValue>): void {
  const type = result.get('type');
  if (type === 'null') {
    result.delete('type');
    result.set('nullable', true);
    result.set('enum', [null]);
  }
  if (Array.isArray(type)) {
    const types = type.filter((one) => one !== 'null');
    if (types.length < type.length) result.set('nullable', true);
    const [only] = types;
    if (types.length === 1 && only !== undefined) result.set('type', only);
    else {
      result.delete('type');
      result.set(
        'anyOf',
        types.map((one) => ({ type: one })),
      );
    }
  }
  const anyOf = result.get('anyOf');
  if (!Array.isArray(anyOf)) return;
  const isNull = (schema: JsonValue): boolean =>
    isJsonObject(schema) && schema['nullable'] === true && JSON.stringify(schema['enum']) === '[null]';
  const others = anyOf.filter((schema) => !isNull(schema));
  if (others.length === anyOf.length) return;
  result.set('nullable', true);
  result.set('anyOf', others);
}

function constant(result: Map<string, JsonValue>): void {
  const value = result.get('const');
  if (value === undefined) return;
  result.delete('const');
  result.set('enum', [value]);
  if (!result.has('type') && value !== null && typeof value !== 'object') result.set('type', typeof value);
}
