/** What the command line may use of the skill's installer. */
export { AGENTS } from './agents.ts';
export { checkSkill, installedAgents, installSkill, removeSkill, type SkillReport } from './install.ts';
export type { Scope } from './layout.ts';
export { detectAgents, globalSkills, type Places, placesOf } from './places.ts';
