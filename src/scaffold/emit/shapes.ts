import { admittedTypes, hasType, type SchemaTable, type TypeSet } from '../model/admits.ts';
import { JSON_TYPES, type JsonType, type Schema } from '../model/schema.ts';
import { objectKey } from './quote.ts';

/** A list of lists is as deep as any style of parameter can write. */
const MAX_DEPTH = 3;

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
export function printShape(schema: Schema, table: SchemaTable, depth = 0): string {
  const types = admittedTypes(schema, table);
  // A schema that accepts everything gives no reason to take a text for anything else.
  if (['string', 'object', 'array'].every((type) => hasType(types, type as JsonType))) return `'string'`;
  const kinds = JSON_TYPES.filter((type) => hasType(types, type)).flatMap((type) => KINDS[type] ?? []);
  const parts = depth >= MAX_DEPTH ? [] : partMembers(schema, table, types, depth);
  if (parts.length === 0) {
    if (kinds.length === 1) return kinds[0] ?? `'string'`;
    return kinds.length === 0 ? `'string'` : `{ kinds: [${kinds.join(', ')}] }`;
  }
  const members = kinds.length === 0 ? parts : [`kinds: [${kinds.join(', ')}]`, ...parts];
  return `{ ${members.join(', ')} }`;
}

function partMembers(schema: Schema, table: SchemaTable, types: TypeSet, depth: number): string[] {
  const flat = flatten(schema, table);
  const members: string[] = [];
  if (hasType(types, 'array')) {
    const items = flat.map((part) => part.items).find((part) => part !== undefined);
    members.push(`items: ${items === undefined ? `'string'` : printShape(items, table, depth + 1)}`);
  }
  if (hasType(types, 'object')) {
    const properties = new Map(flat.flatMap((part) => [...(part.properties ?? [])]));
    const entries = [...properties].map(
      ([name, part]) => `${objectKey(name)}: ${printShape(part, table, depth + 1)}`,
    );
    members.push(`properties: ${entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`}`);
    const rest = flat.map((part) => part.additionalProperties).find((part) => part !== undefined);
    if (rest !== undefined && !rest.never) members.push(`rest: ${printShape(rest, table, depth + 1)}`);
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
