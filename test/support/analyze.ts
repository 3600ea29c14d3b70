import type { Engine } from '../../src/database/engines/engine.ts';
import { openPGliteScratch } from '../../src/database/engines/pglite.ts';
import { type Analysis, type AnalyzeRequest, analyze } from '../../src/database/index.ts';
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

/** What is found in a running database, as `db analyze` finds it, with a minute for it. */
export const analyzeServer = (url: string, options: Partial<AnalyzeRequest> = {}): Promise<Analysis> =>
  analyze({
    location: { kind: 'server', url },
    scratchUrl: undefined,
    snapshot: SNAPSHOT,
    budgetMs: 60_000,
    now: () => performance.now(),
    queries: undefined,
    trace: undefined,
    ...options,
  });
