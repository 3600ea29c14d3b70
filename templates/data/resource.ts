// What can be done with the rows of a table. Handlers call these; replace any of them by code of your own.
import { type RawBuilder, sql } from 'kysely';
import { ApiError } from '../errors.js';
import { type Database, database } from './database.js';
import { toClientError } from './failures.js';
import { allOf, filterConditions } from './filters.js';
import { columnsOfRelations, include } from './include.js';
import { behind, cursorAfter, orderClause, orderOf, readCursor } from './order.js';
import { inSession, type SessionContext } from './session.js';
import { keyOfParts, type Part, rowsOf, SEPARATOR, valuesOfParts } from './statement.js';
import { columnOf, keyPart, operand, type Table } from './table.js';
import { changeRow, deleteRow, insertRow, replaceRow } from './write.js';

type Row = Record<string, unknown>;

/** A request as far as it matters here; the contract has checked it. */
interface Request {
  readonly path?: object;
  readonly query?: object;
  readonly headers?: object;
  readonly body?: unknown;
}

interface Page<T> {
  status: 200;
  body: { data: T[]; meta: { limit: number; nextCursor: string | null; total?: number } };
}

interface One<T, Status extends number> {
  status: Status;
  body: { data: T };
  headers: { ETag?: string; Location?: string };
}

export interface Resource<T> {
  list(request: Request, context: SessionContext): Promise<Page<T>>;
  /** The rows that a relation of a row leads to. */
  listOf(parent: Table, relation: string, request: Request, context: SessionContext): Promise<Page<T>>;
  read(request: Request, context: SessionContext): Promise<One<T, 200>>;
  create(request: Request, context: SessionContext): Promise<One<T, 201>>;
  replace(request: Request, context: SessionContext): Promise<One<T, 200>>;
  change(request: Request, context: SessionContext): Promise<One<T, 200>>;
  remove(request: Request, context: SessionContext): Promise<{ status: 204 }>;
}

/** The rows of a table as clients see them: T is the contract's own type of a row. */
export function resourceOf<T>(table: Table): Resource<T> {
  const run = async <Result>(
    verb: 'read' | 'write' | 'delete',
    context: SessionContext,
    work: (db: Database) => Promise<Result>,
  ): Promise<Result> => {
    try {
      return await inSession(database(), table, context, work);
    } catch (error) {
      throw toClientError(error, table, verb);
    }
  };
  const list = (request: Request, context: SessionContext, only: readonly Part[]) =>
    run('read', context, (db) => readPage<T>(db, table, queryOf(request), only));
  return {
    list: (request, context) => list(request, context, []),
    listOf: (parent, relation, request, context) =>
      list(request, context, belongsTo(parent, relation, table, request)),
    read: (request, context) =>
      run('read', context, async (db) => {
        const { fields, include: included = [] } = queryOf(request);
        const row = await readOne(db, table, keyOf(table, request), fields, included);
        return { status: 200, ...one<T>(table, row, fields, included) };
      }),
    create: (request, context) =>
      run('write', context, async (db) => {
        const row = await insertRow(db, table, request.body as Row);
        const { body, headers } = one<T>(table, row);
        const Location = table.parameters.length === 0 ? {} : { Location: pathOf(table, row) };
        return { status: 201, body, headers: { ...headers, ...Location } };
      }),
    replace: (request, context) =>
      run('write', context, async (db) => {
        const row = await replaceRow(db, table, keyOf(table, request), request.body as Row, ifMatch(request));
        return { status: 200, ...one<T>(table, row) };
      }),
    change: (request, context) =>
      run('write', context, async (db) => {
        const row = await changeRow(db, table, keyOf(table, request), request.body as Row, ifMatch(request));
        return { status: 200, ...one<T>(table, row) };
      }),
    remove: (request, context) =>
      run('delete', context, async (db) => {
        await deleteRow(db, table, keyOf(table, request), ifMatch(request));
        return { status: 204 };
      }),
  };
}

interface Query extends Readonly<Record<string, unknown>> {
  readonly limit?: number;
  readonly cursor?: string;
  readonly sort?: readonly string[];
  readonly fields?: readonly string[];
  readonly include?: readonly string[];
  readonly count?: string;
}

// The contract has given them these types.
const queryOf = ({ query }: Request): Query => (query ?? {}) as Query;

const keyOf = ({ parameters }: Table, { path }: Request): unknown[] =>
  parameters.map((name) => (path as Readonly<Record<string, unknown>> | undefined)?.[name]);

function ifMatch({ headers }: Request): string | undefined {
  const value = (headers as Readonly<Record<string, unknown>> | undefined)?.['If-Match'];
  return typeof value === 'string' ? value : undefined;
}

/** Columns to read: those asked for, those the order needs, and those that relations start from. */
function selection(
  table: Table,
  fields: readonly string[] | undefined,
  needed: readonly string[],
): RawBuilder<unknown> {
  const names = fields === undefined ? table.columns.keys() : new Set([...fields, ...needed]);
  return sql.join([...names].map((name) => columnOf(table, name).selected));
}

/** What tells one selection from another. */
const selectionKey = (fields: readonly string[] | undefined, included: readonly string[]): string =>
  fields === undefined && included.length === 0
    ? '*'
    : [`${fields?.length ?? '*'}`, ...(fields ?? []), `${included.length}`, ...included].join(SEPARATOR);

/** Leaves out columns that were read for other reasons than being asked for. */
function asAsked(row: Row, fields: readonly string[] | undefined, included: readonly string[]): Row {
  if (fields === undefined) return row;
  const wanted = new Set([...fields, ...included]);
  return Object.fromEntries(Object.entries(row).filter(([name]) => wanted.has(name)));
}

async function readPage<T>(
  db: Database,
  table: Table,
  query: Query,
  only: readonly Part[],
): Promise<Page<T>> {
  const { limit = 20, cursor, fields, include: included = [] } = query;
  const order = orderOf(table, query.sort);
  const conditions = [...only, ...filterConditions(table, query)];
  const from = cursor === undefined ? undefined : readCursor(order, cursor);
  const offset = from !== undefined && 'offset' in from ? from.offset : 0;
  const where =
    from !== undefined && 'values' in from ? [...conditions, behind(order, from.values)] : conditions;
  const skipped = order.total ? [] : [String(offset)];
  const form = [table.id, 'page', `${limit}`, order.key, selectionKey(fields, included)].join(SEPARATOR);
  const rows = await rowsOf<Row>(db, keyOfParts(form, where), [...valuesOfParts(where), ...skipped], () => {
    const needed = [...order.terms.map(({ column }) => column.name), ...columnsOfRelations(table, included)];
    // One row more than asked for tells whether there is a next page.
    return sql<Row>`
        select ${selection(table, fields, needed)} from ${table.from}
        where ${allOf(where)} ${orderClause(order)}
        limit ${sql.lit(limit + 1)} ${order.total ? sql`` : sql`offset cast(${skipped[0]}::text as bigint)`}`;
  });
  const page = rows.length > limit ? rows.slice(0, limit) : rows;
  const last = page.at(-1);
  const nextCursor =
    rows.length > limit && last !== undefined ? cursorAfter(order, last, offset + page.length) : null;
  if (included.length > 0) await include(db, table, included, page);
  const total = query.count === 'exact' ? { total: await countRows(db, table, conditions) } : {};
  // The read forms of tables.ts are what the contract's types say.
  const data = (fields === undefined ? page : page.map((row) => asAsked(row, fields, included))) as T[];
  return { status: 200, body: { data, meta: { limit, nextCursor, ...total } } };
}

async function countRows(db: Database, table: Table, conditions: readonly Part[]): Promise<number> {
  const [row] = await rowsOf(
    db,
    keyOfParts(`${table.id}${SEPARATOR}count`, conditions),
    valuesOfParts(conditions),
    () => sql<{ total: string }>`
      select count(*)::text as total from ${table.from} where ${allOf(conditions)}`,
  );
  return Number(row?.total);
}

function belongsTo(parent: Table, relation: string, table: Table, request: Request): Part[] {
  const pairs = parent.relations[relation]?.columns ?? [];
  const key = keyOf(parent, request);
  const values = pairs.map(([ours]) => String(key[parent.key.indexOf(ours)]));
  return pairs.map(([ours, theirs], index) => ({
    key: ['of', parent.id, ours, theirs].join(SEPARATOR),
    values: values.slice(index, index + 1),
    sql: () => sql`${columnOf(table, theirs).ref} = ${operand(columnOf(parent, ours), values[index])}`,
  }));
}

async function readOne(
  db: Database,
  table: Table,
  key: readonly unknown[],
  fields: readonly string[] | undefined,
  included: readonly string[],
): Promise<Row> {
  const is = keyPart(table, key);
  const [row] = await rowsOf<Row>(
    db,
    [table.id, 'row', selectionKey(fields, included)].join(SEPARATOR),
    is.values,
    () => {
      const version = table.versioned === true ? sql`, t.xmin::text as ${sql.id(table.versionAlias)}` : sql``;
      const needed = columnsOfRelations(table, included);
      return sql<Row>`
        select ${selection(table, fields, needed)}${version} from ${table.from} where ${is.sql()}`;
    },
  );
  if (row === undefined) throw new ApiError(404, 'NOT_FOUND', 'There is no such row');
  await include(db, table, included, [row]);
  return row;
}

function one<T>(
  table: Table,
  row: Row,
  fields?: readonly string[],
  included: readonly string[] = [],
): Pick<One<T, 200>, 'body' | 'headers'> {
  const { [table.versionAlias]: version, ...columns } = row;
  const headers = version === undefined ? {} : { ETag: `"${String(version)}"` };
  return { body: { data: asAsked(columns, fields, included) as T }, headers };
}

const pathOf = (table: Table, row: Row): string =>
  [table.path, ...table.key.map((name) => encodeURIComponent(String(row[name])))].join('/');
