import type { Engine } from '../../src/database/engines/engine.ts';
import { openPGliteScratch } from '../../src/database/engines/pglite.ts';
import { loadStatements } from '../../src/database/sources/load.ts';
import { readSchema } from '../../src/database/sources/schema.ts';
import { file, SNAPSHOT } from './database.ts';

/** Loads a schema file into a PGlite of its own, outside a transaction, and hands it over. */
export async function withSchema<T>(path: string, use: (engine: Engine) => Promise<T>): Promise<T> {
  const schema = await readSchema(file(path), { budgetMs: 120_000 });
  const scratch = await openPGliteScratch({
    snapshot: SNAPSHOT,
    extensions: schema.extensions,
    budgetMs: 120_000,
  });
  try {
    return await scratch.reading(
      async (engine) => {
        await loadStatements(engine, schema.statements, { extensions: scratch.extensions, autocommit: true });
        return await use(engine);
      },
      { autocommit: true },
    );
  } finally {
    await scratch.close();
  }
}
