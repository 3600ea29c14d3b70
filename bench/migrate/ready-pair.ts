import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '../../src/database/engines/postgres.ts';
import type { SchemaPair } from '../../test/support/database.ts';
import { ALLOW_ALL, copyOf, type Lab, openLab, start } from '../../test/support/migrate-lab.ts';
import type { PostgresServer } from '../../test/support/postgres-server.ts';
import { ROOT } from '../../test/support/repository.ts';

/** A pair of the corpus as a database with rows and a migration that they fit. */
export interface ReadyPair {
  readonly lab: Lab;
  /** How many tables hold rows. */
  readonly filled: number;
}

/** The small ones first: a run that is cut off has then seen most pairs. */
export const bySize = (pairs: readonly SchemaPair[]): readonly SchemaPair[] =>
  [...pairs].sort((left, right) => statSync(left.older).size - statSync(right.older).size);

/** How many tables are emptied, one after the other, because their rows do not fit what they become. */
const MOST_EMPTIED = 40;

/**
 * Makes a pair ready, with rows in as many tables as the migration takes them in; or says why it cannot. The migration
 * and the names of the emptied tables are kept in .cache, because finding them takes the longest.
 */
export async function readyPair(
  server: PostgresServer,
  { name, older, newer }: SchemaPair,
): Promise<ReadyPair | string> {
  const folder = join(ROOT, '.cache', 'bench', 'pairs', name);
  mkdirSync(folder, { recursive: true });
  const lab = await openLab(server, name.replaceAll(/\W/g, '_').toLowerCase(), {
    older,
    newer,
    rows: 3,
    folder,
  });
  if (lab === undefined) return 'no migration';
  const list = join(folder, 'emptied.json');
  if (existsSync(list)) {
    const emptied: string[] = JSON.parse(readFileSync(list, 'utf8'));
    for (const table of emptied) await empty(server.url(lab.name), table);
    return { lab, filled: lab.filled - emptied.length };
  }
  const emptied = await emptyWhatDoesNotFit(server, lab);
  if (typeof emptied === 'string') return emptied;
  writeFileSync(list, JSON.stringify(emptied));
  return { lab, filled: lab.filled - emptied.length };
}

async function emptyWhatDoesNotFit(server: PostgresServer, lab: Lab): Promise<readonly string[] | string> {
  const emptied: string[] = [];
  for (;;) {
    const url = await copyOf(server, lab, 'trial');
    const { exit, stdout, stderr } = await start('migrate', lab.folder, '--connection', url, ...ALLOW_ALL)
      .ended;
    if (exit === 0) return emptied;
    const table = /^ {2}at .*?\b(?:TABLE|ON|UPDATE|INTO)\s+(?:ONLY\s+)?([\w".]+)/m.exec(stdout)?.[1];
    if (table === undefined || emptied.includes(table) || emptied.length === MOST_EMPTIED)
      return `fails without being killed: ${stdout}${stderr}`;
    emptied.push(table);
    await empty(server.url(lab.name), table);
  }
}

async function empty(url: string, table: string): Promise<void> {
  const engine = await connect({ url, budgetMs: 60_000 });
  try {
    await engine.run(`SET session_replication_role = replica; DELETE FROM ${table}`);
  } finally {
    await engine.close();
  }
}
