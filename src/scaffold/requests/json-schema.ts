// A schema of the model as a JSON Schema document again, for a validator that needs no code.

import type { SchemaTable } from '../model/admits.ts';
import type { Direction } from '../model/directions.ts';
import { isLeftOut } from '../model/directions.ts';
import type { Schema, SchemaKey } from '../model/schema.ts';
import type { PatternChooser } from '../patterns/choice.ts';

/** JSON Schema 2020-12. */
export interface JsonSchemaDocument {
  readonly [keyword: string]: unknown;
}

/** What schemas are written for. */
interface Writing {
  readonly table: SchemaTable;
  readonly direction: Direction;
  readonly patterns: PatternChooser;
  /** The names of referred schemas, and those that are not written yet. */
  readonly names: Map<SchemaKey, string>;
  readonly pending: SchemaKey[];
}

/**
 * Writes schemas with everything that they refer to, each once: documents with an `$id` that the others refer
 * to. What travels the other way only (`readOnly` in requests, `writeOnly` in answers) is not required. Patterns
 * that a text could make slow are left out: the text is a server's to choose.
 */
export class SchemaWriter {
  readonly #writing: Writing;
  #roots = 0;

  constructor(table: SchemaTable, direction: Direction, patterns: PatternChooser) {
    this.#writing = { table, direction, patterns, names: new Map(), pending: [] };
  }

  /** The schema first, and behind it what it refers to and was not written before. */
  write(schema: Schema): readonly [JsonSchemaDocument, ...JsonSchemaDocument[]] {
    const { names, pending, table } = this.#writing;
    const root = identified(write(schema, this.#writing), `/root${this.#roots}`);
    this.#roots += 1;
    const referred: JsonSchemaDocument[] = [];
    for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
      const target = table.get(key);
      const written = target === undefined ? true : write(target.schema, this.#writing);
      referred.push(identified(written, names.get(key) ?? ''));
    }
    return [root, ...referred];
  }
}

const identified = (written: Written, id: string): JsonSchemaDocument =>
  typeof written === 'boolean' ? { $id: id, allOf: [written] } : { $id: id, ...written };

const PLAIN = [
  'multipleOf',
  'minimum',
  'exclusiveMinimum',
  'maximum',
  'exclusiveMaximum',
  'minLength',
  'maxLength',
  'minContains',
  'maxContains',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
] as const;

const SINGLE = [
  'items',
  'contains',
  'unevaluatedItems',
  'additionalProperties',
  'propertyNames',
  'unevaluatedProperties',
  'not',
  'if',
  'then',
  'else',
] as const;

const LISTS = ['prefixItems', 'allOf', 'anyOf', 'oneOf'] as const;

/** Formats that the validator knows to check in time linear in the text. */
const FORMATS: ReadonlySet<string> = new Set([
  'date',
  'time',
  'date-time',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uri',
  'uri-reference',
  'uuid',
  'json-pointer',
]);

type Written = boolean | Record<string, unknown>;

function write(schema: Schema, writing: Writing): Written {
  if (schema.never) return false;
  const written: Record<string, unknown> = {};
  if (schema.ref !== undefined) written['$ref'] = nameOf(schema.ref, writing);
  if (schema.types !== undefined) written['type'] = schema.types;
  if (schema.values !== undefined) written['enum'] = schema.values;
  for (const keyword of PLAIN) if (schema[keyword] !== undefined) written[keyword] = schema[keyword];
  for (const keyword of SINGLE) {
    const part = schema[keyword];
    if (part !== undefined) written[keyword] = write(part, writing);
  }
  for (const keyword of LISTS) {
    const parts = schema[keyword];
    if (parts !== undefined) written[keyword] = parts.map((part) => write(part, writing));
  }
  if (schema.uniqueItems !== undefined && isComparable(schema, writing))
    written['uniqueItems'] = schema.uniqueItems;
  writeText(schema, writing, written);
  writeProperties(schema, writing, written);
  return written;
}

/** Every item is compared with every other one: not of a list that a server may make as long as it likes. */
const isComparable = ({ maxItems = Number.POSITIVE_INFINITY }: Schema, { direction }: Writing): boolean =>
  direction === 'request' || maxItems <= MOST_COMPARED;

const MOST_COMPARED = 1000;

function writeText(
  { pattern, format }: Schema,
  { patterns }: Writing,
  written: Record<string, unknown>,
): void {
  if (pattern !== undefined && isPlain(pattern, patterns)) written['pattern'] = pattern;
  if (format !== undefined && FORMATS.has(format)) written['format'] = format;
}

/** The validator knows native patterns with the flag `u`, and nothing else. */
function isPlain(pattern: string, patterns: PatternChooser): boolean {
  const choice = patterns.choose(pattern);
  return choice.engine === 'native' && choice.flags === 'u';
}

function writeProperties(schema: Schema, writing: Writing, written: Record<string, unknown>): void {
  const { properties, patternProperties, required, dependentRequired, dependentSchemas } = schema;
  const map = (parts: ReadonlyMap<string, Schema>): Record<string, Written> =>
    Object.fromEntries([...parts].map(([name, part]) => [name, write(part, writing)]));
  if (properties !== undefined) written['properties'] = map(properties);
  if (patternProperties !== undefined) {
    const plain = [...patternProperties].filter(([pattern]) => isPlain(pattern, writing.patterns));
    written['patternProperties'] = map(new Map(plain));
    // What an unreadable pattern allows is not known: then nothing is forbidden.
    if (plain.length < patternProperties.size) delete written['additionalProperties'];
  }
  const dependent = [
    ...[...(dependentSchemas ?? [])].map(([name, part]) => [name, write(part, writing)] as const),
    ...[...(dependentRequired ?? [])].map(([name, names]) => [name, { required: names }] as const),
  ];
  if (dependent.length > 0) {
    const names = new Set(dependent.map(([name]) => name));
    const partsOf = (wanted: string) => dependent.flatMap(([name, part]) => (name === wanted ? [part] : []));
    written['dependentSchemas'] = Object.fromEntries(
      [...names].map((name) => [name, { allOf: partsOf(name) }]),
    );
  }
  const needed = required?.filter((name) => {
    const property = properties?.get(name);
    return property === undefined || !isLeftOut(settled(property, writing), writing.direction);
  });
  if (needed !== undefined && needed.length > 0) written['required'] = needed;
}

/** With what a reference says of itself, as `readOnly` may stand behind it. */
function settled(schema: Schema, { table }: Writing): Schema {
  const target = schema.ref === undefined ? undefined : table.get(schema.ref)?.schema;
  return target === undefined ? schema : { ...target, ...schema };
}

function nameOf(key: SchemaKey, { names, pending }: Writing): string {
  const known = names.get(key);
  if (known !== undefined) return known;
  const name = `/named${names.size}`;
  names.set(key, name);
  pending.push(key);
  return name;
}
