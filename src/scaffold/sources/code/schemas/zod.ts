import { printJsonSchema } from '../../../emit/openapi/schema.ts';
import { isJsonObject, type JsonObject } from '../../../model/json.ts';
import type { NamedSchema, SchemaKey } from '../../../model/schema.ts';
import type { Value } from '../value.ts';
import type { SchemaContext } from './context.ts';

/** A Zod schema as JSON Schema; those declared under a name are referred to. */
export function zodSchema(value: Value, context: SchemaContext): JsonObject | undefined {
  const read = context.zod.read(value);
  return read === undefined ? undefined : printed(read.schema, context);
}

function printed(schema: NamedSchema['schema'], context: SchemaContext): JsonObject {
  const json = printJsonSchema(schema, (key) => nameOf(key, context));
  return isJsonObject(json) ? json : { not: {} };
}

function nameOf(key: SchemaKey, context: SchemaContext): string {
  const found = context.zod.schemas.get(key);
  if (found === undefined) return key;
  return context.named.name(found, found.name, () => printed(found.schema, context));
}
