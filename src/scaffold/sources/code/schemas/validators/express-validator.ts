import type { JsonObject } from '../../../../model/json.ts';
import { type InputPart, textOf, type Value } from '../../value.ts';
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

/** Where a chain's function looks. `check` looks everywhere: what it checks is taken for the body's. */
const PLACES: Readonly<Record<string, InputPart>> = {
  body: 'body',
  check: 'body',
  query: 'query',
  param: 'path',
  header: 'headers',
  cookie: 'cookies',
};

/** One field of a request, and what it is held to. */
export interface CheckedField {
  readonly part: InputPart;
  /** Names from the outside in; `*` for every item. */
  readonly path: readonly string[];
  readonly draft: Draft;
}

/** The fields that a value of express-validator checks: chains, lists of them, `checkSchema`. */
export function checkedFields(value: Value, context: SchemaContext): CheckedField[] {
  if (value.kind === 'list') return value.items.flatMap((item) => checkedFields(item, context));
  const chain = chainOf(value);
  if (chain?.package !== PACKAGE) return [];
  const [first, places] = chain.first.args;
  if (chain.first.name === 'checkSchema') return schemaFields(first, places, context);
  if (chain.first.name === 'checkExact') return first === undefined ? [] : checkedFields(first, context);
  const part = Object.hasOwn(PLACES, chain.first.name) ? PLACES[chain.first.name] : undefined;
  if (part !== undefined) return chainFields(part, chain, context);
  if (chain.first.name === 'oneOf') checkedInCode(context, "express-validator's oneOf", chain.first);
  return [];
}

/** Whether a value is a chain, or several. */
export const isChain = (value: Value): boolean => {
  if (value.kind === 'list') return value.items.length > 0 && value.items.some(isChain);
  const root = chainOf(value);
  return (
    root?.package === PACKAGE && root.first.name !== 'validationResult' && root.first.name !== 'matchedData'
  );
};

function chainFields(part: InputPart, { first, links }: Chain, context: SchemaContext): CheckedField[] {
  const [names] = first.args;
  const texts = names?.kind === 'list' ? names.items.map(textOf) : [textOf(names)];
  const draft = draftOf(links, context);
  return texts.flatMap((text) => (text === undefined ? [] : [{ part, path: pathOf(text), draft }]));
}

const pathOf = (text: string): string[] =>
  text
    .replaceAll(/\[(\d+|\*)\]/g, '.*')
    .split('.')
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
    return partsOf(place).map((part) => ({ part, path: pathOf(name), draft }));
  });
}

const SCHEMA_PLACES: Readonly<Record<string, InputPart>> = {
  body: 'body',
  query: 'query',
  params: 'path',
  headers: 'headers',
  cookies: 'cookies',
};

function partsOf(place: Value | undefined): InputPart[] {
  const names = place?.kind === 'list' ? place.items.map(textOf) : [textOf(place)];
  const known = names.filter((name) => name !== undefined);
  const parts = known.flatMap((name) => (Object.hasOwn(SCHEMA_PLACES, name) ? [SCHEMA_PLACES[name]] : []));
  // Of several places any will do: the first is the one that is meant.
  return parts.filter((part) => part !== undefined).slice(0, 1);
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
  const own = fields.filter((field) => field.part === part && field.path[0] !== '');
  if (own.length === 0) return undefined;
  const root: FieldNode = { members: new Map(), drafts: [] };
  for (const { path, draft } of own) nodeAt(root, path).drafts.push(draft);
  return schemaOf(root).schema;
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

function schemaOf({ members, drafts }: FieldNode): {
  readonly schema: JsonObject;
  readonly required: boolean;
} {
  const isRequired = drafts.some(({ required }) => required === true);
  const schema = Object.assign({}, ...drafts.map(finished)) as JsonObject;
  const item = members.get('*');
  const named = [...members]
    .filter(([name]) => name !== '*')
    .map(([name, node]) => [name, schemaOf(node)] as const);
  if (item !== undefined && schema['type'] !== 'object')
    return { schema: { ...schema, type: 'array', items: schemaOf(item).schema }, required: isRequired };
  if (named.length === 0) return { schema, required: isRequired };
  const required = named.filter(([, member]) => member.required).map(([name]) => name);
  const object: JsonObject = {
    ...schema,
    type: 'object',
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(named.map(([name, member]) => [name, member.schema])),
  };
  return { schema: object, required: isRequired || required.length > 0 };
}
