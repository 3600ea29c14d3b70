// The service's database: a PostgreSQL embedded in this process, kept in a folder.
import { existsSync, readFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';

let opened: PGlite | undefined;

/** Opens the database, and fills it the first time. */
export async function openDatabase(folder: string, sql: { schema: string; seed: string }): Promise<void> {
  const isNew = !existsSync(`${folder}/PG_VERSION`);
  opened = await PGlite.create(folder);
  if (!isNew) return;
  await opened.exec(readFileSync(sql.schema, 'utf8'));
  await opened.exec(readFileSync(sql.seed, 'utf8'));
}

/** The open database. */
export function database(): PGlite {
  if (opened === undefined) throw new Error('the database is not open');
  return opened;
}
