import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Diagnostic } from '../../../core/diagnostic.ts';
import { systemErrorCode, UserError } from '../../../core/errors.ts';
import { sortByText } from '../../../core/order.ts';

/** A folder of sources: every file below it that may be JavaScript, TypeScript or JSON, by absolute path. */
export interface SourceFolder {
  /** Absolute, links resolved. */
  readonly root: string;
  /** As the user wrote it. */
  readonly shown: string;
  readonly texts: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** No folder of routes is larger; what is larger is something else. */
const MAX_FILES = 5_000;
const MAX_FOLDERS = 5_000;
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_FILE_BYTES = 1024 * 1024;

const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx|json)$/;
const NOT_SOURCE = /\.d\.[cm]?ts$|(?:^|[./-])min\.js$/;
const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(['node_modules', 'bower_components', 'coverage']);

/**
 * Reads a folder's sources; nothing outside it, and no link that leads out of it.
 * Errors: SCF070 when the folder cannot be read, is none, or is larger than anybody's routes.
 */
export async function readSourceFolder(path: string, shown: string): Promise<SourceFolder> {
  const root = await folderAt(path, shown);
  const texts = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  const pending = [root];
  let [folders, files, bytes] = [0, 0, 0];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    folders += 1;
    if (folders > MAX_FOLDERS) throw tooLarge(shown, `${MAX_FOLDERS} folders`);
    for (const entry of sortByText(await entriesOf(folder), ({ name }) => name)) {
      const full = join(folder, entry.name);
      const name = `${shown}/${relative(root, full).split(sep).join('/')}`;
      if (entry.isSymbolicLink()) {
        if (SOURCE.test(entry.name) || !entry.name.includes('.')) diagnostics.push(link(name));
      } else if (entry.isDirectory()) {
        if (!SKIPPED_FOLDERS.has(entry.name) && !entry.name.startsWith('.')) pending.push(full);
      } else if (entry.isFile() && SOURCE.test(entry.name) && !NOT_SOURCE.test(entry.name)) {
        files += 1;
        const { size } = await stat(full);
        if (size > MAX_FILE_BYTES) {
          diagnostics.push(large(name));
          continue;
        }
        bytes += size;
        if (files > MAX_FILES) throw tooLarge(shown, `${MAX_FILES} sources`);
        if (bytes > MAX_BYTES) throw tooLarge(shown, `${MAX_BYTES / 1024 / 1024} MB of sources`);
        texts.set(full, (await readFile(full, 'utf8')).replace(/^\uFEFF/, ''));
      }
    }
  }
  const sorted = sortByText([...texts], ([file]) => file);
  return { root, shown: shown.replace(/[/\\]+$/, ''), texts: new Map(sorted), diagnostics };
}

async function folderAt(path: string, shown: string): Promise<string> {
  try {
    const root = await realpath(path);
    if ((await stat(root)).isDirectory()) return root;
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    throw new UserError('SCF070', `${shown} cannot be read: ${systemErrorCode(error)}`, {
      help: 'Name the folder that holds the routes.',
      cause: error,
    });
  }
  throw new UserError('SCF070', `${shown} is not a folder`, {
    help: 'Name the folder that holds the routes, not a file in it.',
  });
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    // A folder that may not be entered holds nothing that we could say something about.
    if (systemErrorCode(error) === undefined) throw error;
    return [];
  }
}

const tooLarge = (shown: string, limit: string): UserError =>
  new UserError('SCF070', `${shown} holds more than ${limit}`, {
    help: 'Name the folder that holds the routes alone.',
  });

const link = (file: string): Diagnostic => ({
  code: 'SCF071',
  severity: 'warning',
  message: `${file} is a link and is not followed`,
  location: { file },
});

const large = (file: string): Diagnostic => ({
  code: 'SCF071',
  severity: 'warning',
  message: `${file} is not read: it has more than ${MAX_FILE_BYTES / 1024 / 1024} MB`,
  location: { file },
});
