import { UserError } from '../../core/errors.ts';
import type { Engine } from '../engines/engine.ts';
import { isConnectionUrl, withoutPassword } from '../engines/url.ts';

/** Where a schema is: in files, in a running database, in an embedded one, in a copy of one that is open, or nowhere yet. */
export type SchemaLocation =
  | {
      readonly kind: 'files';
      readonly path: string /** The folder a relative path starts from. */;
      readonly root?: string;
    }
  | { readonly kind: 'server'; readonly url: string }
  | { readonly kind: 'embedded'; readonly folder: string }
  | { readonly kind: 'copy'; readonly engine: Engine; readonly name: string }
  | { readonly kind: 'empty' };

/** Reads a location as people write it: a path, `postgres://...`, `pglite:DIR`, or `pglite:` for an empty database. */
export function parseLocation(text: string): SchemaLocation {
  if (isConnectionUrl(text)) return { kind: 'server', url: text };
  if (text === 'pglite:') return { kind: 'empty' };
  if (text.startsWith('pglite:')) return { kind: 'embedded', folder: text.slice('pglite:'.length) };
  return { kind: 'files', path: text };
}

/** The same for `--connection`, which is never a path. Errors: DB004. */
export function parseConnection(text: string): SchemaLocation {
  const location = parseLocation(text);
  if (location.kind !== 'files') return location;
  throw new UserError('DB004', '--connection is not a connection we know', {
    kind: 'usage',
    help: 'Give postgres://user@host/database, pglite:DIR or pglite:.',
  });
}

/** How messages and files call a location; never with a password. */
export function nameOfLocation(location: SchemaLocation): string {
  return NAMES[location.kind](location as never);
}

const NAMES: {
  readonly [Kind in SchemaLocation['kind']]: (location: Extract<SchemaLocation, { kind: Kind }>) => string;
} = {
  files: ({ path }) => path,
  server: ({ url }) => withoutPassword(url),
  embedded: ({ folder }) => `pglite:${folder}`,
  copy: ({ name }) => name,
  empty: () => 'an empty database',
};
