import { UserError } from '../../../core/errors.ts';
import {
  HAZARDS,
  type Hazard,
  parseConnection,
  parseLocation,
  type SchemaLocation,
} from '../../../database/index.ts';
import type { Host } from '../../host.ts';
import { locatedFrom } from './located.ts';

/** The schema as it is: FROM or, without it, the database of --connection. */
export function givenSource(
  host: Host,
  file: string | undefined,
  connection: string | undefined,
): SchemaLocation | undefined {
  if (file !== undefined) return locatedFrom(host.cwd, parseLocation(file));
  return connection === undefined ? undefined : locatedFrom(host.cwd, parseConnection(connection));
}

/** The names that --allow was given. Errors: DB024. */
export function hazardsOf(names: readonly string[]): readonly Hazard[] {
  const known = Object.keys(HAZARDS);
  return names
    .flatMap((name) => name.split(','))
    .map((name) => {
      if (isHazard(name)) return name;
      throw new UserError('DB024', `there is no hazard ${JSON.stringify(name)}`, {
        kind: 'usage',
        help: `Hazards are ${known.join(', ')}.`,
      });
    });
}

const isHazard = (name: string): name is Hazard => Object.hasOwn(HAZARDS, name);
