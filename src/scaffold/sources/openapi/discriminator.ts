import { UserError } from '../../../core/errors.ts';
import { isJsonObject, type JsonObject, own, stringAt } from '../../model/json.ts';
import { unescapePointerToken } from '../../model/place.ts';
import type { Discriminator, Schema, SchemaKey } from '../../model/schema.ts';
import type { SchemaContext, SchemaReader } from './schemas.ts';

/**
 * The discriminator of a schema with alternatives: explicit mapping first, then the name of every
 * alternative that is a reference (OpenAPI 3.1.1, section 4.8.25). A string for Swagger 2.0.
 */
export function readDiscriminator(
  reader: SchemaReader,
  context: SchemaContext,
  raw: JsonObject,
  { oneOf, anyOf }: Pick<Schema, 'oneOf' | 'anyOf'>,
): Discriminator | undefined {
  const value = own(raw, 'discriminator');
  const property = isJsonObject(value) ? stringAt(value, 'propertyName') : undefined;
  const alternatives = oneOf ?? anyOf;
  if (property === undefined || alternatives === undefined || !isJsonObject(value)) return undefined;
  const mapping = new Map<string, SchemaKey>();
  const mapped = own(value, 'mapping');
  if (isJsonObject(mapped)) {
    for (const name of Object.keys(mapped)) {
      const key = mappedKey(reader, context, stringAt(mapped, name) ?? '');
      if (key !== undefined) mapping.set(name, key);
    }
  }
  const explicit = new Set(mapping.values());
  for (const [name, key] of implicitNames(raw, alternatives)) {
    if (!mapping.has(name) && !explicit.has(key)) mapping.set(name, key);
  }
  return { property, mapping };
}

function* implicitNames(
  raw: JsonObject,
  alternatives: readonly Schema[],
): Generator<readonly [string, SchemaKey]> {
  const written = own(raw, 'oneOf') ?? own(raw, 'anyOf');
  if (!Array.isArray(written)) return;
  for (const [at, alternative] of alternatives.entries()) {
    const part = written[at];
    const reference = isJsonObject(part) ? stringAt(part, '$ref') : undefined;
    if (reference === undefined || alternative.ref === undefined) continue;
    const name = unescapePointerToken(reference.split('/').at(-1) ?? '').replace(/\.(?:ya?ml|json)$/, '');
    if (name !== '') yield [name, alternative.ref];
  }
}

/** A mapping value is the name of a component, or a reference. */
function mappedKey(reader: SchemaReader, context: SchemaContext, target: string): SchemaKey | undefined {
  const byName = /^[\w.-]+$/.test(target) ? componentReference(reader, target) : undefined;
  for (const reference of [byName, target]) {
    if (reference === undefined) continue;
    try {
      return reader.refer(reference, context);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  const shown = JSON.stringify(target);
  reader.report('SCF005', 'warning', `the discriminator maps to ${shown}, which leads nowhere`, context.site);
  return undefined;
}

const componentReference = ({ dialect }: SchemaReader, name: string): string =>
  `#/${dialect === 'swagger-2.0' ? 'definitions' : 'components/schemas'}/${name}`;
