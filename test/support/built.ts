import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './repository.ts';

/**
 * Compiles the sources and returns the folder: for what cannot run from TypeScript, such as threads on
 * Node 20. Below node_modules, so that dependencies are found.
 */
export function buildSources(name: string): string {
  const whole = join(ROOT, 'node_modules', '.cache', name);
  const folder = join(whole, 'dist');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(whole, 'package.json'), '{"type":"module","version":"0.0.0"}');
  // What the program reads stands beside dist, as in the package.
  for (const data of ['templates', 'profiles', 'skills'])
    if (!existsSync(join(whole, data))) symlinkSync(join(ROOT, data), join(whole, data));
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
