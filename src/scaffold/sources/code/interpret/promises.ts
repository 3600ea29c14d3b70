import { type CallSite, choice, native, UNKNOWN, type Value } from '../value.ts';
import { type Call, callValue } from './calls.ts';

/** What promises were rejected with, as far as the sources say. */
const REJECTED = new WeakMap<Value, readonly Value[]>();

export const rejectionsOf = (value: Value): readonly Value[] => REJECTED.get(value) ?? [];

function rejecting(value: Value, rejected: readonly Value[]): Value {
  if (rejected.length === 0) return value;
  // A value of its own: others may be the same and never fail.
  const own = value.kind === 'host' || value.kind === 'function' ? value : { ...value };
  REJECTED.set(own, rejected);
  return own;
}

/** `new Promise((resolve, reject) => ...)`: what it is resolved with, and remembers what it is rejected with. */
export function newPromise([executor]: readonly Value[], { site }: Call): Value {
  const resolved: Value[] = [];
  const rejected: Value[] = [];
  const into = (list: Value[], name: string): Value =>
    native(name, ([value = UNKNOWN]) => {
      if (list.length < MAX_VALUES) list.push(value);
      return UNKNOWN;
    });
  if (executor !== undefined) {
    callValue(executor, {
      args: [into(resolved, 'resolve'), into(rejected, 'reject')],
      site: { ...site, construct: false },
    });
  }
  return rejecting(resolved.length === 0 ? UNKNOWN : choice(resolved), rejected);
}

const MAX_VALUES = 20;

/** `Promise.reject(error)` */
export const rejectedPromise = ([error = UNKNOWN]: readonly Value[]): Value => rejecting(UNKNOWN, [error]);

/** A promise is what it is a promise of: what waits for it is called with that. */
export function promiseMember(value: Value, name: string): Value | undefined {
  const rejected = rejectionsOf(value);
  const failed = rejected.length === 0 ? UNKNOWN : choice(rejected);
  if (name === 'then') {
    return native('then', ([next, otherwise], site) => {
      const given = next === undefined ? value : callAway(next, [value], site);
      if (otherwise === undefined) return rejecting(given, rejected);
      callAway(otherwise, [failed], site);
      return given;
    });
  }
  if (name !== 'catch' && name !== 'finally') return undefined;
  return native(name, ([next], site) => {
    const given = next === undefined ? value : callAway(next, [failed], site);
    return name === 'catch' ? choice([value, given]) : value;
  });
}

/** What happens later happens from where we stand now, or not at all. */
function callAway(next: Value, args: readonly Value[], site: CallSite): Value {
  const { interpreter } = site.scope.frame;
  const { watcher } = interpreter;
  const before = watcher?.save();
  const given = interpreter.branched(() => callValue(next, { args, site: { ...site, construct: false } }));
  if (watcher !== undefined) watcher.join([before, watcher.save()]);
  return given;
}
