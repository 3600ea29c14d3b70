import type { FoundRoute } from '../routes.ts';
import {
  type CallSite,
  type ConstantValue,
  choice,
  constant,
  type Host,
  type HostValue,
  type InputPart,
  type InputValue,
  native,
  optionsOf,
  textOf,
  UNDEFINED,
  UNKNOWN,
  type Value,
} from '../value.ts';
import type { Trace } from './trace.ts';

/** A part of the request, whose members are remembered as they are read. */
export function input(trace: Trace, part: InputPart, path: readonly string[] = []): InputValue {
  const host: Host = {
    name: `input.${part}`,
    member: (name, site) => memberOfInput(trace, part, path, name, site),
  };
  return { kind: 'input', part, path, host };
}

/** Methods of texts and lists are no properties of a body; `req.query.sort` that is not called is one. */
const isMethod = (name: string): boolean =>
  name in String.prototype || name in Array.prototype || name in Object.prototype;

const MAX_DEPTH = 6;

function memberOfInput(
  trace: Trace,
  part: InputPart,
  path: readonly string[],
  name: string,
  site: CallSite,
): Value | undefined {
  if (site.called === true || name === 'length') {
    if (part === 'headers' && name === 'get') return getter(trace, 'headers');
    if (part === 'cookies' && name === 'get') return getter(trace, 'cookies');
    if (isMethod(name) || name === '*') return native(name, () => UNKNOWN);
    return undefined;
  }
  if (path.length >= MAX_DEPTH || name === '*') return UNKNOWN;
  const read = [...path, part === 'headers' ? name.toLowerCase() : name];
  trace.read(part, read, site.origin);
  return input(trace, part, read);
}

/** `req.get('Authorization')` and the like. */
export function getter(trace: Trace, part: InputPart): HostValue {
  return native('get', ([name], site) => {
    const found = name === undefined ? [] : optionsOf(name).map(textOf);
    for (const text of found) {
      if (text === undefined) continue;
      const read = [part === 'headers' ? text.toLowerCase() : text];
      trace.read(part, read, site.origin);
      return input(trace, part, read);
    }
    return UNKNOWN;
  });
}

/** What a member of the request says of the connection, which is a text. */
export const TEXT = (site: CallSite): Value => ({
  kind: 'unknown',
  type: { node: { type: 'TSStringKeyword', start: 0, end: 0 }, scope: site.scope },
});

/** What the request's line says, where a route has one method, and no parameters in its path. */
export function lineOf(
  { methods, path: { template, parameters } }: FoundRoute,
  part: 'method' | 'path',
): ConstantValue | undefined {
  const [method, other] = methods;
  if (part === 'path') return parameters.length === 0 ? constant(template) : undefined;
  return method === undefined || method === 'all' || other !== undefined
    ? undefined
    : constant(method.toUpperCase());
}

/** What middleware puts on a request or answer, to be found by what comes behind it. */
export class Attached {
  readonly #values = new Map<string, Value>();
  readonly #trace: Trace;

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  get(name: string): Value | undefined {
    this.#trace.keep(name, false);
    return this.#values.get(name);
  }

  set(name: string, value: Value, { scope: { frame } }: CallSite): void {
    this.#trace.keep(name, true);
    // In a branch, or behind one that has left the function, it may never come to this.
    const isCertain = frame.interpreter.uncertain === 0 && frame.returns.length === 0;
    const before = this.#values.get(name) ?? UNDEFINED;
    this.#values.set(name, isCertain ? value : choice([before, value]));
  }
}

/** What frameworks keep for one request, or for a session: nothing is known of it but what is put there and looked for. */
export function keptInput(trace: Trace, name: 'session' | 'state' | 'locals'): InputValue {
  const host: Host = {
    name: `input.${name}`,
    member: (member, { called }) => {
      // `session.get('user')`, `session.regenerate(...)`
      trace.keep(`${name}.${member}`, called === true && member !== 'get');
      return undefined;
    },
    assign: (member) => trace.keep(`${name}.${member}`, true),
  };
  return { kind: 'input', part: 'request', path: [name], host };
}
