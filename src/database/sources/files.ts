import { readdir, stat } from 'node:fs/promises';
import { join, normalize, relative, resolve } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { halvesOf } from './halves.ts';
import { readSqlText, unreadable } from './sql-text.ts';
import type { SourceFile } from './statements.ts';
import { compareMigrations, compareNumbered, migrationName } from './version.ts';

/**
 * The SQL files that a path names: the file itself or, for a folder, everything below it that ends in
 * `.sql`, without what only leads back, in the order in which migrations run. Errors: DB011.
 */
export async function readSourceFiles(path: string, root = '.'): Promise<SourceFile[]> {
  const isFolder = await folderOrFail(path, root);
  if (!isFolder) return [await readSourceFile(path, root)];
  const entries = await readdir(resolve(root, path), { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.sql'))
    .map((entry) => join(path, relative(resolve(root, path), join(entry.parentPath, entry.name))));
  const forward = names.filter((name) => !leadsBack(name, names));
  if (forward.length === 0) {
    throw new UserError('DB011', `${path} holds no .sql file`, { kind: 'usage' });
  }
  return Promise.all(inOrder(forward).map((name) => readSourceFile(name, root)));
}

/**
 * Migrations as `db migrate` applies them, wherever they stand; other files by their paths, 2 before 10. Which of two
 * versions of one function is the last is decided by nothing else.
 */
function inOrder(paths: readonly string[]): string[] {
  const files = paths.map((path) => {
    const name = slashed(path);
    return { path, name, migration: migrationName(name) };
  });
  const areMigrations = files.every(({ migration }) => migration.version !== '' || migration.repeatable);
  files.sort(
    (left, right) =>
      (areMigrations ? compareMigrations(left.migration, right.migration) : 0) ||
      compareNumbered(left.name, right.name),
  );
  return files.map(({ path }) => path);
}

/** Rollbacks as migration tools name them: `x.down.sql`, `down.sql` (Diesel), `x_rollback.sql` (ours), `U1__x.sql` (Flyway). */
const LEADS_BACK = /(?:\.down|(?:^|\/)down|_rollback|\.undo|(?:^|\/)U\d[\w.]*__[^/]*)\.sql$/;

/**
 * Whether a file is a way back. `x-down.sql` (db-migrate) and `x_down.sql` are one only beside an `x-up.sql`: a
 * migration may be called shut_down. `there`: the files of the folder, as `join` writes them.
 */
export function leadsBack(path: string, there: readonly string[]): boolean {
  if (LEADS_BACK.test(slashed(path))) return true;
  return /[-_]down\.sql$/.test(path) && there.includes(normalize(path).replace(/down\.sql$/, 'up.sql'));
}

const slashed = (path: string): string => normalize(path).replaceAll('\\', '/');

async function folderOrFail(path: string, root: string): Promise<boolean> {
  try {
    return (await stat(resolve(root, path))).isDirectory();
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function readSourceFile(path: string, root: string): Promise<SourceFile> {
  return { path, text: halvesOf(await readSqlText(path, root)).up };
}
