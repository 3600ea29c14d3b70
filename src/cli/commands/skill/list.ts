import { join } from 'node:path';
import { AGENTS, detectAgents, globalSkills, installedAgents } from '../../../skill/index.ts';
import type { CommandRun } from '../../command.ts';
import { columns } from '../../render/columns.ts';
import { hostPlaces } from './places.ts';
import type { LIST_FLAGS } from './spec.ts';

export const run: CommandRun<typeof LIST_FLAGS> = async ({ host, flags }) => {
  const places = hostPlaces(host);
  const scope = flags.global ? 'global' : 'project';
  const here = new Set(detectAgents(places).map(({ name }) => name));
  const installed = new Set(installedAgents(places, scope));
  const agents = AGENTS.map((agent) => ({
    name: agent.name,
    title: agent.title,
    folder: flags.global ? globalSkills(agent, places) : join(places.project, agent.project),
    detected: here.has(agent.name),
    installed: installed.has(agent.name),
  }));
  const rows = agents.map(({ name, title, folder, detected, installed: has }) => [
    name,
    title,
    detected ? 'here' : '-',
    has ? 'installed' : '-',
    folder,
  ]);
  return {
    exit: 'ok',
    document: { version: 1, status: 'listed', scope, agents },
    text: columns(rows).join('\n'),
  };
};
