import { admittedTypes, hasType, type SchemaTable, type TypeSet } from '../model/admits.ts';
import { JSON_TYPES, type JsonType, type Schema } from '../model/schema.ts';
import { objectKey } from './quote.ts';

/** A list of lists is as deep as a parameter is written by hand. */
const MAX_DEPTH = 3;

/** Fields in brackets nest further: as far as runtime/query.ts follows them. */
const MAX_FORM_DEPTH = 8;

/** A form with more fields than this, by recursion mostly, is followed less far. */
const MAX_FORM_FIELDS = 2000;

/** How far a schema is followed, and how many parts of it may still be printed. */
interface Walk {
  readonly room: number;
  readonly left: { parts: number };
}

const KINDS: Readonly<Partial<Record<JsonType, string>>> = {
  string: `'string'`,
  number: `'number'`,
  boolean: `'boolean'`,
  null: `'null'`,
};

/**
 * What a text that stands for a value of this schema has to be converted to, as the literal that
 * runtime/shape.ts understands: `'number'`, `{ items: 'string' }`. Only parameters and form fields
 * need it; in JSON, values say themselves what they are.
 */
export function printShape(schema: Schema, table: SchemaTable): string {
  return printPart(schema, table, { room: MAX_DEPTH, left: { parts: Number.POSITIVE_INFINITY } });
}

/** The same for the fields of a form, which nest as far as brackets do. */
export function printFormShape(schema: Schema, table: SchemaTable): string {
  for (let room = MAX_FORM_DEPTH; room > MAX_DEPTH; room -= 1) {
    const left = { parts: MAX_FORM_FIELDS };
    const shape = printPart(schema, table, { room, left });
    if (left.parts > 0) return shape;
  }
  return printShape(schema, table);
}

function printPart(schema: Schema, table: SchemaTable, walk: Walk): string {
  if (walk.left.parts <= 0) return `'string'`;
  walk.left.parts -= 1;
  const types = admittedTypes(schema, table);
  // A schema that accepts everything gives no reason to take a text for anything else.
  if (['string', 'object', 'array'].every((type) => hasType(types, type as JsonType))) return `'string'`;
  const kinds = JSON_TYPES.filter((type) => hasType(types, type)).flatMap((type) => KINDS[type] ?? []);
  const parts = walk.room === 0 ? [] : partMembers(schema, table, types, { ...walk, room: walk.room - 1 });
  if (parts.length === 0) {
    if (kinds.length === 1) return kinds[0] ?? `'string'`;
    return kinds.length === 0 ? `'string'` : `{ kinds: [${kinds.join(', ')}] }`;
  }
  const members = kinds.length === 0 ? parts : [`kinds: [${kinds.join(', ')}]`, ...parts];
  return `{ ${members.join(', ')} }`;
}

function partMembers(schema: Schema, table: SchemaTable, types: TypeSet, inner: Walk): string[] {
  const flat = flatten(schema, table);
  const members: string[] = [];
  if (hasType(types, 'array')) {
    const items = flat.map((part) => part.items).find((part) => part !== undefined);
    members.push(`items: ${items === undefined ? `'string'` : printPart(items, table, inner)}`);
  }
  if (hasType(types, 'object')) {
    const properties = new Map(flat.flatMap((part) => [...(part.properties ?? [])]));
    const entries = [...properties].map(
      ([name, part]) => `${objectKey(name)}: ${printPart(part, table, inner)}`,
    );
    members.push(`properties: ${entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`}`);
    const rest = flat.map((part) => part.additionalProperties).find((part) => part !== undefined);
    if (rest !== undefined && !rest.never) members.push(`rest: ${printPart(rest, table, inner)}`);
    else if (properties.size === 0) members.push(`rest: 'string'`);
  }
  return members;
}

/** Chains of references longer than this have been cut before. */
const MAX_CHAIN = 50;

/** A schema with all that its references and combinations say of the same value. */
function flatten(schema: Schema, table: SchemaTable, chain = 0): Schema[] {
  if (chain > MAX_CHAIN) return [];
  const target = schema.ref === undefined ? undefined : table.get(schema.ref)?.schema;
  const parts = [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  return [schema, ...(target === undefined ? [] : [target]), ...parts].flatMap((part) =>
    part === schema ? [schema] : flatten(part, table, chain + 1),
  );
}
