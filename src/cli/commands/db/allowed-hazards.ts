import { UserError } from '../../../core/errors.ts';
import { HAZARDS, type Hazard } from '../../../database/index.ts';

/** The hazards that `--allow` names, each flag one or several with commas. Errors: DB024. */
export function allowedHazards(names: readonly string[]): readonly Hazard[] {
  return names
    .flatMap((name) => name.split(','))
    .map((name) => {
      if (isHazard(name)) return name;
      throw new UserError('DB024', `there is no hazard ${JSON.stringify(name)}`, {
        kind: 'usage',
        help: `Hazards are ${Object.keys(HAZARDS).join(', ')}.`,
      });
    });
}

const isHazard = (name: string): name is Hazard => Object.hasOwn(HAZARDS, name);
