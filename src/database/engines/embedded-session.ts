import { scanSync } from 'libpg-query';
import { openEmbedded, openInMemory, type PGliteOptions } from './pglite.ts';
import type { Session } from './session.ts';

/**
 * Opens the connection of a migration to a database that PGlite keeps in a folder, which is made if it is
 * not there, or that is gone afterwards. Errors: DB001, DB075.
 */
export async function openEmbeddedSession(
  folder: string | undefined,
  options: Pick<PGliteOptions, 'budgetMs' | 'signal' | 'snapshot'>,
): Promise<Session> {
  const engine =
    folder === undefined
      ? await openInMemory(options)
      : await openEmbedded(folder, { ...options, make: true });
  return {
    version: engine.version,
    pid: undefined,
    pooled: false,
    settings: '',
    rows: (sql) => engine.rows(sql),
    run: (sql) => engine.run(sql),
    runAll: async (statements, reached) => {
      // Nobody else is there who would have to wait.
      for (const [index, sql] of statements.entries()) {
        await engine.run(sql);
        reached(index + 1);
      }
    },
    copyIn: (sql, rows) => engine.copyIn(fromBlob(sql), rows),
    beside: async () => undefined,
    close: async () => {
      // Leaves nothing to be recovered; after an interruption there is nobody left to ask.
      if (folder !== undefined) await engine.run('CHECKPOINT').catch(() => undefined);
      await engine.close();
    },
  };
}

/** PGlite reads rows from a file of its own making where others read them from the connection. */
function fromBlob(sql: string): string {
  const { tokens } = scanSync(sql);
  const at = tokens.findIndex(
    ({ text }, index) => text.toLowerCase() === 'stdin' && tokens[index - 1]?.text.toLowerCase() === 'from',
  );
  const token = tokens[at];
  if (token === undefined) return sql;
  const bytes = Buffer.from(sql);
  return `${bytes.subarray(0, token.start)}'/dev/blob'${bytes.subarray(token.end)}`;
}
