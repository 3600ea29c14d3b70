import type { Engine, Scratch } from './engines/engine.ts';
import { openPGliteScratch } from './engines/pglite.ts';
import { openPostgresScratch } from './engines/postgres.ts';
import { OutsideTransaction } from './sources/load.ts';
import type { Schema } from './sources/schema.ts';

/** Where schemas are built to be read. */
export interface ScratchChoice {
  /** A server to make temporary databases on; undefined: the embedded PostgreSQL. */
  readonly scratchUrl: string | undefined;
  readonly snapshot: string | undefined;
  /** How long one statement may run, in milliseconds. */
  readonly budgetMs: number;
  readonly signal?: AbortSignal;
}

/** What will be run in it: a schema, or what there is of several. */
interface ScratchNeeds {
  readonly extensions: Iterable<string>;
  readonly statements: readonly unknown[];
}

/** Opens the scratch that was chosen, with what is needed of it. Errors: DB001 for a server that cannot be reached. */
export function openScratch(
  choice: ScratchChoice,
  { extensions, statements }: ScratchNeeds,
): Promise<Scratch> {
  const { scratchUrl, snapshot, budgetMs, signal } = choice;
  const options = signal === undefined ? { budgetMs } : { budgetMs, signal };
  return scratchUrl === undefined
    ? openPGliteScratch({ ...options, snapshot, extensions, statements: statements.length })
    : openPostgresScratch({ ...options, url: scratchUrl });
}

/**
 * Calls `read`, which loads the schema, with an empty database: inside a transaction where that is possible, and again
 * without one where only a statement's failure shows that it is not.
 */
export async function readingSchema<T>(
  scratch: Scratch,
  { transactional }: Schema,
  read: (engine: Engine, autocommit: boolean) => Promise<T>,
): Promise<T> {
  if (transactional) {
    try {
      return await scratch.reading(read, { autocommit: false });
    } catch (error) {
      if (!(error instanceof OutsideTransaction)) throw error;
    }
  }
  return scratch.reading(read, { autocommit: true });
}
