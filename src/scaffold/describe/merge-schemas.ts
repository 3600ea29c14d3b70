import { isJsonObject, type JsonObject, type JsonValue, own } from '../model/json.ts';

/** Told of what was in the document and is not what the sources say: where, in words. */
export type Drop = (what: string) => void;

/** Keywords that say something to people alone. */
const ANNOTATIONS: ReadonlySet<string> = new Set([
  'title',
  'description',
  'example',
  'examples',
  'externalDocs',
  'xml',
  'deprecated',
  'default',
  '$comment',
  'readOnly',
  'writeOnly',
]);

const isAnnotation = (name: string): boolean => ANNOTATIONS.has(name) || name.startsWith('x-');

/**
 * The schema that the sources know, with the words of the one that is there; that one where they know nothing, or no
 * more than a type. Properties and keywords that the sources do not have go, and `drop` is told.
 */
export function mergeSchema(
  existing: JsonValue | undefined,
  found: JsonValue | undefined,
  drop: Drop,
): JsonValue | undefined {
  if (found === undefined || existing === undefined) return existing ?? found;
  if (!isJsonObject(existing) || !isJsonObject(found)) return found;
  if (Object.keys(found).every((name) => isAnnotation(name))) return { ...found, ...existing };
  if (isVague(found) && (own(existing, '$ref') !== undefined || own(existing, 'type') === own(found, 'type')))
    return existing;
  const result = new Map<string, JsonValue>();
  for (const [name, value] of Object.entries(found))
    result.set(name, mergeKeyword(name, own(existing, name), value, drop));
  for (const [name, value] of Object.entries(existing)) {
    if (isAnnotation(name)) result.set(name, value);
    else if (!result.has(name)) drop(name);
  }
  return ordered(result, existing);
}

/** A type alone: the sources know no more of it. */
const isVague = (schema: JsonObject): boolean => Object.keys(schema).join() === 'type';

/** Keywords stand where they stood. */
function ordered(merged: ReadonlyMap<string, JsonValue>, existing: JsonObject): JsonObject {
  const names = new Set([...Object.keys(existing).filter((name) => merged.has(name)), ...merged.keys()]);
  return Object.fromEntries([...names].map((name): [string, JsonValue] => [name, merged.get(name) ?? null]));
}

const SCHEMAS: ReadonlySet<string> = new Set([
  'items',
  'additionalProperties',
  'not',
  'contains',
  'propertyNames',
]);
const LISTS: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);

function mergeKeyword(
  name: string,
  existing: JsonValue | undefined,
  found: JsonValue,
  drop: Drop,
): JsonValue {
  const inside: Drop = (what) => drop(`${name}/${what}`);
  if (SCHEMAS.has(name)) return mergeSchema(existing, found, inside) ?? found;
  if (name === 'properties' && isJsonObject(existing) && isJsonObject(found)) {
    const members = Object.entries(found).map(([key, value]): [string, JsonValue] => [
      key,
      mergeSchema(own(existing, key), value, (what) => inside(`${key}/${what}`)) ?? value,
    ]);
    for (const key of Object.keys(existing)) if (own(found, key) === undefined) inside(key);
    return ordered(new Map(members), existing);
  }
  if (
    LISTS.has(name) &&
    Array.isArray(existing) &&
    Array.isArray(found) &&
    existing.length === found.length
  ) {
    return found.map(
      (value, at) => mergeSchema(existing[at], value, (what) => inside(`${at}/${what}`)) ?? value,
    );
  }
  return found;
}
