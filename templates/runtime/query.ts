// The query string. Values stay encoded until they are split, so that an encoded separator separates nothing.
import { JsonText, type ParameterContract, type RawValue } from './parameters.js';
import { fromPairs } from './shape.js';

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

/** What has to be known of a parameter or a form field to read it. */
export type Field = Pick<ParameterContract, 'name' | 'style' | 'explode' | 'shape'>;

/** The fields with brackets, by what stands before the first one: `filter[a]` and `filter[b]` by `filter`. */
export function nestedFields(query: RawQuery): ReadonlyMap<string, RawQuery> {
  const nested = new Map<string, RawQuery>();
  for (const [field, values] of query) {
    const at = field.indexOf('[');
    if (at === -1) continue;
    const root = field.slice(0, at);
    const own = nested.get(root);
    if (own === undefined) nested.set(root, new Map([[field, values]]));
    else own.set(field, values);
  }
  return nested;
}

/**
 * The value of one query parameter, or undefined when it is absent. `nested` may hold its fields with brackets
 * alone: every parameter would look through those of all others.
 */
export function readFields(
  contract: Field,
  query: RawQuery,
  contracts: readonly ParameterContract[],
  nested: RawQuery = query,
): RawValue | undefined {
  const { name, style = 'form', explode = style === 'form', shape = 'string' } = contract;
  if (style === 'deepObject') return readDeep(name, nested) ?? readPlain(query.get(name));
  const isObject = typeof shape === 'object' && 'properties' in shape;
  if (isObject && style === 'form' && explode) return readSpread(contract, query, contracts);
  const values = query.get(name);
  if (values === undefined) return undefined;
  const [first = ''] = values;
  if (style === 'content') return new JsonText(decodeComponent(first));
  const isArray = typeof shape === 'object' && 'items' in shape;
  if (!isArray && !isObject) return textsOf(values);
  if (explode && isArray) {
    const single = values.length === 1 && typeof shape === 'object' && (shape.kinds?.length ?? 0) > 0;
    return single ? decodeComponent(first) : values.map(decodeComponent);
  }
  const parts = values.flatMap((value) => (value === '' ? [] : value.split(SEPARATORS[style] ?? ',')));
  const texts = parts.map(decodeComponent);
  if (isArray) return texts;
  return fromPairs(texts.flatMap((text, at) => (at % 2 === 0 ? [[text, texts[at + 1] ?? ''] as const] : [])));
}

const SEPARATORS: Readonly<Record<string, RegExp>> = {
  form: /,/,
  spaceDelimited: /%20|\+| /,
  pipeDelimited: /\||%7[Cc]/,
  tabDelimited: /%09|\t/,
};

/** An exploded form object has a field of its own for each property. */
function readSpread(
  { shape }: Field,
  query: RawQuery,
  contracts: readonly ParameterContract[],
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
function readPlain(values: readonly string[] | undefined): RawValue | undefined {
  const [first, ...more] = values ?? [];
  if (first === undefined) return undefined;
  return more.length === 0 ? decodeComponent(first) : [first, ...more].map(decodeComponent);
}

/** `filter[a]=1&filter[b][c]=2&filter[d][]=3`. */
function readDeep(name: string, query: RawQuery): RawValue | undefined {
  const flat: [key: string, value: RawValue][] = [];
  let nested: { [key: string]: RawValue } | undefined;
  for (const [field, values] of query) {
    if (field[name.length] !== '[' || !field.endsWith(']') || !field.startsWith(name)) continue;
    const inside = field.slice(name.length + 1, -1);
    if (nested === undefined && !inside.includes('][')) {
      flat.push([inside, textsOf(values)]);
      continue;
    }
    // Only here a name of a query can meet one that objects have already.
    nested ??= Object.assign(Object.create(null) as { [key: string]: RawValue }, Object.fromEntries(flat));
    const keys = inside.split('][');
    if (keys.length <= MAX_DEPTH) place(nested, keys, values.map(decodeComponent));
  }
  if (nested !== undefined) return { ...nested };
  return flat.length === 0 ? undefined : Object.fromEntries(flat);
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
