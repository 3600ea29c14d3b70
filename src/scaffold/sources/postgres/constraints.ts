import type { CheckFact, Comparison } from '../../../database/index.ts';
import type { JsonObject, JsonValue } from '../../model/json.ts';

/** A schema that also demands what CHECK constraints do. Only what JSON Schema can say; PostgreSQL checks the rest. */
export function withFacts(schema: JsonObject, facts: readonly CheckFact[]): JsonObject {
  return facts.reduce((narrowed, fact) => KEYWORDS[fact.kind](narrowed, fact as never), schema);
}

const KEYWORDS: {
  readonly [Kind in CheckFact['kind']]: (
    schema: JsonObject,
    fact: Extract<CheckFact, { kind: Kind }>,
  ) => JsonObject;
} = {
  compare: (schema, { op, value }) =>
    schema['type'] === 'integer' && Number.isInteger(value) ? narrow(schema, LIMITS[op], value) : schema,
  length: (schema, { op, value }) =>
    schema['type'] === 'string' && Number.isInteger(value)
      ? narrow(schema, LENGTHS[op], value + (OFFSETS[op] ?? 0))
      : schema,
  in: (schema, { values }) =>
    schema['enum'] === undefined && values.every((value) => typeof value === TYPES[String(schema['type'])])
      ? { ...schema, enum: values }
      : schema,
  matches: (schema, { pattern }) =>
    schema['type'] === 'string' && schema['pattern'] === undefined && meansTheSame(pattern)
      ? { ...schema, pattern }
      : schema,
};

const TYPES: Readonly<Record<string, string>> = { integer: 'number', string: 'string' };

const LIMITS: Readonly<Record<Comparison, readonly string[]>> = {
  '<': ['exclusiveMaximum'],
  '<=': ['maximum'],
  '>': ['exclusiveMinimum'],
  '>=': ['minimum'],
  '=': ['minimum', 'maximum'],
};

const LENGTHS: Readonly<Record<Comparison, readonly string[]>> = {
  '<': ['maxLength'],
  '<=': ['maxLength'],
  '>': ['minLength'],
  '>=': ['minLength'],
  '=': ['minLength', 'maxLength'],
};

/** Lengths are whole: shorter than 5 is 4 at most. */
const OFFSETS: Readonly<Partial<Record<Comparison, number>>> = { '<': -1, '>': 1 };

/** Keeps the stricter of a limit that is there and a new one. */
function narrow(schema: JsonObject, keywords: readonly string[], value: number): JsonObject {
  if (value < 0 && keywords.some((keyword) => keyword.endsWith('Length'))) return schema;
  const limits = keywords.map((keyword): [string, JsonValue] => {
    const before = schema[keyword];
    const stricter = /max/i.test(keyword) ? Math.min : Math.max;
    return [keyword, typeof before === 'number' ? stricter(before, value) : value];
  });
  return { ...schema, ...Object.fromEntries(limits) };
}

/**
 * Whether a regular expression means in ECMAScript what it means to PostgreSQL: without escapes that
 * differ or depend on a locale, classes by name, lookaround, back references, directors and the dot,
 * which matches a line break only there. https://www.postgresql.org/docs/current/functions-matching.html
 */
function meansTheSame(pattern: string): boolean {
  if (!PLAIN_PATTERN.test(pattern)) return false;
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch {
    return false;
  }
}

const PLAIN_PATTERN =
  /^(?!\*\*\*)(?:[^\\.[(]|\\[.^$*+?()[\]{}|\\/-]|\[(?:[^\\[\]]|\\[\^\]\\-])+\]|\((?!\?))*$/;
