import type { Scratch } from '../engines/engine.ts';
import { openPGliteScratch } from '../engines/pglite.ts';
import { openPostgresScratch } from '../engines/postgres.ts';
import type { Session } from '../engines/session.ts';
import { inspect } from '../inspect/inspect.ts';
import type { DatabaseModel } from '../model/database-model.ts';
import { fingerprint } from '../model/fingerprint.ts';
import { loadStatements } from '../sources/load.ts';
import { readDatabase, type Schema } from '../sources/schema.ts';

/** Where a database is rebuilt to be compared with what another PostgreSQL has read. */
export interface ScratchChoice {
  /** A server to make temporary databases on; undefined: the embedded PostgreSQL. */
  readonly scratchUrl: string | undefined;
  readonly snapshot: string | undefined;
  readonly budgetMs: number;
  readonly signal: AbortSignal;
}

/** Opens the scratch that was chosen, with what `schema` needs. */
export function openScratch(choice: ScratchChoice, schema: Schema): Promise<Scratch> {
  const { scratchUrl, snapshot, budgetMs, signal } = choice;
  return scratchUrl === undefined
    ? openPGliteScratch({
        snapshot,
        budgetMs,
        signal,
        extensions: schema.extensions,
        statements: schema.statements.length,
      })
    : openPostgresScratch({ url: scratchUrl, budgetMs, signal });
}

/**
 * Whether the database is in the state that a generated file names. The database's own reading decides
 * when it says yes, because equal fingerprints are equal schemas; otherwise the database is rebuilt in a
 * scratch, since PostgreSQL prints expressions differently from version to version.
 */
export async function isInState(
  session: Session,
  expected: string,
  model: DatabaseModel,
  choice: ScratchChoice,
): Promise<boolean> {
  if (fingerprint(model) === expected) return true;
  const schema = await readDatabase('the database', session);
  const scratch = await openScratch(choice, schema);
  try {
    const rebuilt = await scratch.reading(
      async (engine, autocommit) => {
        await loadStatements(engine, schema.statements, { extensions: scratch.extensions, autocommit });
        return inspect(engine);
      },
      { autocommit: !schema.transactional },
    );
    return fingerprint(rebuilt) === expected;
  } finally {
    await scratch.close();
  }
}
