// The query string. Values stay encoded until they are split, so that an encoded separator separates nothing.
import { JsonText, type Parameter, type RawValue, type Style } from './parameters.js';
import { fromPairs, type Shape, setOwn } from './shape.js';

/** Decoded name to values, still encoded, in order. */
export type RawQuery = Map<string, string[]>;

export function readQuery(search: string): RawQuery {
  const fields: RawQuery = new Map();
  if (search === '') return fields;
  for (const pair of search.split('&')) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const name = decodeComponent(at === -1 ? pair : pair.slice(0, at));
    const value = at === -1 ? '' : pair.slice(at + 1);
    const values = fields.get(name);
    if (values === undefined) fields.set(name, [value]);
    else values.push(value);
  }
  return fields;
}

/** `%20` and `+` to a space; text that is not properly encoded stands for itself. */
export function decodeComponent(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

/** A query parameter or a form field, as it is written. What every reading asks of its shape is asked once. */
export class Field {
  readonly name: string;
  readonly style: Style;
  readonly explode: boolean;
  readonly shape: Shape;
  readonly isObject: boolean;
  readonly isArray: boolean;
  /** Whether a list may also be a single text. */
  readonly isText: boolean;

  constructor(
    name: string,
    shape: Shape = 'string',
    style: Style = 'form',
    explode: boolean = style === 'form',
  ) {
    const isPart = typeof shape === 'object';
    this.name = name;
    this.style = style;
    this.explode = explode;
    this.shape = shape;
    this.isObject = isPart && 'properties' in shape;
    this.isArray = isPart && 'items' in shape;
    this.isText = isPart && (shape.kinds?.length ?? 0) > 0;
  }
}

/** What stands between the first bracket and the last one, `a][b` in `filter[a][b]`, and the values. */
type NestedField = readonly [inside: string, values: readonly string[]];

/** The fields with brackets, by what stands before the first one: `filter[a]` and `filter[b]` by `filter`. */
export function nestedFields(query: RawQuery): ReadonlyMap<string, readonly NestedField[]> {
  const nested = new Map<string, NestedField[]>();
  for (const [field, values] of query) {
    const at = field.indexOf('[');
    if (at === -1 || !field.endsWith(']')) continue;
    const root = field.slice(0, at);
    const own: NestedField = [field.slice(at + 1, -1), values];
    const known = nested.get(root);
    if (known === undefined) nested.set(root, [own]);
    else known.push(own);
  }
  return nested;
}

/** The same of one name, which may have brackets itself. */
const fieldsIn = (name: string, query: RawQuery): NestedField[] =>
  [...query].flatMap(([field, values]): NestedField[] =>
    field.startsWith(`${name}[`) && field.endsWith(']') ? [[field.slice(name.length + 1, -1), values]] : [],
  );

/** The value of one field, or undefined when it is absent; `nested` are its fields with brackets where they are known. */
export function readFields(
  field: Field,
  query: RawQuery,
  contracts: readonly Pick<Parameter, 'in' | 'name'>[],
  nested?: readonly NestedField[],
): RawValue | undefined {
  const { name, style, explode, isObject, isArray } = field;
  if (style === 'deepObject') return readDeep(nested ?? fieldsIn(name, query)) ?? readPlain(query.get(name));
  if (isObject && style === 'form' && explode) return readSpread(field, query, contracts);
  const values = query.get(name);
  if (values === undefined) return undefined;
  const [first = ''] = values;
  if (style === 'content') return new JsonText(decodeComponent(first));
  if (!isArray && !isObject) return textsOf(values);
  if (explode && isArray)
    return values.length === 1 && field.isText ? decodeComponent(first) : values.map(decodeComponent);
  const texts = values.flatMap((value) => splitValue(value, style));
  if (isArray) return texts;
  return fromPairs(texts.flatMap((text, at) => (at % 2 === 0 ? [[text, texts[at + 1] ?? ''] as const] : [])));
}

const splitValue = (value: string, style: Style): string[] =>
  value === '' ? [] : value.split(SEPARATORS[style] ?? ',').map(decodeComponent);

const SEPARATORS: Readonly<Record<string, RegExp | string>> = {
  form: ',',
  spaceDelimited: /%20|\+| /,
  pipeDelimited: /\||%7[Cc]/,
  tabDelimited: /%09|\t/,
};

/** An exploded form object has a field of its own for each property. */
function readSpread(
  { shape }: Field,
  query: RawQuery,
  contracts: readonly Pick<Parameter, 'in' | 'name'>[],
): RawValue | undefined {
  if (typeof shape !== 'object') return undefined;
  const taken = new Set(contracts.filter((other) => other.in === 'query').map(({ name }) => name));
  const isOurs = (name: string): boolean =>
    Object.hasOwn(shape.properties ?? {}, name) || (shape.rest !== undefined && !taken.has(name));
  const fields = [...query].filter(([name]) => isOurs(name));
  if (fields.length === 0) return undefined;
  return fromPairs(fields.map(([name, values]) => [name, textsOf(values)]));
}

/** Without brackets: a value that is no object. It may be one that the contract takes as well, or is refused. */
export function readPlain(values: readonly string[] | undefined): RawValue | undefined {
  const [first, ...more] = values ?? [];
  if (first === undefined) return undefined;
  return more.length === 0 ? decodeComponent(first) : [first, ...more].map(decodeComponent);
}

/** `filter[a]=1&filter[b][c]=2&filter[d][]=3`. */
function readDeep(fields: readonly NestedField[]): RawValue | undefined {
  if (fields.length === 0) return undefined;
  if (!fields.some(([inside]) => inside.includes(']['))) {
    const flat: { [key: string]: RawValue } = {};
    for (const [key, values] of fields) setOwn(flat, key, textsOf(values));
    return flat;
  }
  // Only here a name of a query can meet one that objects have already.
  const nested: { [key: string]: RawValue } = Object.create(null);
  for (const [inside, values] of fields) {
    const keys = inside.split('][');
    if (keys.length <= MAX_DEPTH) place(nested, keys, values.map(decodeComponent));
  }
  return { ...nested };
}

/** The value of a field, or all of them where it came more than once. */
const textsOf = (values: readonly string[]): RawValue =>
  values.length === 1 ? decodeComponent(values[0] ?? '') : values.map(decodeComponent);

/** Nobody writes deeper objects into a query string by hand or by library. */
const MAX_DEPTH = 8;

function place(target: { [key: string]: RawValue }, keys: readonly string[], values: string[]): void {
  const [key = '', ...rest] = keys;
  if (rest.length === 0 || (rest.length === 1 && rest[0] === '')) {
    const isList = rest.length === 1 || values.length > 1;
    target[key] = isList ? values : (values[0] ?? '');
    return;
  }
  const inner = target[key];
  const next: { [key: string]: RawValue } =
    typeof inner === 'object' && !Array.isArray(inner) && !(inner instanceof JsonText)
      ? inner
      : Object.create(null);
  target[key] = next;
  place(next, rest, values);
}
