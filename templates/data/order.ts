// The order of a list, and where its next page begins (keyset pagination: no row is skipped or read twice when
// others come and go).
import { type RawBuilder, sql } from 'kysely';
import { ApiError } from '../errors.js';
import { type Part, SEPARATOR } from './statement.js';
import { asRead, type Column, columnOf, operand, type Table } from './table.js';

interface Term {
  readonly column: Column;
  readonly descending: boolean;
}

/** What a cursor remembers: the order it is for, and the last row's values in it, or how many rows were before. */
type Position = { readonly values: readonly (string | null)[] } | { readonly offset: number };

export interface Order {
  readonly terms: readonly Term[];
  /** As a cursor names it. */
  readonly signature: string;
  /** What tells it from every other order of the table. */
  readonly key: string;
  /** Whether the order tells all rows apart; where no key does, pages are counted instead. */
  readonly total: boolean;
}

/** The orders that a table's lists were asked for in, by what was asked. */
const known = new WeakMap<Table, Map<string, Order>>();

/** Clients decide what is asked for: what is kept has to end somewhere. */
const MAX_KNOWN = 200;

/** The order asked for, made total by the key. */
export function orderOf(table: Table, sort: readonly string[] = []): Order {
  const orders = known.get(table) ?? new Map<string, Order>();
  const asked = sort.join(SEPARATOR);
  const kept = orders.get(asked);
  if (kept !== undefined) return kept;
  const order = makeOrder(table, sort);
  if (orders.size < MAX_KNOWN) known.set(table, orders.set(asked, order));
  return order;
}

function makeOrder(table: Table, sort: readonly string[]): Order {
  const terms = sort.map((text): Term => {
    const descending = text.startsWith('-') && !table.columns.has(text);
    return { column: columnOf(table, descending ? text.slice(1) : text), descending };
  });
  const named = new Set(terms.map(({ column }) => column.name));
  const rest = table.key.filter((name) => !named.has(name));
  const byKey = rest.map((name): Term => ({ column: columnOf(table, name), descending: false }));
  const all = [...terms, ...byKey];
  const names = all.map(({ column, descending }) => `${descending ? '-' : '+'}${column.name}`);
  return {
    terms: all,
    signature: signatureOf(all),
    key: [`${all.length}`, ...names].join(SEPARATOR),
    total: table.key.length > 0 && table.inherited !== true,
  };
}

/** `order by ...`, or nothing for rows in no order. */
export const orderClause = ({ terms }: Order): RawBuilder<unknown> =>
  terms.length === 0
    ? sql``
    : sql`order by ${sql.join(terms.map(({ column, descending }) => (descending ? sql`${column.ref} desc` : column.ref)))}`;

const signatureOf = (terms: readonly Term[]): string =>
  terms.map(({ column, descending }) => `${descending ? '-' : ''}${column.name}`).join(',');

/** The cursor behind the last row of a page. */
export function cursorAfter(order: Order, row: Readonly<Record<string, unknown>>, seen: number): string {
  const values = order.terms.map(({ column }) => textOf(asRead(column, row[column.name])));
  const position = order.total ? values : [seen];
  return Buffer.from(JSON.stringify([order.signature, ...position])).toString('base64url');
}

const textOf = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value);

/** Reads a cursor back. Errors: 400, for one that was not made for this order. */
export function readCursor(order: Order, cursor: string): Position {
  const [made, ...values] = parse(cursor);
  if (made !== order.signature) throw invalid();
  if (!order.total) {
    const [offset] = values;
    if (values.length !== 1 || !Number.isSafeInteger(offset) || Number(offset) < 0) throw invalid();
    return { offset: Number(offset) };
  }
  if (values.length !== order.terms.length || !values.every(isText)) throw invalid();
  return { values };
}

const isText = (value: unknown): value is string | null => value === null || typeof value === 'string';

function parse(cursor: string): readonly unknown[] {
  try {
    const found: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

const invalid = (): ApiError =>
  new ApiError(400, 'INVALID_CURSOR', 'The cursor does not belong to this list', {
    details: [{ field: 'cursor', message: 'give nextCursor of the page before, with the same sort' }],
  });

/** The rows behind a position. PostgreSQL puts NULL last in an ascending order, first in a descending one. */
export function behind({ terms }: Order, values: readonly (string | null)[]): Part {
  const [first] = terms;
  const plain =
    !values.includes(null) &&
    terms.every(
      ({ column, descending }) => column.nullable === undefined && descending === first?.descending,
    );
  const given = values.filter((value) => value !== null);
  return {
    key: `behind${SEPARATOR}${values.map((value) => (value === null ? '0' : '1')).join('')}`,
    values: plain ? given : given.flatMap((value) => [value, value]),
    sql: () => (plain ? rowBehind(terms, given) : termsBehind(terms, values)),
  };
}

/** One comparison of rows, which an index over the columns answers. */
function rowBehind(terms: readonly Term[], values: readonly string[]): RawBuilder<unknown> {
  const refs = sql.join(terms.map(({ column }) => column.ref));
  const last = sql.join(terms.map(({ column }, index) => operand(column, values[index])));
  return terms[0]?.descending === true ? sql`(${refs}) < (${last})` : sql`(${refs}) > (${last})`;
}

/** Each value is there twice: rows come behind it, or have it and come behind in what follows. */
const termsBehind = (terms: readonly Term[], values: readonly (string | null)[]): RawBuilder<unknown> =>
  terms.reduceRight<RawBuilder<unknown>>((rest, term, index) => {
    const value = values[index] ?? null;
    return sql`(${after(term, value)} or (${same(term, value)} and ${rest}))`;
  }, sql`false`);

function after({ column, descending }: Term, value: string | null): RawBuilder<unknown> {
  if (value === null) return descending ? sql`${column.ref} is not null` : sql`false`;
  if (descending) return sql`${column.ref} < ${operand(column, value)}`;
  const greater = sql`${column.ref} > ${operand(column, value)}`;
  return column.nullable === undefined ? greater : sql`(${greater} or ${column.ref} is null)`;
}

const same = ({ column }: Term, value: string | null): RawBuilder<unknown> =>
  value === null ? sql`${column.ref} is null` : sql`${column.ref} = ${operand(column, value)}`;
