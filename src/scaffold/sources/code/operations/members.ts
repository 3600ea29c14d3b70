import { isJsonObject, type JsonObject, objectAt, own } from '../../../model/json.ts';
import type { SchemaContext } from '../schemas/context.ts';

/** The schema that a reference leads to. */
export function inPlace(schema: JsonObject, { named }: SchemaContext): JsonObject {
  const ref = own(schema, '$ref');
  if (typeof ref !== 'string') return schema;
  return named.schemas.get(ref.replace('#/components/schemas/', '')) ?? schema;
}

/** Members of a schema of an object, those of the schemas it is made of included. */
export function membersOf(
  schema: JsonObject,
  context: SchemaContext,
  left = 10,
): Map<string, { schema: JsonObject; required: boolean }> {
  const found = new Map<string, { schema: JsonObject; required: boolean }>();
  if (left === 0) return found;
  const object = inPlace(schema, context);
  const parts = own(object, 'allOf');
  for (const part of Array.isArray(parts) ? parts : []) {
    if (isJsonObject(part))
      for (const [name, member] of membersOf(part, context, left - 1)) found.set(name, member);
  }
  const required = own(object, 'required');
  for (const [name, member] of Object.entries(objectAt(object, 'properties'))) {
    if (!isJsonObject(member)) continue;
    found.set(name, { schema: member, required: Array.isArray(required) && required.includes(name) });
  }
  return found;
}

/** Whether a schema of an object says something of members that it does not list. */
export function isClosed(schema: JsonObject, context: SchemaContext, left = 10): boolean {
  const object = inPlace(schema, context);
  if ('additionalProperties' in object || 'unevaluatedProperties' in object) return true;
  const parts = own(object, 'allOf');
  return (
    left > 0 &&
    Array.isArray(parts) &&
    parts.some((part) => isJsonObject(part) && isClosed(part, context, left - 1))
  );
}
