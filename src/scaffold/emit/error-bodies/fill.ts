import { hasType, type SchemaTable } from '../../model/admits.ts';
import { isLeftOut } from '../../model/directions.ts';
import type { JsonValue } from '../../model/json.ts';
import type { JsonType, Schema } from '../../model/schema.ts';
import { printValue } from '../literals.ts';
import { objectKey } from '../quote.ts';
import { type Role, roleOf } from './roles.ts';
import { type SchemaView, viewsOf } from './view.ts';

/** An expression that gives a schema its value out of an error. */
export interface Filled {
  readonly text: string;
  /** Whether the value tells what went wrong: a message, a code or a status. */
  readonly tells: boolean;
  /** Whether the value depends on the error at all. */
  readonly varies: boolean;
}

/** What is being filled in. */
interface Target {
  readonly role: Role;
  /** The variable that holds the facts: `error`, or `part` within a list. */
  readonly facts: 'error' | 'part';
  readonly table: SchemaTable;
  readonly depth: number;
  /** Whether a property beside it has the message. */
  readonly besideMessage: boolean;
}

/** Errors nested deeper than this are none. */
const MAX_DEPTH = 5;

/**
 * How a schema can hold an error: `{ code: error.status, message: error.message }`. Undefined where it
 * asks for something that no error of ours has. What cannot be known beforehand (lengths, for one) is
 * left to the check of the finished body.
 */
export function fillError(schema: Schema, table: SchemaTable): Filled | undefined {
  const filled = fill(schema, { role: 'message', facts: 'error', table, depth: 0, besideMessage: false });
  return filled?.tells ? filled : undefined;
}

function fill(schema: Schema, target: Target): Filled | undefined {
  if (target.depth > MAX_DEPTH) return undefined;
  const ways = viewsOf(schema, target.table).flatMap((view) => fillView(view, target) ?? []);
  return ways.find(({ tells }) => tells) ?? ways[0];
}

const constant = (value: JsonValue): Filled => ({ text: printValue(value), tells: false, varies: false });

function fillView(view: SchemaView, target: Target): Filled | undefined {
  const values = view.parts.map((part) => part.values).find((listed) => listed !== undefined);
  if (values !== undefined) {
    const [only] = values;
    return values.length === 1 && only !== undefined ? constant(only) : undefined;
  }
  // A text is the plainest thing to say, but the body itself and what has properties are meant as objects.
  const order = target.depth === 0 || view.properties.size > 0 ? OBJECTS_FIRST : TEXTS_FIRST;
  for (const type of order) {
    const filled = hasType(view.types, type) ? PRINTERS[type](view, target) : undefined;
    if (filled !== undefined) return filled;
  }
  return undefined;
}

type Fillable = Exclude<JsonType, 'null' | 'integer'>;

const OBJECTS_FIRST: readonly Fillable[] = ['object', 'array', 'string', 'number', 'boolean'];
const TEXTS_FIRST: readonly Fillable[] = ['string', 'number', 'boolean', 'object', 'array'];

const PRINTERS: Readonly<Record<Fillable, (view: SchemaView, target: Target) => Filled | undefined>> = {
  object: fillObject,
  string: fillString,
  number: fillNumber,
  boolean: fillBoolean,
  array: fillArray,
};

/** What each role says as a text. */
const TEXTS: Readonly<Partial<Record<Role, (facts: string) => string>>> = {
  message: (facts) => `${facts}.message`,
  details: (facts) => `${facts}.message`,
  error: (facts) => `${facts}.message`,
  code: (facts) => `${facts}.code`,
  type: (facts) => `${facts}.code`,
  status: (facts) => `String(${facts}.status)`,
  title: (facts) => `${facts}.title`,
  requestId: (facts) => `${facts}.requestId`,
  field: (facts) => `${facts}.field`,
};

const TELLING: ReadonlySet<Role> = new Set([
  'message',
  'details',
  'error',
  'code',
  'type',
  'status',
  'title',
]);

function fillString({ parts }: SchemaView, target: Target): Filled | undefined {
  const { facts, besideMessage } = target;
  // OAuth's `{ error, error_description }` has a code where `{ error }` alone has the message.
  const role = target.role === 'error' && besideMessage ? 'code' : target.role;
  const formats = parts.flatMap(({ format }) => format ?? []);
  if (role === 'timestamp') {
    const fits = formats.every((format) => format === 'date-time');
    return fits ? { text: `${facts}.timestamp`, tells: false, varies: true } : undefined;
  }
  // RFC 9457, section 4.2.1: the type of a problem that is no more than its status.
  if (role === 'type' && formats.some((format) => format.startsWith('uri'))) return constant('about:blank');
  const print = TEXTS[role];
  // A request id is a UUID, unless the client sent another: then the finished body's check says so.
  const plain = role === 'requestId' ? ['string', 'text', 'uuid', 'guid'] : ['string', 'text'];
  const isPlain = formats.every((format) => plain.includes(format));
  if (print === undefined || !isPlain || !admitsCodes(parts, role)) return undefined;
  return { text: print(facts), tells: TELLING.has(role), varies: true };
}

/** A pattern may be meant for codes of another kind than ours. */
function admitsCodes(parts: readonly Schema[], role: Role): boolean {
  const example = { code: 'VALIDATION_ERROR', type: 'VALIDATION_ERROR', status: '400' }[String(role)];
  if (example === undefined) return true;
  return parts.every(({ pattern, maxLength = example.length }) => {
    if (maxLength < example.length) return false;
    return pattern === undefined || !PLAIN_CLASS.test(pattern) || matches(pattern, example);
  });
}

/** Patterns that cannot take long on a short text; others are left to the check of the finished body. */
const PLAIN_CLASS = /^\^?\[[^[\]]+\][*+]?\$?$/;

function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return true;
  }
}

function fillNumber({ parts }: SchemaView, { role, facts }: Target): Filled | undefined {
  if (role !== 'status' && role !== 'code') return undefined;
  const fits = parts.every(({ minimum = 400, maximum = 599 }) => minimum <= 400 && maximum >= 599);
  return fits ? { text: `${facts}.status`, tells: true, varies: true } : undefined;
}

const FLAGS: Readonly<Partial<Record<Role, boolean>>> = { succeeded: false, failed: true, error: true };

function fillBoolean(_view: SchemaView, { role }: Target): Filled | undefined {
  const flag = FLAGS[role];
  return flag === undefined ? undefined : constant(flag);
}

/** A list of what is wrong; where nothing else tells it, at least one entry, for the error itself. */
function fillArray({ parts }: SchemaView, target: Target): Filled | undefined {
  const items = parts.map((part) => part.items).find((item) => item !== undefined);
  const isPlain = parts.every(({ prefixItems, contains }) => (prefixItems ?? contains) === undefined);
  if (items === undefined || !isPlain || !LISTS.has(target.role)) return undefined;
  const item = fill(items, { ...target, role: 'message', facts: 'part', depth: target.depth + 1 });
  if (item === undefined || !item.tells) return undefined;
  const text = item.text.startsWith('{') ? `(${item.text})` : item.text;
  const mayBeEmpty = target.besideMessage && parts.every(({ minItems = 0 }) => minItems === 0);
  const list = mayBeEmpty ? 'detailsOf' : 'partsOf';
  return { text: `${list}(${target.facts}).map((part) => ${text})`, tells: true, varies: true };
}

const LISTS: ReadonlySet<Role> = new Set(['details', 'message', 'error']);

function fillObject(view: SchemaView, target: Target): Filled | undefined {
  if ([...view.required].some((name) => !view.properties.has(name))) return undefined;
  const map = view.properties.size === 0 ? fillMap(view, target) : undefined;
  if (map !== undefined) return map;
  const besideMessage = [...view.properties.keys()].some((name) => roleOf(name) === 'message');
  const members: string[] = [];
  let [tells, varies] = [false, false];
  for (const [name, property] of view.properties) {
    if (isLeftOut(property, 'response')) continue;
    const isRequired = view.required.has(name);
    const role = propertyRole(name, target);
    const filled = fill(property, { ...target, role, depth: target.depth + 1, besideMessage });
    const kept = filled ?? (isRequired ? fillUnknown(property, target.table) : undefined);
    if (kept === undefined && isRequired) return undefined;
    if (kept === undefined || (!isRequired && isIdle(kept, role))) continue;
    members.push(`${objectKey(name)}: ${kept.text}`);
    [tells, varies] = [tells || kept.tells, varies || kept.varies];
  }
  return { text: members.length === 0 ? '{}' : `{\n${members.join(',\n')},\n}`, tells, varies };
}

/** What says nothing of the error, and need not be there. */
const isIdle = ({ text, varies }: Filled, role: Role): boolean =>
  !varies && (role === 'none' || text === '{}');

/** What is named after a field says which one only where it stands in a list of them. */
function propertyRole(name: string, { facts }: Target): Role {
  const role = roleOf(name);
  if (role !== 'field' || facts === 'part') return role;
  return name === 'name' ? 'code' : 'none';
}

/** What is wrong by the name of the field: `{ email: ['Invalid'] }`. */
function fillMap({ parts }: SchemaView, { role, facts, table }: Target): Filled | undefined {
  const values = parts.flatMap(({ additionalProperties }) => additionalProperties ?? []);
  const [value] = values;
  if (role !== 'details' || values.length !== 1 || value === undefined) return undefined;
  const [view] = viewsOf(value, table);
  const items = view?.parts.flatMap((part) => part.items ?? []) ?? [];
  const isText = (schema: Schema | undefined): boolean =>
    schema?.types?.length === 1 && schema.types[0] === 'string' && schema.values === undefined;
  const entry = isText(value) ? 'message' : isText(items[0]) ? '[message]' : undefined;
  if (entry === undefined) return undefined;
  const text = `Object.fromEntries(${facts}.details.map(({ field, message }) => [field, ${entry}]))`;
  return { text, tells: false, varies: true };
}

/** What a property holds that has to be there and has nothing to do with errors. */
function fillUnknown(property: Schema, table: SchemaTable): Filled | undefined {
  if (property.default !== undefined && typeof property.default !== 'object')
    return constant(property.default);
  for (const { types, parts } of viewsOf(property, table)) {
    if (parts.some(({ values }) => values !== undefined)) continue;
    if (hasType(types, 'null')) return constant(null);
    const isFree = parts.every(({ minItems = 0, contains }) => minItems === 0 && contains === undefined);
    if (hasType(types, 'array') && isFree) return constant([]);
  }
  return undefined;
}
