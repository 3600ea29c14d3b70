import { UserError } from '../../../core/errors.ts';
import { type Places, placesOf } from '../../../skill/index.ts';
import type { Host } from '../../host.ts';

/** The folders of this machine, from the host. Error SKL007 when there is no home. */
export function hostPlaces({ env, cwd }: Host): Places {
  const home = env['HOME'] || env['USERPROFILE'];
  if (home !== undefined && home !== '') return placesOf({ home, project: cwd, env });
  throw new UserError('SKL007', 'the home folder is not known', { kind: 'usage', help: 'Set HOME.' });
}
