import { rangeOfFormat } from '../model/number-formats.ts';
import { JSON_TYPES, type JsonType, type Schema } from '../model/schema.ts';
import { quoteNumber, quoteString } from './quote.ts';
import { withRemark } from './remarks.ts';
import { printZod, withChecks, withRawChecks, type ZodContext } from './zod.ts';
import { printObjectSchema } from './zod-objects.ts';
import { printStringSchema } from './zod-strings.ts';

/** Keywords that judge only values of one type. */
const KEYWORDS_OF: Readonly<Partial<Record<JsonType, readonly (keyof Schema)[]>>> = {
  string: ['minLength', 'maxLength', 'pattern', 'format'],
  number: ['multipleOf', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  array: ['prefixItems', 'items', 'contains', 'minItems', 'maxItems', 'uniqueItems'],
  object: [
    'properties',
    'required',
    'patternProperties',
    'additionalProperties',
    'propertyNames',
    'minProperties',
    'maxProperties',
    'dependentRequired',
    'dependentSchemas',
  ],
};

const speaksOf = (schema: Schema, type: JsonType): boolean =>
  (KEYWORDS_OF[type] ?? []).some((keyword) => schema[keyword] !== undefined);

/** What a schema says of types, and of values of each type; undefined when it says nothing. */
export function printTypes(schema: Schema, context: ZodContext, pad: string): string | undefined {
  const { types, format } = schema;
  if (types === undefined) return printByType(schema, context, pad);
  const printed = printOfTypes(types, schema, context, pad);
  // Strings and numbers say it themselves.
  const isSaid = format === undefined || types.some((type) => FORMATTED.has(type));
  return isSaid ? printed : withRemark([`format: ${quoteString(format)}`], printed);
}

const FORMATTED: ReadonlySet<JsonType> = new Set(['string', 'number', 'integer']);

function printOfTypes(types: readonly JsonType[], schema: Schema, context: ZodContext, pad: string): string {
  const [only] = types;
  if (types.length === 1 && only !== undefined) return TYPE_PRINTERS[only](schema, context, pad);
  const withoutNull = types.filter((type) => type !== 'null');
  // Every integer is a number: together they would accept it twice over.
  const distinct = withoutNull.filter((type) => type !== 'integer' || !types.includes('number'));
  if (distinct.length === 0) return 'z.null()';
  const printed = distinct.map((type) => TYPE_PRINTERS[type](schema, context, pad));
  const either = printed.length === 1 ? (printed[0] ?? '') : `z.union([${printed.join(', ')}])`;
  return types.includes('null') ? `z.nullable(${either})` : either;
}

/** Without a type, a keyword judges the values of its own type and lets the others pass. */
function printByType(schema: Schema, context: ZodContext, pad: string): string | undefined {
  const judged = JSON_TYPES.filter((type) => speaksOf(schema, type));
  if (judged.length === 0) return undefined;
  const entries = judged.map((type) => `${type}: ${TYPE_PRINTERS[type](schema, context, pad)}`);
  return `${context.helper('byType')}({ ${entries.join(', ')} })`;
}

const TYPE_PRINTERS: Readonly<
  Record<JsonType, (schema: Schema, context: ZodContext, pad: string) => string>
> = {
  null: () => 'z.null()',
  boolean: () => 'z.boolean()',
  integer: (schema, context) => printNumber(schema.format === 'int32' ? INT32 : 'z.int()', schema, context),
  number: (schema, context) => printNumber('z.number()', schema, context),
  string: printStringSchema,
  array: printArray,
  object: printObjectSchema,
};

const NUMBER_LIMITS = [
  ['minimum', 'gte'],
  ['exclusiveMinimum', 'gt'],
  ['maximum', 'lte'],
  ['exclusiveMaximum', 'lt'],
] as const;

const INT32 = 'z.int32()';

function printNumber(base: string, schema: Schema, context: ZodContext): string {
  const [least, most] = rangeOfFormat(schema.format) ?? [];
  const narrowed: Schema = {
    ...schema,
    ...(least === undefined ? {} : { minimum: Math.max(least, schema.minimum ?? least) }),
    ...(most === undefined ? {} : { maximum: Math.min(most, schema.maximum ?? most) }),
  };
  let limits = '';
  for (const [keyword, method] of NUMBER_LIMITS) {
    const limit = narrowed[keyword];
    if (limit !== undefined) limits += `.${method}(${quoteNumber(limit)})`;
  }
  const { multipleOf, format } = schema;
  const checks =
    multipleOf === undefined ? [] : [`${context.helper('multipleOf')}(${quoteNumber(multipleOf)})`];
  const said = format === undefined || base === INT32 ? [] : [`format: ${quoteString(format)}`];
  return withRemark(said, withChecks(base + limits, checks));
}

function printArray(schema: Schema, context: ZodContext, pad: string): string {
  const { prefixItems, items, contains, minItems, maxItems, minContains, maxContains, uniqueItems } = schema;
  const { helper } = context;
  const rest = items === undefined ? undefined : printZod(items, context, pad);
  const checks: string[] = [];
  if (prefixItems !== undefined) {
    const prefix = prefixItems.map((item) => printZod(item, context, pad)).join(', ');
    checks.push(`${helper('prefixItems')}([${prefix}]${rest === undefined ? '' : `, ${rest}`})`);
  }
  if (contains !== undefined) {
    const counts = [minContains, maxContains ?? undefined];
    while (counts.length > 0 && counts.at(-1) === undefined) counts.pop();
    const args = [printZod(contains, context, pad), ...counts.map((count) => String(count))];
    checks.push(`${helper('contains')}(${args.join(', ')})`);
  }
  if (uniqueItems) checks.push(`${helper('uniqueItems')}()`);
  const item = prefixItems === undefined && rest !== undefined ? rest : 'z.unknown()';
  const least = minItems === undefined ? '' : `.min(${minItems})`;
  const most = maxItems === undefined ? '' : `.max(${maxItems})`;
  return withRawChecks(`z.array(${item})${least}${most}`, checks, context);
}
