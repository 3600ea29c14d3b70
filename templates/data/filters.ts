// The conditions of a list: filters from the query string, which the contract has checked by now.
import { type RawBuilder, sql } from 'kysely';
import { type Column, operand, type Table } from './table.js';

type Condition = RawBuilder<unknown>;

const compare =
  (operator: string) =>
  (column: Column, value: unknown): Condition =>
    sql`${column.ref} ${sql.raw(operator)} ${operand(column, value)}`;

const operands = (column: Column, values: unknown): RawBuilder<unknown> =>
  sql.join((values as readonly unknown[]).map((value) => operand(column, value)));

/** An array of the column's own type, from values that travel as texts; a range is one text. */
function collection(column: Column, values: unknown): RawBuilder<unknown> {
  if (!Array.isArray(values)) return operand(column, values);
  const texts = sql.join(values.map((value) => sql`${String(value)}::text`));
  return sql`cast(array[${texts}] as ${column.sqlType})`;
}

/** What each operator of a filter means. */
const OPERATORS: Readonly<Record<string, (column: Column, value: unknown) => Condition>> = {
  eq: compare('='),
  ne: compare('<>'),
  gt: compare('>'),
  gte: compare('>='),
  lt: compare('<'),
  lte: compare('<='),
  in: (column, values) => sql`${column.ref} in (${operands(column, values)})`,
  like: (column, value) => sql`${column.ref}::text like ${String(value)}::text`,
  ilike: (column, value) => sql`${column.ref}::text ilike ${String(value)}::text`,
  contains: (column, value) => sql`${column.ref} @> ${collection(column, value)}`,
  overlaps: (column, value) => sql`${column.ref} && ${collection(column, value)}`,
  null: (column, value) => (value === true ? sql`${column.ref} is null` : sql`${column.ref} is not null`),
};

/** The conditions that a query string asks for, none of them for no filter. */
export function filterConditions(table: Table, query: Readonly<Record<string, unknown>>): Condition[] {
  const conditions: Condition[] = [];
  for (const column of table.columns.values()) {
    const filter = column.filter === undefined ? undefined : query[column.filter];
    if (typeof filter !== 'object' || filter === null) continue;
    for (const [operator, value] of Object.entries(filter)) {
      const condition = OPERATORS[operator];
      if (condition !== undefined && value !== undefined) conditions.push(condition(column, value));
    }
  }
  return conditions;
}

export const allOf = (conditions: readonly Condition[]): Condition =>
  conditions.length === 0 ? sql`true` : sql.join([...conditions], sql` and `);
