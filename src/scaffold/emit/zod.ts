import { admittedTypes, hasType, type SchemaTable } from '../model/admits.ts';
import type { Direction } from '../model/directions.ts';
import type { Schema, SchemaKey } from '../model/schema.ts';
import { printValue } from './literals.ts';
import { objectKey, quoteString } from './quote.ts';
import { withRemark } from './remarks.ts';
import type { SchemaNames } from './schema-names.ts';
import { isDiscriminated, printDiscriminated } from './zod-discriminated.ts';
import { printUnevaluated } from './zod-evaluated.ts';
import { printTypes } from './zod-types.ts';

/** What validators are printed for. */
export interface ZodContext {
  readonly table: SchemaTable;
  readonly names: SchemaNames;
  readonly direction?: Direction;
  /** Names a helper of runtime/json-schema.ts, which is imported when it was named at least once. */
  readonly helper: (name: string) => string;
  /** A pattern as an expression; undefined, and recorded unless told not to, when it is not enforced. */
  readonly pattern: (schema: Schema, pattern: string, silent?: 'silent') => string | undefined;
  /** Records something that the generated code does not enforce: SCF008 unless a code is given. */
  readonly report: (schema: Schema, message: string, code?: string) => void;
  /** The schema of bytes outside JSON, where `z.string()` would refuse them. */
  readonly binary?: string;
}

/** An expression that builds the Zod schema which accepts exactly what the schema accepts. */
export function printZod(schema: Schema, context: ZodContext, pad = ''): string {
  if (schema.never) return 'z.never()';
  const parts: string[] = [];
  if (schema.ref !== undefined) parts.push(printReference(schema.ref, context));
  const own = printOwn(schema, context, pad);
  if (own !== undefined) parts.push(own);
  for (const part of schema.allOf ?? []) {
    const text = printZod(part, context, pad);
    if (text !== 'z.unknown()') parts.push(text);
  }
  if (schema.anyOf !== undefined) parts.push(printAlternatives('union', schema.anyOf, schema, context, pad));
  if (schema.oneOf !== undefined) parts.push(printAlternatives('xor', schema.oneOf, schema, context, pad));
  const base = printAll(parts, context);
  const checked = needsLogic(schema) ? withRawChecks(base, logicChecks(schema, context, pad), context) : base;
  const { default: fallback } = schema;
  // Who fills in a default leaves it out of the schema.
  return fallback === undefined ? checked : withRemark([`default: ${printValue(fallback)}`], checked);
}

/** What all of these accept. */
function printAll(parts: readonly string[], { helper }: ZodContext): string {
  const [first = 'z.unknown()'] = parts;
  return parts.length <= 1 ? first : `${helper('allOf')}(${parts.join(', ')})`;
}

/** `checked(base, a, b)`, or the base alone: the checks see the value before defaults are filled in. */
export function withRawChecks(base: string, checks: readonly string[], { helper }: ZodContext): string {
  if (checks.length === 0) return base;
  return base === 'z.unknown()'
    ? withChecks(base, checks)
    : `${helper('checked')}(${base}, ${checks.join(', ')})`;
}

/** `base.check(a, b)`, or the base alone. */
export function withChecks(base: string, checks: readonly string[]): string {
  return checks.length === 0 ? base : `${base}.check(${checks.join(', ')})`;
}

export const printReference = (key: SchemaKey, { names, direction }: ZodContext): string =>
  names.typeName(key, direction);

function printOwn(schema: Schema, context: ZodContext, pad: string): string | undefined {
  const values = schema.values === undefined ? undefined : printValues(schema.values, context);
  if (values === undefined) return printTypes(schema, context, pad);
  // The types of the values were checked when the schema was read; only narrower keywords are left to say.
  const { types: _, ...narrower } = schema;
  const limits = printTypes(narrower, context, pad);
  return limits === undefined ? values : printAll([values, limits], context);
}

function printValues(values: NonNullable<Schema['values']>, context: ZodContext): string {
  const printed = values.map(printValue);
  if (printed.length === 0) return 'z.never()';
  if (values.some((value) => typeof value === 'object' && value !== null)) {
    return `${context.helper('oneOfValues')}([${printed.join(', ')}])`;
  }
  if (printed.length === 1) return `z.literal(${printed[0]})`;
  const allStrings = values.every((value) => typeof value === 'string');
  return `z.${allStrings ? 'enum' : 'literal'}([${printed.join(', ')}])`;
}

function printAlternatives(
  combinator: 'union' | 'xor',
  alternatives: readonly Schema[],
  schema: Schema,
  context: ZodContext,
  pad: string,
): string {
  const [only] = alternatives;
  if (alternatives.length === 1 && only !== undefined) return printZod(only, context, pad);
  if (isNullAlternative(alternatives, context)) {
    const [left, right] = alternatives;
    const other = left !== undefined && isNull(left) ? right : left;
    if (other !== undefined) return `z.nullable(${printZod(other, context, pad)})`;
  }
  if (isDiscriminated(schema, alternatives, context))
    return printDiscriminated(schema, alternatives, context);
  const printed = alternatives.map((part) => printZod(part, context, pad)).join(', ');
  return withRemark(undecided(schema, context), `z.${combinator}([${printed}])`);
}

/** A discriminator that leaves some alternatives alike tells nothing apart, but people may know what it means. */
function undecided({ discriminator }: Schema, { names }: ZodContext): string[] {
  if (discriminator === undefined) return [];
  const mapping = [...discriminator.mapping].map(
    ([name, key]) => `${objectKey(name)}: ${quoteString(names.typeName(key, undefined))}`,
  );
  const property = quoteString(discriminator.property);
  return [`discriminator: { property: ${property}, mapping: { ${mapping.join(', ')} } }`];
}

const isNull = ({ types }: Schema): boolean => types?.length === 1 && types[0] === 'null';

/** "This or null", where the other one does not accept null already, which would make two of one. */
const isNullAlternative = (alternatives: readonly Schema[], { table }: ZodContext): boolean =>
  alternatives.length === 2 &&
  alternatives.some(isNull) &&
  alternatives.some((part) => !hasType(admittedTypes(part, table), 'null'));

const needsLogic = ({ not, if: condition, unevaluatedProperties, unevaluatedItems }: Schema): boolean =>
  (not ?? condition ?? unevaluatedProperties ?? unevaluatedItems) !== undefined;

function logicChecks(schema: Schema, context: ZodContext, pad: string): string[] {
  const { helper } = context;
  const checks: string[] = [];
  if (schema.not !== undefined) checks.push(`${helper('not')}(${printZod(schema.not, context, pad)})`);
  if (schema.if !== undefined && (schema.then ?? schema.else) !== undefined) {
    const [condition, then, otherwise] = [schema.if, schema.then, schema.else].map((part) =>
      part === undefined ? 'undefined' : printZod(part, context, pad),
    );
    checks.push(
      `${helper('ifThenElse')}(${condition}, ${then}${otherwise === 'undefined' ? '' : `, ${otherwise}`})`,
    );
  }
  return [...checks, ...printUnevaluated(schema, context)];
}
