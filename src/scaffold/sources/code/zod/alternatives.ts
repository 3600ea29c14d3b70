import type { Schema, SchemaKey } from '../../../model/schema.ts';
import type { Value } from '../value.ts';
import { textOf } from '../value.ts';
import type { ZodRead, ZodReader } from './reader.ts';

/** `z.union([...])`, and `z.xor([...])` for exactly one. */
export function readEither(reader: ZodReader, [listed]: readonly Value[], path: string): ZodRead {
  const read = alternativesOf(reader, listed);
  const alternatives = read.map(({ schema }) => schema);
  const [only] = alternatives;
  const optional = read.some((one) => one.optional);
  if (only !== undefined && alternatives.length === 1) return { schema: only, optional };
  const either = path === 'xor' ? { oneOf: alternatives } : { anyOf: alternatives };
  return { schema: { place: reader.place, ...either }, optional };
}

function alternativesOf(reader: ZodReader, listed: Value | undefined): readonly ZodRead[] {
  if (listed?.kind === 'list' && !listed.open && listed.items.length > 0)
    return listed.items.map((item) => reader.readAny(item));
  reader.report('the alternatives of a union are not known here; anything is taken for it');
  return [{ schema: { place: reader.place } }];
}

/** `z.discriminatedUnion('kind', [Cat, Dog])`: the contract has a discriminator where all of them are declared schemas. */
export function readDiscriminatedUnion(reader: ZodReader, [named, listed]: readonly Value[]): ZodRead {
  const alternatives = alternativesOf(reader, listed).map(({ schema }) => schema);
  const property = textOf(named);
  const mapping = property === undefined ? undefined : mappingOf(reader, alternatives, property);
  const discriminator =
    property === undefined || mapping === undefined ? {} : { discriminator: { property, mapping } };
  return { schema: { place: reader.place, oneOf: alternatives, ...discriminator } };
}

function mappingOf(
  reader: ZodReader,
  alternatives: readonly Schema[],
  property: string,
): Map<string, SchemaKey> | undefined {
  const mapping = new Map<string, SchemaKey>();
  for (const schema of alternatives) {
    const { ref } = schema;
    const values = reader.expand({ schema }).schema.properties?.get(property)?.values ?? [];
    if (ref === undefined || values.length === 0) return undefined;
    for (const value of values) {
      if (typeof value !== 'string') return undefined;
      mapping.set(value, ref);
    }
  }
  return mapping;
}
