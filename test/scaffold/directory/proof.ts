import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { planFileChanges, writeFileChanges } from '../../../src/core/file-changes.ts';
import { FRAMEWORKS, type FrameworkName, generateServer } from '../../../src/scaffold/index.ts';
import { bootServers, type CompiledServer } from '../boot.ts';
import { compileServers, TYPESCRIPT_7 } from '../compile.ts';
import { operationsToAsk } from '../operations.ts';
import type { DirectoryDocument } from './documents.ts';

const NAMES = Object.keys(FRAMEWORKS) as FrameworkName[];

/** What became of one document. */
export interface DirectoryProof {
  readonly name: string;
  readonly framework: FrameworkName;
  readonly operations: number;
  readonly answered: number;
  /** The first thing that went wrong. */
  readonly failure?: string;
}

/** A document whose server was written. */
interface Written extends CompiledServer {
  readonly name: string;
  readonly framework: FrameworkName;
  /** Its folder below the batch's src. */
  readonly key: string;
}

/**
 * Generates the servers of many documents, the frameworks in turns, checks them strictly in one run of
 * the compiler, and boots them in one process: a process a document would cost ten times as much.
 * `turn` is the framework of the first document.
 */
export async function proveBatch(
  documents: readonly DirectoryDocument[],
  folder: string,
  turn = 0,
): Promise<DirectoryProof[]> {
  await rm(folder, { recursive: true, force: true });
  const written: Written[] = [];
  const failed: DirectoryProof[] = [];
  for (const [at, document] of documents.entries()) {
    const framework = NAMES[(turn + at) % NAMES.length] ?? 'express';
    try {
      written.push(await write(document, framework, folder, `s${at}`));
    } catch (error) {
      const failure = `is not generated: ${messageOf(error)}`;
      failed.push({ name: document.name, framework, operations: 0, answered: 0, failure });
    }
  }
  const typeErrors = await compileServers(folder, TYPESCRIPT_7);
  const booted = await bootServers(written, join(folder, 'operations.json'));
  const proofs = written.map(({ name, framework, key, operations }, at): DirectoryProof => {
    const { missed = [], failure: failedToBoot } = booted[at] ?? { missed: [], failure: 'was not booted' };
    const failure = typeErrors.get(key)?.[0] ?? failedToBoot ?? missed[0];
    const answered = failedToBoot === undefined ? operations.length - missed.length : 0;
    const proof = { name, framework, operations: operations.length, answered };
    return failure === undefined ? proof : { ...proof, failure };
  });
  return [...proofs, ...failed];
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function write(
  { name, path }: DirectoryDocument,
  framework: FrameworkName,
  folder: string,
  key: string,
): Promise<Written> {
  const policy = { allowRefs: false, allowNetwork: false };
  const { model, files } = await generateServer(
    { path, shown: name },
    { framework, typesOnly: false, ...policy },
  );
  const output = join(folder, 'src', key);
  await writeFileChanges(output, await planFileChanges(output, files));
  return { name, framework, key, folder: join(folder, 'dist', key), operations: operationsToAsk(model) };
}
