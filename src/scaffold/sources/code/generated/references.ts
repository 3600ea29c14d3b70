import type { MediaType, Operation, Parameter } from '../../../model/api.ts';
import type { Schema, SchemaKey } from '../../../model/schema.ts';

type Rename = ReadonlyMap<SchemaKey, SchemaKey>;

/** A schema that refers to what stands for the schemas that it referred to. */
export function withAliases(schema: Schema, aliases: Rename): Schema {
  const draft: Record<string, unknown> = { ...schema };
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'place') continue;
    if (keyword === 'ref') draft['ref'] = aliases.get(value) ?? value;
    else if (isSchema(value)) draft[keyword] = withAliases(value, aliases);
    else if (Array.isArray(value) && value.some(isSchema))
      draft[keyword] = value.map((part) => (isSchema(part) ? withAliases(part, aliases) : part));
    else if (value instanceof Map)
      draft[keyword] = new Map(
        [...value].map(([name, part]) => [name, isSchema(part) ? withAliases(part, aliases) : part]),
      );
    else if (keyword === 'discriminator') draft[keyword] = renamedMapping(value, aliases);
  }
  return draft as unknown as Schema;
}

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && 'place' in value;

const renamedMapping = (value: NonNullable<Schema['discriminator']>, aliases: Rename): unknown => ({
  ...value,
  mapping: new Map([...value.mapping].map(([name, key]) => [name, aliases.get(key) ?? key])),
});

/** The same for everything that an operation says. */
export function operationWithAliases(operation: Operation, aliases: Rename): Operation {
  const ofMedia = (media: MediaType): MediaType => ({ ...media, schema: withAliases(media.schema, aliases) });
  const ofParameter = (parameter: Parameter): Parameter => ({
    ...parameter,
    schema: withAliases(parameter.schema, aliases),
  });
  const { body } = operation;
  return {
    ...operation,
    parameters: operation.parameters.map(ofParameter),
    ...(body === undefined ? {} : { body: { ...body, content: body.content.map(ofMedia) } }),
    responses: operation.responses.map((response) => ({
      ...response,
      content: response.content.map(ofMedia),
      headers: response.headers.map(ofParameter),
    })),
  };
}
