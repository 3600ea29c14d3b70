import type { JsonObject, JsonValue } from '../../../../model/json.ts';
import type { Value } from '../../value.ts';
import { MAX_DEPTH, maySpend, type SchemaContext } from '../context.ts';
import { chainOf, type Draft, enumeration, finished, type Link, newDraft, objectSchema } from './chain.ts';
import { JOI_LINKS } from './joi-links.ts';
import { isOpen, JOI_DEFAULTS, type JoiPreferences, preferencesOf } from './joi-preferences.ts';

/** What a Joi schema is read with. */
export interface JoiReading {
  readonly context: SchemaContext;
  readonly depth: number;
  readonly preferences: JoiPreferences;
}

/** A Joi schema (14 to 18) as JSON Schema; what code checks is told. Undefined when it is none. */
export function joiSchema(value: Value, context: SchemaContext): JsonObject | undefined {
  const preferences = context.joi ?? JOI_DEFAULTS;
  const draft = joiDraft(value, { context, depth: 0, preferences });
  return draft === undefined ? undefined : finished(draft);
}

/** The calls of Joi that give a schema. */
const TYPES: Readonly<Record<string, JsonObject>> = {
  any: {},
  // Joi takes an empty text for none, unless it is allowed.
  string: { type: 'string', minLength: 1 },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  bool: { type: 'boolean' },
  date: { type: 'string', format: 'date-time' },
  array: { type: 'array' },
  object: { type: 'object' },
  binary: { type: 'string' },
  alternatives: {},
  alt: {},
  compile: {},
  build: {},
  func: {},
  function: {},
  symbol: {},
  link: {},
  lazy: {},
};

/** Whether a call of Joi by this name gives a schema, rather than using one. */
export const isJoiSchema = (name: string): boolean =>
  Object.hasOwn(TYPES, name) || Object.hasOwn(JOI_LINKS, name);

/** What a value is as a Joi schema: a chain, or one of the shorthands, an object, a list, a literal. */
export function joiDraft(value: Value, reading: JoiReading): Draft | undefined {
  if (reading.depth > MAX_DEPTH || !maySpend(reading.context)) return newDraft({});
  if (value.kind === 'object' && value.class === undefined) return newDraft(keysSchema(value, reading));
  if (value.kind === 'list') return newDraft(alternatives(value.items, reading));
  if (value.kind === 'constant') return literal(value.value as JsonValue);
  if (value.kind === 'pattern') return newDraft({ type: 'string', pattern: value.source });
  return chained(value, reading);
}

const literal = (value: JsonValue | bigint | undefined): Draft | undefined =>
  value === undefined || typeof value === 'bigint' ? undefined : newDraft(enumeration([value]));

function chained(value: Value, outer: JoiReading): Draft | undefined {
  const chain = chainOf(value);
  if (chain === undefined) return undefined;
  const { first, links } = chain;
  const isShort = !Object.hasOwn(TYPES, first.name);
  if (isShort && !Object.hasOwn(JOI_LINKS, first.name)) return undefined;
  const all = isShort ? [first, ...links] : links;
  const preferences = all.reduce(preferred, outer.preferences);
  const reading = { ...outer, depth: outer.depth + 1, preferences };
  const draft = isShort ? newDraft({}) : typed(first.name, first.args, reading);
  for (const link of all) {
    const read = Object.hasOwn(JOI_LINKS, link.name) ? JOI_LINKS[link.name] : undefined;
    read?.(draft, link, reading);
  }
  return draft;
}

/** What `options` and `prefs` say for a schema and what is in it. */
const preferred = (before: JoiPreferences, { name, args: [options] }: Link): JoiPreferences =>
  options !== undefined && (name === 'options' || name === 'prefs' || name === 'preferences')
    ? preferencesOf(options, before)
    : before;

function typed(name: string, args: readonly Value[], reading: JoiReading): Draft {
  const schema = TYPES[name] ?? {};
  const [first] = args;
  if (first === undefined) return newDraft(schema);
  if (name === 'compile' || name === 'build') return joiDraft(first, reading) ?? newDraft({});
  if (name === 'object') return newDraft(first.kind === 'object' ? keysSchema(first, reading) : schema);
  if (name === 'alternatives' || name === 'alt')
    return newDraft(alternatives(first.kind === 'list' ? first.items : args, reading));
  return newDraft(schema);
}

export function alternatives(options: readonly Value[], reading: JoiReading): JsonObject {
  const schemas = options.map((option) => joiDraft(option, { ...reading, depth: reading.depth + 1 }));
  const known = schemas.filter((draft) => draft !== undefined).map(finished);
  const [only] = known;
  if (known.length < schemas.length || only === undefined) return {};
  return known.length === 1 ? only : { anyOf: known };
}

/** An object by its keys: Joi takes no others unless it is told to. */
export function keysSchema(value: Extract<Value, { kind: 'object' }>, reading: JoiReading): JsonObject {
  const members = new Map<string, { schema: JsonObject; required: boolean }>();
  for (const [name, member] of value.properties) {
    const draft = joiDraft(member, { ...reading, depth: reading.depth + 1 });
    if (draft?.forbidden || (member.kind === 'constant' && member.value === undefined)) continue;
    members.set(name, {
      schema: draft === undefined ? {} : finished(draft),
      required: draft?.required ?? reading.preferences.present,
    });
  }
  const isClosed = !value.open && !isOpen(reading.preferences);
  return { ...objectSchema(members), ...(isClosed ? { additionalProperties: false } : {}) };
}
