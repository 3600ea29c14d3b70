import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../core/errors.ts';
import { AGENTS, type Agent, type Base, type Place } from './agents.ts';

/** The folders that the bases of the agents' table are on this machine. */
export type Places = Readonly<Record<Base, string | undefined>> & {
  readonly home: string;
  readonly project: string;
};

export interface Surroundings {
  readonly home: string;
  /** The project that `skill install` installs to without --global. */
  readonly project: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The root of the file system. */
  readonly system?: string;
}

/** Environment variables move some agents' folders; an empty one counts as absent. */
export function placesOf({ home, project, env, system = '/' }: Surroundings): Places {
  const given = (name: string): string | undefined => env[name]?.trim() || undefined;
  return {
    home,
    project,
    system,
    config: given('XDG_CONFIG_HOME') ?? join(home, '.config'),
    claude: given('CLAUDE_CONFIG_DIR') ?? join(home, '.claude'),
    codex: given('CODEX_HOME') ?? join(home, '.codex'),
    appdata: given('APPDATA'),
    flatpak: given('FLATPAK_XDG_CONFIG_HOME'),
  };
}

/** The absolute path of a place; undefined when this machine has no such base. */
export function resolvePlace([base, path]: Place, places: Places): string | undefined {
  const folder = places[base];
  return folder === undefined ? undefined : join(folder, path);
}

const exists = (place: Place, places: Places): boolean => {
  const path = resolvePlace(place, places);
  return path !== undefined && existsSync(path);
};

/** The agents that are installed on this machine. */
export const detectAgents = (places: Places): Agent[] =>
  AGENTS.filter(({ detected }) => detected.some((place) => exists(place, places)));

/** Where the agent reads skills from its user's home. */
export function globalSkills({ global }: Agent, places: Places): string {
  const paths = global.map((place) => resolvePlace(place, places)).filter((path) => path !== undefined);
  const found = paths.find((path) => existsSync(dirname(path)));
  return found ?? paths[0] ?? join(places.home, '.agents/skills');
}

/** The agents of these names, or those that are installed. Errors: SKL001, SKL002, both usage errors. */
export function chooseAgents(names: readonly string[], places: Places): readonly Agent[] {
  if (names.length > 0) return [...new Set(names)].map(agentNamed);
  const detected = detectAgents(places);
  if (detected.length > 0) return detected;
  throw new UserError('SKL001', `no coding agent was found in ${places.home}`, {
    kind: 'usage',
    help: 'Name one with --agent, such as --agent claude-code; senior-backend skill list shows the names.',
  });
}

function agentNamed(name: string): Agent {
  const agent = AGENTS.find((candidate) => candidate.name === name);
  if (agent !== undefined) return agent;
  throw new UserError('SKL002', `there is no agent ${JSON.stringify(name)}`, {
    kind: 'usage',
    help: `The agents are ${AGENTS.map((candidate) => candidate.name).join(', ')}.`,
  });
}
