import type { Place } from '../../../model/place.ts';
import type { JsonType, Schema } from '../../../model/schema.ts';

/** A schema without what only describes it. */
const NOTES = ['description', 'deprecated', 'default', 'readOnly', 'writeOnly'] as const;

/** A schema that also accepts null. What is said of the whole stays with the whole. */
export function nullable(schema: Schema, place: Place): Schema {
  const keywords = Object.keys(schema).filter((keyword) => keyword !== 'place' && !isNote(keyword));
  if (keywords.length === 0) return schema;
  const { types, values, ref, allOf, anyOf, oneOf, not, if: condition } = schema;
  const isPlain = [values, ref, allOf, anyOf, oneOf, not, condition].every((part) => part === undefined);
  // A default of the schema itself is none of null.
  if (schema.default !== undefined) return { place, anyOf: [schema, { place, types: ['null'] }] };
  if (isPlain && types !== undefined) return { ...schema, types: [...new Set([...types, 'null' as const])] };
  const isOneOf = anyOf !== undefined && keywords.length === 1;
  const other: Schema = { place, types: ['null'] };
  const notes = Object.fromEntries(Object.entries(schema).filter(([keyword]) => isNote(keyword)));
  if (isOneOf) {
    const types = distinctTypes(anyOf);
    return types === undefined
      ? { place, anyOf: [schema, other] }
      : Object.assign({ place }, ...anyOf, notes, { types: [...types, 'null'] });
  }
  const judged = Object.fromEntries(Object.entries(schema).filter(([keyword]) => !isNote(keyword)));
  return { ...notes, place, anyOf: [{ ...judged, place: schema.place }, other] };
}

const isNote = (keyword: string): boolean => NOTES.some((note) => note === keyword);

/** Whether a schema says nothing of values. */
export const saysNothing = (schema: Schema): boolean =>
  Object.keys(schema).every((keyword) => keyword === 'place' || isNote(keyword));

/** What all of these accept: what they say stands side by side where no keyword stands twice. */
export function together(place: Place, parts: readonly Schema[]): Schema {
  const said = parts.filter((part) => part.default !== undefined || !saysNothing(part));
  const [only] = said;
  if (said.length === 1 && only !== undefined) return only;
  return said.length === 0 ? { place } : { place, allOf: said };
}

/** A schema that has to keep one more; as a keyword of its own where there is none of the name yet. */
export function withKeyword<Keyword extends keyof Schema>(
  schema: Schema,
  keyword: Keyword,
  value: NonNullable<Schema[Keyword]>,
): Schema {
  if (schema[keyword] === undefined) return { ...schema, [keyword]: value };
  const { place } = schema;
  return { place, allOf: [schema, { place, [keyword]: value }] };
}

/**
 * The types of alternatives that say nothing but a type each, and keywords that no other one has: as much as one
 * schema of several types can say.
 */
function distinctTypes(alternatives: readonly Schema[]): JsonType[] | undefined {
  const keywords = new Set<string>();
  const types = new Set<JsonType>();
  for (const { place: _, types: [type, ...more] = [], ...others } of alternatives) {
    if (type === undefined || more.length > 0 || type === 'null' || types.has(type)) return undefined;
    for (const keyword of Object.keys(others)) {
      if (keywords.has(keyword) || !TYPED.has(keyword)) return undefined;
      keywords.add(keyword);
    }
    types.add(type);
  }
  return types.has('integer') && types.has('number') ? undefined : [...types];
}

/** Keywords that judge values of one type alone. */
const TYPED: ReadonlySet<string> = new Set(
  `minLength maxLength pattern multipleOf minimum maximum exclusiveMinimum exclusiveMaximum items minItems maxItems
  uniqueItems properties required additionalProperties minProperties maxProperties`.split(/\s+/),
);
