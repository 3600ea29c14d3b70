// All that is asked of one value, in one schema without references: what a value can be made from.
import type { SchemaTable } from '../model/admits.ts';
import { JSON_TYPES, type JsonType, type Schema } from '../model/schema.ts';
import { pick, type Random } from './random.ts';

/** References in references deeper than this end in nothing more being asked. */
const DEEPEST = 40;

/**
 * Follows references and joins `allOf`, one of `oneOf` and `anyOf` each, and `if` with `then` (or `else` alone).
 * What cannot be joined, such as `not`, is left to the one who checks the value.
 */
export function mergedSchema(schema: Schema, table: SchemaTable, random: Random, depth = 0): Schema {
  if (depth > DEEPEST) return { place: schema.place };
  const target = schema.ref === undefined ? undefined : table.get(schema.ref)?.schema;
  const { allOf, oneOf, anyOf, if: condition, then, else: otherwise } = schema;
  const parts: Schema[] = [...(target === undefined ? [] : [target]), ...(allOf ?? [])];
  for (const choice of [oneOf, anyOf])
    if (choice !== undefined && choice.length > 0)
      parts.push(...chosen(pick(random, fitting(choice)), schema));
  if (condition !== undefined) {
    const isMet = otherwise === undefined || (then !== undefined && random() < 0.5);
    if (isMet) parts.push(condition, ...(then === undefined ? [] : [then]));
    else if (otherwise !== undefined) parts.push(otherwise);
  }
  const { ref: _, allOf: __, oneOf: ___, anyOf: ____, ...own } = schema;
  return parts
    .map((part) => mergedSchema(part, table, random, depth + 1))
    .reduce((left, right) => joined(left, right), own);
}

/** An alternative, with what tells it from the others. */
function chosen(part: Schema, { discriminator, place }: Schema): Schema[] {
  if (discriminator === undefined || part.ref === undefined) return [part];
  const { property, mapping } = discriminator;
  const names = [...mapping].flatMap(([name, key]) => (key === part.ref ? [name] : []));
  if (names.length === 0) return [part];
  const value: Schema = { place, values: names };
  return [part, { place, properties: new Map([[property, value]]), required: [property] }];
}

/** The alternatives that are more than "or null". */
function fitting(choice: readonly Schema[]): readonly Schema[] {
  const real = choice.filter(({ never, types }) => !never && !(types?.length === 1 && types[0] === 'null'));
  return real.length === 0 ? choice : real;
}

function joined(left: Schema, right: Schema): Schema {
  const types = bothTypes(left.types, right.types);
  const values = left.values ?? right.values;
  return {
    ...right,
    ...left,
    ...limits(left, right),
    ...optional('types', types),
    ...optional('values', values),
    ...optional('required', union(left.required, right.required)),
    ...optional('properties', bothProperties(left.properties, right.properties)),
    ...optional('examples', left.examples ?? right.examples),
    ...(left.never || right.never ? { never: true } : {}),
  };
}

function bothTypes(left: Schema['types'], right: Schema['types']): readonly JsonType[] | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  const has = (list: readonly JsonType[], type: JsonType): boolean =>
    list.includes(type) || (type === 'integer' && list.includes('number'));
  return [...JSON_TYPES, 'integer' as const].filter((type) => has(left, type) && has(right, type));
}

const GREATER = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'] as const;
const LESSER = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'] as const;

function limits(left: Schema, right: Schema): Partial<Schema> {
  const of = (keys: readonly (keyof Schema)[], choose: (one: number, other: number) => number) =>
    keys.flatMap((key) => {
      const [one, other] = [left[key], right[key]];
      return typeof one === 'number' && typeof other === 'number' ? [[key, choose(one, other)]] : [];
    });
  return Object.fromEntries([...of(GREATER, Math.max), ...of(LESSER, Math.min)]);
}

function bothProperties(
  left: Schema['properties'],
  right: Schema['properties'],
): Schema['properties'] | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  const both = new Map(left);
  for (const [name, schema] of right) {
    const known = both.get(name);
    both.set(name, known === undefined ? schema : { place: schema.place, allOf: [known, schema] });
  }
  return both;
}

const union = (left: readonly string[] | undefined, right: readonly string[] | undefined) =>
  left === undefined || right === undefined ? (left ?? right) : [...new Set([...left, ...right])];

const optional = <Key extends keyof Schema>(key: Key, value: Schema[Key]): Partial<Schema> =>
  value === undefined ? {} : { [key]: value };
