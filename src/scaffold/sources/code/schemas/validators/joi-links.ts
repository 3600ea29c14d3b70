import { isJsonObject, type JsonObject, type JsonValue } from '../../../../model/json.ts';
import { textOf, type Value } from '../../value.ts';
import {
  checkedInCode,
  type Draft,
  enumeration,
  finished,
  flagOf,
  isDate,
  jsonArgument,
  type Link,
  numberOf,
  patternOf,
  valuesOf,
} from './chain.ts';
import { alternatives, type JoiReading, joiDraft, keysSchema } from './joi.ts';

type ReadLink = (draft: Draft, link: Link, reading: JoiReading) => void;

const set =
  (keywords: JsonObject): ReadLink =>
  (draft) => {
    draft.schema = { ...draft.schema, ...keywords };
  };

const limit =
  (words: Readonly<Record<string, string>>): ReadLink =>
  (draft, link, { context }) => {
    const value = numberOf(link.args[0]);
    const word = isDate(draft.schema) ? undefined : words[String(draft.schema['type'])];
    if (value === undefined || word === undefined) checkedInCode(context, `Joi's ${link.name}`, link);
    else draft.schema = { ...draft.schema, [word]: value };
  };

const inCode: ReadLink = (_draft, link, { context }) => checkedInCode(context, `Joi's ${link.name}`, link);

const nothing: ReadLink = () => undefined;

/** Only these values: `valid('a', 'b')`. */
const only: ReadLink = (draft, link, { context }) => {
  const values = valuesOf(link.args).map((value) => jsonArgument(value));
  const known = values.filter((value) => value !== undefined);
  if (known.length < values.length || known.length === 0) {
    if (link.args.length > 0) checkedInCode(context, `Joi's ${link.name}`, link);
    return;
  }
  const before = draft.schema['enum'];
  const all = Array.isArray(before) ? [...before, ...known] : known;
  const { default: usual, description } = draft.schema;
  draft.schema = {
    ...enumeration(all),
    ...(usual === undefined ? {} : { default: usual }),
    ...(description === undefined ? {} : { description }),
  };
};

const except: ReadLink = (draft, link, { context }) => {
  const values = valuesOf(link.args).map((value) => jsonArgument(value));
  const known = values.filter((value) => value !== undefined);
  if (known.length < values.length) checkedInCode(context, `Joi's ${link.name}`, link);
  else draft.schema = { ...draft.schema, not: { enum: known } };
};

const allow: ReadLink = (draft, { args }) => {
  const values = valuesOf(args).map((value) => jsonArgument(value));
  draft.allowed.push(...values.filter((value) => value !== undefined));
};

const pattern: ReadLink = (draft, link, reading) => {
  const [first, second] = link.args;
  if (draft.schema['type'] === 'object') {
    objectPattern(draft, first, second, reading);
    return;
  }
  const text = patternOf(first);
  if (text === undefined) checkedInCode(reading.context, `Joi's ${link.name}`, link);
  else if (flagOf(second, 'invert') === true) draft.schema = { ...draft.schema, not: { pattern: text } };
  else draft.schema = { ...draft.schema, pattern: text };
};

/** Keys by pattern: `object().pattern(/^a/, Joi.string())`. */
function objectPattern(
  draft: Draft,
  keys: Value | undefined,
  value: Value | undefined,
  reading: JoiReading,
): void {
  const inner = value === undefined ? undefined : joiDraft(value, { ...reading, depth: reading.depth + 1 });
  const schema = inner === undefined ? {} : finished(inner);
  const text = keys?.kind === 'pattern' ? patternOf(keys) : undefined;
  if (text === undefined) draft.schema = { ...draft.schema, additionalProperties: schema };
  else {
    const before = draft.schema['patternProperties'];
    const patternProperties = { ...(isJsonObject(before) ? before : {}), [text]: schema };
    draft.schema = { additionalProperties: false, ...draft.schema, patternProperties };
  }
}

const items: ReadLink = (draft, { args }, reading) => {
  const options = valuesOf(args).filter((value) => value.kind !== 'constant');
  if (options.length === 0) return;
  const { maxItems, ...rest } = draft.schema;
  const ordered = rest['prefixItems'];
  const isOfOrdered = Array.isArray(ordered) && ordered.length === maxItems;
  draft.schema = {
    ...rest,
    ...(maxItems === undefined || isOfOrdered ? {} : { maxItems }),
    items: alternatives(options, reading),
  };
};

const keys: ReadLink = (draft, { args: [given] }, reading) => {
  if (given?.kind !== 'object') return;
  const more = keysSchema(given, reading);
  const { properties, required } = draft.schema;
  const all = { ...(isJsonObject(properties) ? properties : {}), ...propertiesOf(more) };
  const names = [
    ...namesOf(required).filter((name) => !(name in propertiesOf(more))),
    ...namesOf(more['required']),
  ];
  draft.schema = {
    ...draft.schema,
    ...more,
    ...(names.length === 0 ? {} : { required: names }),
    properties: all,
  };
};

const propertiesOf = (schema: JsonObject): JsonObject =>
  isJsonObject(schema['properties']) ? schema['properties'] : {};

const namesOf = (value: JsonValue | undefined): string[] => (Array.isArray(value) ? value.map(String) : []);

const unknown: ReadLink = (draft, { args: [allowed] }) => {
  const isClosed = allowed?.kind === 'constant' && allowed.value === false;
  const { additionalProperties: _closed, ...rest } = draft.schema;
  draft.schema = isClosed ? { ...rest, additionalProperties: false } : rest;
};

/** `or('a', 'b')`: at least one of them. */
const someOf =
  (word: 'anyOf' | 'oneOf'): ReadLink =>
  (draft, link, { context }) => {
    const names = link.args.map(textOf).filter((name) => name !== undefined);
    if (names.some((name) => name.includes('.')) || word in draft.schema) {
      checkedInCode(context, `Joi's ${link.name}`, link);
    } else draft.schema = { ...draft.schema, [word]: names.map((name) => ({ required: [name] })) };
  };

/** `and('a', 'b')`: all of them or none; `with('a', ['b'])`: b where a is. */
const dependent =
  (isMutual: boolean): ReadLink =>
  (draft, { args }) => {
    const names = valuesOf(args)
      .map(textOf)
      .filter((name) => name !== undefined);
    const before = draft.schema['dependentRequired'];
    const from = isMutual ? names : names.slice(0, 1);
    const entries = from.map((name) => [name, names.filter((other) => other !== name)] as const);
    draft.schema = {
      ...draft.schema,
      dependentRequired: { ...(isJsonObject(before) ? before : {}), ...Object.fromEntries(entries) },
    };
  };

const said =
  (word: string): ReadLink =>
  (draft, { args: [given] }) => {
    const value = jsonArgument(given);
    if (value !== undefined) draft.schema = { ...draft.schema, [word]: value };
  };

const required =
  (is: boolean): ReadLink =>
  (draft) => {
    draft.required = is;
    draft.forbidden = false;
  };

/** Where two schemas are put together, what the second says counts. */
const concat: ReadLink = (draft, { args: [other] }, reading) => {
  const more = other === undefined ? undefined : joiDraft(other, reading);
  if (more === undefined) return;
  const properties = { ...propertiesOf(draft.schema), ...propertiesOf(more.schema) };
  const names = [...new Set([...namesOf(draft.schema['required']), ...namesOf(more.schema['required'])])];
  draft.schema = {
    ...draft.schema,
    ...more.schema,
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    ...(names.length === 0 ? {} : { required: names }),
  };
  draft.required = more.required ?? draft.required;
  draft.allowed.push(...more.allowed);
};

const SIZES = { string: 'Length', array: 'Items', object: 'Properties' } as const;

const sized = (edge: 'min' | 'max'): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(SIZES).map(([type, word]) => [type, `${edge}${word}`])),
  number: edge === 'min' ? 'minimum' : 'maximum',
  integer: edge === 'min' ? 'minimum' : 'maximum',
});

const length: ReadLink = (draft, link, reading) => {
  limit(sized('min'))(draft, link, reading);
  if (numberOf(link.args[0]) !== undefined) limit(sized('max'))(draft, link, reading);
};

/** A text of characters of a kind; Joi tests the whole of it. */
const characters = (text: string): ReadLink => set({ pattern: text });

/** The methods of Joi's schemas, by name. */
export const JOI_LINKS: Readonly<Record<string, ReadLink>> = {
  required: required(true),
  exist: required(true),
  optional: required(false),
  forbidden: (draft) => {
    draft.forbidden = true;
  },
  presence: nothing,
  allow,
  valid: only,
  equal: only,
  invalid: except,
  disallow: except,
  not: except,
  only: nothing,
  default: said('default'),
  description: said('description'),
  example: (draft, { args: [given] }) => {
    const value = jsonArgument(given);
    if (value !== undefined) draft.schema = { ...draft.schema, examples: [value] };
  },
  min: limit(sized('min')),
  max: limit(sized('max')),
  length,
  greater: limit({ number: 'exclusiveMinimum', integer: 'exclusiveMinimum' }),
  less: limit({ number: 'exclusiveMaximum', integer: 'exclusiveMaximum' }),
  positive: set({ exclusiveMinimum: 0 }),
  negative: set({ exclusiveMaximum: 0 }),
  multiple: limit({ number: 'multipleOf', integer: 'multipleOf' }),
  integer: set({ type: 'integer' }),
  port: set({ type: 'integer', minimum: 0, maximum: 65_535 }),
  email: set({ format: 'email' }),
  uri: set({ format: 'uri' }),
  guid: set({ format: 'uuid' }),
  uuid: set({ format: 'uuid' }),
  hostname: set({ format: 'hostname' }),
  domain: set({ format: 'hostname' }),
  isoDuration: set({ format: 'duration' }),
  alphanum: characters('^[a-zA-Z0-9]+$'),
  token: characters('^[a-zA-Z0-9_]+$'),
  hex: characters('^[a-fA-F0-9]+$'),
  pattern,
  regex: pattern,
  items,
  ordered: (draft, { args }, reading) => {
    const each = valuesOf(args).map((item) => joiDraft(item, { ...reading, depth: reading.depth + 1 }));
    const needed = each.findLastIndex((one) => one?.required === true) + 1;
    draft.schema = {
      ...draft.schema,
      prefixItems: each.map((one) => (one === undefined ? {} : finished(one))),
      ...(needed === 0 ? {} : { minItems: needed }),
      // There are others only where items() says so.
      ...('items' in draft.schema ? {} : { maxItems: each.length }),
    };
  },
  unique: (draft, link, { context }) => {
    if (link.args.length > 0) checkedInCode(context, "Joi's unique", link);
    else draft.schema = { ...draft.schema, uniqueItems: true };
  },
  keys,
  append: keys,
  unknown,
  or: someOf('anyOf'),
  xor: someOf('oneOf'),
  and: dependent(true),
  with: dependent(false),
  try: (draft, { args }, reading) => {
    draft.schema = alternatives(valuesOf(args), reading);
  },
  concat,
  oxor: inCode,
  nand: inCode,
  without: inCode,
  rename: inCode,
  fork: inCode,
  assert: inCode,
  when: inCode,
  conditional: inCode,
  custom: inCode,
  external: inCode,
  has: inCode,
  ip: inCode,
  creditCard: inCode,
  base64: inCode,
  dataUri: inCode,
  // Dates without a time, and years alone, are such texts too.
  isoDate: inCode,
  // A moment in milliseconds; texts of ISO 8601 are refused.
  timestamp: (draft) => {
    const { format: _format, ...rest } = draft.schema;
    draft.schema = { ...rest, type: 'number' };
  },
  insensitive: (draft) => {
    draft.caseless = true;
  },
  // One that is no list is taken for a list of it.
  single: (draft) => {
    draft.single = true;
  },
  options: nothing,
  prefs: nothing,
  preferences: nothing,
};
