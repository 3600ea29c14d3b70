import { existsSync, mkdirSync, rmdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemErrorCode, UserError } from '../core/errors.ts';
import type { Agent } from './agents.ts';
import { readSkill, SKILL_NAME } from './bundle.ts';
import { planChanges, planCheck, planRemoval, type SkillChange, untouchedLinks } from './changes.ts';
import { type Entry, type Layout, layOut, rootOf, type Scope } from './layout.ts';
import { type Manifest, manifestFile, manifestText, readManifest, recordOf } from './manifest.ts';
import { chooseAgents, type Places } from './places.ts';

export interface InstallOptions {
  readonly scope: Scope;
  /** Agents by name; those that are installed on the machine when empty. */
  readonly agents: readonly string[];
  readonly copy: boolean;
  readonly force: boolean;
  /** Plans and writes nothing. */
  readonly dryRun: boolean;
}

/** What an installation or a removal did, or would do. */
export interface SkillReport {
  readonly scope: Scope;
  readonly root: string;
  readonly agents: readonly string[];
  readonly targets: Layout['targets'];
  readonly changes: readonly SkillChange[];
}

/**
 * Installs the skill to each agent. Running it again changes nothing. Errors: SKL001 and SKL002 (usage),
 * SKL003 and SKL004 (refused; nothing is written), SKL005, SKL006.
 */
export function installSkill(places: Places, options: InstallOptions): SkillReport {
  const { scope, copy, force, dryRun } = options;
  const manifest = readManifest(scope, places);
  const agents = withInstalled(chooseAgents(options.agents, places), manifest, places);
  const gone = copy ? untouchedLinks(manifest) : new Set<string>();
  const layout = layOut(agents, readSkill(), places, { scope, copy, gone });
  const changes = planChanges(layout.entries, manifest, gone);
  if (!force) refuseConflicts(changes, 'installed');
  if (!dryRun) write(layout, changes, manifest, { copy, file: manifestFile(scope, places) });
  return {
    scope,
    root: layout.root,
    agents: agents.map(({ name }) => name),
    targets: layout.targets,
    changes,
  };
}

/** Naming one more agent keeps those that were installed before. */
function withInstalled(
  chosen: readonly Agent[],
  manifest: Manifest | undefined,
  places: Places,
): readonly Agent[] {
  const before = manifest === undefined ? [] : chooseAgents(manifest.agents, places);
  return [...new Set([...before, ...chosen])];
}

function refuseConflicts(changes: readonly SkillChange[], what: 'installed' | 'removed'): void {
  const paths = changes.filter(({ action }) => action === 'conflict').map(({ path }) => path);
  if (paths.length === 0) return;
  throw new UserError('SKL004', `nothing was ${what}: edited by hand or not ours: ${paths.join(', ')}`, {
    kind: 'refused',
    help: 'Move your changes elsewhere, or give --force to lose them.',
  });
}

function write(
  layout: Layout,
  changes: readonly SkillChange[],
  manifest: Manifest | undefined,
  { copy, file }: { readonly copy: boolean; readonly file: string },
): void {
  const made = new Set(manifest?.folders ?? []);
  try {
    // Removals first: a link may take the place of a folder of copies.
    for (const { path, entry } of changes) {
      if (entry === undefined) rmSync(path, { recursive: true, force: true });
    }
    for (const { entry, action } of changes) {
      if (entry !== undefined && action !== 'unchanged') put(entry, made);
    }
    makeFolder(dirname(file), made);
    const next: Manifest = {
      version: 1,
      skill: SKILL_NAME,
      agents: layout.targets.map(({ agent }) => agent.name),
      copy,
      entries: Object.fromEntries(layout.entries.map((entry) => [entry.path, recordOf(entry)])),
      folders: [...removeEmpty(made)],
    };
    writeFileSync(file, manifestText(layout.root, next));
  } catch (error) {
    throw asFolderError(error);
  }
}

function put(entry: Entry, made: Set<string>): void {
  rmSync(entry.path, { recursive: true, force: true });
  makeFolder(dirname(entry.path), made);
  if (entry.kind === 'file') writeFileSync(entry.path, entry.content);
  else symlinkSync(entry.target, entry.path);
}

/** Makes a folder and remembers each one that was not there before. */
function makeFolder(folder: string, made: Set<string>): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder), made);
  mkdirSync(folder);
  made.add(folder);
}

/** Removes those of the folders that are empty, the deepest first; gives those that stay. */
function removeEmpty(folders: Iterable<string>): string[] {
  return [...folders]
    .sort((left, right) => right.length - left.length)
    .filter((folder) => {
      try {
        rmdirSync(folder);
        return false;
      } catch (error) {
        return systemErrorCode(error) !== 'ENOENT';
      }
    });
}

function asFolderError(error: unknown): unknown {
  const code = systemErrorCode(error);
  if (code === undefined) return error;
  const path = error instanceof Error && 'path' in error ? String(error.path) : 'a folder';
  return new UserError('SKL006', `cannot write ${path}: the system answered ${code}`, {
    help: 'Check its permissions; where links are not allowed give --copy.',
    cause: error,
  });
}

/**
 * Takes away everything that was installed, and the folders that were made for it. Undefined when nothing
 * is installed. Error SKL004 when something was edited; nothing is removed then.
 */
export function removeSkill(
  places: Places,
  { scope, force, dryRun }: Pick<InstallOptions, 'scope' | 'force' | 'dryRun'>,
): SkillReport | undefined {
  const manifest = readManifest(scope, places);
  if (manifest === undefined) return undefined;
  const changes = planRemoval(manifest);
  if (!force) refuseConflicts(changes, 'removed');
  if (!dryRun) {
    for (const { path } of changes) rmSync(path, { recursive: true, force: true });
    rmSync(manifestFile(scope, places));
    removeEmpty(manifest.folders);
  }
  return { scope, root: rootOf(scope, places), agents: manifest.agents, targets: [], changes };
}

/** What drifted since the installation; undefined when nothing is installed. */
export function checkSkill(places: Places, scope: Scope): SkillReport | undefined {
  const manifest = readManifest(scope, places);
  if (manifest === undefined) return undefined;
  const agents = chooseAgents(manifest.agents, places);
  const layout = layOut(agents, readSkill(), places, { scope, copy: manifest.copy, gone: new Set() });
  const changes = planCheck(layout.entries, manifest);
  return { scope, root: layout.root, agents: manifest.agents, targets: layout.targets, changes };
}

/** The names of the agents that the skill was installed to. */
export const installedAgents = (places: Places, scope: Scope): readonly string[] =>
  readManifest(scope, places)?.agents ?? [];
