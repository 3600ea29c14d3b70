// What the paths of a contract say of its resources: which operation tells of ids that others need.
import type { Parameter } from '../model/api.ts';
import type { JsonValue } from '../model/json.ts';
import { isJsonObject } from '../model/json.ts';
import type { ContractOperation, RequestContract } from './contract.ts';
import type { Judge } from './judge.ts';

/** Values for all parameters of a path, in their order. */
export type PathValues = readonly JsonValue[];

/** Something that has ids: all that stands below one path with parameters. */
export interface Resource {
  /** The path up to its last parameter, parameters without names: `/customers/{}/orders/{}`. */
  readonly key: string;
  /** All parameters of that path. */
  readonly parameters: readonly Parameter[];
  /** So many of them, at the end, are its own; those before belong to what it is a part of. */
  readonly own: number;
  /** Lists some of them. */
  readonly list?: ContractOperation;
  /** Makes one of them. */
  readonly create?: ContractOperation;
}

const shapeOf = (path: string): string => path.replace(/[?#].*$/, '').replaceAll(/\{[^{}]*\}/g, '{}');

/** The path up to the end of the segment with its last parameter; undefined without parameters. */
export function resourceKey(path: string): string | undefined {
  const segments = shapeOf(path).split('/');
  const last = segments.findLastIndex((segment) => segment.includes('{}'));
  return last < 0 ? undefined : segments.slice(0, last + 1).join('/');
}

/** The path before the parameters that stand together at the end of a key. */
function collectionOf(key: string): string {
  const segments = key.split('/');
  const last = segments.findLastIndex((segment) => !segment.includes('{}'));
  return segments.slice(0, last + 1).join('/');
}

const countParameters = (shape: string): number => shape.split('{}').length - 1;

/** The resources of a contract, those first whose ids others need. */
export function resourcesOf({ operations }: RequestContract): Resource[] {
  const byShape = new Map<string, ContractOperation>();
  for (const operation of operations) {
    const place = `${operation.method} ${shapeOf(operation.path)}`;
    if (!byShape.has(place)) byShape.set(place, operation);
  }
  const found = new Map<string, Resource>();
  for (const { path, pathParameters } of operations) {
    for (let key = resourceKey(path); key !== undefined; key = resourceKey(collectionOf(key))) {
      if (found.has(key)) break;
      const collection = collectionOf(key);
      const count = countParameters(key);
      const list = byShape.get(`GET ${collection}`);
      const create = byShape.get(`POST ${collection}`);
      found.set(key, {
        key,
        parameters: pathParameters.slice(0, count),
        own: count - countParameters(collection),
        ...(list === undefined ? {} : { list }),
        ...(create === undefined ? {} : { create }),
      });
    }
  }
  return [...found.values()].sort((one, other) => one.parameters.length - other.parameters.length);
}

/** An answer that may tell of ids. */
export interface TellingAnswer {
  /** Its body, where that is JSON. */
  readonly body: JsonValue | undefined;
  readonly location: string | undefined;
}

const MOST_ITEMS = 200;

/** The values of a resource's own parameters in an answer of what lists them. */
export function listedIds(resource: Resource, { body }: TellingAnswer, judge: Judge): PathValues[] {
  return itemsOf(body)
    .slice(0, MOST_ITEMS)
    .flatMap((item) => fitting(resource, idsOf(resource, item)?.[0], judge) ?? []);
}

/** Those of the one that an answer tells to have been made. */
export function createdIds(resource: Resource, answer: TellingAnswer, judge: Judge): PathValues | undefined {
  const located = answer.location === undefined ? undefined : idsInPath(resource, answer.location);
  const told = [answer.body, ...partsOf(answer.body)].flatMap((part) =>
    part === undefined ? [] : (idsOf(resource, part) ?? []),
  );
  for (const ids of [located, ...told]) {
    const [fit] = fitting(resource, ids, judge) ?? [];
    if (fit !== undefined) return fit;
  }
  return undefined;
}

/** What the contract lets stand in the path; in a Location, numbers are text. */
function fitting(
  { parameters, own }: Resource,
  ids: PathValues | undefined,
  judge: Judge,
): [PathValues] | undefined {
  const schemas = parameters.slice(parameters.length - own).map(({ schema }) => schema);
  const values = (ids ?? []).map((value, at) => {
    const schema = schemas[at];
    const forms = typeof value === 'string' ? [value, Number(value)] : [value, String(value)];
    return forms.find((form) => schema !== undefined && judge.isValid(form, schema, 'request'));
  });
  return ids === undefined || values.includes(undefined)
    ? undefined
    : [values.flatMap((value) => value ?? [])];
}

const LIST_NAMES = ['data', 'items', 'results', 'value', 'records', 'rows', 'content', 'entries'];
/** `{ data: { items: [...] } }` is as deep as lists are usually wrapped. */
const DEEPEST = 3;

/** The list in an answer: itself, under one of the usual names, or the first one that there is. */
function itemsOf(value: JsonValue | undefined, depth = 0): readonly JsonValue[] {
  if (Array.isArray(value)) return value as readonly JsonValue[];
  if (!isJsonObject(value) || depth > DEEPEST) return [];
  const names = [...LIST_NAMES.filter((name) => Object.hasOwn(value, name)), ...Object.keys(value)];
  for (const name of names) {
    const items = itemsOf(value[name], depth + 1);
    if (items.length > 0) return items;
  }
  return [];
}

const partsOf = (value: JsonValue | undefined): JsonValue[] =>
  isJsonObject(value) ? Object.values(value).filter((part) => isJsonObject(part)) : [];

function idsOf({ parameters, own }: Resource, item: JsonValue): [PathValues] | undefined {
  const wanted = parameters.slice(parameters.length - own);
  if (!isJsonObject(item)) {
    const isPlain = typeof item === 'string' || typeof item === 'number';
    return wanted.length === 1 && isPlain && item !== '' ? [[item]] : undefined;
  }
  const values = wanted.map(({ name }) => fieldFor(name, item, wanted.length === 1));
  return values.includes(undefined) ? undefined : [values.flatMap((value) => value ?? [])];
}

const plainName = (name: string): string => name.replaceAll(/[^\p{L}\d]/gu, '').toLowerCase();

const ID_NAMES = ['id', '_id', 'uuid', 'guid', 'key', 'slug', 'code', 'name'];

/** The field that a path parameter means: of its own name or, where it is the only one, what ids are called. */
function fieldFor(
  name: string,
  item: { readonly [key: string]: JsonValue },
  alone: boolean,
): JsonValue | undefined {
  const wanted = plainName(name);
  const names = Object.keys(item);
  const found =
    names.find((field) => field === name) ??
    names.find((field) => plainName(field) === wanted) ??
    (alone
      ? (ID_NAMES.find((field) => Object.hasOwn(item, field)) ??
        names.find((field) => /[a-z](Id|_id)$/.test(field)))
      : // `orderId` of an order is its `id`.
        names.find((field) => wanted.endsWith(plainName(field)) && ID_NAMES.includes(field)));
  const value = found === undefined ? undefined : item[found];
  return (typeof value === 'string' && value !== '') || typeof value === 'number' ? value : undefined;
}

/** `/v1/customers/7` as the answer's Location is customer 7, wherever the service is mounted. */
function idsInPath({ key, own }: Resource, location: string): PathValues | undefined {
  const path = location.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/[?#].*$/, '');
  const source = key
    .split('{}')
    .map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
    .join('([^/]+)');
  const values = new RegExp(`${source}/?$`).exec(path)?.slice(1);
  return values?.slice(values.length - own).map(decoded);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The resource that a property of a body refers to: `customerId` and `customer_id` are `/customers/{...}`. Plain
 * `id` refers to nothing.
 */
export function referredResource(property: string, resources: readonly Resource[]): Resource | undefined {
  const wanted = plainName(property);
  if (wanted === 'id') return undefined;
  return resources.find(({ key, parameters, own }) => {
    if (own !== 1) return false;
    const name = plainName(parameters.at(-1)?.name ?? '');
    if (name === wanted && name !== 'id') return true;
    const collection = plainName(collectionOf(key).split('/').at(-1) ?? '');
    return (
      ['s', 'es', ''].some((plural) => collection === `${wanted.replace(/id$/, '')}${plural}`) &&
      /id$/.test(wanted)
    );
  });
}
