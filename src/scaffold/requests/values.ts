// Values that satisfy a schema, different ones each time.
import type { SchemaTable } from '../model/admits.ts';
import { isLeftOut } from '../model/directions.ts';
import type { JsonValue } from '../model/json.ts';
import type { JsonType, Schema } from '../model/schema.ts';
import { mergedSchema } from './merge.ts';
import { madeNumber } from './numbers.ts';
import { pick, type Random } from './random.ts';
import { madeText } from './texts.ts';

/** How values are made. */
export interface Making {
  readonly table: SchemaTable;
  readonly random: Random;
  /** So many values of what need not be there; 0: nothing of it. Counted down. */
  readonly extra: { left: number };
  /** A value for a property that refers to something that exists, such as `customerId`. */
  readonly known?: (property: string) => JsonValue | undefined;
}

/** Deeper than this, what need not be there is left out. */
const DEEPEST = 4;
const NO_DEEPER = 40;

/** A value that the schema should accept; whether it does, is for the caller to check: see mergedSchema. */
export function madeValue(schema: Schema, making: Making, depth = 0): JsonValue {
  const merged = mergedSchema(schema, making.table, making.random);
  if (merged.values !== undefined && merged.values.length > 0) return pick(making.random, merged.values);
  const type = typeFor(merged, making.random);
  if (depth > NO_DEEPER) return null;
  return MAKERS[type](merged, making, depth);
}

type Maker = (schema: Schema, making: Making, depth: number) => JsonValue;

const MAKERS: Readonly<Record<JsonType, Maker>> = {
  null: () => null,
  boolean: (_, { random }) => random() < 0.5,
  integer: (schema, { random }) => madeNumber(schema, random, true),
  number: (schema, { random }) => madeNumber(schema, random, false),
  string: (schema, { random }) => madeText(schema, random),
  array: madeArray,
  object: madeObject,
};

const HINTS: readonly (readonly [JsonType, readonly (keyof Schema)[]])[] = [
  ['object', ['properties', 'required', 'additionalProperties', 'patternProperties', 'minProperties']],
  ['array', ['items', 'prefixItems', 'minItems', 'contains', 'uniqueItems']],
  ['string', ['pattern', 'format', 'minLength', 'maxLength']],
  ['number', ['minimum', 'maximum', 'multipleOf', 'exclusiveMinimum', 'exclusiveMaximum']],
];

/** The type that is said or, without one, that the other keywords are about. Null only where nothing else goes. */
function typeFor(schema: Schema, random: Random): JsonType {
  const hinted = HINTS.find(([, keywords]) => keywords.some((keyword) => schema[keyword] !== undefined))?.[0];
  const { types } = schema;
  if (types === undefined) return hinted ?? 'string';
  const real: readonly JsonType[] = types.filter((type) => type !== 'null');
  if (real.length === 0) return 'null';
  return hinted !== undefined && real.includes(hinted) ? hinted : pick(random, real);
}

function madeArray(schema: Schema, making: Making, depth: number): JsonValue {
  const { prefixItems = [], items, contains, minContains = 1, minItems = 0, maxItems = 100 } = schema;
  const usual = depth > DEEPEST || items?.never || (items === undefined && contains !== undefined) ? 0 : 1;
  const fixed = prefixItems.length;
  const length = Math.min(Math.max(minItems, fixed, usual), maxItems, MOST_ITEMS);
  const list = Array.from({ length }, (_, at): JsonValue => {
    const part = at < fixed ? prefixItems[at] : items;
    return part === undefined ? at : distinct(part, making, depth);
  });
  if (contains === undefined) return list;
  const wanted = Array.from({ length: Math.min(minContains, MOST_ITEMS) }, () =>
    distinct(contains, making, depth),
  );
  return [...wanted, ...list].slice(0, Math.max(wanted.length, Math.min(maxItems, list.length)));
}

const MOST_ITEMS = 1000;

const distinct = (part: Schema, making: Making, depth: number): JsonValue =>
  madeValue(part, making, depth + 1);

function madeObject(schema: Schema, making: Making, depth: number): JsonValue {
  const { properties = new Map<string, Schema>(), maxProperties = Number.POSITIVE_INFINITY } = schema;
  const sent = [...properties].filter(([, part]) => !isLeftOut(resolvedOnce(part, making), 'request'));
  const asked = requiredOf(schema, sent);
  const needed = new Set(asked.filter((name) => !properties.has(name) || sent.some(([own]) => own === name)));
  const wanted = [...needed, ...extraOf(schema, sent, needed, making, depth)].slice(
    0,
    Math.max(needed.size, maxProperties),
  );
  const made: [string, JsonValue][] = wanted.map((name) => {
    const part = properties.get(name) ?? otherProperty(schema, name);
    return [name, propertyValue(name, part, making, depth)];
  });
  return Object.fromEntries([...made, ...padding(schema, made.length, making, depth)]);
}

/** What need not be there, as far as it goes: some schemas lead to all others. */
function extraOf(
  { minProperties = 0 }: Schema,
  sent: readonly (readonly [string, Schema])[],
  needed: ReadonlySet<string>,
  { extra, random }: Making,
  depth: number,
): string[] {
  if (depth > DEEPEST) return [];
  const names = sent.flatMap(([name, part]) => (needed.has(name) || part.never ? [] : [name]));
  const least = Math.max(0, minProperties - needed.size);
  if (extra.left <= least) return rotated(names, random).slice(0, least);
  const some = names.slice(0, extra.left);
  extra.left -= some.length;
  return some;
}

/** From another one on each time. */
function rotated(names: readonly string[], random: Random): string[] {
  const start = Math.floor(random() * names.length);
  return [...names.slice(start), ...names.slice(0, start)];
}

/** What must be there, and what must be there with it. */
function requiredOf(
  { required = [], dependentRequired }: Schema,
  sent: readonly (readonly [string, Schema])[],
): string[] {
  const all = new Set(required);
  if (dependentRequired === undefined) return [...all];
  const present = new Set([...all, ...sent.map(([name]) => name)]);
  for (const name of present) for (const other of dependentRequired.get(name) ?? []) all.add(other);
  return [...all];
}

/** What exists already goes before what could be made up, if it is of the right kind. */
function propertyValue(name: string, part: Schema, making: Making, depth: number): JsonValue {
  const made = madeValue(part, making, depth + 1);
  const known = typeof made === 'string' || typeof made === 'number' ? making.known?.(name) : undefined;
  if (known === undefined) return made;
  if (typeof known === typeof made) return known;
  const converted = typeof made === 'number' ? Number(known) : String(known);
  return Number.isNaN(converted) ? made : converted;
}

function otherProperty({ patternProperties, additionalProperties, place }: Schema, name: string): Schema {
  for (const [pattern, part] of patternProperties ?? [])
    if (name.startsWith(pattern.replace(/^\^/, '').replace(/\W.*$/, ''))) return part;
  return additionalProperties ?? { place, types: ['string'] };
}

/** Further properties, where there must be more than are named. */
function padding(schema: Schema, count: number, making: Making, depth: number): [string, JsonValue][] {
  const { minProperties = 0, additionalProperties, propertyNames, place } = schema;
  // Of a map, one entry: none would show nothing of it.
  const usual = count === 0 && additionalProperties !== undefined && !additionalProperties.never ? 1 : 0;
  const missing = Math.min(MOST_ITEMS, Math.max(0, making.extra.left > 0 ? usual : 0, minProperties - count));
  return Array.from({ length: missing }, (_, at) => {
    const made = propertyNames === undefined ? `more${at}` : madeValue(propertyNames, making, depth + 1);
    const part = additionalProperties ?? { place, types: ['string' as const] };
    return [String(made), madeValue(part, making, depth + 1)];
  });
}

const resolvedOnce = (schema: Schema, { table }: Making): Schema => ({
  ...(schema.ref === undefined ? {} : table.get(schema.ref)?.schema),
  ...schema,
});
