import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareText } from '../core/order.ts';

/** The name of the skill, of its folder, and of what agents call it. */
export const SKILL_NAME = 'senior-backend';

/** Two folders above both src/skill and dist/skill. */
const SHIPPED_SKILL = fileURLToPath(new URL(`../../skills/${SKILL_NAME}/`, import.meta.url));

/** A file of the skill, with a `/`-separated path below its folder. */
export interface SkillFile {
  readonly path: string;
  readonly content: string;
}

/** All files of the skill as this package ships it. */
export function readSkill(): SkillFile[] {
  return readdirSync(SHIPPED_SKILL, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({
      path: file.slice(SHIPPED_SKILL.length).split(sep).join('/'),
      content: readFileSync(file, 'utf8'),
    }))
    .sort((left, right) => compareText(left.path, right.path));
}
