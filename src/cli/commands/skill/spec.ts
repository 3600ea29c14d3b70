import { defineCommand, type FlagTable } from '../../command.ts';

const GLOBAL = {
  type: 'switch',
  short: 'g',
  description: 'In the home folder instead of this project',
} as const;
const DRY_RUN = {
  type: 'switch',
  description: 'Show what would be written or removed, and do nothing',
} as const;

export const INSTALL_FLAGS = {
  agent: { type: 'list', value: 'NAME', description: 'Install to this agent only; may be given again' },
  global: GLOBAL,
  copy: { type: 'switch', description: 'Copies everywhere instead of links to one copy' },
  'dry-run': DRY_RUN,
  force: { type: 'switch', description: 'Overwrite files that were edited by hand' },
} as const satisfies FlagTable;

export const LIST_FLAGS = { global: GLOBAL } as const satisfies FlagTable;

export const REMOVE_FLAGS = {
  global: GLOBAL,
  'dry-run': DRY_RUN,
  force: { type: 'switch', description: 'Remove files that were edited by hand, too' },
} as const satisfies FlagTable;

export const skillInstall = defineCommand({
  path: ['skill', 'install'],
  summary: 'Install the skill to every coding agent of this machine',
  about:
    'One copy in .agents/skills and links from the folders that agents read; the agent definition and the slash command go to the agents that know such files. Running it again changes nothing.',
  positionals: [],
  flags: INSTALL_FLAGS,
  examples: [
    { line: 'senior-backend skill install', what: 'To all installed agents, for this project' },
    { line: 'senior-backend skill install --global', what: 'For all projects of this user' },
    {
      line: 'senior-backend skill install --agent claude-code --agent cursor',
      what: 'To two agents by name',
    },
  ],
  load: () => import('./install.ts'),
});

export const skillList = defineCommand({
  path: ['skill', 'list'],
  summary: 'List the coding agents, which are here, and where the skill is',
  positionals: [],
  flags: LIST_FLAGS,
  examples: [{ line: 'senior-backend skill list', what: 'Every agent and its folder' }],
  load: () => import('./list.ts'),
});

export const skillRemove = defineCommand({
  path: ['skill', 'remove'],
  summary: 'Remove the skill without a trace',
  positionals: [],
  flags: REMOVE_FLAGS,
  examples: [
    { line: 'senior-backend skill remove', what: 'All that install wrote, and the folders it made' },
  ],
  load: () => import('./remove.ts'),
});

export const skillCheck = defineCommand({
  path: ['skill', 'check'],
  summary: 'Say whether the installed skill is what was installed and what is shipped',
  about:
    'Exits 3 when a file was edited or is gone, when this package ships a newer one, or when nothing is installed.',
  positionals: [],
  flags: LIST_FLAGS,
  examples: [{ line: 'senior-backend skill check', what: 'For this project' }],
  load: () => import('./check.ts'),
});
