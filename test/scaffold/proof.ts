import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { planFileChanges, writeFileChanges } from '../../src/core/file-changes.ts';
import { type FrameworkName, generateServer, type Scaffold } from '../../src/scaffold/index.ts';
import { ROOT } from '../support/repository.ts';
import { STRICT_OPTIONS } from '../support/strict-options.ts';
import type { CorpusDocument } from './corpus.ts';

const run = promisify(execFile);

/** What became of one document. */
export interface DocumentProof {
  readonly document: CorpusDocument;
  readonly framework: FrameworkName;
  /** Operations in the document, and those that the booted server answered at their own path. */
  readonly operations: number;
  readonly answered: number;
  /** What failed, in order; empty when everything passed. */
  readonly failures: readonly string[];
}

/** The flags that generated code must pass. */
const STRICT = {
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

/** Generates a document's server, compiles it, boots it and asks for every operation. */
export async function proveDocument(
  document: CorpusDocument,
  framework: FrameworkName,
  compilers: readonly Compiler[],
): Promise<DocumentProof> {
  // Inside the repository, so that the generated imports find their packages.
  const folder = join(ROOT, '.cache', 'corpus', framework, document.name.replaceAll(/[^\w.-]/g, '_'));
  await rm(folder, { recursive: true, force: true });
  const failures: string[] = [];
  let operations = document.operations ?? 0;
  let answered = 0;
  try {
    const scaffold = await generateServer(
      { path: document.path, shown: document.name },
      { framework, typesOnly: false, allowRefs: true, allowNetwork: false },
    );
    operations = Math.max(operations, scaffold.model.operations.length);
    await writeFileChanges(join(folder, 'src'), await planFileChanges(join(folder, 'src'), scaffold.files));
    failures.push(...(await compile(folder, compilers)));
    const { asked, missed } = await boot(folder, scaffold);
    answered = asked - missed.length;
    failures.push(...missed.slice(0, 5));
  } catch (error) {
    failures.push(error instanceof Error ? error.message : String(error));
  }
  if (failures.length === 0) await rm(folder, { recursive: true, force: true });
  return { document, framework, operations, answered, failures };
}

async function compile(folder: string, compilers: readonly Compiler[]): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: STRICT, include: ['src/**/*.ts'] }),
  );
  const failures: string[] = [];
  for (const { name, script, emits } of compilers) {
    const args = [join(ROOT, 'node_modules', script), '-p', folder, ...(emits ? [] : ['--noEmit'])];
    try {
      await run(process.execPath, ['--max-old-space-size=8192', ...args], { maxBuffer: 64 * 1024 * 1024 });
    } catch (error) {
      failures.push(`${name}: ${firstLines(error)}`);
    }
  }
  return failures;
}

function firstLines(error: unknown): string {
  const output = error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error);
  return output.split('\n').slice(0, 3).join(' ');
}

async function boot(folder: string, { model }: Scaffold): Promise<{ asked: number; missed: string[] }> {
  const asked = model.operations.map(({ id, method, path }) => ({ id, method, url: samplePath(path) }));
  const operations = asked.map(({ method, url }) => ({
    method,
    url,
    // Operations of one method and URL are told apart by parameters and bodies, which a bare request has not.
    ids: asked.filter((other) => other.method === method && other.url === url).map(({ id }) => id),
  }));
  const file = join(folder, 'operations.json');
  await writeFile(file, JSON.stringify(operations));
  const probe = join(ROOT, 'test', 'scaffold', 'boot-probe.mjs');
  const { stdout } = await run(process.execPath, [probe, join(folder, 'dist'), file], {
    timeout: 300_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout);
}

/** A path with something for each parameter, encoded as a client would send it. */
const samplePath = (path: string): string =>
  encodeURI(path.replace(/[#?].*$/, '').replaceAll(/\{[^{}]+\}/g, '1'));
