import { admittedTypes, type SchemaTable } from '../model/admits.ts';
import { type Direction, isLeftOut } from '../model/directions.ts';
import { JSON_TYPES, type JsonType, type Schema } from '../model/schema.ts';
import { printValueType } from './literals.ts';
import { docComment, typeKey } from './quote.ts';
import type { SchemaNames } from './schema-names.ts';

/** What a type is printed for. */
export interface TypeContext {
  readonly table: SchemaTable;
  readonly names: SchemaNames;
  readonly direction?: Direction;
  /** What stands before a schema's name: `t.` where the types are imported as a namespace. */
  readonly qualifier: string;
  /** The type of a string of `format: binary`: bytes outside JSON, where `string` cannot hold them. */
  readonly binary?: string;
}

const ALL: ReadonlySet<JsonType> = new Set(JSON_TYPES);

/**
 * The TypeScript type of the values that a schema accepts. It never is narrower than the schema; where
 * TypeScript cannot say as much (`not`, limits, patterns), it is wider.
 */
export function printType(schema: Schema, context: TypeContext): string {
  return printWithin(schema, context, admittedTypes(schema, context.table));
}

/** Prints a schema of which only the admitted types are of interest: what stands around it rules out the others. */
function printWithin(schema: Schema, context: TypeContext, admitted: ReadonlySet<JsonType>): string {
  if (schema.never || admitted.size === 0) return 'never';
  const parts: string[] = [];
  if (schema.ref !== undefined)
    parts.push(context.qualifier + context.names.typeName(schema.ref, context.direction));
  const own = printOwn(schema, context, admitted);
  if (own !== 'unknown') parts.push(own);
  for (const part of schema.allOf ?? []) parts.push(printWithin(part, context, admitted));
  for (const alternatives of [schema.anyOf, schema.oneOf]) {
    if (alternatives === undefined) continue;
    parts.push(union(alternatives.map((part) => printAlternative(part, context, admitted))));
  }
  return intersection(parts);
}

function printAlternative(schema: Schema, context: TypeContext, admitted: ReadonlySet<JsonType>): string {
  const own = admittedTypes(schema, context.table);
  return printWithin(
    schema,
    context,
    own === admitted ? own : new Set([...own].filter((type) => admitted.has(type))),
  );
}

function printOwn(schema: Schema, context: TypeContext, admitted: ReadonlySet<JsonType>): string {
  if (schema.values !== undefined) return union(schema.values.map(printValueType));
  if (schema.types === undefined && !speaksOfParts(schema)) return 'unknown';
  const types = (schema.types ?? [...ALL]).filter((type) =>
    admitted.has(type === 'integer' ? 'number' : type),
  );
  return union(types.map((type) => TYPE_PRINTERS[type](schema, context)));
}

const speaksOfParts = ({ properties, additionalProperties, required, items, prefixItems }: Schema): boolean =>
  [properties, additionalProperties, required, items, prefixItems].some((keyword) => keyword !== undefined);

const TYPE_PRINTERS: Readonly<Record<JsonType, (schema: Schema, context: TypeContext) => string>> = {
  null: () => 'null',
  boolean: () => 'boolean',
  number: () => 'number',
  integer: () => 'number',
  string: ({ format }, { binary }) => (format === 'binary' ? (binary ?? 'string') : 'string'),
  array: printArray,
  object: (schema, context) => printObject(schema, context),
};

function printArray(schema: Schema, context: TypeContext): string {
  const { prefixItems, items, minItems = 0 } = schema;
  const rest = items === undefined ? 'unknown' : printType(items, context);
  if (prefixItems === undefined) return rest === 'never' ? '[]' : `${atom(rest)}[]`;
  const members = prefixItems.map((item, at) => {
    const type = printType(item, context);
    return at < minItems ? type : `${atom(type)}?`;
  });
  if (rest !== 'never') members.push(`...${atom(rest)}[]`);
  return `[${members.join(', ')}]`;
}

/** An object type in one line, or over several when it has comments. */
export function printObject(schema: Schema, context: TypeContext): string {
  const members = objectMembers(schema, context);
  if (members.length === 0) return 'Record<string, unknown>';
  return `{\n${indent(members.join('\n'))}\n}`;
}

export const indent = (text: string): string => text.replaceAll(/^(?=.)/gm, '  ');

/** Whether a schema is an object with known properties and nothing else that a type would have to say. */
export function isPlainObject(schema: Schema): boolean {
  const { types, properties, ref, values, allOf, anyOf, oneOf, never } = schema;
  const others = [ref, values, allOf, anyOf, oneOf, never].every((keyword) => keyword === undefined);
  return others && types?.length === 1 && types[0] === 'object' && (properties?.size ?? 0) > 0;
}

/** The members of an object type, each with its comment, and the index signature when further ones are described. */
export function objectMembers(schema: Schema, context: TypeContext): string[] {
  const required = new Set(schema.required);
  const members: string[] = [];
  const known: string[] = [];
  for (const [name, property] of schema.properties ?? []) {
    const leftOut = isLeftOut(property, context.direction);
    const type = leftOut ? 'never' : printType(property, context);
    const mark = required.has(name) && !leftOut ? '' : '?';
    known.push(type, ...(mark === '' ? [] : ['undefined']));
    members.push(`${propertyComment(property)}${typeKey(name)}${mark}: ${type};`);
  }
  const index = indexType(schema, context, known);
  for (const name of required) {
    if (schema.properties?.has(name)) continue;
    members.push(`${typeKey(name)}: ${index?.own ?? 'unknown'};`);
  }
  if (index !== undefined) members.push(`[key: string]: ${index.all};`);
  return members;
}

function propertyComment({ description, deprecated, place, ref }: Schema): string {
  if (ref !== undefined && description === undefined) return '';
  const text = deprecated ? `${description ?? ''}\n@deprecated` : description;
  return place === undefined ? '' : docComment(text);
}

/** TypeScript wants every known property to fit the index signature. */
function indexType(
  { additionalProperties, patternProperties, properties }: Schema,
  context: TypeContext,
  known: readonly string[],
): { readonly own: string; readonly all: string } | undefined {
  if (additionalProperties?.never && patternProperties === undefined) return undefined;
  if (additionalProperties === undefined && (properties?.size ?? 0) > 0) return undefined;
  const described = additionalProperties !== undefined && patternProperties === undefined;
  const own = described ? printType(additionalProperties, context) : 'unknown';
  return {
    own,
    all: own === 'unknown' ? 'unknown' : union([own, ...known.filter((type) => type !== 'never')]),
  };
}

/** Alternatives without repeats; `unknown` swallows all others. */
export function union(types: readonly string[]): string {
  const distinct = [...new Set(types)].filter((type) => type !== 'never');
  if (distinct.includes('unknown')) return 'unknown';
  return distinct.length === 0 ? 'never' : distinct.join(' | ');
}

function intersection(types: readonly string[]): string {
  const distinct = [...new Set(types)].filter((type) => type !== 'unknown');
  if (distinct.includes('never')) return 'never';
  if (distinct.length === 0) return 'unknown';
  return distinct.length === 1 ? (distinct[0] ?? 'unknown') : distinct.map(atom).join(' & ');
}

/** A type as an operand: unions and intersections in parentheses. */
function atom(type: string): string {
  return isCompound(type) ? `(${type})` : type;
}

/** Whether a `|` or `&` stands outside all brackets and literals. */
function isCompound(type: string): boolean {
  let depth = 0;
  for (const [token] of type.matchAll(/'(?:[^'\\]|\\.)*'|\/\*[\s\S]*?\*\/|[|&()[\]{}]/g)) {
    if (/^[([{]$/.test(token)) depth += 1;
    else if (/^[)\]}]$/.test(token)) depth -= 1;
    else if (depth === 0 && (token === '|' || token === '&')) return true;
  }
  return false;
}
