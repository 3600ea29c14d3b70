import type { JsonObject, JsonValue } from '../../model/json.ts';
import { nullable } from './column-types.ts';
import { isChangeable, type ResourceNames } from './contract-names.ts';
import type { Column, Resource } from './resource.ts';

type Names = ReadonlyMap<string, ResourceNames>;

export const refTo = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

/** The schemas of a resource: its rows as they are read, made and changed. */
export function resourceSchemas(resource: Resource, names: Names): [string, JsonObject][] {
  const own = names.get(resource.name);
  if (own === undefined) return [];
  const row: [string, JsonObject] = [own.row, rowSchema(resource, names)];
  if (!resource.writable) return [row];
  const written = resource.columns.filter(({ written }) => written !== 'never');
  const required = written.filter((column) => column.written === 'required').map(({ name }) => name);
  const properties = propertiesOf(written);
  const created = { ...closed(properties), ...(required.length > 0 ? { required } : {}) };
  const change: [string, JsonObject] = [own.change, { ...closed(properties), minProperties: 1 }];
  return [row, [own.created, created], ...(isChangeable(resource) ? [change] : [])];
}

const closed = (properties: JsonObject): JsonObject => ({
  type: 'object',
  properties,
  additionalProperties: false,
});

/** No column is required: `fields` leaves out what was not asked for. */
function rowSchema({ columns, relations, comment }: Resource, names: Names): JsonObject {
  const related = relations.flatMap(({ name, kind, target }): [string, JsonValue][] => {
    const row = names.get(target)?.row;
    if (row === undefined) return [];
    const one = { anyOf: [refTo(row), { type: 'null' }] };
    return [[name, kind === 'one' ? one : { type: 'array', items: refTo(row) }]];
  });
  return {
    type: 'object',
    ...(comment === undefined ? {} : { description: comment }),
    properties: { ...propertiesOf(columns), ...Object.fromEntries(related) },
  };
}

const propertiesOf = (columns: readonly Column[]): JsonObject =>
  Object.fromEntries(
    columns.map(({ name, type, nullable: allowsNull, comment }): [string, JsonValue] => {
      const schema = allowsNull ? nullable(type.schema) : type.schema;
      return [name, comment === undefined ? schema : { ...schema, description: comment }];
    }),
  );

/** What every list says of itself. */
export const PAGE_META: JsonObject = {
  type: 'object',
  required: ['limit', 'nextCursor'],
  properties: {
    limit: { type: 'integer' },
    nextCursor: {
      type: ['string', 'null'],
      description: 'What `cursor` takes for the next page; null on the last.',
    },
    total: { type: 'integer', description: 'Rows that match, where `count` asked for it.' },
  },
};

/** The envelope of errors, as errors.ts writes it. */
export const ERROR: JsonObject = {
  type: 'object',
  required: ['error', 'meta'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: { type: 'string' },
        message: { type: 'string' },
        details: {
          type: 'array',
          items: {
            type: 'object',
            required: ['field', 'message'],
            properties: { field: { type: 'string' }, message: { type: 'string' } },
          },
        },
      },
    },
    meta: { type: 'object', required: ['requestId'], properties: { requestId: { type: 'string' } } },
  },
};
