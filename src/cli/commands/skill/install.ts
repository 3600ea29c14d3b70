import { installSkill } from '../../../skill/index.ts';
import type { CommandRun } from '../../command.ts';
import { hostPlaces } from './places.ts';
import { skillDocument, skillText } from './report.ts';
import type { INSTALL_FLAGS } from './spec.ts';

export const run: CommandRun<typeof INSTALL_FLAGS> = async ({ host, flags }) => {
  const report = installSkill(hostPlaces(host), {
    scope: flags.global ? 'global' : 'project',
    agents: flags.agent,
    copy: flags.copy,
    force: flags.force,
    dryRun: flags['dry-run'],
  });
  const status = flags['dry-run'] ? 'planned' : 'installed';
  return { exit: 'ok', document: skillDocument(status, report), text: skillText(report) };
};
