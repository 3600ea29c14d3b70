import { UserError } from '../../core/errors.ts';
import { stronglyConnectedComponents } from '../../core/order.ts';
import type { SchemaTable } from './admits.ts';
import { locationOf } from './place.ts';
import { inPlaceSchemas, type Schema, type SchemaKey } from './schema.ts';

/**
 * So many schemas may have to judge one and the same value. Of real contracts the largest needs some
 * hundreds; schemas that include each other twice over, forty times in a row, would need a trillion.
 */
const MAX_EXPANSION = 5_000;

/**
 * Refuses schemas that include so many others in place that no request could be judged in time, nor the
 * code for it be written. The table has no circles any more. Errors: SCF052, with the first such schema.
 */
export function refuseExpansions(table: SchemaTable): void {
  const sizes = new Map<SchemaKey, number>();
  const included = (key: SchemaKey): SchemaKey[] => {
    const named = table.get(key);
    return named === undefined ? [] : references(named.schema);
  };
  for (const key of stronglyConnectedComponents(table.keys(), included).flat()) {
    const named = table.get(key);
    if (named === undefined) continue;
    const size = sizeOf(named.schema, sizes);
    sizes.set(key, size);
    if (size <= MAX_EXPANSION) continue;
    throw new UserError('SCF052', `${named.name} includes more than ${MAX_EXPANSION} schemas in itself`, {
      help: 'Include each schema once; schemas in allOf, anyOf and oneOf count wherever they are included.',
      location: locationOf(named.schema.place),
    });
  }
}

function references(schema: Schema): SchemaKey[] {
  const inner = inPlaceSchemas(schema).flatMap(references);
  return schema.ref === undefined ? inner : [schema.ref, ...inner];
}

/** How many schemas judge the value that this one judges, itself included. */
function sizeOf(schema: Schema, sizes: ReadonlyMap<SchemaKey, number>): number {
  const own = 1 + (schema.ref === undefined ? 0 : (sizes.get(schema.ref) ?? 0));
  return inPlaceSchemas(schema).reduce((sum, part) => sum + sizeOf(part, sizes), own);
}
