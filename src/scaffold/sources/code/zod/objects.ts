import type { Schema } from '../../../model/schema.ts';
import type { ObjectValue, Value } from '../value.ts';
import { jsonOf } from './json.ts';
import type { ZodRead, ZodReader } from './reader.ts';

/** `z.object({...})`, which lets other properties pass, as `looseObject` does; `strictObject` does not. */
export function readObject(reader: ZodReader, [shape]: readonly Value[], path: string): ZodRead {
  const rest = path === 'strictObject' ? { additionalProperties: never(reader) } : {};
  return { schema: { place: reader.place, types: ['object'], ...readShape(reader, shape), ...rest } };
}

type Members = Pick<Schema, 'properties' | 'required'>;

const never = (reader: ZodReader): Schema => ({ place: reader.place, never: true });

/** The properties of a shape: those of a literal, or of another schema's `shape`. */
export function readShape(reader: ZodReader, shape: Value | undefined): Members {
  if (shape === undefined) return {};
  if (shape.kind === 'member' && shape.name === 'shape') {
    const { properties, required } = reader.expand(reader.readAny(shape.of)).schema;
    return membersOf(properties ?? new Map(), new Set(required));
  }
  if (shape.kind === 'function' || shape.kind === 'host')
    return readShape(reader, asObject(reader.sources.call(shape, [])));
  const object = asObject(shape);
  if (object === undefined || object.open)
    reader.report('an object has properties that are not known here; the contract does not say them');
  return readProperties(reader, object);
}

const asObject = (value: Value): ObjectValue | undefined => (value.kind === 'object' ? value : undefined);

function readProperties(reader: ZodReader, object: ObjectValue | undefined): Members {
  const properties = new Map<string, Schema>();
  const required = new Set<string>();
  for (const [name, written] of object?.properties ?? []) {
    // Recursive schemas of Zod 4 have getters.
    const value = written.kind === 'function' && written.getter ? reader.sources.call(written, []) : written;
    const { schema, optional, undescribed } = reader.readAny(value);
    if (!undescribed) properties.set(name, schema);
    if (!optional) required.add(name);
  }
  return membersOf(properties, required);
}

const membersOf = (properties: ReadonlyMap<string, Schema>, required: ReadonlySet<string>): Members => ({
  ...(properties.size > 0 ? { properties } : {}),
  ...(required.size > 0 ? { required: [...required] } : {}),
});

/** A change of a schema's properties, which stays what else it is. */
type Change = (of: Schema, reader: ZodReader, args: readonly Value[]) => Members;

const changed =
  (change: Change) =>
  (reader: ZodReader, read: ZodRead, args: readonly Value[]): ZodRead => {
    const { schema, ...others } = reader.expand(read);
    const { properties: _, required: __, ...rest } = schema;
    return { ...others, schema: { ...rest, ...change(schema, reader, args) } };
  };

const extend: Change = ({ properties, required = [] }, reader, [shape]) => {
  const added = readShape(reader, shape);
  const names = new Set(added.properties?.keys());
  const all = new Map([...(properties ?? []), ...(added.properties ?? [])]);
  return membersOf(all, new Set([...required.filter((name) => !names.has(name)), ...(added.required ?? [])]));
};

const merge: Change = (schema, reader, [other]) => {
  const { properties, required = [] } = reader.expand(reader.readAny(other)).schema;
  const kept = (schema.required ?? []).filter((name) => !properties?.has(name));
  const all = new Map([...(schema.properties ?? []), ...(properties ?? [])]);
  return membersOf(all, new Set([...kept, ...required]));
};

/** Names of a mask: `{ name: true }`. */
function maskOf(reader: ZodReader, mask: Value | undefined): ReadonlySet<string> | undefined {
  if (mask === undefined) return undefined;
  const json = jsonOf(mask);
  if (typeof json === 'object' && json !== null && !Array.isArray(json))
    return new Set(Object.entries(json).flatMap(([name, isMeant]) => (isMeant === true ? [name] : [])));
  reader.report('which properties are meant is not known here');
  return new Set();
}

const filtered =
  (isKept: (name: string, mask: ReadonlySet<string>) => boolean): Change =>
  ({ properties, required = [] }, reader, [mask]) => {
    const names = maskOf(reader, mask) ?? new Set<string>();
    const kept = [...(properties ?? [])].filter(([name]) => isKept(name, names));
    return membersOf(new Map(kept), new Set(required.filter((name) => isKept(name, names))));
  };

const partial: Change = ({ properties = new Map(), required = [] }, reader, [mask]) => {
  const names = maskOf(reader, mask);
  return membersOf(properties, new Set(required.filter((name) => names !== undefined && !names.has(name))));
};

const required: Change = ({ properties = new Map(), required: before = [] }, reader, [mask]) => {
  const names = maskOf(reader, mask) ?? new Set(properties.keys());
  return membersOf(properties, new Set([...before, ...names]));
};

const withRest =
  (rest: (reader: ZodReader, args: readonly Value[]) => Schema | undefined) =>
  (reader: ZodReader, read: ZodRead, args: readonly Value[]): ZodRead => {
    const { schema, ...others } = reader.expand(read);
    const { additionalProperties: _, ...bare } = schema;
    const additional = rest(reader, args);
    return {
      ...others,
      schema: additional === undefined ? bare : { ...bare, additionalProperties: additional },
    };
  };

/** Methods of objects. */
export const OBJECT_METHODS = [
  ['extend', changed(extend)],
  ['safeExtend', changed(extend)],
  ['augment', changed(extend)],
  ['setKey', changed(extend)],
  ['merge', changed(merge)],
  ['pick', changed(filtered((name, mask) => mask.has(name)))],
  ['omit', changed(filtered((name, mask) => !mask.has(name)))],
  ['partial', changed(partial)],
  ['deepPartial', changed(partial)],
  ['required', changed(required)],
  ['strict', withRest(never)],
  ...['strip', 'passthrough', 'loose', 'nonstrict'].map((name) => [name, withRest(() => undefined)] as const),
  ['catchall', withRest((reader, [rest]) => reader.readAny(rest).schema)],
] as const;
