import { isJsonObject, stringAt } from '../../../model/json.ts';
import { escapeRegExp } from '../../../model/routes.ts';
import type { JsonType, Schema } from '../../../model/schema.ts';
import { textOf, type Value } from '../value.ts';
import { BUILDERS, valuesSchema, withDefault } from './builders.ts';
import { CHECKS } from './checks.ts';
import { STRING_METHODS } from './formats.ts';
import { jsonOf, numberOf, patternOf } from './json.ts';
import { OBJECT_METHODS } from './objects.ts';
import type { ZodRead, ZodReader } from './reader.ts';
import { together, withKeyword } from './schemas.ts';

/** Reads a call of a method of a schema. */
export type Method = (
  reader: ZodReader,
  of: ZodRead,
  args: readonly Value[],
  name: string,
) => ZodRead | undefined;

type LimitKeyword =
  | 'minLength'
  | 'maxLength'
  | 'minimum'
  | 'maximum'
  | 'exclusiveMinimum'
  | 'exclusiveMaximum'
  | 'multipleOf'
  | 'minItems'
  | 'maxItems';

/** The keyword that a limit is for a type; dates and what has no type have none. */
const LEAST: Readonly<Partial<Record<JsonType, LimitKeyword>>> = {
  string: 'minLength',
  number: 'minimum',
  integer: 'minimum',
  array: 'minItems',
};
const MOST: Readonly<Partial<Record<JsonType, LimitKeyword>>> = {
  string: 'maxLength',
  number: 'maximum',
  integer: 'maximum',
  array: 'maxItems',
};

const typeOf = ({ types }: Schema): JsonType | undefined => types?.find((type) => type !== 'null');

const limited =
  (
    keywords: readonly (Readonly<Partial<Record<JsonType, LimitKeyword>>> | LimitKeyword)[],
    fixed?: number,
  ): Method =>
  (reader, of, args, name) => {
    const read = reader.expand(of);
    const limit = fixed ?? numberOf(args[0]);
    const type = typeOf(read.schema);
    const isDate = read.schema.format === 'date-time' && limit === undefined;
    if (limit === undefined || type === undefined) {
      if (!isDate) reader.report(`the limit of .${name}() is not known here; the contract does not say it`);
      return read;
    }
    const schema = keywords.reduce<Schema>((limitedSoFar, choice) => {
      const keyword = typeof choice === 'string' ? choice : choice[type];
      return keyword === undefined ? limitedSoFar : withLimit(limitedSoFar, keyword, limit);
    }, read.schema);
    return { ...read, schema };
  };

/** Of two limits of the same kind, the narrower one holds. */
function withLimit(schema: Schema, keyword: LimitKeyword, limit: number): Schema {
  const before = schema[keyword];
  if (before === undefined || keyword === 'multipleOf') return withKeyword(schema, keyword, limit);
  const isLeast = /^(?:min|exclusiveMin)/.test(keyword);
  return { ...schema, [keyword]: isLeast ? Math.max(before, limit) : Math.min(before, limit) };
}

const change =
  (make: (schema: Schema, reader: ZodReader, args: readonly Value[]) => Schema): Method =>
  (reader, of, args) => ({ ...of, schema: make(of.schema, reader, args) });

const formatted =
  (format: string): Method =>
  (reader, of) => {
    const read = reader.expand(of);
    return { ...read, schema: withKeyword(read.schema, 'format', format) };
  };

const regex: Method = (reader, of, [pattern]) => {
  const read = reader.expand(of);
  const source = patternOf(pattern);
  if (source === undefined) {
    reader.report('a regular expression is not known here; the contract does not say it');
    return read;
  }
  if (pattern?.kind === 'pattern' && /[imsy]/.test(pattern.flags)) {
    reader.report(
      `the flags ${pattern.flags} of a regular expression cannot be said in a contract; it is left out`,
    );
    return read;
  }
  return { ...read, schema: withKeyword(read.schema, 'pattern', source) };
};

const part =
  (pattern: (escaped: string) => string): Method =>
  (reader, of, [text]) => {
    const read = reader.expand(of);
    const written = textOf(text);
    if (written === undefined) return read;
    return { ...read, schema: withKeyword(read.schema, 'pattern', pattern(escapeRegExp(written))) };
  };

/** What code does with a value that the contract cannot say. */
const told =
  (what: string): Method =>
  (reader, of) => {
    reader.report(`${what} is not in the contract`);
    return of;
  };

const same: Method = (_reader, of) => of;

/** `z.optional(x)` and `x.optional()` mean the same. */
const asFunction =
  (path: string): Method =>
  (reader, of, args) => {
    if (path === 'default') return withDefault(of, reader, [args[0] as Value, ...args]);
    if (path === 'nullable') return reader.nullable(of);
    if (path === 'nullish') return { ...reader.nullable(of), optional: true };
    return path === 'nonoptional' ? { schema: of.schema } : { ...of, optional: true };
  };

/** `.check(minLength(2))`: our own checks, and those of zod/mini. */
const check: Method = (reader, of, args) =>
  args.reduce<ZodRead>((read, arg) => {
    const applied = CHECKS.apply(reader, read, arg);
    if (applied !== undefined) return applied;
    const path = arg.kind === 'call' ? reader.zodPath(arg.callee) : undefined;
    const method = path === undefined ? undefined : METHODS.get(MINI[path] ?? path);
    if (method !== undefined && arg.kind === 'call')
      return method(reader, read, arg.args, path ?? '') ?? read;
    return told('a check in code')(reader, read, [], 'check') ?? read;
  }, of);

/** Checks of zod/mini that have another name as a method. */
const MINI: Readonly<Record<string, string>> = {
  minLength: 'min',
  maxLength: 'max',
  minimum: 'gte',
  maximum: 'lte',
  minSize: 'min',
  maxSize: 'max',
};

const meta: Method = (_reader, of, args) => {
  const given = args.map(jsonOf).find(isJsonObject);
  if (given === undefined) return of;
  const description = stringAt(given, 'description') ?? stringAt(given, 'title');
  const deprecated = given['deprecated'] === true ? { deprecated: true } : {};
  return {
    ...of,
    schema: { ...of.schema, ...(description === undefined ? {} : { description }), ...deprecated },
  };
};

const describe: Method = (_reader, of, [text]) => {
  const description = textOf(text);
  return description === undefined ? of : { ...of, schema: { ...of.schema, description } };
};

const unwrap: Method = (reader, of) => {
  const { schema } = reader.expand(of);
  const { types } = schema;
  if (of.optional || types === undefined) return { schema: of.schema };
  if (types.includes('array') && schema.items !== undefined) return { schema: schema.items };
  return { schema: { ...schema, types: types.filter((type) => type !== 'null') } };
};

const keyOf: Method = (reader, of) =>
  valuesSchema(reader, [...(reader.expand(of).schema.properties?.keys() ?? [])]);

const chosen =
  (isKept: (isListed: boolean) => boolean): Method =>
  (reader, of, [listed]) => {
    const values = reader.expand(of).schema.values ?? [];
    const names = jsonOf(listed);
    const list = Array.isArray(names) ? names : [];
    return valuesSchema(
      reader,
      values.filter((value) => isKept(list.includes(value))),
    );
  };

const CHANGES: readonly (readonly [string, Method])[] = [
  ['int', change((schema, reader) => ({ ...reader.expand({ schema }).schema, types: ['integer'] }))],
  [
    'or',
    (reader, of, [other]) => ({
      schema: { place: reader.place, anyOf: [of.schema, reader.readAny(other).schema] },
    }),
  ],
  [
    'and',
    (reader, of, [other]) => ({ schema: together(reader.place, [of.schema, reader.readAny(other).schema]) }),
  ],
  ['array', (reader, of) => ({ schema: { place: reader.place, types: ['array'], items: of.schema } })],
  [
    'rest',
    (reader, of, [rest]) => ({
      ...of,
      schema: { ...reader.expand(of).schema, items: reader.readAny(rest).schema },
    }),
  ],
];

/** Methods of schemas by name. */
export const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['min', limited([LEAST])],
  ['max', limited([MOST])],
  ['gte', limited([LEAST])],
  ['lte', limited([MOST])],
  ['size', limited([LEAST, MOST])],
  ['length', limited([LEAST, MOST])],
  ['nonempty', limited([LEAST], 1)],
  ['gt', limited(['exclusiveMinimum'])],
  ['lt', limited(['exclusiveMaximum'])],
  ['positive', limited(['exclusiveMinimum'], 0)],
  ['negative', limited(['exclusiveMaximum'], 0)],
  ['nonnegative', limited(['minimum'], 0)],
  ['nonpositive', limited(['maximum'], 0)],
  ['multipleOf', limited(['multipleOf'])],
  ['step', limited(['multipleOf'])],
  ...[...STRING_METHODS].map(([name, format]) => [name, formatted(format)] as const),
  ['regex', regex],
  ['startsWith', part((text) => `^${text}`)],
  ['endsWith', part((text) => `${text}$`)],
  ['includes', part((text) => text)],
  ...['optional', 'exactOptional', 'nonoptional', 'nullable', 'nullish', 'default'].map(
    (name) => [name, asFunction(name)] as const,
  ),
  ['prefault', asFunction('default')],
  [
    'catch',
    (reader, of, args) =>
      BUILDERS.get('catch') &&
      told('what .catch() lets in instead')(reader, { ...of, optional: true }, args, 'catch'),
  ],
  ...[
    'brand',
    'readonly',
    'finite',
    'safe',
    'trim',
    'toLowerCase',
    'toUpperCase',
    'normalize',
    'lowercase',
  ].map((name) => [name, same] as const),
  ...[
    'uppercase',
    'pipe',
    'innerType',
    'sourceType',
    'removeDefault',
    'clone',
    'overwrite',
    'register',
    'slugify',
  ].map((name) => [name, same] as const),
  ...['refine', 'superRefine', 'refinement'].map((name) => [name, told('a check in code')] as const),
  ['transform', told('what .transform() makes of a value')],
  ['check', check],
  ['with', check],
  ['describe', describe],
  ['meta', meta],
  ['openapi', meta],
  ['unwrap', unwrap],
  ['keyof', keyOf],
  ['extract', chosen((isListed) => isListed)],
  ['exclude', chosen((isListed) => !isListed)],
  ...CHANGES,
  ...OBJECT_METHODS,
  // What these give is no schema.
  ...['parse', 'safeParse', 'parseAsync', 'safeParseAsync', 'spa', 'decode', 'encode'].map(
    (name) => [name, () => undefined] as const,
  ),
]);
