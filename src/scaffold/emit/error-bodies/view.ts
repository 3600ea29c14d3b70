import { admittedTypes, type SchemaTable, type TypeSet } from '../../model/admits.ts';
import type { Schema } from '../../model/schema.ts';

/** A schema with all that its references and `allOf` say of the same value. */
export interface SchemaView {
  readonly types: TypeSet;
  /** Every part that has to hold. */
  readonly parts: readonly Schema[];
  readonly properties: ReadonlyMap<string, Schema>;
  readonly required: ReadonlySet<string>;
}

/** Longer chains of references have been cut before. */
const MAX_CHAIN = 50;

/** Every way to keep a schema: one, or as many as its alternatives give; the first few of them. */
export function viewsOf(schema: Schema, table: SchemaTable): SchemaView[] {
  return waysToKeep(schema, table, 0)
    .slice(0, MAX_WAYS)
    .map((parts) => ({
      types: admittedTypes({ place: schema.place, allOf: parts }, table),
      parts,
      properties: propertiesOf(parts),
      required: new Set(parts.flatMap(({ required = [] }) => required)),
    }));
}

const MAX_WAYS = 8;

function waysToKeep(schema: Schema, table: SchemaTable, chain: number): Schema[][] {
  if (chain > MAX_CHAIN || schema.never) return [];
  const { allOf = [], anyOf, oneOf, ref } = schema;
  const target = ref === undefined ? [] : [table.get(ref)?.schema ?? schema];
  let ways: Schema[][] = [[schema]];
  const within = (part: Schema): Schema[][] => waysToKeep(part, table, chain + 1);
  for (const part of [...target, ...allOf]) ways = combine(ways, within(part));
  for (const either of [anyOf, oneOf]) if (either) ways = combine(ways, either.flatMap(within));
  return ways;
}

const combine = (left: readonly Schema[][], right: readonly Schema[][]): Schema[][] =>
  left.flatMap((one) => right.map((other) => [...one, ...other])).slice(0, MAX_WAYS);

/** A property that several parts speak of has to keep what all of them say. */
function propertiesOf(parts: readonly Schema[]): Map<string, Schema> {
  const found = new Map<string, Schema>();
  for (const { properties } of parts) {
    for (const [name, property] of properties ?? []) {
      const other = found.get(name);
      found.set(name, other === undefined ? property : { place: property.place, allOf: [other, property] });
    }
  }
  return found;
}

/**
 * Whether a property, here or further in, has several schemas to keep at once. The type of such a value is an
 * intersection, and where the parts contradict each other in a way in that is not taken, the compiler makes
 * `never` of all of it.
 */
export function isSpokenOfTwice(schema: Schema, table: SchemaTable, depth = 0): boolean {
  if (depth > MAX_DEPTH) return false;
  return viewsOf(schema, table).some(({ parts, properties }) => {
    const named = parts.reduce((count, part) => count + (part.properties?.size ?? 0), 0);
    if (named > properties.size) return true;
    return [...properties.values()].some((property) => isSpokenOfTwice(property, table, depth + 1));
  });
}

/** Errors nested deeper than this are not filled in. */
const MAX_DEPTH = 5;
