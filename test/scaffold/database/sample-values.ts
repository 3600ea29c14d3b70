import type { JsonObject, JsonValue } from '../../../src/scaffold/model/json.ts';
import type { Column, ColumnType } from '../../../src/scaffold/sources/postgres/resource.ts';

/**
 * The n-th value of a column, as JSON that the service takes. Columns of one type have the same n-th value, so
 * that the n-th row of every table refers to the n-th row of every other.
 */
export const sampleValue = ({ type }: Column, n: number): JsonValue => sampleOf(type, n);

function sampleOf(type: ColumnType, n: number): JsonValue {
  const { schema, sql } = type;
  const values = schema['enum'];
  if (Array.isArray(values)) return values[(n - 1) % values.length] as JsonValue;
  const known = SAMPLES.find(([pattern]) => pattern.test(sql));
  if (known !== undefined) return known[1](n, sql);
  const kind = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  return (typeof kind === 'string' ? BY_KIND[kind]?.(schema, n) : undefined) ?? String(n);
}

const two = (n: number): string => String(n).padStart(2, '0');

/** By SQL type, where JSON Schema does not say enough. */
const SAMPLES: readonly (readonly [RegExp, (n: number, sql: string) => JsonValue])[] = [
  [/\[\]$/, () => []],
  [/^uuid$/, (n) => `00000000-0000-4000-8000-0000000000${two(n)}`],
  [/^date$/, (n) => `2026-01-${two(n)}`],
  [/^timestamp.*without/, (n) => `2026-01-${two(n)}T10:00:00`],
  [/^timestamp/, (n) => `2026-01-${two(n)}T10:00:00+00:00`],
  [/^time\b/, (n) => `10:00:${two(n)}`],
  [/^interval/, (n) => `PT${n}H`],
  [/^(?:date|ts|tstz)(?:multi)?range$|tsvector|tsquery/, () => ''],
  [/^(?:int4|int8|num)range$/, (n) => `[${n},${n + 1})`],
  [/multirange$/, () => '{}'],
  [/^(?:inet|cidr)$/, (n) => `10.0.0.${n}`],
  [/^macaddr$/, (n) => `08:00:2b:01:02:${two(n)}`],
  [/^bit\(1\)$|^bit$/, () => '1'],
  [/^bit\(\d+\)$/, (n, sql) => n.toString(2).padStart(Number(/\d+/.exec(sql)?.[0]), '0')],
  [/^bit/, () => ''],
  [/^money$/, (n) => `${n}.00`],
  [/^jsonb?$/, (n) => ({ n })],
  [/^point$/, (n) => `(${n},${n})`],
  [/^xml$/, (n) => `<n>${n}</n>`],
  [/(?:^|\.)hstore$/, (n) => `"n"=>"${n}"`],
  [/(?:^|\.)ltree$/, (n) => `n${n}`],
  [/^bytea$/, (n) => Buffer.from(String(n)).toString('base64')],
  [/^(?:real|double precision)$/, (n) => n],
  [/^(?:bigint|numeric|oid)/, (n) => String(n)],
];

const BY_KIND: Readonly<Record<string, (schema: JsonObject, n: number) => JsonValue>> = {
  integer: (schema, n) =>
    Math.max(Number(schema['minimum'] ?? 0), Number(schema['exclusiveMinimum'] ?? -1) + 1, 0) + n,
  boolean: (_schema, n) => n % 2 === 0,
  object: (schema) =>
    Object.fromEntries(Object.keys((schema['properties'] ?? {}) as object).map((name) => [name, null])),
  string: text,
};

/** Letters and digits by turns: codes, names and identifiers all accept one or the other. */
function text(schema: JsonObject, n: number): string {
  const shortest = Number(schema['minLength'] ?? 0);
  const { pattern } = schema;
  if (typeof pattern !== 'string') return String(n).padEnd(shortest, '0');
  const found = [
    String(n),
    `a${n}`,
    'a'.repeat(n),
    'A'.repeat(n + 1),
    `a@b${n}.cd`,
    `http://a${n}.b/`,
    two(n),
    `00${n}`,
  ];
  return found.find((candidate) => new RegExp(pattern, 'u').test(candidate)) ?? String(n);
}
