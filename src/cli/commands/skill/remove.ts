import { removeSkill } from '../../../skill/index.ts';
import type { CommandRun } from '../../command.ts';
import { nothingInstalled } from './nothing-installed.ts';
import { hostPlaces } from './places.ts';
import { skillDocument, skillText } from './report.ts';
import type { REMOVE_FLAGS } from './spec.ts';

export const run: CommandRun<typeof REMOVE_FLAGS> = async ({ host, flags }) => {
  const scope = flags.global ? 'global' : 'project';
  const places = hostPlaces(host);
  const report = removeSkill(places, { scope, force: flags.force, dryRun: flags['dry-run'] });
  if (report === undefined) return nothingInstalled(scope, places, 'ok');
  const status = flags['dry-run'] ? 'planned' : 'removed';
  return { exit: 'ok', document: skillDocument(status, report), text: skillText(report) };
};
