import { readdir, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { sortByText } from '../../core/order.ts';
import { halvesOf } from './halves.ts';
import { readSqlText, unreadable } from './sql-text.ts';
import type { SourceFile } from './statements.ts';

/**
 * The SQL files that a path names: the file itself or, for a folder, everything below it that ends in
 * `.sql`, in the order of its name, without what only leads back. Errors: DB011.
 */
export async function readSourceFiles(path: string, root = '.'): Promise<SourceFile[]> {
  const isFolder = await folderOrFail(path, root);
  if (!isFolder) return [await readSourceFile(path, root)];
  const entries = await readdir(resolve(root, path), { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.sql'))
    .map((entry) => join(path, relative(resolve(root, path), join(entry.parentPath, entry.name))))
    .filter((name) => !LEADS_BACK.test(name.replaceAll('\\', '/')));
  if (names.length === 0) {
    throw new UserError('DB011', `${path} holds no .sql file`, { kind: 'usage' });
  }
  return Promise.all(sortByText(names, (name) => name).map((name) => readSourceFile(name, root)));
}

/** Rollbacks as migration tools name them: `x.down.sql`, `down.sql` (diesel), `x_rollback.sql` (ours), `U1__x.sql` (Flyway). */
export const LEADS_BACK = /(?:\.down|(?:^|\/)down|_rollback|\.undo|(?:^|\/)U\d[\w.]*__[^/]*)\.sql$/;

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
