import type { Session } from '../engines/session.ts';
import { inspect } from '../inspect/inspect.ts';
import type { DatabaseModel } from '../model/database-model.ts';
import { fingerprint } from '../model/fingerprint.ts';
import { openScratch, readingSchema, type ScratchChoice } from '../scratch.ts';
import { loadStatements } from '../sources/load.ts';
import { readDatabase } from '../sources/schema.ts';

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
    const rebuilt = await readingSchema(scratch, schema, async (engine, autocommit) => {
      await loadStatements(engine, schema.statements, { extensions: scratch.extensions, autocommit });
      return inspect(engine);
    });
    return fingerprint(rebuilt) === expected;
  } finally {
    await scratch.close();
  }
}
