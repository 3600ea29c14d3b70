import { constants } from 'node:fs';
import { access, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { systemErrorCode, UserError } from './errors.ts';
import { sha256 } from './hash.ts';
import { sortByText } from './order.ts';

/** Who owns a file: `generated` files are ours to rewrite, `user` files are written once and then the user's. */
export type FileOwner = 'generated' | 'user';

/** A file we want to exist, with a `/`-separated path relative to the output folder. */
export interface PlannedFile {
  readonly path: string;
  readonly content: string;
  readonly owner: FileOwner;
}

/**
 * What would happen to one file. `kept`: the user's file, left alone. `conflict`: a generated file
 * that was edited by hand. `removed`: a file we wrote earlier, that is as we wrote it, and that nobody needs
 * any more. `orphaned`: the same of a file that is the user's or was edited; reported, never removed.
 */
export type FileAction = 'create' | 'update' | 'unchanged' | 'kept' | 'conflict' | 'removed' | 'orphaned';

export interface FileChange {
  readonly path: string;
  readonly action: FileAction;
  readonly owner: FileOwner;
  /** The text to write; absent for a file that is only reported. */
  readonly content?: string;
  /** The text that the folder has now, where it is not what we would write. */
  readonly previous?: string;
}

interface Manifest {
  readonly version: 1;
  /** Path to SHA-256 of what we wrote; for a user file, of what we first wrote. */
  readonly files: Readonly<Record<string, { readonly owner: FileOwner; readonly sha256: string }>>;
}

/** The manifest's name inside the output folder. */
export const MANIFEST_FILE = '.senior-backend.json';

export interface PlanOptions {
  /** Whether the files are all that there should be, so that those we wrote besides may go. */
  readonly complete?: boolean;
}

/**
 * Compares the wanted files with the folder, without writing. The manifest of hashes tells a file we
 * wrote from one the user edited. Errors: CORE001 when a path would leave the folder.
 */
export async function planFileChanges(
  folder: string,
  files: readonly PlannedFile[],
  { complete = false }: PlanOptions = {},
): Promise<FileChange[]> {
  const manifest = await readManifest(folder);
  const changes: FileChange[] = [];
  for (const file of files) {
    const present = await readIfPresent(resolveInside(folder, file.path));
    const action = actionFor(file, present, manifest.files[file.path]?.sha256);
    const isOther = present !== undefined && action !== 'unchanged';
    changes.push({ ...file, action, ...(isOther ? { previous: present } : {}) });
  }
  const wanted = new Set(files.map((file) => file.path));
  for (const [path, { owner, sha256: written }] of Object.entries(manifest.files)) {
    if (wanted.has(path)) continue;
    const present = await readIfPresent(resolveInside(folder, path));
    if (present === undefined) continue;
    const isOurs = complete && owner === 'generated' && written === sha256(present);
    changes.push({ path, owner, action: isOurs ? 'removed' : 'orphaned', previous: present });
  }
  return sortByText(changes, (change) => change.path);
}

function actionFor(file: PlannedFile, present: string | undefined, written: string | undefined): FileAction {
  if (present === undefined) return 'create';
  if (file.owner === 'user') return 'kept';
  if (present === file.content) return 'unchanged';
  return written === sha256(present) ? 'update' : 'conflict';
}

/**
 * Writes the planned changes, all or nothing as far as a file system can: every text is first written
 * beside its place, and only when all are written are they moved in. Errors: CORE002 for a folder that
 * cannot be written, CORE003 when a conflict was not resolved by `overwrite`.
 */
export async function writeFileChanges(
  folder: string,
  changes: readonly FileChange[],
  options: { readonly overwrite?: boolean } = {},
): Promise<void> {
  refuseConflicts(changes, options.overwrite ?? false);
  const pending = changes.filter((change) => isWritten(change));
  const next = manifestText(changes, await readManifest(folder));
  const manifestPath = join(folder, MANIFEST_FILE);
  const staged: { readonly from: string; readonly to: string }[] = [];
  try {
    await ensureFolder(resolve(folder));
    const root = await realpath(folder);
    for (const change of pending) {
      staged.push(await stage(resolveInside(folder, change.path), change.content ?? '', root));
    }
    if ((await readIfPresent(manifestPath)) !== next) staged.push(await stage(manifestPath, next, root));
    for (const { from, to } of staged) await rename(from, to);
    for (const { path, action } of changes) {
      if (action === 'removed') await rm(resolveInside(folder, path), { force: true });
    }
  } catch (error) {
    await Promise.all(staged.map(({ from }) => rm(from, { force: true })));
    throw asFolderError(folder, error);
  }
}

const isWritten = ({ action }: FileChange): boolean =>
  action === 'create' || action === 'update' || action === 'conflict';

function refuseConflicts(changes: readonly FileChange[], overwrite: boolean): void {
  const conflicts = changes.filter((change) => change.action === 'conflict').map((change) => change.path);
  if (conflicts.length === 0 || overwrite) return;
  throw new UserError('CORE003', `generated files were edited by hand: ${conflicts.join(', ')}`, {
    kind: 'refused',
    help: 'Move your changes into the handlers, or give --force to overwrite these files.',
  });
}

/** Writes a text beside its place. Errors: CORE001 when a link below the folder leads out of it. */
async function stage(path: string, content: string, root: string): Promise<{ from: string; to: string }> {
  await makeFolder(dirname(path));
  if (isOutside(root, await realpath(dirname(path)))) {
    throw new UserError('CORE001', `${path} is behind a link that leads out of the output folder`, {
      kind: 'refused',
      help: 'Remove the link, or name the folder that it leads to with --output.',
    });
  }
  const from = `${path}.part`;
  // What is left of an earlier run goes; `wx` follows no link that somebody put there meanwhile.
  await rm(from, { force: true });
  await writeFile(from, content, { flag: 'wx' });
  return { from, to: path };
}

function isOutside(root: string, path: string): boolean {
  const inside = relative(root, path);
  return isAbsolute(inside) || inside.split(sep)[0] === '..';
}

/** Makes a folder and those above it. Not Node's `recursive`: that tries for ever where the system says ENOENT, as in /proc. */
async function makeFolder(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) await makeFolder(parent);
  try {
    await mkdir(folder);
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST' || !(await isFolder(folder))) throw error;
  }
}

async function ensureFolder(folder: string): Promise<void> {
  await makeFolder(folder);
  await access(folder, constants.W_OK);
}

function asFolderError(folder: string, error: unknown): unknown {
  const code = systemErrorCode(error);
  if (code === undefined) return error;
  const reason = FOLDER_REASONS[code] ?? `the system answered ${code}`;
  return new UserError('CORE002', `cannot write to ${folder}: ${reason}`, {
    help: 'Choose a folder you may write to with --output.',
    cause: error,
  });
}

const FOLDER_REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOENT: 'the system does not allow a folder there',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'it is a file',
  EISDIR: 'a folder has the name of a file to write',
};

/** The absolute path of a planned file; refuses one that would leave the folder. */
function resolveInside(folder: string, path: string): string {
  const root = resolve(folder);
  const full = resolve(root, ...path.split('/'));
  if (full === root || isOutside(root, full)) {
    throw new UserError('CORE001', `the file name ${JSON.stringify(path)} would leave the output folder`);
  }
  return full;
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw asFolderError(dirname(path), error);
  }
}

async function readManifest(folder: string): Promise<Manifest> {
  const text = await readIfPresent(join(folder, MANIFEST_FILE));
  if (text === undefined) return { version: 1, files: {} };
  try {
    const manifest: Manifest = JSON.parse(text);
    if (manifest.version === 1 && typeof manifest.files === 'object') return manifest;
  } catch {
    // Reported below with the same words as a manifest of another shape.
  }
  throw new UserError('CORE004', `${join(folder, MANIFEST_FILE)} is not a manifest of ours`, {
    help: 'Remove it; files that differ from what would be generated are then treated as yours.',
  });
}

function manifestText(changes: readonly FileChange[], previous: Manifest): string {
  const files: Record<string, { owner: FileOwner; sha256: string }> = {};
  for (const change of changes) {
    const known = previous.files[change.path];
    if (change.action === 'orphaned' || change.action === 'kept') {
      if (known !== undefined) files[change.path] = known;
    } else if (change.content !== undefined) {
      files[change.path] = { owner: change.owner, sha256: sha256(change.content) };
    }
  }
  return `${JSON.stringify({ version: 1, files }, null, 2)}\n`;
}

/** Whether `path` exists and is a folder. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
