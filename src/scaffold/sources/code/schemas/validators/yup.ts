import { isJsonObject, type JsonObject } from '../../../../model/json.ts';
import type { Value } from '../../value.ts';
import { MAX_DEPTH, maySpend, type SchemaContext } from '../context.ts';
import {
  chainOf,
  checkedInCode,
  type Draft,
  enumeration,
  finished,
  flagOf,
  isDate,
  jsonArgument,
  type Link,
  newDraft,
  numberOf,
  objectSchema,
  patternOf,
  valuesOf,
} from './chain.ts';

interface Reading {
  readonly context: SchemaContext;
  readonly depth: number;
}

/** A Yup schema (0.32 and 1) as JSON Schema; what code checks is told. Undefined when it is none. */
export function yupSchema(value: Value, context: SchemaContext): JsonObject | undefined {
  const draft = draftOf(value, { context, depth: 0 });
  return draft === undefined ? undefined : finished(draft);
}

const TYPES: Readonly<Record<string, JsonObject>> = {
  mixed: {},
  string: { type: 'string' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  bool: { type: 'boolean' },
  date: { type: 'string', format: 'date-time' },
  array: { type: 'array' },
  object: { type: 'object' },
  tuple: { type: 'array' },
  lazy: {},
};

/** Whether a call of Yup by this name gives a schema. */
export const isYupSchema = (name: string): boolean => Object.hasOwn(TYPES, name);

function draftOf(value: Value, reading: Reading): Draft | undefined {
  const chain = chainOf(value);
  if (chain === undefined || !isYupSchema(chain.first.name)) return undefined;
  if (reading.depth > MAX_DEPTH || !maySpend(reading.context)) return newDraft({});
  const inside = { ...reading, depth: reading.depth + 1 };
  const { first, links } = chain;
  const draft = newDraft(TYPES[first.name] ?? {});
  const [given] = first.args;
  if (first.name === 'object') shape(draft, first, inside);
  else if (first.name === 'array' && given !== undefined) of(draft, first, inside);
  else if (first.name === 'tuple' && given?.kind === 'list')
    draft.schema = { type: 'array', prefixItems: given.items.map((item) => inner(item, inside)) };
  else if (first.name === 'lazy') checkedInCode(reading.context, "Yup's lazy", first);
  for (const link of links) {
    const read = Object.hasOwn(LINKS, link.name) ? LINKS[link.name] : undefined;
    read?.(draft, link, inside);
  }
  return draft;
}

function inner(value: Value, reading: Reading): JsonObject {
  const draft = draftOf(value, reading);
  return draft === undefined ? {} : finished(draft);
}

type ReadLink = (draft: Draft, link: Link, reading: Reading) => void;

const set =
  (keywords: JsonObject): ReadLink =>
  (draft) => {
    draft.schema = { ...draft.schema, ...keywords };
  };

const shape: ReadLink = (draft, { args: [given] }, reading) => {
  if (given?.kind !== 'object') return;
  const before = draft.schema['properties'];
  const required = Array.isArray(draft.schema['required']) ? draft.schema['required'].map(String) : [];
  const members = new Map<string, { schema: JsonObject; required: boolean }>();
  for (const [name, schema] of Object.entries(isJsonObject(before) ? before : {})) {
    if (isJsonObject(schema)) members.set(name, { schema, required: required.includes(name) });
  }
  for (const [name, member] of given.properties) {
    const one = draftOf(member, reading);
    members.set(name, { schema: one === undefined ? {} : finished(one), required: isNeeded(one) });
  }
  draft.schema = { ...draft.schema, ...objectSchema(members) };
};

/** An object that is missing is taken for one without members: it is needed where one of those is. */
function isNeeded(draft: Draft | undefined): boolean {
  if (draft === undefined || 'default' in draft.schema) return false;
  return (
    draft.required ?? (draft.schema['type'] === 'object' && 'required' in draft.schema && !draft.nullable)
  );
}

const of: ReadLink = (draft, { args: [given] }, reading) => {
  if (given !== undefined) draft.schema = { ...draft.schema, items: inner(given, reading) };
};

const limit =
  (words: Readonly<Record<string, readonly string[]>>): ReadLink =>
  (draft, link, { context }) => {
    const value = numberOf(link.args[0]);
    const names = isDate(draft.schema) ? undefined : words[String(draft.schema['type'])];
    if (value === undefined || names === undefined) checkedInCode(context, `Yup's ${link.name}`, link);
    else set(Object.fromEntries(names.map((name) => [name, value])))(draft, link, NO_READING);
  };

// What only sets keywords asks for nothing.
const NO_READING = {} as Reading;

const numbers = (word: string): Record<string, readonly string[]> => ({ number: [word], integer: [word] });

const inCode: ReadLink = (_draft, link, { context }) => checkedInCode(context, `Yup's ${link.name}`, link);

const oneOf: ReadLink = (draft, link, { context }) => {
  const values = valuesOf(link.args.slice(0, 1)).map((value) => jsonArgument(value));
  const known = values.filter((value) => value !== undefined);
  if (known.length < values.length || known.length === 0) checkedInCode(context, "Yup's oneOf", link);
  else {
    const { default: usual } = draft.schema;
    draft.schema = { ...enumeration(known), ...(usual === undefined ? {} : { default: usual }) };
  }
};

const matches: ReadLink = (draft, link, { context }) => {
  const text = patternOf(link.args[0]);
  if (text === undefined || flagOf(link.args[1], 'excludeEmptyString') === true)
    checkedInCode(context, "Yup's matches", link);
  else draft.schema = { ...draft.schema, pattern: text };
};

const reshape =
  (keeps: (name: string, names: readonly string[]) => boolean): ReadLink =>
  (draft, { args: [list] }) => {
    const names = list === undefined ? [] : valuesOf([list]).map((value) => String(jsonArgument(value)));
    const { properties, required, ...rest } = draft.schema;
    const kept = Object.entries(isJsonObject(properties) ? properties : {}).filter(([name]) =>
      keeps(name, names),
    );
    const needed = (Array.isArray(required) ? required : []).filter((name) => keeps(String(name), names));
    draft.schema = {
      ...rest,
      ...(needed.length === 0 ? {} : { required: needed }),
      properties: Object.fromEntries(kept),
    };
  };

const partial: ReadLink = (draft) => {
  const { required: _required, ...rest } = draft.schema;
  draft.schema = rest;
};

/** The methods of Yup's schemas, by name. */
const LINKS: Readonly<Record<string, ReadLink>> = {
  // A text that is required is not empty.
  required: (draft) => {
    draft.required = true;
    draft.nullable = false;
    if (draft.schema['type'] === 'string' && !('minLength' in draft.schema))
      draft.schema = { ...draft.schema, minLength: 1 };
  },
  defined: (draft) => {
    draft.required = true;
  },
  notRequired: (draft) => {
    draft.required = false;
    draft.nullable = true;
  },
  optional: (draft) => {
    draft.required = false;
  },
  nullable: (draft, { args: [is] }) => {
    draft.nullable = !(is?.kind === 'constant' && is.value === false);
  },
  nonNullable: (draft) => {
    draft.nullable = false;
  },
  default: (draft, { args: [given] }) => {
    const value = jsonArgument(given);
    if (value !== undefined) draft.schema = { ...draft.schema, default: value };
    else draft.required ??= false;
  },
  label: (draft, { args: [given] }) => {
    const value = jsonArgument(given);
    if (typeof value === 'string') draft.schema = { ...draft.schema, title: value };
  },
  min: limit({ string: ['minLength'], array: ['minItems'], ...numbers('minimum') }),
  max: limit({ string: ['maxLength'], array: ['maxItems'], ...numbers('maximum') }),
  length: limit({ string: ['minLength', 'maxLength'], array: ['minItems', 'maxItems'] }),
  moreThan: limit(numbers('exclusiveMinimum')),
  lessThan: limit(numbers('exclusiveMaximum')),
  positive: set({ exclusiveMinimum: 0 }),
  negative: set({ exclusiveMaximum: 0 }),
  integer: set({ type: 'integer' }),
  email: set({ format: 'email' }),
  url: set({ format: 'uri' }),
  uuid: set({ format: 'uuid' }),
  datetime: set({ format: 'date-time' }),
  matches,
  oneOf,
  notOneOf: (draft, { args: [list] }) => {
    const values = jsonArgument(list);
    if (Array.isArray(values)) draft.schema = { ...draft.schema, not: { enum: values } };
  },
  of,
  shape,
  concat: (draft, { args: [other] }, reading) => {
    const more = other === undefined ? undefined : draftOf(other, reading);
    if (more === undefined) return;
    const [ours, theirs] = [draft.schema, more.schema].map((schema) => schema['properties']);
    const properties = { ...(isJsonObject(ours) ? ours : {}), ...(isJsonObject(theirs) ? theirs : {}) };
    draft.schema = {
      ...draft.schema,
      ...more.schema,
      ...(Object.keys(properties).length === 0 ? {} : { properties }),
    };
    draft.required = more.required ?? draft.required;
  },
  pick: reshape((name, names) => names.includes(name)),
  omit: reshape((name, names) => !names.includes(name)),
  partial,
  deepPartial: partial,
  noUnknown: (draft, { args: [is] }) => {
    if (!(is?.kind === 'constant' && is.value === false))
      draft.schema = { ...draft.schema, additionalProperties: false };
  },
  when: inCode,
  test: inCode,
  from: inCode,
};
