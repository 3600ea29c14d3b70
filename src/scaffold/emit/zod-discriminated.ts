import type { SchemaTable } from '../model/admits.ts';
import type { JsonValue } from '../model/json.ts';
import type { Schema, SchemaKey } from '../model/schema.ts';
import { printValue } from './literals.ts';
import { quoteString } from './quote.ts';
import { printReference, type ZodContext } from './zod.ts';

/** Chains of references longer than this have been cut before. */
const MAX_CHAIN = 50;

/** Whether the discriminator tells each alternative from every other one, so that it may decide alone. */
export function isDiscriminated(
  schema: Schema,
  alternatives: readonly Schema[],
  context: ZodContext,
): boolean {
  const entries = discriminatorEntries(schema, alternatives, context.table);
  if (entries === undefined) return false;
  return new Set(entries.map(([value]) => JSON.stringify(value))).size === entries.length;
}

/** `discriminated('kind', [['cat', Cat], ...])`. */
export function printDiscriminated(
  schema: Schema,
  alternatives: readonly Schema[],
  context: ZodContext,
): string {
  const entries = discriminatorEntries(schema, alternatives, context.table) ?? [];
  const printed = entries.map(([value, key]) => `[${printValue(value)}, ${printReference(key, context)}]`);
  const property = quoteString(schema.discriminator?.property ?? '');
  return `${context.helper('discriminated')}(${property}, [${printed.join(', ')}])`;
}

/**
 * The values that stand for each alternative: what the alternative's own schema lists for the
 * property, or where it lists nothing, the names that are mapped to it. Undefined when some
 * alternative is no reference or stands for no value.
 */
function discriminatorEntries(
  { discriminator }: Schema,
  alternatives: readonly Schema[],
  table: SchemaTable,
): (readonly [JsonValue, SchemaKey])[] | undefined {
  if (discriminator === undefined) return undefined;
  const entries: (readonly [JsonValue, SchemaKey])[] = [];
  for (const { ref, ...siblings } of alternatives) {
    if (ref === undefined || Object.keys(siblings).some((keyword) => !NOTES.has(keyword))) return undefined;
    const mapped = [...discriminator.mapping].filter(([, key]) => key === ref).map(([name]) => name);
    const values = listedValues(ref, discriminator.property, table) ?? mapped;
    if (values.length === 0) return undefined;
    for (const value of values) entries.push([value, ref]);
  }
  return entries;
}

/** What stands beside a reference without narrowing it. */
const NOTES: ReadonlySet<string> = new Set(['place', 'description', 'deprecated']);

function listedValues(
  key: SchemaKey,
  property: string,
  table: SchemaTable,
  chain = 0,
): readonly JsonValue[] | undefined {
  const schema = table.get(key)?.schema;
  return schema === undefined ? undefined : valuesWithin(schema, property, table, chain);
}

function valuesWithin(
  schema: Schema,
  property: string,
  table: SchemaTable,
  chain: number,
): readonly JsonValue[] | undefined {
  if (chain > MAX_CHAIN) return undefined;
  const listed = schema.properties?.get(property);
  const own =
    listed?.values ?? (listed?.ref === undefined ? undefined : table.get(listed.ref)?.schema.values);
  if (own !== undefined) return own;
  for (const part of schema.allOf ?? []) {
    const values = valuesWithin(part, property, table, chain + 1);
    if (values !== undefined) return values;
  }
  return schema.ref === undefined ? undefined : listedValues(schema.ref, property, table, chain + 1);
}
