// What the service knows of its tables. tables.ts says it; nothing here comes from a request.
import { type RawBuilder, sql } from 'kysely';
import { lookInto } from './database.js';
import { type Part, SEPARATOR } from './statement.js';

/** How a value is selected, so that every driver gives it without loss as the JSON that clients see. */
export type ReadForm = 'plain' | 'text' | 'json' | 'texts' | 'base64';

export interface ColumnSource {
  readonly name: string;
  /** As SQL writes it behind `::`. */
  readonly type: string;
  readonly read: ReadForm;
  readonly nullable?: true;
  readonly writable?: true;
  /** The query parameter that filters by it. */
  readonly filter?: string;
}

/** The rows of another table that belong to a row, by pairs of columns: ours, theirs. */
export interface Relation {
  readonly kind: 'one' | 'many';
  readonly table: () => Table;
  readonly columns: readonly (readonly [ours: string, theirs: string])[];
}

export interface TableSource {
  readonly schema: string;
  readonly table: string;
  readonly path: string;
  readonly columns: readonly ColumnSource[];
  readonly key: readonly string[];
  /** The path parameters, one for each column of the key. */
  readonly parameters: readonly string[];
  readonly relations: Readonly<Record<string, Relation>>;
  /** The columns of each constraint, by its name. */
  readonly constraints: Readonly<Record<string, readonly string[]>>;
  /** Whether `xmin` tells that a row has changed. */
  readonly versioned?: true;
  readonly rowSecurity?: true;
  /** Rows of other tables are among its rows: two may have the same key. */
  readonly inherited?: true;
}

export interface Column extends ColumnSource {
  /** `t."name"`: in every statement the table is called t. */
  readonly ref: RawBuilder<unknown>;
  /** The column in its read form, under its own name. */
  readonly selected: RawBuilder<unknown>;
  readonly sqlType: RawBuilder<unknown>;
}

export interface Table extends Omit<TableSource, 'columns'> {
  readonly columns: ReadonlyMap<string, Column>;
  /** The columns that lists are filtered by, by query parameter. */
  readonly filters: ReadonlyMap<string, Column>;
  /** What keys of statements about it begin with. */
  readonly id: string;
  readonly from: RawBuilder<unknown>;
  /** A name that no column has, for `xmin` in answers. */
  readonly versionAlias: string;
}

const FORMS: Readonly<Record<ReadForm, (ref: RawBuilder<unknown>) => RawBuilder<unknown>>> = {
  plain: (ref) => ref,
  text: (ref) => sql`${ref}::text`,
  json: (ref) => sql`to_json(${ref})`,
  // Numbers inside arrays that JavaScript would round.
  texts: (ref) => sql`to_json(${ref}::text[])`,
  // encode() breaks its lines.
  base64: (ref) => sql`translate(encode(${ref}, 'base64'), chr(10), '')`,
};

/** Prepares the parts of statements that are the same every time. */
export function defineTable(source: TableSource): Table {
  const columns = new Map(
    source.columns.map((column): [string, Column] => {
      const ref = sql`t.${sql.id(column.name)}`;
      const selected = sql`${FORMS[column.read](ref)} as ${sql.id(column.name)}`;
      // The catalog's own spelling of the type.
      return [column.name, { ...column, ref, selected, sqlType: sql.raw(column.type) }];
    }),
  );
  const filters = new Map(
    [...columns.values()].flatMap((column): [string, Column][] =>
      column.filter === undefined ? [] : [[column.filter, column]],
    ),
  );
  lookInto(source.schema);
  const id = `${source.schema}${SEPARATOR}${source.table}`;
  let versionAlias = '~version';
  while (columns.has(versionAlias)) versionAlias += '~';
  const from = sql`${sql.id(source.schema, source.table)} as t`;
  return { ...source, columns, filters, id, from, versionAlias };
}

/** A column that the contract has named before. */
export function columnOf(table: Table, name: string): Column {
  const column = table.columns.get(name);
  if (column === undefined) throw new Error(`${table.table} has no column ${name}`);
  return column;
}

/** A value that was read, as PostgreSQL reads it: bytes are sent as base64 and read as hexadecimal digits. */
export const asRead = ({ read }: Column, value: unknown): unknown =>
  read === 'base64' && typeof value === 'string'
    ? `\\x${Buffer.from(value, 'base64').toString('hex')}`
    : value;

/** A value as a parameter of the column's type. It travels as text, so that every driver sends the same. */
export const operand = (column: Column, value: unknown): RawBuilder<unknown> =>
  sql`cast(${String(value)}::text as ${column.sqlType})`;

/** `t."id" = $1 and ...` for the key of one row. */
export const keyIs = (table: Table, values: readonly unknown[]): RawBuilder<unknown> =>
  sql.join(
    table.key.map((name, index) => {
      const column = columnOf(table, name);
      return sql`${column.ref} = ${operand(column, values[index])}`;
    }),
    sql` and `,
  );

/** The same as a part of a statement. */
export const keyPart = (table: Table, values: readonly unknown[]): Part => ({
  key: 'key',
  values: table.key.map((_name, index) => String(values[index])),
  sql: () => keyIs(table, values),
});
