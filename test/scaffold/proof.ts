import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { planFileChanges, writeFileChanges } from '../../src/core/file-changes.ts';
import { type FrameworkName, generateServer } from '../../src/scaffold/index.ts';
import { ROOT } from '../support/repository.ts';
import { STRICT_OPTIONS } from '../support/strict-options.ts';
import { bootServers } from './boot.ts';
import type { CorpusDocument } from './corpus.ts';
import { operationsToAsk } from './operations.ts';

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
    const servers = [{ folder: join(folder, 'dist'), operations: operationsToAsk(scaffold.model) }];
    const [booted] = await bootServers(servers, join(folder, 'operations.json'));
    const { asked = 0, missed = [], failure } = booted ?? {};
    answered = failure === undefined ? asked - missed.length : 0;
    failures.push(...(failure === undefined ? [] : [failure]), ...missed.slice(0, 5));
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
