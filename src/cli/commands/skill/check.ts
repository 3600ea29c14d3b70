import { checkSkill } from '../../../skill/index.ts';
import type { CommandRun } from '../../command.ts';
import { nothingInstalled } from './nothing-installed.ts';
import { hostPlaces } from './places.ts';
import { skillDocument, skillText } from './report.ts';
import type { LIST_FLAGS } from './spec.ts';

export const run: CommandRun<typeof LIST_FLAGS> = async ({ host, flags }) => {
  const scope = flags.global ? 'global' : 'project';
  const places = hostPlaces(host);
  const report = checkSkill(places, scope);
  if (report === undefined) return nothingInstalled(scope, places, 'refused');
  const isCurrent = report.changes.length === 0;
  return {
    exit: isCurrent ? 'ok' : 'refused',
    document: skillDocument(isCurrent ? 'current' : 'drifted', report),
    text: isCurrent ? 'The installed skill is as it was installed and as it is shipped.' : skillText(report),
  };
};
