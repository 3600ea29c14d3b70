import { UserError } from '../../../core/errors.ts';
import { isJsonObject, stringAt } from '../../model/json.ts';
import { locationOf } from '../../model/place.ts';
import type { Site } from './references.ts';
import type { SchemaReader } from './schemas.ts';

/** Longer chains of references to references are circles. */
const MAX_CHAIN = 64;

/** What stands at a site once references are followed: for everything in a document but schemas. Errors: SCF005. */
export function resolved(reader: SchemaReader, site: Site): Site {
  let current = site;
  for (let step = 0; step < MAX_CHAIN; step += 1) {
    const reference = isJsonObject(current.value) ? stringAt(current.value, '$ref') : undefined;
    if (reference === undefined) return current;
    current = reader.resolver.resolve(reference, current);
  }
  throw new UserError('SCF005', 'a reference leads back to itself', { location: locationOf(site.place) });
}
