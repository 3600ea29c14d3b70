import type { JsonObject, JsonValue } from '../../model/json.ts';
import type { ResourceNames } from './contract-names.ts';
import { filterable } from './contract-names.ts';
import type { Column, FilterOperator, Resource } from './resource.ts';

/** The largest page; the default is DEFAULT_LIMIT. */
export const MAX_LIMIT = 100;
export const DEFAULT_LIMIT = 20;

const query = (name: string, schema: JsonObject, description: string): JsonObject => ({
  name,
  in: 'query',
  description,
  schema,
});

/** A list in one field, split at commas. */
const list = (
  name: string,
  values: readonly string[],
  description: string,
  limits: JsonObject = {},
): JsonObject => ({
  ...query(
    name,
    { type: 'array', items: { type: 'string', enum: values }, uniqueItems: true, ...limits },
    description,
  ),
  style: 'form',
  explode: false,
});

/** Which columns and which related rows an answer has. */
export function shapeParameters({ columns, relations }: Resource): JsonObject[] {
  const fields = columns.map(({ name }) => name);
  const included = relations.map(({ name }) => name);
  const include = list('include', included, 'Related rows to send along.');
  return [
    ...(isListable(fields) ? [list('fields', fields, 'Only these columns.', { minItems: 1 })] : []),
    ...(included.length > 0 && isListable(included) ? [include] : []),
  ];
}

/** A comma in a name would split it. */
const isListable = (names: readonly string[]): boolean => names.every((name) => !name.includes(','));

/** Everything that a list can be asked for. */
export function listParameters(resource: Resource, names: ResourceNames): JsonObject[] {
  const sortable = resource.columns.filter(({ type }) => type.sortable).map(({ name }) => name);
  const orders = sortable.flatMap((name) => [name, `-${name}`]);
  const limit = { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT };
  return [
    query('limit', limit, 'The most rows of a page.'),
    query('cursor', { type: 'string', maxLength: 4096 }, '`nextCursor` of the page before.'),
    ...(orders.length > 0 && isListable(sortable)
      ? [list('sort', orders, 'The order; a minus turns it round.')]
      : []),
    query('count', { type: 'string', enum: ['exact'] }, 'Counts all rows that match.'),
    ...shapeParameters(resource),
    ...filterable(resource).map((column) => filterParameter(column, names)),
  ];
}

function filterParameter({ name, type, nullable }: Column, names: ResourceNames): JsonObject {
  const operators = [...type.filters, ...(nullable ? (['null'] as const) : [])];
  const properties = operators.map((operator): [string, JsonValue] => [
    operator,
    OPERAND[operator](type.schema),
  ]);
  return {
    name: names.filters.get(name) ?? name,
    in: 'query',
    description: `Filters by ${name}.`,
    style: 'deepObject',
    explode: true,
    schema: {
      type: 'object',
      properties: Object.fromEntries(properties),
      additionalProperties: false,
      minProperties: 1,
    },
  };
}

/** Values of a column that are compared with it, and what else an operator takes. */
const same = (schema: JsonObject): JsonObject => schema;
const several = (schema: JsonObject): JsonObject => ({
  type: 'array',
  items: schema,
  minItems: 1,
  maxItems: 100,
});
const pattern = (): JsonObject => ({ type: 'string', maxLength: 200 });

const OPERAND: Readonly<Record<FilterOperator, (schema: JsonObject) => JsonObject>> = {
  eq: same,
  ne: same,
  gt: same,
  gte: same,
  lt: same,
  lte: same,
  in: several,
  like: pattern,
  ilike: pattern,
  contains: (schema) => (schema['type'] === 'array' ? arrayOperand(schema) : pattern()),
  overlaps: (schema) => (schema['type'] === 'array' ? arrayOperand(schema) : pattern()),
  null: () => ({ type: 'boolean' }),
};

/** The items without null, which no query string can say. */
function arrayOperand(schema: JsonObject): JsonObject {
  const { type, ...rest } = (schema['items'] ?? {}) as JsonObject;
  const plain = Array.isArray(type) ? (type.find((name) => name !== 'null') ?? 'string') : type;
  const values = rest['enum'];
  const items: JsonObject = {
    ...rest,
    ...(plain === undefined ? {} : { type: plain }),
    ...(Array.isArray(values) ? { enum: values.filter((value) => value !== null) } : {}),
  };
  return several(items);
}
