/** Where an agent reads skills: in a project, at home, and what shows that it is installed. */
export interface ReferenceDirectories {
  readonly project: string;
  readonly global: string;
  readonly detected: readonly string[];
}

/** The directories of the `skills` npm package, version 1.7.4, below a project and a home without variables set. */
export const REFERENCE_VERSION = '1.7.4';

export const REFERENCE: Readonly<Record<string, ReferenceDirectories>> = {
  amp: { project: '.agents/skills', global: '.config/agents/skills', detected: ['.config/amp'] },
  antigravity: {
    project: '.agents/skills',
    global: '.gemini/antigravity/skills',
    detected: ['.gemini/antigravity'],
  },
  'claude-code': { project: '.claude/skills', global: '.claude/skills', detected: ['.claude'] },
  cline: { project: '.agents/skills', global: '.agents/skills', detected: ['.cline'] },
  codex: { project: '.agents/skills', global: '.agents/skills', detected: ['.codex'] },
  continue: { project: '.continue/skills', global: '.continue/skills', detected: ['.continue'] },
  cursor: { project: '.agents/skills', global: '.cursor/skills', detected: ['.cursor'] },
  droid: { project: '.agents/skills', global: '.factory/skills', detected: ['.factory'] },
  'gemini-cli': { project: '.agents/skills', global: '.gemini/skills', detected: ['.gemini'] },
  'github-copilot': { project: '.agents/skills', global: '.copilot/skills', detected: ['.copilot'] },
  goose: { project: '.goose/skills', global: '.config/goose/skills', detected: ['.config/goose'] },
  junie: { project: '.junie/skills', global: '.junie/skills', detected: ['.junie'] },
  kilo: { project: '.agents/skills', global: '.kilo/skills', detected: ['.kilo', '.kilocode'] },
  'kiro-cli': { project: '.kiro/skills', global: '.kiro/skills', detected: ['.kiro'] },
  openclaw: { project: 'skills', global: '.openclaw/skills', detected: ['.openclaw'] },
  opencode: { project: '.agents/skills', global: '.config/opencode/skills', detected: ['.config/opencode'] },
  roo: { project: '.roo/skills', global: '.roo/skills', detected: ['.roo'] },
  trae: { project: '.trae/skills', global: '.trae/skills', detected: ['.trae'] },
  warp: { project: '.agents/skills', global: '.agents/skills', detected: ['.warp'] },
  windsurf: {
    project: '.windsurf/skills',
    global: '.codeium/windsurf/skills',
    detected: ['.codeium/windsurf'],
  },
  zed: { project: '.agents/skills', global: '.agents/skills', detected: ['.config/zed'] },
};
