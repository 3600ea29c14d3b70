// Turns the texts of parameters and form fields into the JSON values that their schemas speak of.
import { JsonText, type RawValue } from './parameters.js';

export type Kind = 'string' | 'number' | 'boolean' | 'null';

/** What a text may stand for. Lists and objects say it of their parts. */
export type Shape =
  | Kind
  | {
      readonly kinds?: readonly Kind[];
      readonly items?: Shape;
      readonly properties?: Readonly<Record<string, Shape>>;
      /** The shape of all other properties. */
      readonly rest?: Shape;
    };

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

const CONVERTERS: Readonly<Record<Kind, (text: string) => unknown>> = {
  number: (text) => (NUMBER.test(text) ? Number(text) : undefined),
  boolean: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  null: (text) => (text === '' || text === 'null' ? null : undefined),
  string: (text) => text,
};

/** The order in which meanings are tried: a text is always a string as well. */
const ORDER: readonly Kind[] = ['number', 'boolean', 'null', 'string'];

/** Converts what can be converted; what cannot stays text, and the schema refuses it with its own words. */
export function convert(raw: RawValue, shape: Shape): unknown {
  if (typeof raw === 'string') return convertText(raw, shape);
  if (raw instanceof JsonText) return raw.parsed();
  if (typeof shape === 'string') return settled(raw);
  if (Array.isArray(raw)) return raw.map((item) => convert(item, shape.items ?? 'string'));
  const listed = shape.items === undefined ? undefined : listOf(raw);
  if (listed !== undefined) return convert(listed, shape);
  return convertParts(raw, (key) => partShape(shape, key));
}

function convertParts(raw: Readonly<Record<string, RawValue>>, shapeOf: (key: string) => Shape): object {
  const converted: Record<string, unknown> = {};
  for (const key of Object.keys(raw)) setOwn(converted, key, convert(raw[key] ?? '', shapeOf(key)));
  return converted;
}

/** `__proto__` is a name as any other. */
export function setOwn<T>(target: Record<string, T>, name: string, value: T): void {
  if (name !== '__proto__') target[name] = value;
  else Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

/** Lists and objects where the schema knows of neither: JSON texts in them are read all the same. */
function settled(raw: Exclude<RawValue, JsonText>): unknown {
  if (typeof raw === 'string') return raw;
  if (Array.isArray(raw)) return raw.map((item) => convert(item, 'string'));
  return convertParts(raw, () => 'string');
}

/** `a[0]=x&a[1]=y` and `a[]=x&a[]=y` are read as objects; where a list is wanted, they are one. */
function listOf(raw: Readonly<Record<string, RawValue>>): RawValue[] | undefined {
  const entries = Object.entries(raw);
  if (!entries.every(([key]) => /^\d{0,9}$/.test(key))) return undefined;
  // Names that are indexes are in their order by the rules of the language.
  return entries.flatMap(([key, part]) => (key === '' && Array.isArray(part) ? part : [part]));
}

function partShape(shape: Exclude<Shape, Kind>, key: string): Shape {
  const { properties = {}, rest = 'string' } = shape;
  return Object.hasOwn(properties, key) ? (properties[key] ?? rest) : rest;
}

function convertText(text: string, shape: Shape): unknown {
  if (shape === 'string') return text;
  const kinds = typeof shape === 'string' ? [shape] : (shape.kinds ?? []);
  if (kinds.length === 0 && typeof shape === 'object' && shape.items !== undefined)
    return [convertText(text, shape.items)];
  for (const kind of ORDER) {
    if (!kinds.includes(kind)) continue;
    const value = CONVERTERS[kind](text);
    if (value !== undefined) return value;
  }
  return text;
}

/** An object from names and values; a name that comes again makes a list. `__proto__` is a name as any other. */
export function fromPairs(pairs: readonly (readonly [string, RawValue])[]): RawValue {
  const fields = new Map<string, RawValue>();
  for (const [name, value] of pairs) {
    const before = fields.get(name);
    fields.set(
      name,
      before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value],
    );
  }
  return Object.fromEntries(fields);
}
