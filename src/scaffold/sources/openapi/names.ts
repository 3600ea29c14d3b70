import { identifier, NameRegistry, pascalCase } from '../../../core/names.ts';
import { sortByText } from '../../../core/order.ts';
import { keysOf } from '../../model/place.ts';
import type { NamedSchema, SchemaKey } from '../../model/schema.ts';
import type { Site } from './references.ts';
import type { ReferredSchema } from './schemas.ts';

/** Names that the generated code uses for something else. */
export const TAKEN_NAMES: readonly string[] =
  `File Blob ReadableStream Uint8Array AsyncIterable Record Exclude Schema ZodType
  Contract`.split(/\s+/);

/**
 * Gives every referred schema a name that no other has. Declared schemas choose first, in the order
 * of their names, so that adding one elsewhere does not rename the others.
 */
export function nameSchemas(referred: ReadonlyMap<SchemaKey, ReferredSchema>): Map<SchemaKey, NamedSchema> {
  const registry = new NameRegistry(TAKEN_NAMES);
  const wanted = [...referred.values()].map((entry) => ({ ...entry, ...wantedName(entry.site) }));
  const ordered = sortByText(wanted, ({ declared, name, key }) => `${declared ? 0 : 1} ${name} ${key}`);
  const named = ordered.map(({ key, schema, name }) => ({ key, schema, name: registry.claim(name) }));
  return new Map(sortByText(named, ({ name }) => name).map((entry) => [entry.key, entry]));
}

/** Sections whose entries are schemas under a name of their own. */
const DECLARATIONS: ReadonlySet<string> = new Set(['schemas', 'definitions', '$defs']);

function wantedName({ place, document }: Site): { readonly name: string; readonly declared: boolean } {
  const keys = keysOf(place).map(String);
  const last = keys.at(-1);
  if (last === undefined) return { name: identifierName(fileStem(document.name)), declared: true };
  const declared = keys.length <= 3 && DECLARATIONS.has(keys.at(-2) ?? '');
  if (declared) return { name: identifierName(last), declared };
  return { name: identifierName(keys.filter((key) => !STRUCTURE.has(key)).join(' ')), declared };
}

/** Keys that say where in a document something is, and nothing about what it is. */
const STRUCTURE: ReadonlySet<string> = new Set([
  'components',
  'schemas',
  'definitions',
  '$defs',
  'paths',
  'content',
  'schema',
  'properties',
  'application/json',
]);

const fileStem = (name: string): string => (name.split(/[\\/]/).at(-1) ?? name).replace(/\.\w+$/, '');

/** PascalCase, and a valid identifier whatever the text was. */
export const identifierName = (text: string): string => identifier(pascalCase(text), 'Unnamed');
