import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import {
  type DiffRequest,
  diffSchemas,
  type SchemaDiff,
  type SchemaLocation,
} from '../../src/database/index.ts';
import { ROOT } from './repository.ts';

/** Shared by every test process, so that the embedded PostgreSQL is initialised once. */
export const SNAPSHOT = join(tmpdir(), 'senior-backend-test', 'pglite-0.5.16.tar');

/** The corpus of real schemas stands beside the repository where it is developed. */
export const CORPUS = join(ROOT, '..', 'shared', 'corpus', 'postgres');

export const hasCorpus = existsSync(CORPUS);

/** The schemas of the corpus, by name. */
export function corpusSchemas(): string[] {
  if (!hasCorpus) return [];
  return readdirSync(CORPUS)
    .filter((name) => name.endsWith('.sql'))
    .map((name) => basename(name, '.sql'));
}

/** An older version of a corpus schema and the schema itself, as paths. */
export interface SchemaPair {
  readonly name: string;
  readonly older: string;
  readonly newer: string;
}

/** Every version pair of the corpus. */
export function corpusPairs(): SchemaPair[] {
  if (!hasCorpus) return [];
  return readdirSync(join(CORPUS, 'pairs')).map((file) => ({
    name: basename(file, '.sql'),
    older: join(CORPUS, 'pairs', file),
    newer: join(CORPUS, `${file.split('@')[0]}.sql`),
  }));
}

/** Runs `db diff`'s one call with what a test does not care about filled in. */
export function diffLocations(
  from: SchemaLocation,
  to: SchemaLocation,
  options: Partial<DiffRequest> = {},
): Promise<SchemaDiff> {
  return diffSchemas({
    from,
    to,
    scratchUrl: undefined,
    snapshot: SNAPSHOT,
    renames: [],
    preserve: false,
    online: true,
    budgetMs: 120_000,
    ...options,
  });
}

export const EMPTY: SchemaLocation = { kind: 'empty' };

export const file = (path: string): SchemaLocation => ({ kind: 'files', path });
