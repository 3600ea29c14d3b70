import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../support/repository.ts';
import { STRICT_OPTIONS } from '../support/strict-options.ts';

/** The flags that generated code must pass. */
export const STRICT = {
  ...STRICT_OPTIONS,
  isolatedDeclarations: true,
  declaration: true,
  rootDir: 'src',
  outDir: 'dist',
};

/** A compiler to check with; the one that emits is what the booted server is compiled by. */
export interface Compiler {
  readonly name: string;
  readonly script: string;
  readonly emits: boolean;
}

export const TYPESCRIPT_7: Compiler = { name: 'TypeScript 7', script: 'typescript/bin/tsc', emits: true };
export const TYPESCRIPT_5: Compiler = {
  name: 'TypeScript 5.9',
  script: 'typescript-5.9/bin/tsc',
  emits: false,
};

/**
 * Compiles all servers below a folder's src, each in a folder of its own there, in one run of a compiler into
 * its dist: the errors of each server by the name of its folder. Throws for what is no server's error.
 */
export async function compileServers(
  folder: string,
  { script, emits }: Compiler,
): Promise<ReadonlyMap<string, readonly string[]>> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: STRICT, include: ['src/**/*.ts'] }),
  );
  const memory = '--max-old-space-size=8192';
  const flags = ['-p', folder, '--pretty', 'false', ...(emits ? [] : ['--noEmit'])];
  const output = await outputOf([memory, join(ROOT, 'node_modules', script), ...flags]);
  const errors = new Map<string, string[]>();
  for (const [line, key = ''] of output.matchAll(/^(?:.*\/)?src\/([^/]+)\/.*$/gm))
    errors.set(key, [...(errors.get(key) ?? []), line]);
  if (output.trim() !== '' && errors.size === 0) throw new Error(output.slice(0, 500));
  return errors;
}

/** What the compiler says; that it found errors is no failure of its own. */
const outputOf = (args: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    execFile(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
      resolve(stdout + stderr + (error !== null && stdout === '' ? error.message : '')),
    );
  });
