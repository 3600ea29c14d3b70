import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { type FrameworkName, generateServer } from '../../src/scaffold/index.ts';
import { ROOT } from '../support/repository.ts';
import { type BootResult, bootServers } from './boot.ts';
import { type Compiler, compileServers } from './compile.ts';
import type { CorpusDocument } from './corpus.ts';
import { type Asked, operationsToAsk } from './operations.ts';

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

/** A framework to prove a document on, with the compilers that must accept all of it. */
export interface ProofRun {
  readonly framework: FrameworkName;
  readonly compilers: readonly Compiler[];
}

/** A server that was written, and what is still to be found out about it. */
interface Candidate {
  readonly document: CorpusDocument;
  /** Its folder below src, and below dist when it is compiled. */
  readonly key: string;
  readonly sources: ReadonlyMap<string, string>;
  readonly asked: readonly Asked[];
  readonly failures: string[];
  readonly operations: number;
}

/** The servers of one framework, compiled into one folder. */
interface Compiled {
  readonly folder: string;
  readonly candidates: ReadonlyMap<string, Candidate>;
}

/**
 * Generates the servers of several documents for each framework, compiles those of a framework in one run
 * of each compiler, boots them and asks for every operation. What the frameworks share to the byte, types
 * and validators above all, is compiled with the first of them; the others get its declarations and its output.
 */
export async function proveDocuments(
  documents: readonly CorpusDocument[],
  runs: readonly ProofRun[],
): Promise<DocumentProof[]> {
  // Inside the repository, so that the generated imports find their packages.
  const folder = join(ROOT, '.cache', 'corpus', (documents[0]?.name ?? '').replaceAll(/[^\w.-]/g, '_'));
  await rm(folder, { recursive: true, force: true });
  const proofs: DocumentProof[] = [];
  let first: Compiled | undefined;
  for (const each of runs) {
    const proved = await proveOn(documents, each, join(folder, each.framework), first);
    proofs.push(...proved.proofs);
    first ??= proved.compiled;
  }
  if (proofs.every(({ failures }) => failures.length === 0))
    await rm(folder, { recursive: true, force: true });
  return proofs;
}

async function proveOn(
  documents: readonly CorpusDocument[],
  { framework, compilers }: ProofRun,
  folder: string,
  first: Compiled | undefined,
): Promise<{ readonly proofs: readonly DocumentProof[]; readonly compiled: Compiled }> {
  const candidates: Candidate[] = [];
  for (const [at, document] of documents.entries())
    candidates.push(await writeCandidate(document, framework, folder, `d${at}`, first));
  for (const compiler of compilers) {
    const errors = await compileServers(folder, compiler);
    for (const { key, failures } of candidates)
      failures.push(...(errors.get(key) ?? []).map((line) => `${compiler.name}: ${line}`));
  }
  const good = candidates.filter(({ failures }) => failures.length === 0);
  const booted = await bootServers(
    good.map(({ key, asked }) => ({ folder: join(folder, 'dist', key), operations: asked })),
    join(folder, 'operations.json'),
  );
  const proofs = candidates.map((candidate): DocumentProof => {
    const { document, failures, operations } = candidate;
    if (failures.length > 0) return { document, framework, operations, answered: 0, failures };
    const { asked, missed, failure } = booted[good.indexOf(candidate)] ?? NOT_BOOTED;
    const answered = failure === undefined ? asked - missed.length : 0;
    const found = [...(failure === undefined ? [] : [failure]), ...missed.slice(0, 5)];
    return { document, framework, operations, answered, failures: found };
  });
  return { proofs, compiled: { folder, candidates: new Map(good.map((one) => [one.key, one])) } };
}

const NOT_BOOTED: BootResult = { asked: 0, missed: [], failure: 'was not booted' };

async function writeCandidate(
  document: CorpusDocument,
  framework: FrameworkName,
  folder: string,
  key: string,
  first: Compiled | undefined,
): Promise<Candidate> {
  const known = document.operations ?? 0;
  try {
    const { model, files } = await generateServer(
      { path: document.path, shown: document.name },
      { framework, typesOnly: false, allowRefs: true, allowNetwork: false },
    );
    const sources = new Map(files.map(({ path, content }) => [path, content]));
    await writeSources(folder, key, sources, first);
    const operations = Math.max(known, model.operations.length);
    return { document, key, sources, asked: operationsToAsk(model), failures: [], operations };
  } catch (error) {
    const failures = [error instanceof Error ? error.message : String(error)];
    return { document, key, sources: new Map(), asked: [], failures, operations: known };
  }
}

async function writeSources(
  folder: string,
  key: string,
  sources: ReadonlyMap<string, string>,
  first: Compiled | undefined,
): Promise<void> {
  const others = first?.candidates.get(key)?.sources;
  const shared = others === undefined ? new Set<string>() : sharedSources(sources, others);
  for (const [path, content] of sources) {
    const source = join(folder, 'src', key, path);
    await mkdir(dirname(source), { recursive: true });
    if (first === undefined || !shared.has(path)) {
      await writeFile(source, content);
      continue;
    }
    const stem = join(key, path.replace(/\.ts$/, ''));
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
