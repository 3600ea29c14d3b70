import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { FileChange } from '../../core/file-changes.ts';

/** Packages that a project would be given today, and that the package.json of its user does not have. */
export async function missingPackages(
  folder: string,
  changes: readonly FileChange[],
): Promise<readonly Diagnostic[]> {
  const kept = changes.find(({ path, action }) => path === 'package.json' && action === 'kept');
  if (kept === undefined) return [];
  const wanted = packagesOf(kept.content ?? '');
  const present = new Set(
    packagesOf(await readFile(join(folder, 'package.json'), 'utf8')).map(([name]) => name),
  );
  const missing = wanted.filter(([name]) => !present.has(name));
  if (missing.length === 0) return [];
  const names = missing.map(([name, version]) => `${name}@${version}`).join(' ');
  return [
    {
      code: 'SCF042',
      severity: 'warning',
      message: `package.json is yours and stays as it is, but the service needs: npm install ${names}`,
    },
  ];
}

/** Names and versions in a package.json; of one that cannot be read, none. */
function packagesOf(text: string): (readonly [name: string, version: string])[] {
  try {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(text);
    return Object.entries<string>({ ...dependencies, ...devDependencies });
  } catch {
    return [];
  }
}
