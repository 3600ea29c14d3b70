// Rows are written through jsonb_to_record: PostgreSQL itself turns the JSON into values of its types, and every
// value is a part of one parameter.
import { type RawBuilder, sql } from 'kysely';
import { ApiError } from '../errors.js';
import type { Database } from './database.js';
import { type Column, keyIs, type Table } from './table.js';

type Row = Record<string, unknown>;

/** The columns of a body that may be written. */
const written = (table: Table, body: Row): Column[] =>
  [...table.columns.values()].filter(({ name, writable }) => writable === true && Object.hasOwn(body, name));

/** `jsonb_to_record($1) as v("name" text, ...)`. */
function record(columns: readonly Column[], body: Row): RawBuilder<unknown> {
  const json = JSON.stringify(
    Object.fromEntries(columns.map((column) => [column.name, toJson(column, body[column.name])])),
  );
  const types = columns.map(({ name, sqlType }) => sql`${sql.id(name)} ${sqlType}`);
  return sql`jsonb_to_record(${json}::text::jsonb) as v(${sql.join(types)})`;
}

/** Bytes come as base64 and are written as PostgreSQL reads them. */
const toJson = ({ read }: Column, value: unknown): unknown =>
  read === 'base64' && typeof value === 'string'
    ? `\\x${Buffer.from(value, 'base64').toString('hex')}`
    : value;

const returning = (table: Table): RawBuilder<unknown> => {
  const columns = sql.join([...table.columns.values()].map(({ selected }) => selected));
  return table.versioned === true
    ? sql`returning ${columns}, t.xmin::text as ${sql.id(table.versionAlias)}`
    : sql`returning ${columns}`;
};

/** Adds a row. Columns that the body leaves out get their defaults. */
export async function insertRow(db: Database, table: Table, body: Row): Promise<Row> {
  const columns = written(table, body);
  const names = sql.join(columns.map(({ name }) => sql.id(name)));
  const values =
    columns.length === 0
      ? sql`default values`
      : sql`(${names}) select ${sql.join(columns.map(({ name }) => sql`v.${sql.id(name)}`))} from ${record(columns, body)}`;
  const { rows } = await sql<Row>`insert into ${table.from} ${values} ${returning(table)}`.execute(db);
  const [row] = rows;
  // A trigger or a rule may have kept the row out.
  if (row === undefined) throw new ApiError(422, 'REFUSED', 'The database refuses this');
  return row;
}

/** Sets every column: those that the body leaves out get their defaults, but for the key, which stays. */
export function replaceRow(
  db: Database,
  table: Table,
  key: readonly unknown[],
  body: Row,
  ifMatch: string | undefined,
): Promise<Row> {
  const given = written(table, body);
  const differs = table.key.some(
    (name, index) => Object.hasOwn(body, name) && String(body[name]) !== String(key[index]),
  );
  if (differs) throw new ApiError(400, 'KEY_MISMATCH', 'The key in the body is not the one in the path');
  const absent = [...table.columns.values()].filter(
    ({ name, writable }) => writable === true && !Object.hasOwn(body, name) && !table.key.includes(name),
  );
  const set = given.filter(({ name }) => !table.key.includes(name));
  // A row that is nothing but its key is replaced by itself.
  const kept = set.length + absent.length === 0 ? table.key : [];
  return update(db, table, { key, set, reset: absent, kept, body, ifMatch });
}

/** Sets the columns of the body and no other. */
export function changeRow(
  db: Database,
  table: Table,
  key: readonly unknown[],
  body: Row,
  ifMatch: string | undefined,
): Promise<Row> {
  return update(db, table, { key, set: written(table, body), reset: [], kept: [], body, ifMatch });
}

interface Update {
  readonly key: readonly unknown[];
  readonly set: readonly Column[];
  readonly reset: readonly Column[];
  /** Names of columns that are set to what they are. */
  readonly kept: readonly string[];
  readonly body: Row;
  readonly ifMatch: string | undefined;
}

async function update(
  db: Database,
  table: Table,
  { key, set, reset, kept, body, ifMatch }: Update,
): Promise<Row> {
  const assignments = [
    ...set.map(({ name }) => sql`${sql.id(name)} = v.${sql.id(name)}`),
    ...reset.map(({ name }) => sql`${sql.id(name)} = default`),
    ...kept.map((name) => sql`${sql.id(name)} = t.${sql.id(name)}`),
  ];
  if (assignments.length === 0) throw new ApiError(400, 'VALIDATION_ERROR', 'There is nothing to change');
  const from = set.length === 0 ? sql`` : sql`from ${record(set, body)}`;
  const { rows } = await sql<Row>`
    update ${table.from} set ${sql.join(assignments)} ${from}
    where ${keyIs(table, key)}${unchanged(table, ifMatch)} ${returning(table)}`.execute(db);
  const [row] = rows;
  if (row === undefined) throw await missing(db, table, key, ifMatch);
  return row;
}

export async function deleteRow(
  db: Database,
  table: Table,
  key: readonly unknown[],
  ifMatch: string | undefined,
): Promise<void> {
  const { rows } = await sql<Row>`
    delete from ${table.from} where ${keyIs(table, key)}${unchanged(table, ifMatch)} returning 1 as gone`.execute(
    db,
  );
  if (rows.length === 0) throw await missing(db, table, key, ifMatch);
}

/** RFC 9110, section 13.1.1: `*` is any version, else one of a list of entity tags, none of them weak. */
function unchanged(table: Table, ifMatch: string | undefined): RawBuilder<unknown> {
  if (ifMatch === undefined || ifMatch.trim() === '*' || table.versioned !== true) return sql``;
  const tags = ifMatch.split(',').flatMap((tag) => /^\s*"([^"]*)"\s*$/.exec(tag)?.[1] ?? []);
  if (tags.length === 0) return sql` and false`;
  return sql` and t.xmin::text in (${sql.join(tags)})`;
}

/** Why no row was written: it is not there, or no longer what the client has read. */
async function missing(
  db: Database,
  table: Table,
  key: readonly unknown[],
  ifMatch: string | undefined,
): Promise<ApiError> {
  const notFound = new ApiError(404, 'NOT_FOUND', 'There is no such row');
  if (ifMatch === undefined) return notFound;
  const { rows } = await sql`select 1 from ${table.from} where ${keyIs(table, key)}`.execute(db);
  if (rows.length === 0) return notFound;
  return new ApiError(412, 'PRECONDITION_FAILED', 'The row has changed since it was read');
}
