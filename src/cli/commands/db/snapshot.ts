import { homedir } from 'node:os';
import { join } from 'node:path';

/** Changes with every PGlite, whose data folder another version may not be able to open. */
const PGLITE = '0.5.16';

/** Where the embedded PostgreSQL keeps its initialised data folder: https://specifications.freedesktop.org/basedir-spec */
export function snapshotFile(env: Readonly<Record<string, string | undefined>>): string {
  const cache = env['XDG_CACHE_HOME'] ?? env['LOCALAPPDATA'] ?? join(homedir(), '.cache');
  return join(cache, 'senior-backend', `pglite-${PGLITE}.tar`);
}
