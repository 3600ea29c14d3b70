import {
  type CheckFact,
  type DatabaseModel,
  type DatabaseObject,
  flagOf,
  listOf,
  textOf,
} from '../../../database/index.ts';
import type { JsonObject, JsonValue } from '../../model/json.ts';
import { BASE_TYPES, RANGE_TYPE, UNKNOWN_TYPE } from './base-types.ts';
import { withFacts } from './constraints.ts';
import { nameParts, ownName } from './identifiers.ts';
import type { ColumnType } from './resource.ts';

/** Types may be made of types; PostgreSQL itself allows no circle, but a limit costs nothing. */
const MAX_DEPTH = 16;

/** Tells what the types of a database are to clients. */
export class TypeReader {
  readonly #model: DatabaseModel;
  readonly #domainFacts: ReadonlyMap<string, readonly CheckFact[]>;

  constructor(model: DatabaseModel, domainFacts: ReadonlyMap<string, readonly CheckFact[]>) {
    this.#model = model;
    this.#domainFacts = domainFacts;
  }

  /** What a type is, by the name that format_type gives it. */
  read(sql: string, depth = MAX_DEPTH): ColumnType {
    if (depth === 0) return { ...UNKNOWN_TYPE, sql };
    if (sql.endsWith('[]')) return arrayOf(this.read(sql.slice(0, -2), depth - 1), sql);
    const { objects } = this.#model;
    const labels = objects.get(`enum:${sql}`);
    if (labels !== undefined) return enumType(sql, listOf(labels, 'labels'));
    const domain = objects.get(`domain:${sql}`);
    if (domain !== undefined) {
      const base = this.read(textOf(domain, 'type'), depth - 1);
      const facts = this.#domainFacts.get(sql) ?? [];
      return { ...base, schema: withFacts(base.schema, facts) };
    }
    const composite = objects.get(`composite:${sql}`);
    if (composite !== undefined) return this.#composite(sql, composite.attributes['fields'], depth);
    if (objects.has(`range:${sql}`)) return { ...RANGE_TYPE, sql };
    return builtin(sql);
  }

  /** Whether a domain, or one that it is made of, allows no NULL. */
  refusesNull(sql: string, depth = MAX_DEPTH): boolean {
    return this.#domainSays(sql, depth, (domain) => flagOf(domain, 'notNull'));
  }

  /** Whether a column of a domain gets a value by itself. */
  hasDefault(sql: string, depth = MAX_DEPTH): boolean {
    return this.#domainSays(sql, depth, (domain) => textOf(domain, 'default') !== '');
  }

  #domainSays(sql: string, depth: number, says: (domain: DatabaseObject) => boolean): boolean {
    const domain = this.#model.objects.get(`domain:${sql}`);
    if (domain === undefined || depth === 0) return false;
    return says(domain) || this.#domainSays(textOf(domain, 'type'), depth - 1, says);
  }

  /** to_json writes an object with the fields' names; numbers in it are JSON's numbers. */
  #composite(sql: string, fields: unknown, depth: number): ColumnType {
    const list = (Array.isArray(fields) ? fields : []) as readonly { name: string; type: string }[];
    const properties = list.map(({ name, type }): [string, JsonValue] => [
      ownName(name),
      nullable(inJson(this.read(type, depth - 1))),
    ]);
    const schema = {
      type: 'object',
      properties: Object.fromEntries(properties),
      additionalProperties: false,
    };
    return { sql, schema, read: 'json', filters: [], sortable: false };
  }
}

function enumType(sql: string, labels: readonly string[]): ColumnType {
  return {
    sql,
    schema: { type: 'string', enum: labels },
    read: 'text',
    filters: ['eq', 'ne', 'in', 'gt', 'gte', 'lt', 'lte'],
    sortable: true,
  };
}

function arrayOf(item: ColumnType, sql: string): ColumnType {
  const asTexts = item.read === 'text' || item.read === 'base64';
  const schema = {
    type: 'array',
    items: nullable(item.read === 'base64' ? { type: 'string' } : item.schema),
  };
  const scalar = item.sortable && item.read !== 'json';
  return {
    sql,
    schema,
    read: asTexts ? 'texts' : 'json',
    filters: scalar ? ['contains', 'overlaps'] : [],
    sortable: false,
  };
}

/** The schema of a value inside a larger one, which to_json writes: numbers there are numbers. */
function inJson({ read, schema, sql }: ColumnType): JsonObject {
  const base = BASE_TYPES[withoutModifier(sql)[0]];
  if (base !== undefined && NUMBERS.has(withoutModifier(sql)[0])) return { type: ['number', 'string'] };
  return read === 'base64' ? { type: 'string' } : schema;
}

const NUMBERS: ReadonlySet<string> = new Set(['bigint', 'numeric', 'oid', 'real', 'double precision']);

/** `character varying(20)` to its name and `20`; `timestamp(3) with time zone` to its name and `3`. */
function withoutModifier(sql: string): readonly [name: string, modifier: string | undefined] {
  const found = /^([^(]*)\(([^)]*)\)(.*)$/.exec(sql);
  if (found === null) return [sql.startsWith('interval ') ? 'interval' : sql, undefined];
  const [, before = '', modifier = '', behind = ''] = found;
  const name = `${before.trim()}${behind}`;
  return [name.startsWith('interval') ? 'interval' : name, modifier];
}

/** What the number in brackets behind a type means; the second is what PostgreSQL takes without one. */
const LENGTHS: Readonly<Record<string, readonly [says: (length: number) => JsonObject, usual?: number]>> = {
  'character varying': [(length) => ({ maxLength: length })],
  character: [(length) => ({ maxLength: length }), 1],
  bit: [(length) => ({ minLength: length, maxLength: length }), 1],
  'bit varying': [(length) => ({ maxLength: length })],
};

function builtin(sql: string): ColumnType {
  const [name, modifier] = withoutModifier(sql);
  // Types of extensions are qualified by the schema they were put into.
  const base = BASE_TYPES[name] ?? BASE_TYPES[nameParts(name).at(-1) ?? ''];
  if (base === undefined) return { ...UNKNOWN_TYPE, sql };
  const [says, usual] = LENGTHS[name] ?? [];
  const length = Number(modifier ?? usual ?? Number.NaN);
  const limits = says === undefined || !Number.isInteger(length) ? {} : says(length);
  return { ...base, schema: { ...base.schema, ...limits }, sql };
}

/** The schema with null allowed. A schema without a type allows it already. */
export function nullable(schema: JsonObject): JsonObject {
  if (Array.isArray(schema['anyOf'])) return { ...schema, anyOf: [...schema['anyOf'], { type: 'null' }] };
  const { type } = schema;
  if (type === undefined) return schema;
  const values = schema['enum'];
  return {
    ...schema,
    type: [...(Array.isArray(type) ? type : [type]), 'null'],
    ...(Array.isArray(values) ? { enum: [...values, null] } : {}),
  };
}
