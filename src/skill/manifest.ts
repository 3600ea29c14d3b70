import { readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { systemErrorCode, UserError } from '../core/errors.ts';
import { sha256 } from '../core/hash.ts';
import { sortByText } from '../core/order.ts';
import { AGENTS, type Place } from './agents.ts';
import { SKILL_NAME } from './bundle.ts';
import { type Entry, isInside, refuseEscape, rootOf, type Scope } from './layout.ts';
import { type Places, resolvePlace } from './places.ts';

/** What was installed at one path: the hash of a file, or where a link points. */
export type Recorded = { readonly sha256: string } | { readonly link: string };

/** All that an installation left on the disk, so that it can be checked and removed without a trace. */
export interface Manifest {
  readonly version: 1;
  readonly skill: string;
  /** The agents it is for, in order. */
  readonly agents: readonly string[];
  readonly copy: boolean;
  /** Path to what was written; relative to the project or home when inside it, `/`-separated. */
  readonly entries: Readonly<Record<string, Recorded>>;
  /** Folders that were not there before. */
  readonly folders: readonly string[];
}

/** Beside the canonical copy's folder, never in it: the skill folder holds the skill and nothing else. */
export const manifestFile = (scope: Scope, places: Places): string =>
  join(rootOf(scope, places), '.agents', `${SKILL_NAME}.json`);

/** What to record of an entry. */
export const recordOf = (entry: Entry): Recorded =>
  entry.kind === 'file' ? { sha256: sha256(entry.content) } : { link: entry.target };

/** The name of a path in the manifest. */
function nameOf(root: string, path: string): string {
  return isInside(root, path) ? relative(root, path).split(sep).join('/') : path;
}

/**
 * The installation that is recorded, with absolute paths; undefined when there is none. Errors: SKL005
 * when the file is not a manifest, SKL003 when a path in it is not one that this package writes.
 */
export function readManifest(scope: Scope, places: Places): Manifest | undefined {
  const file = manifestFile(scope, places);
  const text = readIfPresent(file);
  if (text === undefined) return undefined;
  const manifest = parseManifest(text);
  if (manifest === undefined) {
    throw new UserError('SKL005', `${file} is not a manifest of ours`, {
      help: 'Remove it by hand; files that differ are then treated as yours.',
    });
  }
  const root = rootOf(scope, places);
  const owned = ownedFolders(scope, places);
  const absolute = (name: string): string => {
    const path = checkedPath(resolve(root, name), owned, root);
    refuseEscape(scope, root, path);
    return path;
  };
  const entries = Object.entries(manifest.entries).map(
    ([name, recorded]) => [absolute(name), recorded] as const,
  );
  const written = [file, ...entries.map(([path]) => path)];
  const folders = manifest.folders
    .map((name) => resolve(root, name))
    .filter((folder) => written.some((path) => isInside(folder, path)));
  return { ...manifest, entries: Object.fromEntries(entries), folders };
}

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return undefined;
    throw error;
  }
}

function parseManifest(text: string): Manifest | undefined {
  try {
    const value: Partial<Manifest> = JSON.parse(text);
    const isOurs =
      value.version === 1 &&
      value.skill === SKILL_NAME &&
      typeof value.copy === 'boolean' &&
      isTexts(value.agents) &&
      isTexts(value.folders) &&
      typeof value.entries === 'object' &&
      value.entries !== null &&
      Object.values(value.entries).every(isRecorded);
    return isOurs ? (value as Manifest) : undefined;
  } catch {
    return undefined;
  }
}

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'string');

function isRecorded(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return (
    ('sha256' in value && typeof value.sha256 === 'string') ||
    ('link' in value && typeof value.link === 'string')
  );
}

/** Every path that any agent's installation may have: nothing else is ever removed because a manifest says so. */
function ownedFolders(scope: Scope, places: Places): string[] {
  const { project, home } = places;
  const skills =
    scope === 'project'
      ? ['.agents/skills', ...AGENTS.map((agent) => agent.project)].map((path) => join(project, path))
      : [join(home, '.agents/skills'), ...AGENTS.flatMap(({ global }) => known(global, places))];
  const extras = AGENTS.flatMap((agent) => agent.extras).flatMap((extra) => {
    if (scope === 'project') return [join(project, extra.project)];
    return known(extra.global === undefined ? [] : [extra.global], places);
  });
  return [...skills.map((folder) => join(folder, SKILL_NAME)), ...extras];
}

const known = (wanted: readonly Place[], places: Places): string[] =>
  wanted.map((place) => resolvePlace(place, places)).filter((path) => path !== undefined);

function checkedPath(path: string, owned: readonly string[], root: string): string {
  if (owned.some((folder) => path === folder || isInside(folder, path))) return path;
  throw new UserError('SKL003', `the manifest in ${root} names ${path}, which is not a place of this skill`, {
    kind: 'refused',
    help: 'Remove the manifest by hand; files that differ are then treated as yours.',
  });
}

/** The manifest as it is written: sorted, so that it changes only when the installation does. */
export function manifestText(root: string, manifest: Manifest): string {
  const entries = sortByText(Object.entries(manifest.entries), ([path]) => path);
  return `${JSON.stringify(
    {
      ...manifest,
      entries: Object.fromEntries(entries.map(([path, recorded]) => [nameOf(root, path), recorded])),
      folders: sortByText(
        manifest.folders.map((folder) => nameOf(root, folder)),
        (name) => name,
      ),
    },
    null,
    2,
  )}\n`;
}
