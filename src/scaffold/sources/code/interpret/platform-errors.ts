import type { CallValue, ObjectValue, Value } from '../value.ts';

/** What `new TypeError('...')` calls; undefined when a call makes no error of the platform. */
export function platformErrorName({ callee }: CallValue): string | undefined {
  const name = callee.kind === 'external' && callee.package === '' ? callee.path.at(-1) : undefined;
  return name?.endsWith('Error') === true ? name : undefined;
}

/** The errors of the platform, such as `new TypeError('...')`, with what they are called. */
const NAMES = new WeakMap<Value, string>();

export function markPlatformError(error: ObjectValue, name: string): ObjectValue {
  NAMES.set(error, name);
  return withHiddenMembers(error);
}

/** What errors hold that neither JSON nor a spread has, with what stood there when they were made. */
const HIDDEN = new WeakMap<Value, ReadonlyMap<string, Value | undefined>>();

/** Remembers what an error has from its making: its message and its stack are no enumerable properties. */
export function withHiddenMembers(error: ObjectValue): ObjectValue {
  const hidden = ['message', 'stack', 'name'].filter((name) => error.properties.has(name));
  HIDDEN.set(error, new Map(hidden.map((name) => [name, error.properties.get(name)])));
  return error;
}

/** Whether JSON and spreads have a property. A name that is set on an error they have. */
export function isEnumerable(object: ObjectValue, name: string): boolean {
  const hidden = HIDDEN.get(object);
  if (hidden?.has(name) !== true) return true;
  return name === 'name' && object.properties.get(name) !== hidden.get(name);
}

/** Whether an error of the platform is an instance of something; undefined when the value is no such error. */
export function isPlatformInstance(error: Value, of: Value): boolean | undefined {
  const name = NAMES.get(error);
  if (name === undefined) return undefined;
  if (of.kind === 'class' || (of.kind === 'external' && of.package !== '')) return false;
  if (of.kind !== 'external') return undefined;
  const asked = of.path.at(-1);
  return asked === name || asked === 'Error';
}
