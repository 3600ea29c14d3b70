import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './repository.ts';

/**
 * Compiles the sources and returns the folder: for what cannot run from TypeScript, such as threads on
 * Node 20. Below node_modules, so that dependencies are found.
 */
export function buildSources(name: string): string {
  const folder = join(ROOT, 'node_modules', '.cache', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  execFileSync(
    process.execPath,
    [compiler, '-p', 'tsconfig.build.json', '--outDir', folder, '--declaration', 'false'],
    {
      cwd: ROOT,
    },
  );
  return folder;
}

/** Imports a module of the built sources with the types of its source. */
export async function importBuilt<Module>(folder: string, path: string): Promise<Module> {
  return import(pathToFileURL(join(folder, path)).href);
}
