import type { JsonObject, JsonValue } from '../../../../model/json.ts';
import type { Origin } from '../../source-file.ts';
import type { CallValue, Value } from '../../value.ts';
import { MAX_DEPTH, type SchemaContext } from '../context.ts';

/** One link of a chain: `.min(3)`. */
export interface Link {
  readonly name: string;
  readonly args: readonly Value[];
  readonly origin: Origin;
}

/** A call of a package with the methods called on what it gave: `Joi.string().min(3).required()`. */
export interface Chain {
  readonly package: string;
  /** What is called first, such as `string`. */
  readonly first: Link;
  readonly links: readonly Link[];
}

/** Longer chains are nobody's. */
const MAX_LINKS = 300;

/** A term as a chain; undefined when it is none. */
export function chainOf(value: Value): Chain | undefined {
  const links: Link[] = [];
  let at = value;
  while (at.kind === 'call' && links.length < MAX_LINKS) {
    const { callee, args, origin }: CallValue = at;
    if (callee.kind === 'external') {
      const first = { name: callee.path.at(-1) ?? '', args, origin };
      return { package: callee.package, first, links: links.reverse() };
    }
    if (callee.kind !== 'member') return undefined;
    links.push({ name: callee.name, args, origin });
    at = callee.of;
  }
  return undefined;
}

/** The number that an argument is; undefined for references and what only the run knows. */
export const numberOf = (value: Value | undefined): number | undefined =>
  value?.kind === 'constant' && typeof value.value === 'number' && Number.isFinite(value.value)
    ? value.value
    : undefined;

/** An argument as JSON; undefined when it is not certain, or JSON has no word for it. */
export function jsonArgument(value: Value | undefined, depth = 0): JsonValue | undefined {
  if (value === undefined || depth > MAX_DEPTH) return undefined;
  if (value.kind === 'constant') {
    return value.value === undefined || typeof value.value === 'bigint' ? undefined : value.value;
  }
  if (value.kind === 'list' && !value.open) {
    const items = value.items.map((item) => jsonArgument(item, depth + 1));
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  if (value.kind !== 'object' || value.open || value.class !== undefined) return undefined;
  const entries: [string, JsonValue][] = [];
  for (const [name, member] of value.properties) {
    const json = jsonArgument(member, depth + 1);
    if (json === undefined) return undefined;
    entries.push([name, json]);
  }
  return Object.fromEntries(entries);
}

/** Values that may come one by one or as a list: `valid('a', 'b')`, `oneOf(['a', 'b'])`. */
export const valuesOf = (args: readonly Value[]): readonly Value[] =>
  args.flatMap((argument) => (argument.kind === 'list' ? argument.items : [argument]));

/** A flag among an argument's options. */
export function flagOf(options: Value | undefined, name: string): boolean | undefined {
  const value = options?.kind === 'object' ? options.properties.get(name) : undefined;
  return value?.kind === 'constant' && typeof value.value === 'boolean' ? value.value : undefined;
}

/** Says that the document cannot hold what code checks. */
export function checkedInCode({ interpreter }: SchemaContext, what: string, { origin }: Link): void {
  interpreter.report('SCF079', 'info', `${what} is a check in code: it is not in the contract`, origin);
}

/** The pattern of a regular expression that JSON Schema can say: one without flags that change what it matches. */
export function patternOf(value: Value | undefined): string | undefined {
  if (value?.kind === 'constant' && typeof value.value === 'string') return value.value;
  return value?.kind === 'pattern' && !/[imsvy]/.test(value.flags) ? value.source : undefined;
}

/** What a schema says besides its keywords, and what its owner has to know of it. */
export interface Draft {
  schema: JsonObject;
  /** Undefined while nobody has said so. */
  required: boolean | undefined;
  forbidden: boolean;
  /** Values that are taken whatever else is said. */
  readonly allowed: JsonValue[];
  nullable: boolean;
  /** Whether a text, should it be one, may not be empty. */
  filled?: true;
  /** Whether its values are texts of any case. */
  caseless?: true;
  /** Whether an item that is no list is taken for a list of it. */
  single?: true;
}

export const newDraft = (schema: JsonObject): Draft => ({
  schema,
  required: undefined,
  forbidden: false,
  allowed: [],
  nullable: false,
});

/** The schema of a draft, with the values that it takes besides. */
export function finished(draft: Draft): JsonObject {
  const { allowed, nullable } = draft;
  const cased = draft.caseless ? caseless(draft.schema) : draft.schema;
  const { items = {} } = cased;
  const schema = draft.single ? { anyOf: [cased, items] } : cased;
  const others = allowed.filter((value) => value !== null);
  const open = others.length === 0 ? schema : withValues(schema, others);
  return nullable || others.length < allowed.length ? withNull(open) : open;
}

/** Values of an enumeration that are texts, in any case: a pattern, since JSON Schema compares letter by letter. */
function caseless({ enum: values, ...rest }: JsonObject): JsonObject {
  if (!Array.isArray(values)) return { ...rest };
  const texts = values.filter((value) => typeof value === 'string');
  const others = values.filter((value) => typeof value !== 'string');
  if (texts.length === 0) return { ...rest, enum: values };
  const pattern = `^(?:${texts.map(anyCase).join('|')})$`;
  if (others.length === 0) return { ...rest, type: 'string', pattern };
  const { type: _type, ...said } = rest;
  return { ...said, anyOf: [{ type: 'string', pattern }, { enum: others }] };
}

/** A text as a pattern of the same letters in either case. */
const anyCase = (text: string): string =>
  [...text]
    .map((character) => {
      const cases = [...new Set([character.toLowerCase(), character.toUpperCase()])];
      const isLetter = cases.length === 2 && cases.every((one) => one.length === character.length);
      return isLetter ? `[${cases.join('')}]` : character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
    })
    .join('');

function withValues(schema: JsonObject, values: readonly JsonValue[]): JsonObject {
  const { minLength, ...rest } = schema;
  // Texts are not empty unless that is allowed.
  if (values.length === 1 && values[0] === '' && minLength === 1 && isPlainText(rest)) return rest;
  if (Array.isArray(schema['enum'])) return { ...schema, enum: [...schema['enum'], ...values] };
  const isAny = Object.keys(schema).every((key) => ['description', 'default', 'examples'].includes(key));
  return isAny ? schema : { anyOf: [schema, { enum: [...values] }] };
}

const isPlainText = (schema: JsonObject): boolean =>
  !['pattern', 'format', 'enum', 'not', 'anyOf'].some((key) => key in schema);

function withNull(schema: JsonObject): JsonObject {
  const { type, enum: values } = schema;
  if (Array.isArray(values)) {
    const types = type === undefined ? {} : { type: [...new Set([...[type].flat(), 'null'])] };
    return { ...schema, ...types, enum: values.includes(null) ? values : [...values, null] };
  }
  if (typeof type === 'string') return { ...schema, type: [type, 'null'] };
  if (type !== undefined || Object.keys(schema).length === 0) return schema;
  return { anyOf: [schema, { type: 'null' }] };
}

/** The values of an enumeration, and the type that they have in common. */
export function enumeration(values: readonly JsonValue[]): JsonObject {
  const types = new Set(values.map((value) => (value === null ? 'null' : typeof value)));
  const [only] = types;
  const type =
    types.size === 1 && (only === 'string' || only === 'number' || only === 'boolean') ? only : undefined;
  return { ...(type === undefined ? {} : { type }), enum: [...values] };
}

/** An object schema of members of which some may be missing. */
export function objectSchema(
  members: ReadonlyMap<string, { readonly schema: JsonObject; readonly required: boolean }>,
): JsonObject {
  const required = [...members].filter(([, member]) => member.required).map(([name]) => name);
  const properties = [...members].map(([name, { schema }]) => [name, schema] as const);
  return {
    type: 'object',
    ...(required.length === 0 ? {} : { required }),
    ...(properties.length === 0 ? {} : { properties: Object.fromEntries(properties) }),
  };
}

/** Whether a schema is one of dates, whose limits JSON Schema has no words for. */
export const isDate = ({ format }: JsonObject): boolean => format === 'date-time';
