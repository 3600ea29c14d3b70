import { admittedTypes, hasType, NO_TYPE, type SchemaTable, type TypeSet } from '../model/admits.ts';
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

/**
 * The TypeScript type of the values that a schema accepts. It never is narrower than the schema; where
 * TypeScript cannot say as much (`not`, limits, patterns), it is wider. Lines after the first start
 * with `pad`.
 */
export function printType(schema: Schema, context: TypeContext, pad = ''): string {
  return printWithin(schema, context, admittedTypes(schema, context.table), pad);
}

/** Prints a schema of which only the admitted types are of interest: what stands around it rules out the others. */
function printWithin(schema: Schema, context: TypeContext, admitted: TypeSet, pad: string): string {
  if (schema.never || admitted === NO_TYPE) return 'never';
  const parts: string[] = [];
  if (schema.ref !== undefined) {
    parts.push(context.qualifier + context.names.typeName(schema.ref, context.direction));
  }
  const own = printOwn(schema, context, admitted, pad);
  if (own !== 'unknown') parts.push(own);
  for (const part of schema.allOf ?? []) parts.push(printWithin(part, context, admitted, pad));
  for (const alternatives of [schema.anyOf, schema.oneOf]) {
    if (alternatives === undefined) continue;
    const printed = alternatives.map((part) =>
      printWithin(part, context, admitted & admittedTypes(part, context.table), pad),
    );
    parts.push(union(printed));
  }
  return intersection(parts);
}

function printOwn(schema: Schema, context: TypeContext, admitted: TypeSet, pad: string): string {
  if (schema.values !== undefined) return union(schema.values.map(printValueType));
  if (schema.types === undefined && !speaksOfParts(schema)) return 'unknown';
  const types = (schema.types ?? JSON_TYPES).filter((type) => hasType(admitted, type));
  return union(types.map((type) => TYPE_PRINTERS[type](schema, context, pad)));
}

const speaksOfParts = ({ properties, additionalProperties, required, items, prefixItems }: Schema): boolean =>
  (properties ?? additionalProperties ?? required ?? items ?? prefixItems) !== undefined;

const TYPE_PRINTERS: Readonly<
  Record<JsonType, (schema: Schema, context: TypeContext, pad: string) => string>
> = {
  null: () => 'null',
  boolean: () => 'boolean',
  number: () => 'number',
  integer: () => 'number',
  string: ({ format }, { binary }) => (format === 'binary' ? (binary ?? 'string') : 'string'),
  array: printArray,
  object: printObject,
};

function printArray(schema: Schema, context: TypeContext, pad: string): string {
  const { prefixItems, items, minItems = 0 } = schema;
  const rest = items === undefined ? 'unknown' : printType(items, context, pad);
  if (prefixItems === undefined) return rest === 'never' ? '[]' : `${atom(rest)}[]`;
  const members = prefixItems.map((item, at) => {
    const type = printType(item, context, pad);
    return at < minItems ? type : `${atom(type)}?`;
  });
  if (rest !== 'never') members.push(`...${atom(rest)}[]`);
  return `[${members.join(', ')}]`;
}

/** An object type, a member a line. */
export function printObject(schema: Schema, context: TypeContext, pad: string): string {
  const inner = `${pad}  `;
  const members = objectMembers(schema, context, inner);
  return members === '' ? 'Record<string, unknown>' : `{\n${members}${pad}}`;
}

/** Whether a schema is an object with known properties and nothing else that a type would have to say. */
export function isPlainObject(schema: Schema): boolean {
  const { types, properties, ref, values, allOf, anyOf, oneOf, never } = schema;
  const others = ref ?? values ?? allOf ?? anyOf ?? oneOf ?? never;
  return others === undefined && types?.length === 1 && types[0] === 'object' && (properties?.size ?? 0) > 0;
}

/** The members of an object type, each with its comment, and the index signature when further ones are described. */
function objectMembers(schema: Schema, context: TypeContext, pad: string): string {
  const required = new Set(schema.required);
  let members = '';
  const known: string[] = [];
  for (const [name, property] of schema.properties ?? []) {
    const leftOut = isLeftOut(property, context.direction);
    const type = leftOut ? 'never' : printType(property, context, pad);
    const mark = required.has(name) && !leftOut ? '' : '?';
    known.push(type, ...(mark === '' ? [] : ['undefined']));
    members += `${propertyComment(property, pad)}${pad}${typeKey(name)}${mark}: ${type};\n`;
  }
  const index = indexType(schema, context, known, pad);
  for (const name of required) {
    if (!schema.properties?.has(name)) members += `${pad}${typeKey(name)}: ${index?.own ?? 'unknown'};\n`;
  }
  return index === undefined ? members : `${members}${pad}[key: string]: ${index.all};\n`;
}

function propertyComment({ description, deprecated, ref }: Schema, pad: string): string {
  if (ref !== undefined && description === undefined) return '';
  return docComment(deprecated ? `${description ?? ''}\n@deprecated` : description, pad);
}

/** TypeScript wants every known property to fit the index signature. */
function indexType(
  { additionalProperties, patternProperties, properties }: Schema,
  context: TypeContext,
  known: readonly string[],
  pad: string,
): { readonly own: string; readonly all: string } | undefined {
  if (additionalProperties?.never && patternProperties === undefined) return undefined;
  if (additionalProperties === undefined && (properties?.size ?? 0) > 0) return undefined;
  const described = additionalProperties !== undefined && patternProperties === undefined;
  const own = described ? printType(additionalProperties, context, pad) : 'unknown';
  return {
    own,
    all: own === 'unknown' ? 'unknown' : union([own, ...known.filter((type) => type !== 'never')]),
  };
}

/** Alternatives without repeats; `unknown` swallows all others. */
export function union(types: readonly string[]): string {
  if (types.length === 1 && types[0] !== undefined) return types[0];
  const distinct = [...new Set(types)].filter((type) => type !== 'never');
  if (distinct.includes('unknown')) return 'unknown';
  return distinct.length === 0 ? 'never' : distinct.join(' | ');
}

function intersection(types: readonly string[]): string {
  if (types.length === 1 && types[0] !== undefined) return types[0];
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
  if (!type.includes('|') && !type.includes('&')) return false;
  let depth = 0;
  for (const [token] of type.matchAll(/'(?:[^'\\]|\\.)*'|\/\*[\s\S]*?\*\/|[|&()[\]{}]/g)) {
    if (/^[([{]$/.test(token)) depth += 1;
    else if (/^[)\]}]$/.test(token)) depth -= 1;
    else if (depth === 0 && (token === '|' || token === '&')) return true;
  }
  return false;
}
