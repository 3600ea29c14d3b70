import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../core/errors.ts';
import { sha256 } from '../core/hash.ts';
import { sortByText } from '../core/order.ts';
import { type Entry, isBelowAny } from './layout.ts';
import { type Manifest, type Recorded, recordOf } from './manifest.ts';

/**
 * What would happen at one path. `conflict`: it was edited since it was installed, or was never ours;
 * `missing`: it was installed and is gone.
 */
type SkillAction = 'create' | 'update' | 'unchanged' | 'remove' | 'conflict' | 'missing';

export interface SkillChange {
  readonly path: string;
  readonly kind: 'file' | 'link';
  readonly action: SkillAction;
  /** What is wanted at the path; absent for what is only removed or reported. */
  readonly entry?: Entry;
}

/** What is at a path now, in the words of the manifest; `other` for a folder. */
type Present = Recorded | 'absent' | 'other';

function presentAt(path: string): Present {
  const stat = statOf(path);
  if (stat === undefined) return 'absent';
  if (stat.isSymbolicLink()) return { link: readlinkSync(path) };
  return stat.isFile() ? { sha256: sha256(readFileSync(path, 'utf8')) } : 'other';
}

function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    // A file where a folder should be: writing will say so.
    if (systemErrorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

const isSame = (present: Present, recorded: Recorded | undefined): boolean =>
  typeof present === 'object' &&
  recorded !== undefined &&
  JSON.stringify(present) === JSON.stringify(recorded);

const kindOf = (recorded: Recorded): SkillChange['kind'] => ('link' in recorded ? 'link' : 'file');

/** The links of an installation that are as they were made: with --copy each gives way to a copy. */
export function untouchedLinks(manifest: Manifest | undefined): Set<string> {
  const links = Object.entries(manifest?.entries ?? {}).filter(
    ([path, recorded]) => 'link' in recorded && isSame(presentAt(path), recorded),
  );
  return new Set(links.map(([path]) => path));
}

/** Compares what is wanted with the disk and with what was installed before, without writing. */
export function planChanges(
  entries: readonly Entry[],
  manifest: Manifest | undefined,
  gone: ReadonlySet<string>,
): SkillChange[] {
  const known = manifest?.entries ?? {};
  const wanted = new Set(entries.map(({ path }) => path));
  const obsolete = Object.entries(known).filter(([path]) => !wanted.has(path));
  const changes = [
    ...obsolete.flatMap(([path, recorded]) => removal(path, recorded)),
    ...entries.map((entry): SkillChange => {
      const isBehindGone = !gone.has(entry.path) && isBelowAny(gone, entry.path);
      const action = isBehindGone ? 'create' : actionFor(entry, known, wanted);
      return { path: entry.path, kind: entry.kind, action, entry };
    }),
  ];
  return sortByText(changes, ({ path }) => path);
}

function actionFor(entry: Entry, known: Manifest['entries'], wanted: ReadonlySet<string>): SkillAction {
  const present = presentAt(entry.path);
  if (present === 'absent') return 'create';
  if (isSame(present, recordOf(entry))) return 'unchanged';
  if (isSame(present, known[entry.path])) return 'update';
  // Links take the place of copies that are untouched: the folder is empty once those are removed.
  return present === 'other' && isOursAlone(entry.path, known, wanted) ? 'create' : 'conflict';
}

function isOursAlone(folder: string, known: Manifest['entries'], wanted: ReadonlySet<string>): boolean {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .every((path) => !wanted.has(path) && isSame(presentAt(path), known[path]));
}

/** What taking away a recorded entry would mean; nothing when it is gone already. */
function removal(path: string, recorded: Recorded): SkillChange[] {
  const present = presentAt(path);
  if (present === 'absent') return [];
  return [{ path, kind: kindOf(recorded), action: isSame(present, recorded) ? 'remove' : 'conflict' }];
}

/** Everything of an installation that is to be taken away. */
export function planRemoval(manifest: Manifest): SkillChange[] {
  const changes = Object.entries(manifest.entries).flatMap(([path, recorded]) => removal(path, recorded));
  return sortByText(changes, ({ path }) => path);
}

/**
 * Compares an installation with its manifest and with the skill as it is shipped today: `missing`, `conflict`
 * for what was edited, `update` for what a newer skill would change, `create` for what it would add.
 */
export function planCheck(entries: readonly Entry[], manifest: Manifest): SkillChange[] {
  const edited = Object.entries(manifest.entries).flatMap(([path, recorded]): SkillChange[] => {
    const present = presentAt(path);
    if (isSame(present, recorded)) return [];
    return [{ path, kind: kindOf(recorded), action: present === 'absent' ? 'missing' : 'conflict' }];
  });
  const drifted = new Set(edited.map(({ path }) => path));
  const stale = planChanges(entries, manifest, new Set()).filter(
    ({ path, action }) => action !== 'unchanged' && !drifted.has(path),
  );
  return sortByText([...edited, ...stale], ({ path }) => path);
}
