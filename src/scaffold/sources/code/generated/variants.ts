import type { Direction } from '../../../model/directions.ts';
import type { JsonValue } from '../../../model/json.ts';
import type { NamedSchema, Schema, SchemaKey } from '../../../model/schema.ts';
import { sameJson } from '../../openapi/values.ts';

type Table = ReadonlyMap<SchemaKey, NamedSchema>;

/** What a schema is called for what clients send, and for what they get: emit/schema-names.ts. */
const SUFFIXES: readonly (readonly [RegExp, Direction])[] = [
  [/^(.+)Input\d*$/, 'request'],
  [/^(.+)Output\d*$/, 'response'],
];

/** A schema that may be another one in one direction. */
interface Variant {
  readonly key: SchemaKey;
  readonly of: SchemaKey;
  readonly direction: Direction;
}

/**
 * Takes the directions out of schemas again: a service has `PetInput` beside `Pet` where clients may not send
 * everything that they get. What is the same but for properties that are not let in (or out) is one schema with
 * read-only (or write-only) properties. What differs in anything else stays a schema of its own.
 */
export function mergeVariants(table: Table): {
  readonly schemas: Map<SchemaKey, NamedSchema>;
  /** The schema that stands for another one. */
  readonly aliases: ReadonlyMap<SchemaKey, SchemaKey>;
} {
  const names = new Map([...table.values()].map(({ name, key }) => [name, key]));
  let variants = [...table.values()].flatMap(({ name, key }): Variant[] =>
    SUFFIXES.flatMap(([suffix, direction]) => {
      const of = names.get(suffix.exec(name)?.[1] ?? '');
      return of === undefined ? [] : [{ key, of, direction }];
    }),
  );
  // Schemas refer to each other's variants: what turns out to be none may leave others with a difference.
  for (;;) {
    const aliases = new Map(variants.map(({ key, of }) => [key, of]));
    const merged = new Map(table);
    const kept = variants.filter((variant) => {
      const [general, directed] = [merged.get(variant.of), table.get(variant.key)];
      if (general === undefined || directed === undefined) return false;
      const schema = marked(general.schema, directed.schema, { ...variant, aliases });
      if (schema !== undefined) merged.set(variant.of, { ...general, schema });
      return schema !== undefined;
    });
    if (kept.length === variants.length) {
      for (const { key } of variants) merged.delete(key);
      return { schemas: merged, aliases };
    }
    variants = kept;
  }
}

interface Comparison {
  readonly direction: Direction;
  readonly aliases: ReadonlyMap<SchemaKey, SchemaKey>;
}

/** The general schema with what its variant leaves out marked; undefined where they differ in something else. */
function marked(general: Schema, directed: Schema, comparison: Comparison): Schema | undefined {
  const draft: Record<string, unknown> = { ...general };
  const keywords = new Set([...Object.keys(general), ...Object.keys(directed)]);
  for (const keyword of keywords) {
    if (keyword === 'place' || NOTES.has(keyword)) continue;
    const [left, right] = [general[keyword as keyof Schema], directed[keyword as keyof Schema]];
    if (keyword === 'required' && sameNames(general, directed)) continue;
    const part =
      keyword === 'properties'
        ? markedProperties(general, directed, comparison)
        : keyword === 'ref'
          ? sameReference(general.ref, directed.ref, comparison)
          : markedPart(left, right, comparison);
    if (part === undefined) return undefined;
    draft[keyword] = part;
  }
  return draft as unknown as Schema;
}

/** Notes have no bearing on what is let in. A default of an answer is not filled in. */
const NOTES: ReadonlySet<string> = new Set(['description', 'deprecated', 'readOnly', 'writeOnly', 'default']);

const sameReference = (
  left: SchemaKey | undefined,
  right: SchemaKey | undefined,
  { aliases }: Comparison,
): SchemaKey | undefined => {
  if (left === undefined || right === undefined) return undefined;
  return left === right || aliases.get(right) === left ? left : undefined;
};

/** A property that is left out need not be there. */
const sameNames = ({ required = [] }: Schema, directed: Schema): boolean => {
  const wanted = new Set(directed.required);
  const missing = required.filter((name) => !wanted.has(name));
  const known = new Set(required);
  return (
    [...wanted].every((name) => known.has(name)) &&
    missing.every((name) => directed.properties?.get(name)?.never === true)
  );
};

function markedProperties(
  general: Schema,
  directed: Schema,
  comparison: Comparison,
): ReadonlyMap<string, Schema> | undefined {
  const [left, right] = [general.properties ?? new Map(), directed.properties ?? new Map()];
  if (left.size !== right.size) return undefined;
  const found = new Map<string, Schema>();
  for (const [name, property] of left) {
    const other = right.get(name);
    if (other === undefined) return undefined;
    const isLeftOut = other.never === true && property.never !== true && !directed.required?.includes(name);
    const flag = comparison.direction === 'request' ? { readOnly: true } : { writeOnly: true };
    const part = isLeftOut ? { ...property, ...flag } : marked(property, other, comparison);
    if (part === undefined) return undefined;
    found.set(name, part);
  }
  return found;
}

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && 'place' in value;

function markedPart(left: unknown, right: unknown, comparison: Comparison): unknown {
  if (isSchema(left) && isSchema(right)) return marked(left, right, comparison);
  if (Array.isArray(left) && Array.isArray(right) && left.some(isSchema)) {
    if (left.length !== right.length) return undefined;
    const parts = left.map((part, at) => markedPart(part, right[at], comparison));
    return parts.includes(undefined) ? undefined : parts;
  }
  if (left instanceof Map && right instanceof Map) {
    if (left.size !== right.size) return undefined;
    const entries = [...left].map(([name, part]) => [name, markedPart(part, right.get(name), comparison)]);
    return entries.some(([, part]) => part === undefined)
      ? undefined
      : new Map(entries as [string, unknown][]);
  }
  if (typeof left === 'object' && left !== null && 'property' in left)
    return typeof right === 'object' ? left : undefined;
  return left !== undefined && right !== undefined && sameJson(left as JsonValue, right as JsonValue)
    ? left
    : undefined;
}
