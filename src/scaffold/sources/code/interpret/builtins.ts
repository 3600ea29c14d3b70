import { basename, dirname, join, resolve } from 'node:path';
import { elementType } from '../types/members.ts';
import { type Constant, choice, constant, type ListValue, UNDEFINED, UNKNOWN, type Value } from '../value.ts';
import { setMember } from './assign.ts';
import { type Call, callValue } from './calls.ts';
import { COMPILED } from './compiled.ts';
import { FILES } from './folders.ts';
import { lodashCall } from './lodash.ts';
import { isTrue } from './operators.ts';
import { isEnumerable } from './platform-errors.ts';
import { newPromise, promiseMember, rejectedPromise } from './promises.ts';

/** What a call of the platform's own, or of a method of a list or text, gives; undefined when it is none of those. */
export function builtinCall(callee: Value, call: Call, self: Value | undefined): Value | undefined {
  if (callee.kind === 'external') {
    const name = callee.path.join('.');
    const platform = Object.hasOwn(PACKAGES, callee.package) ? PACKAGES[callee.package] : undefined;
    return platform !== undefined && Object.hasOwn(platform, name)
      ? platform[name]?.(call.args, call)
      : lodashCall(callee.package, callee.path, call.args, call);
  }
  if (callee.kind !== 'member') return undefined;
  const of = listOf(self ?? callee.of, call);
  if (of.kind === 'object' && callee.name === 'hasOwnProperty') return hasOwn(of, call.args[0]);
  if (of.kind === 'list') {
    const own = Object.hasOwn(LISTS, callee.name) ? LISTS[callee.name] : undefined;
    if (own !== undefined) return own(of, call);
    const waiting = promiseMember(of, callee.name);
    return waiting === undefined ? undefined : callValue(waiting, call);
  }
  if (of.kind === 'constant' && typeof of.value === 'string') {
    return Object.hasOwn(TEXTS, callee.name) ? TEXTS[callee.name]?.(of.value, call.args) : UNKNOWN;
  }
  return undefined;
}

/** A list of which only the type is known, as a list of one such item and others. */
function listOf(value: Value, { site }: Call): Value {
  const type = value.kind === 'unknown' ? value.type : site.scope.frame.interpreter.said.get(value);
  const item = type === undefined ? undefined : elementType(type);
  if (type === undefined || item === undefined || (value.kind !== 'unknown' && value.kind !== 'list'))
    return value;
  // While routes are registered a list is what is in it; a handler may find anything of its type.
  if (value.kind === 'list' && site.scope.frame.interpreter.watcher === undefined) return value;
  const list: ListValue = { kind: 'list', items: [{ kind: 'unknown', type: item }], open: true };
  site.scope.frame.interpreter.said.set(list, type);
  return list;
}

type Builtin = (args: readonly Value[], call: Call) => Value | undefined;

const texts = (args: readonly Value[]): string[] | undefined => {
  const found = args.map((value) => (value.kind === 'constant' ? String(value.value) : undefined));
  return found.every((text) => text !== undefined) ? found : undefined;
};

const path =
  (fold: (...parts: string[]) => string): Builtin =>
  (args) => {
    const parts = texts(args);
    return parts === undefined ? UNKNOWN : constant(fold(...parts));
  };

const PATHS: Readonly<Record<string, Builtin>> = {
  join: path(join),
  // Nothing but what the sources say: a relative path stays one.
  resolve: path((...parts) => (parts[0]?.startsWith('/') ? resolve(...parts) : join(...parts))),
  dirname: path((first = '') => dirname(first)),
  basename: path((first = '', extension) => basename(first, extension)),
};

const URLS: Readonly<Record<string, Builtin>> = {
  fileURLToPath: path((first = '') => first.replace(/^file:\/\//, '')),
};

const first: Builtin = ([value]) => value ?? UNKNOWN;

const entries = (value: Value | undefined, shape: (name: string, item: Value) => Value): Value => {
  if (value?.kind !== 'object') return { kind: 'list', items: [], open: true };
  const items = [...value.properties].map(([name, item]) => shape(name, item));
  return { kind: 'list', items, open: value.open };
};

const NO_LISTS: ReadonlySet<Value['kind']> = new Set([
  'constant',
  'object',
  'function',
  'class',
  'pattern',
  'host',
  'module',
]);

const textOfConstant = (value: Value | undefined): string =>
  value?.kind === 'constant' ? String(value.value) : '';

function hasOwn(value: Value | undefined, name: Value | undefined): Value | undefined {
  if (value?.kind !== 'object' || name?.kind !== 'constant') return undefined;
  if (value.properties.has(String(name.value))) return constant(true);
  return value.open || value.class !== undefined ? undefined : constant(false);
}

const PLATFORM: Readonly<Record<string, Builtin>> = {
  'Object.freeze': first,
  'Object.seal': first,
  'Promise.resolve': first,
  'Promise.reject': (args) => rejectedPromise(args),
  Promise: (args, call) => newPromise(args, call),
  'Array.isArray': ([value]) => {
    if (value?.kind === 'list') return constant(true);
    return value !== undefined && NO_LISTS.has(value.kind) ? constant(false) : undefined;
  },
  'Object.hasOwn': ([value, name]) => hasOwn(value, name),
  'Object.prototype.hasOwnProperty.call': ([value, name]) => hasOwn(value, name),
  'Object.fromEntries': ([value]) => {
    const entries = value?.kind === 'list' && !value.open ? value.items : undefined;
    const pairs = entries?.map((entry) => (entry.kind === 'list' ? entry.items : []));
    if (pairs?.every(([name]) => name?.kind === 'constant') !== true) return undefined;
    const properties = pairs.map(([name, item = UNKNOWN]) => [textOfConstant(name), item] as const);
    return { kind: 'object', properties: new Map(properties), open: false };
  },
  String: ([value]) => (value?.kind === 'constant' ? constant(String(value.value)) : undefined),
  'Object.keys': ([value]) => entries(value, (name) => constant(name)),
  'Object.values': ([value]) => entries(value, (_name, item) => item),
  'Object.entries': ([value]) =>
    entries(value, (name, item) => ({ kind: 'list', items: [constant(name), item], open: false })),
  'Object.assign': ([target = UNKNOWN, ...sources], { site }) => {
    for (const source of sources) {
      if (source.kind === 'object')
        for (const [name, item] of source.properties)
          if (isEnumerable(source, name)) setMember(target, name, item, site);
          else if (target.kind === 'object') target.open = true;
    }
    return target;
  },
  'Object.defineProperty': ([target = UNKNOWN, name, how]) => {
    const key = name?.kind === 'constant' ? String(name.value) : undefined;
    if (target.kind !== 'object' || key === undefined || how?.kind !== 'object') return target;
    const getter = how.properties.get('get');
    const value =
      getter?.kind === 'function' ? { ...getter, getter: true as const } : how.properties.get('value');
    if (value !== undefined) target.properties.set(key, value);
    return target;
  },
  'Promise.all': ([value]) => value ?? UNKNOWN,
  URL: path((name = '', base = '') =>
    base.startsWith('file://') ? `file://${resolve(dirname(base.slice(7)), name)}` : name,
  ),
};

const PACKAGES: Readonly<Record<string, Readonly<Record<string, Builtin>>>> = {
  '': PLATFORM,
  path: PATHS,
  url: URLS,
  fs: FILES,
  'fs/promises': FILES,
  tslib: COMPILED,
};

type ListMethod = (list: ListValue, call: Call) => Value;

const each = (list: ListValue, { args, site }: Call): Value[] => {
  const [callback = UNKNOWN] = args;
  const items = list.items.slice(0, 500);
  const given = items.length === 0 && list.open ? [UNKNOWN] : items;
  return given.map((item, at) => callValue(callback, { args: [item, constant(at), list], site }));
};

/** Takes an item off a list, where that is sure to happen once. */
function taken(list: ListValue, { site }: Call, place: 0 | -1): Value {
  const { interpreter } = site.scope.frame;
  const item = list.open ? UNKNOWN : (list.items.at(place) ?? UNDEFINED);
  if (interpreter.watcher === undefined && interpreter.uncertain === 0) list.items.splice(place, 1);
  return item;
}

const LISTS: Readonly<Record<string, ListMethod>> = {
  forEach: (list, call) => {
    each(list, call);
    return UNDEFINED;
  },
  map: (list, call) => ({ kind: 'list', items: each(list, call), open: list.open }),
  flatMap: (list, call) => ({
    kind: 'list',
    items: each(list, call).flatMap((item) => (item.kind === 'list' ? item.items : [item])),
    open: list.open,
  }),
  // Which are left is not known, only that no others are.
  // What is left of items that cannot be judged is not known, only that no others are.
  filter: (list, call) => {
    const kept = each(list, call).map(isTrue);
    const items = list.items.filter((item, at) => item.kind !== 'constant' || kept[at] !== false);
    return items.length === list.items.length ? list : { kind: 'list', items, open: list.open };
  },
  slice: (list) => list,
  find: ({ items, open }) => (open || items.length === 0 ? UNKNOWN : choice([...items, UNDEFINED])),
  reduce: ({ items, open }, { args: [callback = UNKNOWN, start = UNKNOWN], site }) => {
    let value = open ? UNKNOWN : start;
    for (const item of items.slice(0, 100)) value = callValue(callback, { args: [value, item], site });
    return value;
  },
  includes: ({ items, open }, { args: [wanted] }) => {
    if (wanted?.kind !== 'constant') return UNKNOWN;
    const isThere = items.some((item) => item.kind === 'constant' && item.value === wanted.value);
    const isSure = !open && items.every(({ kind }) => kind === 'constant');
    return isThere || isSure ? constant(isThere) : UNKNOWN;
  },
  indexOf: ({ items, open }, { args: [wanted] }) => {
    if (wanted?.kind !== 'constant' || open || items.some(({ kind }) => kind !== 'constant')) return UNKNOWN;
    return constant(items.findIndex((item) => item.kind === 'constant' && item.value === wanted.value));
  },
  concat: (list, { args }) => ({
    kind: 'list',
    items: [...list.items, ...args.flatMap((item) => (item.kind === 'list' ? item.items : [item]))],
    open: list.open || args.some((item) => item.kind === 'unknown'),
  }),
  push: (list, { args, site }) => {
    const { interpreter } = site.scope.frame;
    interpreter.filled(list);
    if (interpreter.watcher !== undefined) list.open = true;
    else if (list.items.length < 20_000) list.items.push(...args);
    return UNKNOWN;
  },
  join: ({ items, open }, { args }) => {
    const parts = texts(items);
    const [separator = ','] = texts(args.slice(0, 1)) ?? [];
    return parts === undefined || open ? UNKNOWN : constant(parts.join(separator));
  },
  unshift: (list, { args, site }) => {
    site.scope.frame.interpreter.filled(list);
    if (site.scope.frame.interpreter.watcher !== undefined) list.open = true;
    else if (list.items.length < 20_000) list.items.unshift(...args);
    return UNKNOWN;
  },
  pop: (list, call) => taken(list, call, -1),
  shift: (list, call) => taken(list, call, 0),
  at: ({ items, open }, { args: [place] }) =>
    open || place?.kind !== 'constant' ? UNKNOWN : (items.at(Number(place.value)) ?? UNDEFINED),
  reverse: (list) => list,
  sort: (list) => list,
};

type TextMethod = (text: string, args: readonly Value[]) => Value;

const textMethod =
  (fold: (text: string, ...parts: string[]) => Constant): TextMethod =>
  (text, args) => {
    const parts = texts(args);
    return parts === undefined ? UNKNOWN : constant(fold(text, ...parts));
  };

const sliced: TextMethod = (text, args) => {
  const places = args.map((value) => (value.kind === 'constant' ? Number(value.value) : Number.NaN));
  return places.some(Number.isNaN) ? UNKNOWN : constant(text.slice(...places));
};

const TEXTS: Readonly<Record<string, TextMethod>> = {
  toLowerCase: textMethod((text) => text.toLowerCase()),
  toUpperCase: textMethod((text) => text.toUpperCase()),
  trim: textMethod((text) => text.trim()),
  concat: textMethod((text, ...parts) => text + parts.join('')),
  replace: textMethod((text, from = '', to = '') => text.replace(from, () => to)),
  slice: sliced,
  substring: sliced,
  substr: sliced,
  indexOf: textMethod((text, part = '') => text.indexOf(part)),
  lastIndexOf: textMethod((text, part = '') => text.lastIndexOf(part)),
  includes: textMethod((text, part = '') => text.includes(part)),
  startsWith: textMethod((text, part = '') => text.startsWith(part)),
  endsWith: textMethod((text, part = '') => text.endsWith(part)),
  toString: textMethod((text) => text),
  split: (text, args) => {
    const parts = texts(args);
    if (parts === undefined || parts.length === 0) return UNKNOWN;
    return { kind: 'list', items: text.split(parts[0] ?? '').map((part) => constant(part)), open: false };
  },
};
