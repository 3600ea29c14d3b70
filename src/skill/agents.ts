/** Where a path starts; `places.ts` says which folder each of these is on this machine. */
export type Base = 'home' | 'config' | 'claude' | 'codex' | 'project' | 'system' | 'appdata' | 'flatpak';

/** A path below one of the bases, `/`-separated. */
export type Place = readonly [Base, string];

/** A file that an agent reads besides skills: an agent definition or a slash command. */
interface ExtraFile {
  /** Which file of the skill folder it is. */
  readonly source: string;
  /** Where the agent looks for it in a project, and at home when it does. */
  readonly project: string;
  readonly global?: Place;
}

/** A coding agent: where it reads skills, and how to see that it is installed. */
export interface Agent {
  /** The name of `--agent`; the same as in the `skills` npm package. */
  readonly name: string;
  readonly title: string;
  readonly project: string;
  /** The first whose own folder exists is used; the first of all when none does. */
  readonly global: readonly Place[];
  /** Installed when one of these exists. */
  readonly detected: readonly Place[];
  readonly extras: readonly ExtraFile[];
}

const AGENT_FILE = 'agents/backend-engineer.md';
const COMMAND_FILE = 'commands/backend-review.md';

/** An agent that reads Markdown agent definitions from a folder of a project and of its home. */
const agentIn = (project: string, global?: Place, name = 'backend-engineer.md'): ExtraFile => ({
  source: AGENT_FILE,
  project: `${project}/${name}`,
  ...(global === undefined ? {} : { global: [global[0], `${global[1]}/${name}`] as const }),
});

/** The same for Markdown slash commands. */
const commandIn = (project: string, global?: Place, name = 'backend-review.md'): ExtraFile => ({
  source: COMMAND_FILE,
  project: `${project}/${name}`,
  ...(global === undefined ? {} : { global: [global[0], `${global[1]}/${name}`] as const }),
});

/** Most agents read the one folder that the Agent Skills community agreed on. */
const SHARED = '.agents/skills';

/**
 * The agents, in alphabetical order of their titles. Skill folders and detection are those of `skills`
 * 1.7.4 and are compared with it in test/skill/reference.test.ts; agent and command folders are those of
 * each agent's own documentation.
 */
export const AGENTS: readonly Agent[] = [
  {
    name: 'amp',
    title: 'Amp',
    project: SHARED,
    global: [['config', 'agents/skills']],
    detected: [['config', 'amp']],
    extras: [],
  },
  {
    name: 'antigravity',
    title: 'Antigravity',
    project: SHARED,
    global: [['home', '.gemini/antigravity/skills']],
    detected: [['home', '.gemini/antigravity']],
    extras: [],
  },
  {
    name: 'claude-code',
    title: 'Claude Code',
    project: '.claude/skills',
    global: [['claude', 'skills']],
    detected: [['claude', '']],
    extras: [
      agentIn('.claude/agents', ['claude', 'agents']),
      commandIn('.claude/commands', ['claude', 'commands']),
    ],
  },
  {
    name: 'cline',
    title: 'Cline',
    project: SHARED,
    global: [['home', SHARED]],
    detected: [['home', '.cline']],
    extras: [],
  },
  {
    name: 'codex',
    title: 'Codex',
    project: SHARED,
    global: [['home', SHARED]],
    detected: [
      ['codex', ''],
      ['system', 'etc/codex'],
    ],
    extras: [],
  },
  {
    name: 'continue',
    title: 'Continue',
    project: '.continue/skills',
    global: [['home', '.continue/skills']],
    detected: [
      ['project', '.continue'],
      ['home', '.continue'],
    ],
    extras: [],
  },
  {
    name: 'cursor',
    title: 'Cursor',
    project: SHARED,
    global: [['home', '.cursor/skills']],
    detected: [['home', '.cursor']],
    extras: [
      agentIn('.cursor/agents', ['home', '.cursor/agents']),
      commandIn('.cursor/commands', ['home', '.cursor/commands']),
    ],
  },
  {
    name: 'droid',
    title: 'Droid',
    project: SHARED,
    global: [['home', '.factory/skills']],
    detected: [['home', '.factory']],
    extras: [
      agentIn('.factory/droids', ['home', '.factory/droids']),
      commandIn('.factory/commands', ['home', '.factory/commands']),
    ],
  },
  {
    name: 'gemini-cli',
    title: 'Gemini CLI',
    project: SHARED,
    global: [['home', '.gemini/skills']],
    detected: [['home', '.gemini']],
    extras: [
      {
        source: 'commands/backend-review.toml',
        project: '.gemini/commands/backend-review.toml',
        global: ['home', '.gemini/commands/backend-review.toml'],
      },
    ],
  },
  {
    name: 'github-copilot',
    title: 'GitHub Copilot',
    project: SHARED,
    global: [['home', '.copilot/skills']],
    detected: [['home', '.copilot']],
    extras: [
      agentIn('.github/agents', ['home', '.copilot/agents'], 'backend-engineer.agent.md'),
      commandIn('.github/prompts', undefined, 'backend-review.prompt.md'),
    ],
  },
  {
    name: 'goose',
    title: 'Goose',
    project: '.goose/skills',
    global: [['config', 'goose/skills']],
    detected: [['config', 'goose']],
    extras: [],
  },
  {
    name: 'junie',
    title: 'Junie',
    project: '.junie/skills',
    global: [['home', '.junie/skills']],
    detected: [['home', '.junie']],
    extras: [],
  },
  {
    name: 'kilo',
    title: 'Kilo Code',
    project: SHARED,
    global: [['home', '.kilo/skills']],
    detected: [
      ['home', '.kilo'],
      ['home', '.kilocode'],
    ],
    extras: [],
  },
  {
    name: 'kiro-cli',
    title: 'Kiro CLI',
    project: '.kiro/skills',
    global: [['home', '.kiro/skills']],
    detected: [['home', '.kiro']],
    extras: [],
  },
  {
    name: 'openclaw',
    title: 'OpenClaw',
    project: 'skills',
    global: [
      ['home', '.openclaw/skills'],
      ['home', '.clawdbot/skills'],
      ['home', '.moltbot/skills'],
    ],
    detected: [
      ['home', '.openclaw'],
      ['home', '.clawdbot'],
      ['home', '.moltbot'],
    ],
    extras: [],
  },
  {
    name: 'opencode',
    title: 'OpenCode',
    project: SHARED,
    global: [['config', 'opencode/skills']],
    detected: [['config', 'opencode']],
    extras: [
      agentIn('.opencode/agents', ['config', 'opencode/agents']),
      commandIn('.opencode/commands', ['config', 'opencode/commands']),
    ],
  },
  {
    name: 'roo',
    title: 'Roo Code',
    project: '.roo/skills',
    global: [['home', '.roo/skills']],
    detected: [['home', '.roo']],
    extras: [commandIn('.roo/commands', ['home', '.roo/commands'])],
  },
  {
    name: 'trae',
    title: 'Trae',
    project: '.trae/skills',
    global: [['home', '.trae/skills']],
    detected: [['home', '.trae']],
    extras: [],
  },
  {
    name: 'warp',
    title: 'Warp',
    project: SHARED,
    global: [['home', SHARED]],
    detected: [['home', '.warp']],
    extras: [],
  },
  {
    name: 'windsurf',
    title: 'Windsurf',
    project: '.windsurf/skills',
    global: [['home', '.codeium/windsurf/skills']],
    detected: [['home', '.codeium/windsurf']],
    extras: [commandIn('.windsurf/workflows', ['home', '.codeium/windsurf/global_workflows'])],
  },
  {
    name: 'zed',
    title: 'Zed',
    project: SHARED,
    global: [['home', SHARED]],
    detected: [
      ['config', 'zed'],
      ['appdata', 'Zed'],
      ['flatpak', 'zed'],
    ],
    extras: [],
  },
];
