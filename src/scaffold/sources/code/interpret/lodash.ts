import {
  choice,
  constant,
  type ObjectValue,
  optionsOf,
  textOf,
  UNDEFINED,
  UNKNOWN,
  type Value,
} from '../value.ts';
import type { Call } from './calls.ts';
import { callValue } from './calls.ts';
import { memberOf } from './members.ts';

type Function = (args: readonly Value[], call: Call) => Value | undefined;

const PACKAGE = /^(?:lodash(?:-es)?|underscore)(?:$|\/|\.)/;

/** What a call of lodash or underscore gives, of what it is handed from the sources; undefined when it is none. */
export function lodashCall(
  from: string,
  path: readonly string[],
  args: readonly Value[],
  call: Call,
): Value | undefined {
  if (!PACKAGE.test(from)) return undefined;
  const name = path.at(-1) ?? /[/.](\w+)(?:\.js)?$/.exec(from)?.[1] ?? '';
  return Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name]?.(args, call) : undefined;
}

/** The items of a list, or the values of an object, with what they stand under. */
function entriesOf(value: Value | undefined): readonly (readonly [Value, Value])[] | undefined {
  if (value?.kind === 'list' && !value.open)
    return value.items.slice(0, MAX_ITEMS).map((item, at) => [item, constant(at)]);
  if (value?.kind === 'object' && !value.open)
    return [...value.properties].slice(0, MAX_ITEMS).map(([name, item]) => [item, constant(name)]);
  return undefined;
}

const MAX_ITEMS = 500;

const each: Function = ([collection, callback = UNKNOWN], { site }) => {
  const entries = entriesOf(collection);
  if (entries === undefined) return undefined;
  for (const [item, key] of entries) callValue(callback, { args: [item, key, collection ?? UNKNOWN], site });
  return collection;
};

const map: Function = ([collection, callback = UNKNOWN], { site }) => {
  const entries = entriesOf(collection);
  if (entries === undefined) return undefined;
  const items = entries.map(([item, key]) => {
    const name = textOf(callback);
    return name === undefined ? callValue(callback, { args: [item, key], site }) : memberOf(item, name, site);
  });
  return { kind: 'list', items, open: false };
};

const picked =
  (keeps: boolean): Function =>
  ([object, ...names], { site }) => {
    const keys = names.flatMap((name) => (name.kind === 'list' ? name.items : [name])).map(textOf);
    if (object === undefined || keys.some((key) => key === undefined)) return undefined;
    const made: ObjectValue = { kind: 'object', properties: new Map(), open: false };
    if (!keeps) {
      if (object.kind !== 'object') return undefined;
      const left = [...object.properties].filter(([name]) => !keys.includes(name));
      return { ...made, properties: new Map(left), open: object.open };
    }
    for (const key of keys) {
      const member = key === undefined ? UNDEFINED : memberOf(object, key, site);
      if (key !== undefined && member !== UNDEFINED) made.properties.set(key, member);
    }
    return made;
  };

const merged: Function = ([target, ...sources]) => {
  if (target?.kind !== 'object') return undefined;
  for (const source of sources) {
    if (source.kind === 'object')
      for (const [name, item] of source.properties) target.properties.set(name, item);
    else target.open = true;
  }
  return target;
};

const FUNCTIONS: Readonly<Record<string, Function>> = {
  each,
  forEach: each,
  forOwn: each,
  forIn: each,
  map,
  values: ([collection]) => {
    const entries = entriesOf(collection);
    return entries && { kind: 'list', items: entries.map(([item]) => item), open: false };
  },
  keys: ([collection]) => {
    const entries = entriesOf(collection);
    return entries && { kind: 'list', items: entries.map(([, key]) => key), open: false };
  },
  pick: picked(true),
  omit: picked(false),
  assign: merged,
  extend: merged,
  merge: merged,
  defaultTo: ([given, usual]) => {
    if (given === undefined || usual === undefined) return undefined;
    const options = optionsOf(given).map((option) =>
      option.kind === 'constant' && (option.value === undefined || option.value === null) ? usual : option,
    );
    // Of what nothing is known, the usual may be all there is.
    return choice(options.flatMap((option) => (option.kind === 'unknown' ? [option, usual] : [option])));
  },
  get: ([object, path, usual], { site }) => {
    const text = textOf(path);
    if (object === undefined || text === undefined) return undefined;
    const value = text
      .split('.')
      .slice(0, 10)
      .reduce((at, name) => memberOf(at, name, site), object);
    return usual === undefined ? value : choice([value, usual]);
  },
};
