import { admittedTypes } from '../../../src/scaffold/model/admits.ts';
import type { JsonValue } from '../../../src/scaffold/model/json.ts';
import type { JsonType, NamedSchema, Schema, SchemaKey } from '../../../src/scaffold/model/schema.ts';

/** JSON that is the same for schemas that accept the same values, as far as the rules below can tell. */
export type Canonical =
  | null
  | boolean
  | number
  | string
  | readonly Canonical[]
  | { readonly [key: string]: Canonical };

type Table = ReadonlyMap<SchemaKey, NamedSchema>;

/** Which way values of a schema travel, where it stands in an operation itself. */
export type Travel = 'request' | 'response' | undefined;

interface Context {
  readonly table: Table;
  readonly travel: Travel;
  /** Whether it is known already that nothing of it is sent in, or sent out. */
  readonly isOut?: boolean;
  readonly isIn?: boolean;
}

type Atom = { readonly [key: string]: Canonical };

/**
 * A schema as the set of what it asks for. docs/round-trip.md has the list of what this takes for equal:
 * `allOf` is the set of its parts' demands; several types are alternatives; a keyword of another type than the
 * schema's says nothing; and so on. Nothing that an accepted value depends on is left out.
 */
export function canonicalSchema(schema: Schema, table: Table, travel: Travel): Canonical {
  return node(schema, { table, travel });
}

function node(schema: Schema, context: Context): Canonical {
  const atoms = distinct(atomsOf(schema, context));
  const fallback = schema.default === undefined ? {} : { default: sorted(schema.default) };
  return atoms.length === 1 && schema.default === undefined ? (atoms[0] ?? {}) : { asks: atoms, ...fallback };
}

/** Without repeats, in an order that depends on nothing else. */
export function distinct(atoms: readonly Canonical[]): Canonical[] {
  const texts = new Map(atoms.map((atom) => [JSON.stringify(atom), atom]));
  return [...texts].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, atom]) => atom);
}

/** JSON with sorted keys. */
export function sorted(value: JsonValue): Canonical {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value as Canonical;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, sorted(part)]));
}

function atomsOf(schema: Schema, context: Context): Atom[] {
  if (schema.never) return [{ never: true }];
  const atoms: Atom[] = [];
  if (schema.ref !== undefined) atoms.push({ ref: nameOf(schema.ref, context) });
  if (schema.values?.length === 0) atoms.push({ never: true });
  else if (schema.values !== undefined) atoms.push({ values: distinct(schema.values.map(sorted)) });
  atoms.push(...typedAtoms(schema, context));
  for (const part of schema.allOf ?? []) {
    if (part.default !== undefined) atoms.push({ part: node(part, context) });
    else atoms.push(...atomsOf(part, context));
  }
  for (const kind of ['anyOf', 'oneOf'] as const) {
    const alternatives = schema[kind];
    if (alternatives !== undefined) atoms.push(...either(kind, alternatives, schema, context));
  }
  if (schema.not !== undefined) atoms.push({ not: node(schema.not, context) });
  atoms.push(...condition(schema, context));
  return sealed(schema, atoms, context);
}

const nameOf = (key: SchemaKey, { table }: Context): string => table.get(key)?.name ?? `missing ${key}`;

function condition({ if: judge, then, else: otherwise }: Schema, context: Context): Atom[] {
  if (judge === undefined || (then ?? otherwise) === undefined) return [];
  const parts = { then, else: otherwise };
  const branches = Object.entries(parts).flatMap(([name, part]) =>
    part === undefined ? [] : [[name, node(part, context)] as const],
  );
  return [{ if: node(judge, context), ...Object.fromEntries(branches) }];
}

/** What no other keyword has looked at depends on what stands beside it: that stays together. */
function sealed(schema: Schema, atoms: Atom[], context: Context): Atom[] {
  const { unevaluatedProperties, unevaluatedItems } = schema;
  const rest: [string, Canonical][] = [];
  if (unevaluatedProperties !== undefined)
    rest.push(['otherProperties', node(unevaluatedProperties, context)]);
  if (unevaluatedItems !== undefined) rest.push(['otherItems', node(unevaluatedItems, context)]);
  return rest.length === 0 ? atoms : [{ beside: distinct(atoms), ...Object.fromEntries(rest) }];
}

// --- types and the keywords of each ---

const KEYWORDS: Readonly<Record<string, readonly (keyof Schema)[]>> = {
  string: ['minLength', 'maxLength', 'pattern'],
  number: ['multipleOf', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  array: [
    'prefixItems',
    'items',
    'contains',
    'minItems',
    'maxItems',
    'minContains',
    'maxContains',
    'uniqueItems',
  ],
  object: [
    'properties',
    'required',
    'patternProperties',
    'additionalProperties',
    'propertyNames',
    'minProperties',
    'maxProperties',
    'dependentRequired',
    'dependentSchemas',
  ],
};

const JUDGED: readonly JsonType[] = ['string', 'number', 'array', 'object'];

function typedAtoms(schema: Schema, context: Context): Atom[] {
  const { types, values, format } = schema;
  if (types === undefined || values !== undefined) {
    const said = JUDGED.map((type) => [type, keywordsOf(type, schema, context)] as const);
    const atoms = said.flatMap(([type, keywords]) =>
      Object.keys(keywords).length === 0 ? [] : [{ when: type, ...keywords }],
    );
    return atoms;
  }
  const wanted = types.filter((type) => type !== 'integer' || !types.includes('number'));
  const each = wanted.map((type) => ({ type, ...keywordsOf(type, schema, context) }));
  const shown =
    types.some((type) => FORMATTED.has(type)) || format === undefined ? [] : [{ when: 'string', format }];
  const [only] = each;
  return each.length === 1 && only !== undefined ? [only, ...shown] : [{ any: distinct(each) }, ...shown];
}

const FORMATTED: ReadonlySet<JsonType> = new Set(['string', 'number', 'integer']);

function keywordsOf(type: JsonType, schema: Schema, context: Context): Atom {
  if (type === 'object') return objectKeywords(schema, context);
  if (type === 'array') return arrayKeywords(schema, context);
  const isNumber = type === 'number' || type === 'integer';
  const found: Record<string, Canonical> = {};
  for (const keyword of KEYWORDS[isNumber ? 'number' : type] ?? []) {
    const value = schema[keyword];
    if (value !== undefined && !(keyword === 'minLength' && value === 0)) found[keyword] = value as Canonical;
  }
  // Without a type, a format is one of strings.
  const isTyped = schema.types !== undefined && schema.values === undefined;
  if (schema.format !== undefined && (type === 'string' || (isNumber && isTyped)))
    found['format'] = schema.format;
  return isNumber ? withoutRange(found) : found;
}

/** The ranges that formats of integers say: limits beside them say nothing more. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  int8: [-(2 ** 7), 2 ** 7 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  uint8: [0, 2 ** 8 - 1],
  uint16: [0, 2 ** 16 - 1],
  uint32: [0, 2 ** 32 - 1],
  uint64: [0, Number.MAX_SAFE_INTEGER],
};

function withoutRange(found: Record<string, Canonical>): Atom {
  const range = RANGES[String(found['format'])];
  if (found['minimum'] === range?.[0]) delete found['minimum'];
  if (found['maximum'] === range?.[1]) delete found['maximum'];
  return found;
}

function arrayKeywords(schema: Schema, context: Context): Atom {
  const found: Record<string, Canonical> = {};
  const { prefixItems, items, contains, minItems = 0, maxItems, uniqueItems } = schema;
  if (prefixItems !== undefined) found['prefixItems'] = prefixItems.map((item) => node(item, context));
  if (items !== undefined && !isEmpty(items, context)) found['items'] = node(items, context);
  if (contains !== undefined) {
    const { minContains = 1, maxContains = null } = schema;
    found['contains'] = { schema: node(contains, context), minContains, maxContains };
  }
  if (minItems > 0) found['minItems'] = minItems;
  if (maxItems !== undefined) found['maxItems'] = maxItems;
  if (uniqueItems) found['uniqueItems'] = true;
  return found;
}

/** Whether a schema accepts everything, and has no default. */
const isEmpty = (schema: Schema, context: Context): boolean =>
  schema.default === undefined && atomsOf(schema, context).length === 0;

function objectKeywords(schema: Schema, context: Context): Atom {
  const found: Record<string, Canonical> = {};
  const { patternProperties, additionalProperties, propertyNames, minProperties = 0, maxProperties } = schema;
  const required = new Set(schema.required);
  const properties = new Map(
    [...(schema.properties ?? [])].map(([name, part]) => {
      const isLeftOut =
        context.travel === 'request' ? part.readOnly : context.travel === 'response' && part.writeOnly;
      if (isLeftOut) required.delete(name);
      return [name, isLeftOut ? { never: true } : property(part, context)] as const;
    }),
  );
  const others =
    additionalProperties === undefined || isEmpty(additionalProperties, context)
      ? undefined
      : additionalProperties;
  // A property that has to be there and is not listed is judged as all others that are not.
  for (const name of required) {
    const isOpen = patternProperties !== undefined && others !== undefined;
    if (properties.has(name) || name in Object.prototype || isOpen) continue;
    properties.set(
      name,
      others === undefined || patternProperties !== undefined ? { asks: [] } : node(others, context),
    );
  }
  if (properties.size > 0) found['properties'] = table(properties);
  if (required.size > 0) found['required'] = [...required].sort();
  if (patternProperties !== undefined)
    found['patternProperties'] = table(
      new Map([...patternProperties].map(([name, part]) => [name, node(part, context)])),
    );
  if (others !== undefined) found['additionalProperties'] = node(others, context);
  if (propertyNames !== undefined) found['propertyNames'] = node(propertyNames, context);
  if (minProperties > 0) found['minProperties'] = minProperties;
  if (maxProperties !== undefined) found['maxProperties'] = maxProperties;
  if (schema.dependentRequired !== undefined)
    found['dependentRequired'] = table(
      new Map([...schema.dependentRequired].map(([name, list]) => [name, [...list].sort()])),
    );
  if (schema.dependentSchemas !== undefined)
    found['dependentSchemas'] = table(
      new Map([...schema.dependentSchemas].map(([name, part]) => [name, node(part, context)])),
    );
  return found;
}

/**
 * A property of a schema that is not bound to a direction says itself which way it may go. Of what is in it, it
 * says no more.
 */
function property(part: Schema, context: Context): Canonical {
  const readOnly = part.readOnly === true && context.isOut !== true;
  const writeOnly = part.writeOnly === true && context.isIn !== true;
  const inner = {
    ...context,
    isOut: context.isOut === true || readOnly,
    isIn: context.isIn === true || writeOnly,
  };
  const read = node(part, inner);
  if (context.travel !== undefined || !(readOnly || writeOnly)) return read;
  return { goes: readOnly ? (writeOnly ? 'nowhere' : 'out') : 'in', is: read };
}

const table = (entries: ReadonlyMap<string, Canonical>): Canonical =>
  [...entries].sort(([left], [right]) => (left < right ? -1 : 1)).map(([name, part]) => [name, part]);

// --- alternatives ---

function either(
  kind: 'anyOf' | 'oneOf',
  alternatives: readonly Schema[],
  schema: Schema,
  context: Context,
): Atom[] {
  const [only] = alternatives;
  if (only !== undefined && alternatives.length === 1)
    return only.default === undefined ? atomsOf(only, context) : [{ part: node(only, context) }];
  const told = toldApart(alternatives, schema, context);
  if (told !== undefined) return [told];
  const parts = alternatives.map((part) => node(part, context));
  const flat =
    kind === 'anyOf' || areDisjoint(alternatives, context)
      ? { any: distinct(parts.flatMap(within)) }
      : { one: distinct(parts) };
  const { discriminator } = schema;
  const isChoice = alternatives.filter(({ types }) => types?.join() !== 'null').length > 1;
  if (discriminator === undefined || !isChoice) return [flat];
  const mapping = [...discriminator.mapping].map(([name, key]) => [name, nameOf(key, context)]);
  return [{ ...flat, discriminator: [discriminator.property, mapping.sort()] }];
}

/** Alternatives of an alternative are alternatives. */
const within = (part: Canonical): readonly Canonical[] => {
  const isPlain = typeof part === 'object' && part !== null && Object.keys(part).join() === 'any';
  return isPlain ? (part as { any: readonly Canonical[] }).any : [part];
};

/** Where no value fits two of them by its type alone, "one of" and "any of" are the same. */
function areDisjoint(alternatives: readonly Schema[], { table: schemas }: Context): boolean {
  let seen = 0;
  return alternatives.every((part) => {
    const types = admittedTypes(part, schemas);
    const isFree = (seen & types) === 0;
    seen |= types;
    return isFree;
  });
}

/** A discriminator whose values are known for every alternative, and different, decides alone. */
function toldApart(
  alternatives: readonly Schema[],
  { discriminator }: Schema,
  context: Context,
): Atom | undefined {
  if (discriminator === undefined) return undefined;
  const entries: Canonical[] = [];
  for (const { ref, ...others } of alternatives) {
    if (ref === undefined) return undefined;
    if (Object.keys(others).some((keyword) => !['place', 'description', 'deprecated'].includes(keyword)))
      return undefined;
    const mapped = [...discriminator.mapping].filter(([, key]) => key === ref).map(([name]) => name);
    const values = valuesAt(context.table.get(ref)?.schema, discriminator.property, context, 0) ?? mapped;
    if (values.length === 0) return undefined;
    entries.push(...values.map((value) => [sorted(value), nameOf(ref, context)]));
  }
  const values = new Set(entries.map((entry) => JSON.stringify((entry as readonly Canonical[])[0])));
  return values.size === entries.length ? { told: discriminator.property, by: distinct(entries) } : undefined;
}

function valuesAt(
  schema: Schema | undefined,
  property: string,
  context: Context,
  chain: number,
): readonly JsonValue[] | undefined {
  if (schema === undefined || chain > 50) return undefined;
  const listed = schema.properties?.get(property);
  const target = listed?.ref === undefined ? undefined : context.table.get(listed.ref)?.schema;
  const own = listed?.values ?? target?.values;
  if (own !== undefined) return own;
  for (const part of schema.allOf ?? []) {
    const values = valuesAt(part, property, context, chain + 1);
    if (values !== undefined) return values;
  }
  return schema.ref === undefined
    ? undefined
    : valuesAt(context.table.get(schema.ref)?.schema, property, context, chain + 1);
}
