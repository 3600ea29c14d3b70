// The conditions of a list: filters from the query string, which the contract has checked by now.
import { type RawBuilder, sql } from 'kysely';
import { type Part, SEPARATOR } from './statement.js';
import { type Column, operand, type Table } from './table.js';

type Condition = RawBuilder<unknown>;

/** What an operator of a filter means: the values it takes, as texts, and what it says of them. */
interface Operator {
  readonly values: (value: unknown) => readonly string[];
  readonly sql: (column: Column, values: readonly string[], value: unknown) => Condition;
}

const textsOf = (values: unknown): string[] =>
  Array.isArray(values) ? values.map(String) : [String(values)];

const compare = (operator: string): Operator => ({
  values: (value) => [String(value)],
  sql: (column, [text]) => sql`${column.ref} ${sql.raw(operator)} ${operand(column, text)}`,
});

const match = (operator: string): Operator => ({
  values: (value) => [String(value)],
  sql: (column, [text]) => sql`${column.ref}::text ${sql.raw(operator)} ${text}::text`,
});

/** Against an array of the column's own type, from values that travel as texts; a range is one text. */
const hold = (operator: string): Operator => ({
  values: textsOf,
  sql: (column, texts, value) => {
    const items = sql.join(texts.map((text) => sql`${text}::text`));
    const held = Array.isArray(value)
      ? sql`cast(array[${items}] as ${column.sqlType})`
      : operand(column, texts[0]);
    return sql`${column.ref} ${sql.raw(operator)} ${held}`;
  },
});

const OPERATORS: Readonly<Record<string, Operator>> = {
  eq: compare('='),
  ne: compare('<>'),
  gt: compare('>'),
  gte: compare('>='),
  lt: compare('<'),
  lte: compare('<='),
  in: {
    values: textsOf,
    sql: (column, texts) => sql`${column.ref} in (${sql.join(texts.map((text) => operand(column, text)))})`,
  },
  like: match('like'),
  ilike: match('ilike'),
  contains: hold('@>'),
  overlaps: hold('&&'),
  null: {
    values: () => [],
    sql: (column, _texts, value) =>
      value === true ? sql`${column.ref} is null` : sql`${column.ref} is not null`,
  },
};

/** The conditions that a query string asks for, none of them for no filter. */
export function filterConditions(table: Table, query: Readonly<Record<string, unknown>>): Part[] {
  const conditions: Part[] = [];
  for (const [name, filter] of Object.entries(query)) {
    const column = table.filters.get(name);
    if (column === undefined || typeof filter !== 'object' || filter === null) continue;
    for (const [operator, value] of Object.entries(filter)) {
      const meaning = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
      if (meaning !== undefined && value !== undefined)
        conditions.push(condition(column, operator, meaning, value));
    }
  }
  return conditions;
}

function condition(column: Column, name: string, { values, sql: say }: Operator, value: unknown): Part {
  const texts = values(value);
  // What is said depends on how many values there are, and of NULL on which.
  const form = Array.isArray(value) ? `${texts.length}` : value === true ? 'true' : '';
  return {
    key: `filter${SEPARATOR}${column.name}${SEPARATOR}${name}${SEPARATOR}${form}`,
    values: texts,
    sql: () => say(column, texts, value),
  };
}

export const allOf = (conditions: readonly Part[]): Condition =>
  conditions.length === 0
    ? sql`true`
    : sql.join(
        conditions.map((each) => each.sql()),
        sql` and `,
      );
