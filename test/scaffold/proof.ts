import { execFile } from 'node:child_process';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { promisify } from 'node:util';
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

/** A framework to prove a document on, with the compilers that must accept all of it. */
export interface ProofRun {
  readonly framework: FrameworkName;
  readonly compilers: readonly Compiler[];
}

/** A server that was compiled: its folder, and its sources by path. */
interface Compiled {
  readonly folder: string;
  readonly sources: ReadonlyMap<string, string>;
}

/**
 * Generates a document's server for each framework, compiles it, boots it and asks for every operation.
 * What the frameworks share to the byte, types and validators above all, is compiled with the first of
 * them; the others get its declarations and its output.
 */
export async function proveDocument(
  document: CorpusDocument,
  runs: readonly ProofRun[],
): Promise<DocumentProof[]> {
  // Inside the repository, so that the generated imports find their packages.
  const folder = join(ROOT, '.cache', 'corpus', document.name.replaceAll(/[^\w.-]/g, '_'));
  await rm(folder, { recursive: true, force: true });
  const proofs: DocumentProof[] = [];
  let first: Compiled | undefined;
  for (const each of runs) {
    const { proof, compiled } = await proveOn(document, each, join(folder, each.framework), first);
    proofs.push(proof);
    if (proof.failures.length === 0) first ??= compiled;
  }
  if (proofs.every(({ failures }) => failures.length === 0))
    await rm(folder, { recursive: true, force: true });
  return proofs;
}

async function proveOn(
  document: CorpusDocument,
  { framework, compilers }: ProofRun,
  folder: string,
  first: Compiled | undefined,
): Promise<{ readonly proof: DocumentProof; readonly compiled: Compiled }> {
  const failures: string[] = [];
  let operations = document.operations ?? 0;
  let answered = 0;
  let sources: ReadonlyMap<string, string> = new Map();
  try {
    const scaffold = await generateServer(
      { path: document.path, shown: document.name },
      { framework, typesOnly: false, allowRefs: true, allowNetwork: false },
    );
    operations = Math.max(operations, scaffold.model.operations.length);
    sources = new Map(scaffold.files.map(({ path, content }) => [path, content]));
    await writeSources(folder, sources, first);
    failures.push(...(await compile(folder, compilers)));
    const servers = [{ folder: join(folder, 'dist'), operations: operationsToAsk(scaffold.model) }];
    const [booted] = await bootServers(servers, join(folder, 'operations.json'));
    const { asked = 0, missed = [], failure } = booted ?? {};
    answered = failure === undefined ? asked - missed.length : 0;
    failures.push(...(failure === undefined ? [] : [failure]), ...missed.slice(0, 5));
  } catch (error) {
    failures.push(error instanceof Error ? error.message : String(error));
  }
  return { proof: { document, framework, operations, answered, failures }, compiled: { folder, sources } };
}

async function writeSources(
  folder: string,
  sources: ReadonlyMap<string, string>,
  first: Compiled | undefined,
): Promise<void> {
  const shared = first === undefined ? new Set<string>() : sharedSources(sources, first.sources);
  for (const [path, content] of sources) {
    const source = join(folder, 'src', path);
    await mkdir(dirname(source), { recursive: true });
    if (first === undefined || !shared.has(path)) {
      await writeFile(source, content);
      continue;
    }
    const stem = path.replace(/\.ts$/, '');
    const output = join(folder, 'dist', `${stem}.js`);
    await mkdir(dirname(output), { recursive: true });
    await copyFile(join(first.folder, 'dist', `${stem}.js`), output);
    await copyFile(join(first.folder, 'dist', `${stem}.d.ts`), join(folder, 'src', `${stem}.d.ts`));
  }
}

/** The sources that are the same in both, and import nothing but such. */
function sharedSources(
  sources: ReadonlyMap<string, string>,
  others: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  const shared = new Set([...sources].flatMap(([path, text]) => (others.get(path) === text ? [path] : [])));
  for (let before = -1; before !== shared.size; ) {
    before = shared.size;
    for (const path of shared) {
      const imports = [...(sources.get(path) ?? '').matchAll(/ from '(\.{1,2}\/[^']+)\.js'/g)];
      const found = imports.map(([, to = '']) => `${posix.join(posix.dirname(path), to)}.ts`);
      if (!found.every((to) => shared.has(to))) shared.delete(path);
    }
  }
  return shared;
}

async function compile(folder: string, compilers: readonly Compiler[]): Promise<string[]> {
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
