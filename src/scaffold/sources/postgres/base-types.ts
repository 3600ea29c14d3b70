import type { JsonObject } from '../../model/json.ts';
import type { ColumnType, FilterOperator, ReadForm } from './resource.ts';

type BaseType = Omit<ColumnType, 'sql'>;

const EQUALITY: readonly FilterOperator[] = ['eq', 'ne', 'in'];
const ORDER: readonly FilterOperator[] = [...EQUALITY, 'gt', 'gte', 'lt', 'lte'];
const TEXT: readonly FilterOperator[] = [...ORDER, 'like', 'ilike'];

const ordered = (schema: JsonObject, read: ReadForm = 'plain'): BaseType => ({
  schema,
  read,
  filters: ORDER,
  sortable: true,
});

const text = (schema: JsonObject = {}): BaseType => ({
  schema: { type: 'string', ...schema },
  read: 'text',
  filters: TEXT,
  sortable: true,
});

const opaque = (schema: JsonObject, read: ReadForm, filters: readonly FilterOperator[] = []): BaseType => ({
  schema,
  read,
  filters,
  sortable: false,
});

const whole = (bits: number): JsonObject => ({
  type: 'integer',
  minimum: -(2 ** (bits - 1)),
  maximum: 2 ** (bits - 1) - 1,
});

/** JSON has no words for them, and PostgreSQL's to_json writes these. */
const FLOAT: JsonObject = { anyOf: [{ type: 'number' }, { enum: ['NaN', 'Infinity', '-Infinity'] }] };

/** JavaScript would round it: 19 digits at most, as PostgreSQL writes them. */
const BIGINT: JsonObject = { type: 'string', pattern: '^-?[0-9]{1,19}$' };

const NUMERIC: JsonObject = { type: 'string', pattern: '^(-?[0-9]+([.][0-9]+)?|NaN|-?Infinity)$' };

/** `2026-11-21T12:00:00.5`, as to_json writes it; a year may have more digits, and `infinity` is a time too. */
const TIMESTAMP: JsonObject = {
  type: 'string',
  pattern: '^([0-9]{4,6}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?( BC)?|-?infinity)$',
};

const TIMESTAMPTZ: JsonObject = {
  type: 'string',
  pattern:
    '^([0-9]{4,6}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+]00:00|[+-][0-9]{2}:[0-9]{2})( BC)?|-?infinity)$',
};

const DATE: JsonObject = { type: 'string', pattern: '^([0-9]{4,7}-[0-9]{2}-[0-9]{2}( BC)?|-?infinity)$' };

const TIME: JsonObject = { type: 'string', pattern: '^[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?$' };

/** Everything is allowed, null too. */
const ANY_JSON: JsonObject = {};

/**
 * PostgreSQL's own types by the name that format_type gives them, without modifiers
 * (https://www.postgresql.org/docs/current/datatype.html). A type that is not here is sent as the text
 * that PostgreSQL writes, and read back from it.
 */
export const BASE_TYPES: Readonly<Record<string, BaseType>> = {
  smallint: ordered(whole(16)),
  integer: ordered(whole(32)),
  bigint: ordered(BIGINT, 'text'),
  oid: ordered({ type: 'string', pattern: '^[0-9]{1,10}$' }, 'text'),
  numeric: ordered(NUMERIC, 'text'),
  real: ordered(FLOAT, 'json'),
  'double precision': ordered(FLOAT, 'json'),
  money: ordered({ type: 'string' }, 'text'),
  boolean: { schema: { type: 'boolean' }, read: 'plain', filters: EQUALITY, sortable: true },
  text: text(),
  character: text(),
  'character varying': text(),
  name: text({ maxLength: 63 }),
  citext: text(),
  uuid: { schema: { type: 'string', format: 'uuid' }, read: 'text', filters: ORDER, sortable: true },
  date: ordered(DATE, 'json'),
  'timestamp without time zone': ordered(TIMESTAMP, 'json'),
  'timestamp with time zone': ordered(TIMESTAMPTZ, 'json'),
  'time without time zone': ordered(TIME, 'text'),
  'time with time zone': ordered({ type: 'string' }, 'text'),
  interval: ordered({ type: 'string' }, 'text'),
  bytea: opaque({ type: 'string', contentEncoding: 'base64' }, 'base64'),
  json: opaque(ANY_JSON, 'plain'),
  jsonb: opaque(ANY_JSON, 'plain'),
  inet: ordered({ type: 'string' }, 'text'),
  cidr: ordered({ type: 'string' }, 'text'),
  macaddr: ordered({ type: 'string' }, 'text'),
  macaddr8: ordered({ type: 'string' }, 'text'),
  bit: opaque({ type: 'string', pattern: '^[01]*$' }, 'text', EQUALITY),
  'bit varying': opaque({ type: 'string', pattern: '^[01]*$' }, 'text', EQUALITY),
  pg_lsn: ordered({ type: 'string' }, 'text'),
};

const RANGE: BaseType = opaque({ type: 'string' }, 'text', ['eq', 'ne', 'contains', 'overlaps']);

for (const base of ['int4', 'int8', 'num', 'ts', 'tstz', 'date'])
  Object.assign(BASE_TYPES, { [`${base}range`]: RANGE, [`${base}multirange`]: RANGE });

/** Range types that users make. */
export const RANGE_TYPE: BaseType = RANGE;

/** What we know nothing of goes as text in both directions. */
export const UNKNOWN_TYPE: BaseType = opaque({ type: 'string' }, 'text');
