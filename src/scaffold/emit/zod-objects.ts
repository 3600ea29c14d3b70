import { admittedTypes, hasType, typeOf } from '../model/admits.ts';
import { isLeftOut } from '../model/directions.ts';
import type { JsonValue } from '../model/json.ts';
import type { Schema } from '../model/schema.ts';
import { printValue } from './literals.ts';
import { objectKey, quoteString } from './quote.ts';
import { withRemark } from './remarks.ts';
import { printZod, withRawChecks, type ZodContext } from './zod.ts';

/** A schema of the objects that have these properties. */
export function printObjectSchema(schema: Schema, context: ZodContext, pad: string): string {
  return withRawChecks(printBase(schema, context, pad), objectChecks(schema, context), context);
}

/** The properties that are named, and where that is all there is to say about them, the others. */
function printBase(schema: Schema, context: ZodContext, pad: string): string {
  const { additionalProperties: additional, patternProperties } = schema;
  const shape = printShape(schema, context, pad);
  if (patternProperties !== undefined || additional === undefined) return `z.looseObject(${shape})`;
  if (additional.never) return `z.strictObject(${shape})`;
  const rest = printZod(additional, context, pad);
  if (rest === 'z.unknown()') return `z.looseObject(${shape})`;
  return shape === '{}' ? `z.record(z.string(), ${rest})` : `z.object(${shape}).catchall(${rest})`;
}

/** Names that every object inherits: Zod would find the inherited value where the property is absent. */
const isInherited = (name: string): boolean => name in Object.prototype;

function printShape(schema: Schema, context: ZodContext, pad: string): string {
  const required = new Set(schema.required);
  const inner = `${pad}  `;
  let members = '';
  for (const [name, property] of schema.properties ?? []) {
    if (isInherited(name)) continue;
    members += `${inner}${objectKey(name)}: ${printProperty(property, required.has(name), context, inner)},\n`;
  }
  for (const name of required) {
    if (schema.properties?.has(name) || isInherited(name)) continue;
    members += `${inner}${objectKey(name)}: ${printUnlisted(schema, context)},\n`;
  }
  return members === '' ? '{}' : `{\n${members}${pad}}`;
}

/** A required property that is not listed is judged as any other one that is not. */
function printUnlisted({ additionalProperties, patternProperties }: Schema, context: ZodContext): string {
  const isOther = additionalProperties !== undefined && patternProperties === undefined;
  return withRemark(['described: false'], isOther ? printZod(additionalProperties, context) : 'z.unknown()');
}

function printProperty(property: Schema, isRequired: boolean, context: ZodContext, pad: string): string {
  if (isLeftOut(property, context.direction)) return 'z.exactOptional(z.never())';
  if (isRequired) return printZod(property, context, pad);
  const { default: fallback, ...bare } = property;
  if (fallback !== undefined && context.direction !== 'response') {
    if (fitsSchema(fallback, property, context))
      return `z._default(${printZod(bare, context, pad)}, ${printDefault(fallback)})`;
    const shown = JSON.stringify(fallback).slice(0, 60);
    context.report(property, `the default ${shown} does not fit the schema`, 'SCF011');
  }
  return `z.exactOptional(${printZod(property, context, pad)})`;
}

/** Objects and arrays are made anew each time, so that no request changes the next one's default. */
const printDefault = (value: JsonValue): string =>
  typeof value === 'object' && value !== null ? `() => (${printValue(value)})` : printValue(value);

/** A rough but safe look: the value's type, and the listed values where there are any. */
export function fitsSchema(value: JsonValue, schema: Schema, { table }: Pick<ZodContext, 'table'>): boolean {
  if (!hasType(admittedTypes(schema, table), typeOf(value))) return false;
  if (schema.types !== undefined && typeof value === 'number' && !schema.types.includes('number')) {
    if (!Number.isInteger(value)) return false;
  }
  const values =
    schema.values ?? (schema.ref === undefined ? undefined : table.get(schema.ref)?.schema.values);
  return values === undefined || values.some((listed) => JSON.stringify(listed) === JSON.stringify(value));
}

function objectChecks(schema: Schema, context: ZodContext): string[] {
  const { helper } = context;
  const { minProperties, maxProperties, dependentRequired, dependentSchemas, propertyNames } = schema;
  const checks = [...inheritedChecks(schema, context), ...patternChecks(schema, context)];
  if (propertyNames !== undefined)
    checks.push(`${helper('propertyNames')}(${printZod(propertyNames, context)})`);
  if (minProperties !== undefined) checks.push(`${helper('minProperties')}(${minProperties})`);
  if (maxProperties !== undefined) checks.push(`${helper('maxProperties')}(${maxProperties})`);
  if (dependentRequired !== undefined) {
    const entries = [...dependentRequired].map(
      ([name, others]) => `[${quoteString(name)}, ${printValue(others)}]`,
    );
    checks.push(`${helper('dependentRequired')}(${entries.join(', ')})`);
  }
  if (dependentSchemas !== undefined) {
    const entries = [...dependentSchemas].map(
      ([name, part]) => `[${quoteString(name)}, ${printZod(part, context)}]`,
    );
    checks.push(`${helper('dependentSchemas')}(${entries.join(', ')})`);
  }
  return checks;
}

function inheritedChecks(schema: Schema, context: ZodContext): string[] {
  const checks: string[] = [];
  const listed = [...(schema.properties ?? [])].filter(([name]) => isInherited(name));
  if (listed.length > 0) {
    const entries = listed.map(([name, part]) => `[${quoteString(name)}, ${printZod(part, context)}]`);
    checks.push(`${context.helper('ownProperties')}([${entries.join(', ')}])`);
  }
  const required = (schema.required ?? []).filter(isInherited);
  if (required.length > 0)
    checks.push(`${context.helper('required')}(${required.map(quoteString).join(', ')})`);
  return checks;
}

function patternChecks(schema: Schema, context: ZodContext): string[] {
  const { patternProperties, additionalProperties, properties } = schema;
  const patterns = [...(patternProperties ?? [])].map(([pattern, part]) => ({
    regex: context.pattern(schema, pattern),
    part,
  }));
  const inherited = [...(properties?.keys() ?? [])].some(isInherited);
  if (patternProperties === undefined && !inherited) return [];
  const enforced = patterns.flatMap(({ regex, part }) => (regex === undefined ? [] : [{ regex, part }]));
  const entries = enforced.map(({ regex, part }) => `[${regex}, ${printZod(part, context)}]`);
  const checks =
    entries.length === 0 ? [] : [`${context.helper('patternProperties')}(${entries.join(', ')})`];
  // Which properties are left over cannot be said when one of the patterns is not enforced.
  const isComplete = enforced.length === patterns.length;
  if (patternProperties !== undefined && additionalProperties !== undefined && isComplete) {
    const named = `[${[...(properties?.keys() ?? [])].map(quoteString).join(', ')}]`;
    const regexes = `[${enforced.map(({ regex }) => regex).join(', ')}]`;
    const rest = printZod(additionalProperties, context);
    checks.push(`${context.helper('additionalProperties')}(${rest}, ${named}, ${regexes})`);
  }
  return checks;
}
