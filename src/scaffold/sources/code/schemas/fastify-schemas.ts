import type { JsonObject } from '../../../model/json.ts';
import type { Instance } from '../frameworks/fastify-instance.ts';
import type { Value } from '../value.ts';
import type { SchemaContext } from './context.ts';
import { schemaOfTerm } from './terms.ts';

/** The schemas that `addSchema` gave to an instance or to one above, by `$id`. */
export function fastifySchemas(
  instance: Instance,
  context: SchemaContext,
): (id: string) => JsonObject | undefined {
  const byId = (id: string): JsonObject | undefined => {
    const schema = find(instance, id);
    if (schema === undefined) return undefined;
    return context.named.refer(schema, id.replaceAll(/^.*\/|\.json$/g, ''), () =>
      schemaOfTerm(schema, { ...context, byId }),
    );
  };
  return byId;
}

function find(instance: Instance, id: string): Value | undefined {
  for (let at: Instance | undefined = instance; at !== undefined; at = at.parent) {
    const found = at.schemas.get(id);
    if (found !== undefined) return found;
  }
  return undefined;
}
