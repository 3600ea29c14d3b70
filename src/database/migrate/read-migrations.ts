import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { sha256 } from '../../core/hash.ts';
import { sortByText } from '../../core/order.ts';
import { leadsBack } from '../sources/files.ts';
import { halvesOf } from '../sources/halves.ts';
import { readSqlText, unreadable } from '../sources/sql-text.ts';
import { compareMigrations, compareVersions, type MigrationName, migrationName } from '../sources/version.ts';
import { readScript, type Script } from './script.ts';

/** A way back. */
export interface Back {
  readonly script: Script;
  readonly text: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** One migration as it was read. */
export interface Migration extends MigrationName {
  readonly path: string;
  /** SHA-256 of the way forward, line ends apart. */
  readonly checksum: string;
  readonly script: Script;
  /** The way forward as it was read. */
  readonly text: string;
  /** What a generated file says it leads from and to; absent in a file by hand. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** The way back, and where it stands; undefined when there is none. */
  readonly back: (() => Promise<Back>) | undefined;
  /** The file that the way back is in. */
  readonly backPath: string | undefined;
}

/** What a path holds: one migration, or all of a folder in the order in which they run. Errors: DB010, DB011, DB069, DB070. */
export async function readMigrations(path: string, root: string): Promise<Migration[]> {
  const folder = (await isFolder(path, root)) ? path : dirname(path);
  const there = folder === path ? await sqlFilesBelow(path, root) : await sqlFilesIn(folder, root);
  const wanted = folder === path ? there.filter((file) => !isNotRun(file, there)) : [path];
  if (wanted.length === 0) {
    throw new UserError('DB011', `${path} holds no migration`, {
      kind: 'usage',
      help: 'Migrations end in .sql; those that lead back are not counted.',
    });
  }
  if (folder !== path && leadsBack(path, there)) {
    throw new UserError('DB070', `${path} is a way back`, {
      kind: 'usage',
      help: 'Run it with senior-backend db rollback.',
    });
  }
  const read = await Promise.all(wanted.map((file) => readMigration(file, there, root)));
  failOnSameName(read);
  failOnSameFlywayVersion(read);
  return read.sort(compareMigrations);
}

/**
 * The migration that a path means, given by its own file or by the one that leads back. Errors: as
 * `readMigrations`.
 */
export async function readOneMigration(path: string, root: string): Promise<Migration> {
  const there = (await isFolder(path, root)) ? [] : await sqlFilesIn(dirname(path), root);
  if (!leadsBack(path, there)) return only(await readMigrations(path, root), path);
  const forward = there.find((file) => !isNotRun(file, there) && samePath(pairOf(file, there), path));
  if (forward === undefined) {
    throw new UserError('DB066', `nothing stands beside ${path} that it would lead back from`, {
      kind: 'usage',
    });
  }
  return only(await readMigrations(forward, root), path);
}

function only([first]: readonly Migration[], path: string): Migration {
  if (first === undefined) throw new UserError('DB011', `${path} holds no migration`, { kind: 'usage' });
  return first;
}

const samePath = (left: string | undefined, right: string): boolean =>
  left !== undefined && resolve(left) === resolve(right);

/** Whether a path is a folder. Errors: DB011. */
export const holdsMany = (path: string, root: string): Promise<boolean> => isFolder(path, root);

/** Flyway's baseline stands for migrations that are all there. */
const isNotRun = (file: string, there: readonly string[]): boolean =>
  leadsBack(file, there) || /^B\d[\d._]*__.*\.sql$/.test(basename(file));

const slashes = (path: string): string => path.replaceAll('\\', '/');

async function readMigration(path: string, there: readonly string[], root: string): Promise<Migration> {
  const name = migrationName(slashes(path));
  const text = await readSqlText(path, root);
  const { up, down, noTransaction } = halvesOf(text);
  failOnPlaceholders(path, up);
  const pair = pairOf(path, there);
  const own = down === undefined ? undefined : () => readBack(path, down, noTransaction);
  return {
    ...name,
    path,
    checksum: sha256(up.replaceAll('\r\n', '\n')),
    script: await readScript({ path, text: up }, noTransaction),
    text: up,
    ...fingerprintsOf(up),
    backPath: down === undefined ? pair : path,
    back: own ?? (pair === undefined ? undefined : async () => readBack(pair, await readSqlText(pair, root))),
  };
}

async function readBack(path: string, text: string, noTransaction = false): Promise<Back> {
  return { script: await readScript({ path, text }, noTransaction), text, ...fingerprintsOf(text) };
}

/** The head of a generated file: only its comments, before the first statement. */
function fingerprintsOf(text: string): Pick<Migration, 'from' | 'to'> {
  const head = /^(?:--[^\n]*\n|\s*\n)*/.exec(text)?.[0] ?? '';
  const named = (word: string): string | undefined =>
    new RegExp(`^-- ${word}: .*\\(fingerprint ([0-9a-f]{64})\\)\\s*$`, 'm').exec(head)?.[1];
  return { from: named('from'), to: named('to') };
}

/** Files that lead back from `path`, by the names that tools give them. */
function pairOf(path: string, there: readonly string[]): string | undefined {
  const [folder, file] = [dirname(path), basename(path)];
  const stem = file.replace(/(?:\.up)?\.sql$/, '');
  const flyway = /^V(\d[\d._]*__)/.exec(file)?.[1];
  const named = [`${stem}_rollback.sql`, `${stem}.down.sql`, `${stem}.undo.sql`];
  if (/[-_]up$/.test(stem)) named.push(`${stem.slice(0, -2)}down.sql`);
  if (FOLDER_FILE.test(file)) named.push('down.sql');
  const isBack = (other: string): boolean =>
    named.includes(basename(other)) || (flyway !== undefined && basename(other).startsWith(`U${flyway}`));
  return there.find((other) => dirname(other) === folder && isBack(other));
}

const FOLDER_FILE = /^(?:up|migration)\.sql$/;

function failOnPlaceholders(path: string, text: string): void {
  const isFilledIn = /^[VR].*__/.test(basename(path)) || /^\s*--\s*\+goose\s+envsub\s+on\b/im.test(text);
  const found = /\$\{[\w:.-]+\}/.exec(text);
  if (!isFilledIn || found === null) return;
  throw new UserError('DB069', `${found[0]} would be filled in by the tool that this file is for`, {
    kind: 'usage',
    location: { file: path, line: text.slice(0, found.index).split('\n').length },
  });
}

function failOnSameName(migrations: readonly Migration[]): void {
  const seen = new Map<string, string>();
  for (const { name, path } of migrations) {
    const other = seen.get(name);
    if (other !== undefined) {
      throw new UserError('DB070', `${other} and ${path} have one name in the journal: ${name}`, {
        kind: 'usage',
      });
    }
    seen.set(name, path);
  }
}

/** Which of two would run first is chance, and Flyway itself refuses them; other tools go by the name. */
function failOnSameFlywayVersion(migrations: readonly Migration[]): void {
  const versioned = migrations.filter(({ name }) => name.startsWith('V'));
  versioned.sort(compareMigrations).forEach((migration, at) => {
    const next = versioned[at + 1];
    if (next === undefined || compareVersions(migration.version, next.version) !== 0) return;
    if (migration.version === '') return;
    throw new UserError('DB070', `${migration.path} and ${next.path} have one version: ${next.version}`, {
      kind: 'usage',
    });
  });
}

async function isFolder(path: string, root: string): Promise<boolean> {
  try {
    return (await stat(resolve(root, path))).isDirectory();
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function sqlFilesBelow(path: string, root: string): Promise<string[]> {
  const top = resolve(root, path);
  const entries = await readdir(top, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.sql'));
  return sortByText(
    files.map((entry) => join(path, relative(top, join(entry.parentPath, entry.name)))),
    (name) => name,
  );
}

async function sqlFilesIn(folder: string, root: string): Promise<string[]> {
  const names = await readdir(resolve(root, folder));
  return names.filter((name) => name.endsWith('.sql')).map((name) => join(folder, name));
}
