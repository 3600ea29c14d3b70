import type { JsonObject } from '../../../../model/json.ts';
import { constant, type InputPart, optionsOf, textOf, type Value } from '../../value.ts';
import type { SchemaContext } from '../context.ts';
import {
  type Chain,
  chainOf,
  checkedInCode,
  type Draft,
  finished,
  flagOf,
  type Link,
  newDraft,
} from './chain.ts';
import { VALIDATORS } from './express-validator-links.ts';

const PACKAGE = 'express-validator';

const EVERYWHERE: readonly InputPart[] = ['body', 'cookies', 'headers', 'path', 'query'];

/** Where a chain's function looks. */
const PLACES: Readonly<Record<string, readonly InputPart[]>> = {
  body: ['body'],
  check: EVERYWHERE,
  query: ['query'],
  param: ['path'],
  header: ['headers'],
  cookie: ['cookies'],
};

/** One field of a request, and what it is held to. */
export interface CheckedField {
  /** Where it may be: one of these is enough. */
  readonly parts: readonly InputPart[];
  /** Names from the outside in; `*` for every item. Empty for the whole part. */
  readonly path: readonly string[];
  readonly draft: Draft;
  /** Whether there may be no fields but those that are checked, which `checkExact` says. */
  readonly exact?: true;
}

/** The fields that a value of express-validator checks: chains, lists of them, `checkSchema`. */
export function checkedFields(value: Value, context: SchemaContext): CheckedField[] {
  if (value.kind === 'list') return value.items.flatMap((item) => checkedFields(item, context));
  const chain = chainOf(value);
  if (chain?.package !== PACKAGE) return [];
  const [first, places] = chain.first.args;
  if (chain.first.name === 'checkSchema') return schemaFields(first, places, context);
  if (chain.first.name === 'checkExact') {
    const locations = places?.kind === 'object' ? places.properties.get('locations') : undefined;
    const parts = locations === undefined ? EXACT_PLACES : partsOf(locations);
    return [
      ...(first === undefined ? [] : checkedFields(first, context)),
      { parts, path: [], draft: newDraft({}), exact: true },
    ];
  }
  const parts = Object.hasOwn(PLACES, chain.first.name) ? PLACES[chain.first.name] : undefined;
  if (parts !== undefined) return chainFields(parts, chain, context);
  if (chain.first.name === 'oneOf') checkedInCode(context, "express-validator's oneOf", chain.first);
  return [];
}

/** Where `checkExact` looks unless it is told. */
const EXACT_PLACES: readonly InputPart[] = ['body', 'path', 'query'];

/** Whether a value is a chain, or several. */
export const isChain = (value: Value): boolean => {
  if (value.kind === 'list') return value.items.length > 0 && value.items.some(isChain);
  const root = chainOf(value);
  return (
    root?.package === PACKAGE && root.first.name !== 'validationResult' && root.first.name !== 'matchedData'
  );
};

function chainFields(
  parts: readonly InputPart[],
  { first, links }: Chain,
  context: SchemaContext,
): CheckedField[] {
  const [names = constant('')] = first.args;
  const texts = (names.kind === 'list' ? names.items : [names]).flatMap((name) =>
    optionsOf(name).map(textOf),
  );
  const draft = draftOf(links, context);
  if (texts.includes(undefined)) {
    const message = `which field express-validator's ${first.name} checks cannot be told: it is left out`;
    context.interpreter.report('SCF076', 'info', message, first.origin);
  }
  return texts.flatMap((text) => (text === undefined ? [] : [{ parts, path: pathOf(text), draft }]));
}

/** A field's name in its parts; no name is the whole. */
const pathOf = (text: string): string[] =>
  text
    .replace(/^\[(?:\d+|\*)\]/, '*')
    .replaceAll(/\[(\d+|\*)\]/g, '.*')
    .split('.')
    .filter((name) => name !== '')
    .slice(0, 10);

/** `not()` turns the next validator round. */
function draftOf(links: readonly Link[], context: SchemaContext): Draft {
  const draft = newDraft({});
  let isNegated = false;
  let isConditional = false;
  for (const link of links) {
    if (link.name === 'not') isNegated = true;
    else if (isNegated) {
      isNegated = false;
      if (link.name === 'isEmpty') VALIDATORS['notEmpty']?.(draft, link, context);
    } else if (Object.hasOwn(VALIDATORS, link.name)) VALIDATORS[link.name]?.(draft, link, context);
    isConditional ||= link.name === 'if';
  }
  // What is checked only sometimes is not asked for.
  return isConditional ? newDraft({}) : draft;
}

/** `checkSchema({ email: { in: 'body', isEmail: true } })` */
function schemaFields(
  schema: Value | undefined,
  places: Value | undefined,
  context: SchemaContext,
): CheckedField[] {
  if (schema?.kind !== 'object') return [];
  return [...schema.properties].flatMap(([name, options]): CheckedField[] => {
    if (options.kind !== 'object') return [];
    const place = options.properties.get('in') ?? places;
    const draft = draftOf(linksOf(options), context);
    return [{ parts: partsOf(place), path: pathOf(name), draft }];
  });
}

const SCHEMA_PLACES: Readonly<Record<string, InputPart>> = {
  body: 'body',
  query: 'query',
  params: 'path',
  headers: 'headers',
  cookies: 'cookies',
};

/** The places that a value names; everywhere, where it names none. */
function partsOf(place: Value | undefined): readonly InputPart[] {
  const names = (place?.kind === 'list' ? place.items : [place]).map(textOf);
  const parts = names.map((name) =>
    name !== undefined && Object.hasOwn(SCHEMA_PLACES, name) ? SCHEMA_PLACES[name] : undefined,
  );
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 ? EVERYWHERE : known;
}

/** The validators of a field of `checkSchema` as links: `isLength: { options: { min: 1 } }`. */
function linksOf(options: Extract<Value, { kind: 'object' }>): Link[] {
  return [...options.properties].flatMap(([name, given]): Link[] => {
    if (given.kind === 'constant' && given.value === false) return [];
    const inner = given.kind === 'object' ? given.properties.get('options') : undefined;
    const args = inner === undefined ? [] : inner.kind === 'list' && name !== 'isIn' ? inner.items : [inner];
    const origin = (given.kind === 'object' ? given.origin : undefined) ?? options.origin;
    if (origin === undefined) return [];
    const negated = flagOf(given, 'negated') === true;
    const link = { name, args: name === 'isIn' && inner?.kind === 'list' ? unwrapped(inner) : args, origin };
    return negated ? [{ name: 'not', args: [], origin }, link] : [link];
  });
}

/** `isIn: { options: [['a', 'b']] }`: the arguments of `isIn`. */
const unwrapped = (list: Extract<Value, { kind: 'list' }>): readonly Value[] =>
  list.items[0]?.kind === 'list' ? list.items : [list];

/** The schema of a part of the request of which some fields are checked; undefined when none is. */
export function fieldsSchema(fields: readonly CheckedField[], part: InputPart): JsonObject | undefined {
  const there = fields.filter(({ parts }) => parts.includes(part));
  const own = there.filter(({ exact }) => exact !== true);
  if (own.length === 0) return undefined;
  const root: FieldNode = { members: new Map(), drafts: [] };
  for (const { path, draft } of own) nodeAt(root, path).drafts.push(draft);
  return schemaOf(root, { exact: own.length < there.length, isText: part !== 'body' }).schema;
}

interface FieldReading {
  /** Whether there may be no members but those that are checked. */
  readonly exact: boolean;
  /** Whether values come as texts, which those of a body may or may not be. */
  readonly isText: boolean;
}

interface FieldNode {
  readonly members: Map<string, FieldNode>;
  readonly drafts: Draft[];
}

function nodeAt(root: FieldNode, path: readonly string[]): FieldNode {
  let at = root;
  for (const name of path) {
    const next = at.members.get(name) ?? { members: new Map(), drafts: [] };
    at.members.set(name, next);
    at = next;
  }
  return at;
}

function schemaOf(
  { members, drafts }: FieldNode,
  reading: FieldReading,
): {
  readonly schema: JsonObject;
  readonly required: boolean;
} {
  const isRequired = drafts.some(({ required }) => required === true);
  const schema = Object.assign({}, ...drafts.map(finished)) as JsonObject;
  const item = members.get('*');
  const named = [...members]
    .filter(([name]) => name !== '*')
    .map(([name, node]) => [name, schemaOf(node, reading)] as const);
  if (item !== undefined && schema['type'] !== 'object')
    return {
      schema: { ...schema, type: 'array', items: schemaOf(item, reading).schema },
      required: isRequired,
    };
  if (named.length === 0) {
    const isFilled = drafts.some(({ filled }) => filled === true);
    return { schema: isFilled ? filledText(schema, reading) : schema, required: isRequired };
  }
  const required = named.filter(([, member]) => member.required).map(([name]) => name);
  const object: JsonObject = {
    ...schema,
    type: 'object',
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(named.map(([name, member]) => [name, member.schema])),
    ...(reading.exact ? { additionalProperties: false } : {}),
  };
  return { schema: object, required: isRequired || required.length > 0 };
}

/** A text that may not be empty; of what has no type, only a text is held to that. */
function filledText(schema: JsonObject, { isText }: FieldReading): JsonObject {
  const { type = isText ? 'string' : undefined, minLength } = schema;
  const mayBeText = type === undefined || [type].flat().includes('string');
  if (!mayBeText || 'enum' in schema || (typeof minLength === 'number' && minLength > 0)) return schema;
  return { ...schema, ...(type === undefined ? {} : { type }), minLength: 1 };
}
