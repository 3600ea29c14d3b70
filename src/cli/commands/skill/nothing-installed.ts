import type { Places, Scope } from '../../../skill/index.ts';
import type { Outcome } from '../../command.ts';
import type { ExitName } from '../../exit-codes.ts';
import { skillDocument } from './report.ts';

/** The outcome where there is no manifest: nothing to remove, or nothing to check. */
export function nothingInstalled(scope: Scope, { project, home }: Places, exit: ExitName): Outcome {
  const root = scope === 'project' ? project : home;
  return {
    exit,
    document: skillDocument('absent', { scope, root, agents: [], targets: [], changes: [] }),
    text: `The skill is not installed in ${root}.`,
  };
}
