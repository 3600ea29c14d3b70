import type { Schema } from '../../model/schema.ts';

/**
 * OpenAPI 3.0's `nullable`. Beside `type` it adds the type null. The specification gives it no
 * meaning elsewhere, but documents use it beside `$ref`, `allOf` and `enum` to say that null is
 * allowed, and a server that answers 400 to it is of no use to them.
 */
export function applyNullable(schema: Schema): Schema {
  const values =
    schema.values === undefined || schema.values.includes(null) ? schema.values : [...schema.values, null];
  const withNull: Schema = {
    ...schema,
    ...(values === undefined ? {} : { values }),
    ...(schema.types === undefined ? {} : { types: [...new Set([...schema.types, 'null' as const])] }),
  };
  if (!judgesAllTypes(schema)) return withNull;
  const { description, deprecated, default: fallback, readOnly, writeOnly, ...judged } = withNull;
  const notes = { description, deprecated, default: fallback, readOnly, writeOnly };
  const kept = Object.fromEntries(Object.entries(notes).filter(([, note]) => note !== undefined));
  return { place: schema.place, ...kept, anyOf: [judged, { place: schema.place, types: ['null'] }] };
}

/** Keywords that may refuse null whatever `type` says. */
const judgesAllTypes = ({ ref, allOf, anyOf, oneOf, not }: Schema): boolean =>
  [ref, allOf, anyOf, oneOf, not].some((keyword) => keyword !== undefined);
