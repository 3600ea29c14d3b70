// Related rows, sent along: one statement for each relation, whatever the number of rows.
import { type RawBuilder, sql } from 'kysely';
import type { Database } from './database.js';
import { rowsOf, SEPARATOR } from './statement.js';
import { asRead, columnOf, type Relation, type Table } from './table.js';

type Row = Record<string, unknown>;

/** Of the rows that belong to one row, so many are sent along; a list of their own has them all. */
export const MAX_INCLUDED = 100;

/** The columns that relations start from: they have to be read even when nobody asked for them. */
export const columnsOfRelations = (table: Table, names: readonly string[]): string[] =>
  names.flatMap((name) => relationOf(table, name).columns.map(([ours]) => ours));

function relationOf(table: Table, name: string): Relation {
  const relation = Object.hasOwn(table.relations, name) ? table.relations[name] : undefined;
  if (relation === undefined) throw new Error(`${table.table} has no relation ${name}`);
  return relation;
}

/** Puts the related rows into the rows. */
export async function include(
  database: Database,
  table: Table,
  names: readonly string[],
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return;
  for (const name of names) {
    const relation = relationOf(table, name);
    const related = await readRelated(database, table, name, rows);
    for (const [index, row] of rows.entries()) {
      const found = related.get(index) ?? [];
      row[name] = relation.kind === 'one' ? (found[0] ?? null) : found;
    }
  }
}

/** The related rows by the index of the row they belong to. */
async function readRelated(
  database: Database,
  table: Table,
  name: string,
  rows: readonly Row[],
): Promise<Map<number, Row[]>> {
  const relation = relationOf(table, name);
  const keys = JSON.stringify(
    rows.map((row, index) => [
      index,
      ...relation.columns.map(([ours]) => asRead(columnOf(table, ours), row[ours] ?? null)),
    ]),
  );
  const found = await rowsOf<Row>(database, [table.id, 'include', name].join(SEPARATOR), [keys], () =>
    relatedRows(table, relation, keys),
  );
  const byRow = new Map<number, Row[]>();
  const { versionAlias } = relation.table();
  for (const { [versionAlias]: index, ...row } of found) {
    const known = byRow.get(Number(index));
    if (known === undefined) byRow.set(Number(index), [row]);
    else known.push(row);
  }
  return byRow;
}

/** `keys` is a JSON document: for each row, its index and the values that others refer to. */
function relatedRows(table: Table, relation: Relation, keys: string): RawBuilder<Row> {
  const target = relation.table();
  const types = relation.columns.map(
    ([ours], index) =>
      sql`(k.v ->> ${sql.lit(index + 1)})::${columnOf(table, ours).sqlType} as ${column(index)}`,
  );
  const matches = relation.columns.map(
    ([, theirs], index) => sql`${columnOf(target, theirs).ref} = p.${column(index)}`,
  );
  const order = target.key.map((name) => columnOf(target, name).ref);
  const selected = [...target.columns.values()].map((each) => each.selected);
  return sql<Row>`
    select p.n as ${sql.id(target.versionAlias)}, r.*
    from (select (k.v ->> 0)::int as n, ${sql.join(types)}
          from jsonb_array_elements(${keys}::text::jsonb) as k(v)) as p
    cross join lateral (
      select ${sql.join(selected)} from ${target.from}
      where ${sql.join(matches, sql` and `)}
      ${order.length === 0 ? sql`` : sql`order by ${sql.join(order)}`}
      limit ${sql.lit(MAX_INCLUDED)}) as r`;
}

const column = (index: number): RawBuilder<unknown> => sql.id(`c${index}`);
