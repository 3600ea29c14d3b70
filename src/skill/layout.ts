import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { UserError } from '../core/errors.ts';
import { sortByText } from '../core/order.ts';
import type { Agent } from './agents.ts';
import { SKILL_NAME, type SkillFile } from './bundle.ts';
import { globalSkills, type Places, resolvePlace } from './places.ts';

export type Scope = 'project' | 'global';

/** A file or a link that an installation consists of, by its absolute path. */
export type Entry =
  | { readonly kind: 'file'; readonly path: string; readonly content: string }
  /** Points at the canonical copy; `target` is relative to the link's folder. */
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

/** One agent and the places it finds the skill at. */
interface AgentTargets {
  readonly agent: Agent;
  readonly skill: string;
  readonly extras: readonly { readonly source: string; readonly path: string }[];
}

export interface Layout {
  readonly scope: Scope;
  /** The project, or the home folder. */
  readonly root: string;
  /** The one real copy of the skill. */
  readonly canonical: string;
  readonly targets: readonly AgentTargets[];
  readonly entries: readonly Entry[];
}

export interface LayoutOptions {
  readonly scope: Scope;
  readonly copy: boolean;
  /** Links of an earlier installation that give way to copies: nothing is looked for behind them. */
  readonly gone: ReadonlySet<string>;
}

/** The folder that `places` installs to in this scope. */
export const rootOf = (scope: Scope, places: Places): string =>
  scope === 'project' ? places.project : places.home;

/** Every file and link that these agents need: one canonical copy, and links or copies beside it. */
export function layOut(
  agents: readonly Agent[],
  files: readonly SkillFile[],
  places: Places,
  { scope, copy, gone }: LayoutOptions,
): Layout {
  const root = rootOf(scope, places);
  const canonical = join(root, '.agents/skills', SKILL_NAME);
  const targets = agents.map((agent) => targetsOf(agent, scope, places));
  const wanted = new Map<string, Entry>();
  const add = (entry: Entry): void => {
    // Two agents may read one folder, by its own name or through a link of the user's.
    const real = realLocation(entry.path, gone);
    refuseEscape(scope, root, entry.path, real);
    if (!wanted.has(real)) wanted.set(real, entry);
  };
  for (const file of files) add(copied(file, canonical));
  const home = realLocation(canonical);
  for (const { skill, extras } of targets) {
    if (realLocation(skill) !== home) {
      if (copy) for (const file of files) add(copied(file, skill));
      else add(linked(skill, canonical));
    }
    for (const { source, path } of extras) {
      const content = files.find((file) => file.path === source)?.content ?? '';
      add(copy ? { kind: 'file', path, content } : linked(path, join(canonical, source)));
    }
  }
  return { scope, root, canonical, targets, entries: sortByText(wanted.values(), ({ path }) => path) };
}

function targetsOf(agent: Agent, scope: Scope, places: Places): AgentTargets {
  const folder = scope === 'project' ? join(places.project, agent.project) : globalSkills(agent, places);
  const extras = agent.extras.flatMap(({ source, project, global }) => {
    const atHome = global === undefined ? undefined : resolvePlace(global, places);
    const path = scope === 'project' ? join(places.project, project) : atHome;
    return path === undefined ? [] : [{ source, path }];
  });
  return { agent, skill: join(folder, SKILL_NAME), extras };
}

const copied = ({ path, content }: SkillFile, folder: string): Entry => ({
  kind: 'file',
  path: join(folder, ...path.split('/')),
  content,
});

/** The link is relative to where its folder really is, so that a folder the user linked still leads right. */
const linked = (path: string, target: string): Entry => ({
  kind: 'link',
  path,
  target: relative(realLocation(dirname(path)), realLocation(target)),
});

const NONE: ReadonlySet<string> = new Set();

/**
 * Where a path is once the links above it are followed, but for those that are `gone`. The path itself need
 * not exist, and when it is a link that one is not followed.
 */
function realLocation(path: string, gone = NONE): string {
  const folder = dirname(path);
  if (folder === path) return path;
  const isReal = existsSync(folder) && !isBelowAny(gone, folder);
  return join(isReal ? realpathSync(folder) : realLocation(folder, gone), basename(path));
}

/** Whether a path is one of these or below one. */
export const isBelowAny = (folders: ReadonlySet<string>, path: string): boolean =>
  folders.has(path) || [...folders].some((folder) => isInside(folder, path));

/** Whether `path` is below `root`. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '' && !isAbsolute(way) && way.split(sep)[0] !== '..';
}

/**
 * Error SKL003 for a path that leaves the project. A project comes from elsewhere, and with it any link in
 * it; a home's links are its user's own and may lead where they like.
 */
export function refuseEscape(scope: Scope, root: string, path: string, real = realLocation(path)): void {
  if (scope === 'global' || (isInside(root, path) && isInside(realpathSync(root), real))) return;
  throw new UserError('SKL003', `${path} leads out of ${root}, to ${real}`, {
    kind: 'refused',
    help: 'Remove the link that leads out, or install with --global.',
  });
}
