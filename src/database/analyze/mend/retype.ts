import { appendTo } from '../../../core/multimap.ts';
import { compareText } from '../../../core/order.ts';
import type { Catalog } from '../facts/catalog.ts';
import type { ColumnFact, ConstraintFact } from '../facts/facts.ts';
import type { Fix, FixStep } from '../finding.ts';

/** A column and the type it is to have. */
export interface Retyped {
  readonly column: ColumnFact;
  readonly type: string;
}

export interface RetypeOptions {
  /** Run before, such as the time zone that bare timestamps are in. */
  readonly before?: readonly FixStep[];
  /** Run afterwards, such as a check that keeps a length. */
  readonly after?: readonly FixStep[];
  readonly caution?: string;
}

/**
 * Changes the type of columns that hang together by foreign keys. Where a view or policy names one of them
 * PostgreSQL refuses, and the fix says so by `views`: the planner of `db diff` then writes the statements for its table.
 */
export function retype(catalog: Catalog, columns: readonly Retyped[], options: RetypeOptions = {}): Fix {
  const keys = columns.length === 1 ? [] : keysBetween(catalog, columns);
  const tables = new Set(columns.map(({ column }) => column.table));
  const barred = new Set(
    columns.filter(({ column }) => isBuiltOn(catalog, column)).map(({ column }) => column.table),
  );
  const blocked = columns.filter(({ column }) => barred.has(column.table));
  const nameOf = (key: ConstraintFact): string => `ALTER TABLE ${catalog.table(key.table)?.sql}`;
  const steps: FixStep[] = [
    ...(options.before ?? []),
    ...keys.map((key) =>
      locking(catalog, key.table, `${nameOf(key)} DROP CONSTRAINT ${catalog.quote(key.name)}`),
    ),
    ...[...tables].map((table) => retyping(catalog, table, columns)),
    ...keys.map((key) =>
      locking(
        catalog,
        key.table,
        `${nameOf(key)} ADD CONSTRAINT ${catalog.quote(key.name)} ${key.definition}`,
      ),
    ),
    ...(options.after ?? []),
  ];
  return {
    steps,
    transactional: true,
    ...(options.caution === undefined ? {} : { caution: options.caution }),
    ...(blocked.length === 0 ? {} : { views: blocked }),
  };
}

/** Whether something is built on the column, or on the same column of a table that inherits it. */
function isBuiltOn(catalog: Catalog, { table, number, name }: ColumnFact): boolean {
  if (catalog.hasDependents(table, number)) return true;
  return catalog.childrenOf(table).some((child) => {
    const own = catalog.columnsOf(child.oid).find((column) => column.name === name);
    return own !== undefined && isBuiltOn(catalog, own);
  });
}

/** The statement that changes all of these columns that are in one table. */
export function retyping(catalog: Catalog, table: number, columns: readonly Retyped[]): FixStep {
  const changes = columns
    .filter(({ column }) => column.table === table)
    .map(({ column, type }) => {
      const name = catalog.quote(column.name);
      return `ALTER COLUMN ${name} TYPE ${type} USING ${name}::${type}`;
    });
  return locking(catalog, table, `ALTER TABLE ${catalog.table(table)?.sql} ${changes.join(', ')}`);
}

const locking = (catalog: Catalog, table: number, sql: string): FixStep => ({
  sql,
  locks: `ACCESS EXCLUSIVE on ${catalog.table(table)?.sql}`,
});

/** Foreign keys with a changed column at either end: between two types there may be no equality. */
function keysBetween(catalog: Catalog, columns: readonly Retyped[]): ConstraintFact[] {
  const { keysAt } = linksOf(catalog);
  const found = columns.flatMap(({ column }) => keysAt.get(`${column.table}/${column.number}`) ?? []);
  return [...new Set(found)]
    .filter(({ isCopy }) => !isCopy)
    .sort((left, right) => left.table - right.table || compareText(left.name, right.name));
}

/** The column and all that foreign keys tie to it, whichever way they point. */
export function tiedColumns(catalog: Catalog, start: ColumnFact): ColumnFact[] {
  const found = new Map([[`${start.table}/${start.number}`, start]]);
  const { columnsAt } = linksOf(catalog);
  for (const [key] of found) {
    for (const other of columnsAt.get(key) ?? []) {
      const [table = 0, number = 0] = other.split('/').map(Number);
      const column = whereDeclared(catalog, catalog.column(table, number));
      if (column !== undefined) found.set(`${column.table}/${column.number}`, column);
    }
  }
  return [...found.values()];
}

/** A column that a table has from its parent can only be changed there. */
function whereDeclared(catalog: Catalog, column: ColumnFact | undefined): ColumnFact | undefined {
  if (column === undefined || !column.isInherited) return column;
  const parents = catalog.table(column.table)?.parents ?? [];
  const named = parents.flatMap((parent) =>
    catalog.columnsOf(parent).filter(({ name }) => name === column.name),
  );
  return whereDeclared(catalog, named[0]) ?? column;
}

interface Links {
  /** Columns at the other ends of the foreign keys of a column. */
  readonly columnsAt: ReadonlyMap<string, readonly string[]>;
  /** The foreign keys that a column is part of, at either end. */
  readonly keysAt: ReadonlyMap<string, readonly ConstraintFact[]>;
}

const LINKS = new WeakMap<Catalog, Links>();

/** Made once for a catalog: every key of a large schema is asked about. */
function linksOf(catalog: Catalog): Links {
  const known = LINKS.get(catalog);
  if (known !== undefined) return known;
  const columnsAt = new Map<string, string[]>();
  const keysAt = new Map<string, ConstraintFact[]>();
  for (const key of catalog.facts.constraints) {
    if (key.type !== 'f') continue;
    key.keys.forEach((number, at) => {
      const [here, there] = [`${key.table}/${number}`, `${key.refTable}/${key.refKeys[at]}`];
      appendTo(columnsAt, here, there);
      appendTo(columnsAt, there, here);
      appendTo(keysAt, here, key);
      appendTo(keysAt, there, key);
    });
  }
  const links = { columnsAt, keysAt };
  LINKS.set(catalog, links);
  return links;
}
