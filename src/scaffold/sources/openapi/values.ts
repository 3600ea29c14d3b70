import { type JsonObject, type JsonValue, own } from '../../model/json.ts';
import type { JsonType } from '../../model/schema.ts';
import { isJsonSchema2020 } from './dialect.ts';
import type { Site } from './references.ts';
import type { SchemaReader } from './schemas.ts';

const TYPE_NAMES: ReadonlySet<string> = new Set<JsonType>([
  'null',
  'boolean',
  'number',
  'integer',
  'string',
  'array',
  'object',
]);

const isTypeName = (value: JsonValue): value is JsonType =>
  typeof value === 'string' && TYPE_NAMES.has(value);

/** The `type` keyword in any dialect; Swagger 2.0's `file` is a string of bytes. */
export function readTypes(reader: SchemaReader, site: Site, raw: JsonObject): JsonType[] | undefined {
  const type = own(raw, 'type');
  if (type === undefined || type === null) return undefined;
  if (type === 'file') return ['string'];
  if (typeof type === 'string' && isTypeName(type)) return [type];
  const names = Array.isArray(type) ? type : [type];
  const known = names.filter(isTypeName);
  if (known.length === names.length && known.length > 0) return [...new Set(known)];
  const shown = JSON.stringify(type).slice(0, 60);
  reader.report('SCF007', 'warning', `type cannot be ${shown}; it is ignored`, site);
  return known.length > 0 ? known : undefined;
}

/** `enum` and `const` as one list of allowed values, those of a forbidden type left out. */
export function readValues(
  reader: SchemaReader,
  site: Site,
  raw: JsonObject,
  types: readonly JsonType[] | undefined,
): JsonValue[] | undefined {
  const listed = own(raw, 'enum');
  const single = own(raw, 'const');
  let values = Array.isArray(listed) ? listed : undefined;
  if (values === undefined && listed !== undefined && listed !== null) {
    const shown = JSON.stringify(listed).slice(0, 60);
    reader.report('SCF007', 'warning', `enum cannot be ${shown}; it is ignored`, site);
  }
  if (single !== undefined && isJsonSchema2020(reader.dialect)) {
    values = values === undefined || values.some((value) => sameJson(value, single)) ? [single] : [];
  }
  if (values === undefined) return undefined;
  const distinct = dropRepeats(values);
  if (types === undefined) return distinct;
  const fitting = distinct.filter((value) => types.some((type) => isOfType(value, type)));
  if (fitting.length === 0 && distinct.length > 0) {
    reader.report('SCF007', 'warning', `no value of the enum is of type ${types.join(' or ')}`, site);
  }
  return fitting;
}

function dropRepeats(values: readonly JsonValue[]): JsonValue[] {
  if (values.every((value) => typeof value !== 'object')) return [...new Set(values)];
  const seen = new Set<string>();
  return values.filter((value) => {
    const text = canonicalJson(value);
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}

/** JSON with sorted keys: equal texts for equal values. */
export function canonicalJson(value: JsonValue): string {
  return JSON.stringify(value, (_, part: JsonValue) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)));
  });
}

/** Equality of JSON values: the order of properties does not count. */
export const sameJson = (left: JsonValue, right: JsonValue): boolean =>
  canonicalJson(left) === canonicalJson(right);

/** Whether a value is of a JSON Schema type; 1.0 is an integer. */
export function isOfType(value: JsonValue, type: JsonType): boolean {
  if (value === null) return type === 'null';
  if (Array.isArray(value)) return type === 'array';
  if (typeof value === 'number') return type === 'number' || (type === 'integer' && Number.isInteger(value));
  return typeof value === type;
}
