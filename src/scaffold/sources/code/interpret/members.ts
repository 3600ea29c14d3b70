import { settled } from '../scope.ts';
import { memberOfType } from '../types/members.ts';
import {
  type CallSite,
  choice,
  constant,
  type FunctionValue,
  type Host,
  native,
  UNDEFINED,
  UNKNOWN,
  type Value,
} from '../value.ts';
import { callFunction } from './calls.ts';
import { inheritedMember } from './classes.ts';
import { promiseMember } from './promises.ts';
import { setMembersOf } from './set-members.ts';

type Members = {
  readonly [Kind in Value['kind']]?: (
    value: Extract<Value, { readonly kind: Kind }>,
    name: string,
    site: CallSite,
  ) => Value | undefined;
};

/** A property of a value. */
export function memberOf(value: Value, name: string, site: CallSite): Value {
  const members = MEMBERS[value.kind] as
    | ((value: Value, name: string, site: CallSite) => Value | undefined)
    | undefined;
  const member = setMembersOf(value).get(name) ?? members?.(value, name, site);
  // An object of the sources that is waited for is a promise of it.
  if (member === UNDEFINED && value.kind === 'object') return promiseMember(value, name) ?? member;
  if (member?.kind === 'function' && member.getter) return callFunction(member, { args: [], site });
  return member ?? promiseMember(value, name) ?? UNKNOWN;
}

const MEMBERS: Members = {
  choice: ({ options }, name, site) => choice(options.map((option) => memberOf(option, name, site))),
  object: (value, name, site) =>
    value.properties.get(name) ??
    // What was spread last counts.
    value.spread?.at(-1)?.host.member?.(name, site) ??
    (value.class === undefined ? absentMember(value.open, name) : inheritedMember(value.class, name, value)),
  list: ({ items, open }, name) => {
    if (/^\d+$/.test(name)) return items[Number(name)];
    return name === 'length' && !open
      ? constant(items.length)
      : { kind: 'member', of: { kind: 'list', items, open }, name };
  },
  class: (value, name, site) => {
    if (name === 'name') return constant(value.node.id?.name);
    return (
      value.statics.get(name) ?? (value.parent === undefined ? undefined : memberOf(value.parent, name, site))
    );
  },
  function: (value, name) => value.properties.get(name) ?? functionMember(value, name),
  module: ({ module }, name, { scope }) => {
    const value = scope.frame.interpreter.project.exportOf(module, name);
    // `import('./x').then(...)`
    return name === 'then' && value.kind === 'unknown' ? undefined : value;
  },
  external: ({ package: from, path }, name) => {
    // What `import x from` gives and what `require` gives is the same to us.
    const inside = name === 'default' && from !== '' ? path : [...path, name];
    const known = from === 'celebrate' ? SEGMENTS[inside.join('.')] : undefined;
    return known === undefined ? { kind: 'external', package: from, path: inside } : constant(known);
  },
  member: (of, name) => ({ kind: 'member', of, name }),
  call: (of, name) => ({ kind: 'member', of, name }),
  pattern: (of, name) => ({ kind: 'member', of, name }),
  constant: (of, name) => {
    if (typeof of.value !== 'string') return undefined;
    return name === 'length' ? constant(of.value.length) : { kind: 'member', of, name };
  },
  input: ({ host }, name, site) => host.member?.(name, site),
  host: ({ host }, name, site) => host.member?.(name, site) ?? calledOtherwise(host, name),
  unknown: ({ type }, name) => (type === undefined ? undefined : memberOfType(type, name)),
};

/** celebrate's names for the parts of a request. */
const SEGMENTS: Readonly<Record<string, string>> = {
  'Segments.BODY': 'body',
  'Segments.QUERY': 'query',
  'Segments.PARAMS': 'params',
  'Segments.HEADERS': 'headers',
  'Segments.COOKIES': 'cookies',
  'Segments.SIGNEDCOOKIES': 'signedCookies',
};

const absentMember = (open: boolean, name: string): Value | undefined =>
  open || name in Object.prototype ? undefined : UNDEFINED;

/** `app[method].call(app, path, handler)` */
function calledOtherwise({ call }: Host, name: string): Value | undefined {
  if (call === undefined || !['call', 'apply', 'bind'].includes(name)) return undefined;
  if (name === 'call') return native(name, ([, ...args], site) => call(args, site));
  if (name === 'apply')
    return native(name, ([, list], site) => call(list?.kind === 'list' ? list.items : [], site));
  return native(name, ([, ...bound]) => native(name, (args, site) => call([...bound, ...args], site)));
}

function functionMember(value: FunctionValue, name: string): Value | undefined {
  if (name === 'bind') {
    return native('bind', ([self = UNDEFINED, ...bound]) => ({
      ...value,
      ...(value.node.type === 'ArrowFunctionExpression' ? {} : { self }),
      bound: [...(value.bound ?? []), ...bound],
    }));
  }
  if (name === 'call') {
    return native('call', ([self = UNDEFINED, ...args], site) =>
      callFunction({ ...value, self }, { args, site }),
    );
  }
  if (name === 'apply') {
    return native('apply', ([self = UNDEFINED, list], site) =>
      callFunction({ ...value, self }, { args: list?.kind === 'list' ? list.items : [], site }),
    );
  }
  return undefined;
}

/** What a name of a file stands for, for those who follow exports. */
export const bindingValue = (scope: CallSite['scope'], name: string): Value | undefined => {
  const binding = scope.find(name);
  return binding === undefined ? undefined : settled(binding);
};
