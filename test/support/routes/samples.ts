import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  objectAt,
  own,
} from '../../../src/scaffold/model/json.ts';

/** The schema that a reference of a document leads to, or the schema itself. */
export function resolveSchema(schema: JsonObject, document: JsonObject): JsonObject {
  const ref = own(schema, '$ref');
  if (typeof ref !== 'string') return schema;
  const found = ref
    .slice(2)
    .split('/')
    .reduce<JsonObject>((at, key) => objectAt(at, key), document);
  return resolveSchema(found, document);
}

/** A value that a schema of the fixtures allows. */
export function sampleOf(schema: JsonObject, document: JsonObject): JsonValue {
  const {
    enum: values,
    const: constant,
    type,
    format,
    properties,
    allOf,
    anyOf,
    minimum,
    minLength,
    default: usual,
  } = resolveSchema(schema, document);
  if (usual !== undefined) return usual;
  if (constant !== undefined) return constant;
  if (Array.isArray(values)) return values[0] ?? null;
  if (Array.isArray(allOf))
    return Object.assign({}, ...allOf.map((part) => (isJsonObject(part) ? sampleOf(part, document) : {})));
  const [first] = Array.isArray(anyOf) ? anyOf : [];
  if (isJsonObject(first)) return sampleOf(first, document);
  const [kind] = Array.isArray(type) ? type : [type];
  if (kind === 'object' || isJsonObject(properties)) {
    const members = Object.entries(isJsonObject(properties) ? properties : {});
    return Object.fromEntries(
      members.map(([name, member]) => [name, isJsonObject(member) ? sampleOf(member, document) : '1']),
    );
  }
  if (kind === 'array') return [];
  if (kind === 'integer' || kind === 'number') return typeof minimum === 'number' ? minimum : 1;
  if (kind === 'boolean') return true;
  if (kind === 'null') return null;
  if (format === 'uuid') return '6b1a0a62-8f1e-4f4e-9a1c-3f2b6a1d0c11';
  if (format === 'email') return 'ada@example.org';
  if (format === 'date-time') return '2024-05-01T00:00:00Z';
  return 'hello'.padEnd(typeof minLength === 'number' ? minLength : 0, 'o');
}
