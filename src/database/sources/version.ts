import { basename, dirname } from 'node:path/posix';
import { compareText } from '../../core/order.ts';

/** What a migration's file name says. */
export interface MigrationName {
  /** What the journal calls it: the file's name or, where every file has the same one, folder and file. */
  readonly name: string;
  /** The part that orders it, as written: `20240115`, `1.2`; empty when the name has none. */
  readonly version: string;
  /** A repeatable migration runs again whenever it changes. */
  readonly repeatable: boolean;
}

/** Flyway: https://documentation.red-gate.com/flyway/flyway-concepts/migrations/versioned-migrations */
const FLYWAY = /^V(\d[\d._]*)__.*\.sql$/;
const REPEATABLE = /^R__.*\.sql$/;

/** Diesel and Prisma give every migration a folder and every file the same name. */
const FOLDER_FILES: ReadonlySet<string> = new Set(['up.sql', 'down.sql', 'migration.sql']);

/** Reads the name of a file. `path` is written with `/`. */
export function migrationName(path: string): MigrationName {
  const file = basename(path);
  const folder = basename(dirname(path));
  const name = FOLDER_FILES.has(file) && folder !== '.' && folder !== '' ? `${folder}/${file}` : file;
  const flyway = FLYWAY.exec(file)?.[1]?.replace(/[._]+$/, '');
  const version = flyway ?? /^\d+(?:\.\d+)*/.exec(name)?.[0] ?? '';
  return { name, version, repeatable: REPEATABLE.test(file) };
}

/**
 * The order in which migrations run: by version as numbers part by part (2 before 10, 1.9 before 1.10), then by name;
 * those without a version after those with one, and repeatable ones last.
 */
export function compareMigrations(left: MigrationName, right: MigrationName): number {
  if (left.repeatable !== right.repeatable) return left.repeatable ? 1 : -1;
  return compareVersions(left.version, right.version) || compareNumbered(left.name, right.name);
}

/** Compares versions; an empty one is later than any. */
export function compareVersions(left: string, right: string): number {
  if (left === '' || right === '') return Number(left === '') - Number(right === '');
  const [a, b] = [partsOf(left), partsOf(right)];
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const [x, y] = [a[at] ?? 0n, b[at] ?? 0n];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

const partsOf = (version: string): bigint[] => version.split(/[._]+/).map((part) => BigInt(part || '0'));

/** Compares two texts, with the numbers in them as numbers: `step2` before `step10`. */
export function compareNumbered(left: string, right: string): number {
  const [a, b] = [left.split(/(\d+)/), right.split(/(\d+)/)];
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const [x = '', y = ''] = [a[at], b[at]];
    const order = at % 2 === 0 ? compareText(x, y) : compareVersions(x, y);
    if (order !== 0) return order;
  }
  return a.length - b.length || compareText(left, right);
}
