import type { JsonObject, JsonValue } from '../../model/json.ts';
import type { Resource } from './resource.ts';

/**
 * A row as an example: made by rule, the same every time, and of its schema. Nothing where a column that is
 * needed has a pattern of the user's own, for which no rule finds a text.
 */
export function exampleRow({ columns }: Resource, use: 'read' | 'create' | 'change'): JsonObject | undefined {
  const shown = columns.filter(({ written }) => use === 'read' || written !== 'never');
  const needed = shown.filter(({ written }) => written === 'required');
  const chosen = use === 'read' ? shown : use === 'create' && needed.length > 0 ? needed : shown.slice(0, 1);
  const values = chosen.flatMap(({ name, type }): [string, JsonValue][] => {
    const value = exampleOf(type.schema);
    return value === undefined ? [] : [[name, value]];
  });
  // A row that is read may lack any column.
  return use === 'read' || values.length === chosen.length ? Object.fromEntries(values) : undefined;
}

/** A value that a schema of ours allows, or nothing where its pattern is the user's own. */
function exampleOf(schema: JsonObject): JsonValue | undefined {
  const values = schema['enum'];
  if (Array.isArray(values)) return values[0] as JsonValue;
  if (Array.isArray(schema['anyOf'])) return 1.5;
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  return typeof type === 'string' ? EXAMPLES[type]?.(schema) : {};
}

const EXAMPLES: Readonly<Record<string, (schema: JsonObject) => JsonValue | undefined>> = {
  integer: wholeNumber,
  number: () => 1.5,
  boolean: () => true,
  string: textExample,
  array: () => [],
  object: () => ({}),
};

function wholeNumber(schema: JsonObject): number {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const low = Math.max(Number(minimum ?? -Infinity), Number(exclusiveMinimum ?? -Infinity) + 1);
  const high = Math.min(Number(maximum ?? Infinity), Number(exclusiveMaximum ?? Infinity) - 1);
  return Math.min(Math.max(1, low), high);
}

/** Texts for the patterns that base-types.ts writes. */
const TEXTS: readonly string[] = [
  '1',
  '9.95',
  '2026-01-31',
  '2026-01-31T12:00:00',
  '2026-01-31T12:00:00+00:00',
  '12:00:00',
];

/** Longer bit strings have no example. */
const LONGEST_ZEROS = 256;

function textExample(schema: JsonObject): string | undefined {
  if (schema['format'] === 'uuid') return '0b9f1d6c-9d6a-4c0e-8f3a-2f1f6f4a7c11';
  if (schema['contentEncoding'] === 'base64') return 'aGVsbG8=';
  const { pattern } = schema;
  const shortest = Number(schema['minLength'] ?? 0);
  const longest = Number(schema['maxLength'] ?? Number.POSITIVE_INFINITY);
  if (typeof pattern === 'string') {
    const form = new RegExp(pattern, 'u');
    const fits = (text: string): boolean =>
      text.length >= shortest && text.length <= longest && form.test(text);
    return [...TEXTS, '0'.repeat(Math.min(shortest, LONGEST_ZEROS))].find(fits);
  }
  return 'text'.padEnd(shortest, '.').slice(0, Math.max(longest, 0));
}
