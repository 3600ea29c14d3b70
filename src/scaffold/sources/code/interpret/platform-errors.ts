import type { Value } from '../value.ts';

/** The errors of the platform, such as `new TypeError('...')`, with what they are called. */
const NAMES = new WeakMap<Value, string>();

export function markPlatformError(error: Value, name: string): Value {
  NAMES.set(error, name);
  return error;
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
