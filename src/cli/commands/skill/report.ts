import { relative } from 'node:path';
import { counted } from '../../../core/names.ts';
import type { SkillReport } from '../../../skill/index.ts';
import { columns } from '../../render/columns.ts';

/** The document that schemas/skill.schema.json describes. */
export function skillDocument(
  status: string,
  { scope, root, agents, targets, changes }: SkillReport,
): object {
  return {
    version: 1,
    status,
    scope,
    root,
    agents,
    targets: targets.map(({ agent, skill, extras }) => ({
      agent: agent.name,
      skill,
      extras: extras.map(({ path }) => path),
    })),
    changes: changes
      .filter(({ action }) => action !== 'unchanged')
      .map(({ path, kind, action }) => ({ path, kind, action })),
    unchanged: changes.filter(({ action }) => action === 'unchanged').length,
  };
}

/** The changes for people: one a line, and where each agent finds the skill. */
export function skillText({ root, targets, changes }: SkillReport): string {
  const short = (path: string): string => relative(root, path) || path;
  const moved = changes.filter(({ action }) => action !== 'unchanged');
  const unchanged = changes.length - moved.length;
  return [
    ...columns(moved.map(({ action, kind, path }) => [action, kind, short(path)])),
    ...(unchanged === 0 ? [] : [`${counted(unchanged, 'path')} unchanged`]),
    ...columns(
      targets.map(({ agent, skill, extras }) => [
        agent.title,
        [skill, ...extras.map(({ path }) => path)].map(short).join(', '),
      ]),
    ),
  ].join('\n');
}
