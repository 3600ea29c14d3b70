import type { SchemaKey } from '../../../model/schema.ts';
import { callValue } from '../interpret/calls.ts';
import type { Interpreter } from '../interpret/interpreter.ts';
import { placeOf } from '../place.ts';
import type { CallSite, Value } from '../value.ts';
import { ZodReader } from './reader.ts';

/**
 * A reader of the Zod schemas of sources that are followed. A schema that was declared under a name is referred to
 * by it, the second one of a name by a number besides. `site` is where calls of functions in schemas
 * (`z.lazy(() => Node)`) are made from. What a contract cannot say is SCF079.
 */
export function zodReaderOf(interpreter: Interpreter, site: CallSite): ZodReader {
  const keys = new Map<Value, SchemaKey>();
  const taken = new Set<SchemaKey>();
  const keyOf = (value: Value, name: string): SchemaKey => {
    const known = keys.get(value);
    if (known !== undefined) return known;
    let key = name;
    for (let at = 2; taken.has(key); at += 1) key = `${name}${at}`;
    keys.set(value, key);
    taken.add(key);
    return key;
  };
  return new ZodReader({
    call: (of, args) => callValue(of, { args: [...args], site }),
    nameOf: (value) => {
      const name = value.kind === 'call' ? interpreter.names.get(value) : undefined;
      if (name === undefined) return undefined;
      const key = keyOf(value, name);
      return { key, name: key };
    },
    place: (origin) => placeOf(origin ?? site.origin),
    report: (message, origin) => interpreter.report('SCF079', 'warning', message, origin ?? site.origin),
  });
}
