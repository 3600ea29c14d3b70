import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Changes with every PGlite, whose data folder another version may not be able to open. */
const PGLITE = '0.5.16';

const PACKED = fileURLToPath(new URL(`../../../../snapshots/pglite-${PGLITE}.tar.br`, import.meta.url));

/**
 * The initialised data folder that the embedded PostgreSQL starts from: the package's own or, in a source tree that was
 * not built, one that is kept in the cache folder: https://specifications.freedesktop.org/basedir-spec
 */
export function snapshotFile(env: Readonly<Record<string, string | undefined>>): string {
  if (existsSync(PACKED)) return PACKED;
  const cache = env['XDG_CACHE_HOME'] ?? env['LOCALAPPDATA'] ?? join(homedir(), '.cache');
  return join(cache, 'senior-backend', `pglite-${PGLITE}.tar`);
}
