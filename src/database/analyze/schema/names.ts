import { words } from '../../../core/names.ts';
import type { Catalog } from '../facts/catalog.ts';
import type { ColumnFact, TableFact } from '../facts/facts.ts';
import { type Found, fixWith, type SchemaRule } from '../finding.ts';

interface Named {
  readonly name: string;
  readonly table: TableFact;
  readonly column?: ColumnFact;
}

function namedThings(catalog: Catalog): Named[] {
  const own = catalog.facts.tables.filter(({ kind, isPartition }) => kind !== 'm' && !isPartition);
  return own.flatMap((table) => [
    ...catalog
      .columnsOf(table.oid)
      .filter(({ isInherited }) => !isInherited)
      .map((column) => ({ name: column.name, table, column })),
    // After its columns, so that the statements work in this order.
    { name: table.name, table },
  ]);
}

/** A name that works only in quotes. */
export const quotedName: SchemaRule = {
  code: 'name-needs-quotes',
  severity: 'info',
  title: 'A name that has to be written in quotes',
  why: 'Without quotes PostgreSQL folds it to lower case and finds nothing; people, scripts and tools forget them.',
  find: (catalog) =>
    namedThings(catalog)
      .filter(({ name }) => !/^[\p{Ll}\p{Lo}_][\p{Ll}\p{Lo}\p{N}_$]*$/u.test(name))
      .map((named) => found(catalog, named, 'needs quotes', snakeCase(named.name))),
};

/** A name that PostgreSQL reserves. */
export const reservedName: SchemaRule = {
  code: 'reserved-name',
  severity: 'info',
  title: 'A name that is a reserved word',
  why: 'It has to be quoted wherever it is written, and a statement without quotes fails or, worse, means something else.',
  find: (catalog) => {
    const reserved = new Set(catalog.facts.reservedWords);
    return namedThings(catalog)
      .filter(({ name }) => reserved.has(name))
      .map((named) => found(catalog, named, 'is a reserved word', `${named.name}_`));
  },
};

function found(catalog: Catalog, { name, table, column }: Named, says: string, wanted: string): Found {
  const display = column === undefined ? table.sql : catalog.columnName(column);
  const siblings = new Set(catalog.columnsOf(table.oid).map((sibling) => sibling.name));
  const better = column === undefined ? catalog.freshName(table.schema, wanted) : freeName(wanted, siblings);
  const what = column === undefined ? 'RENAME' : `RENAME COLUMN ${catalog.quote(name)}`;
  const kind = table.kind === 'f' ? 'FOREIGN TABLE' : 'TABLE';
  return {
    object: { kind: column === undefined ? 'table' : 'column', name: display },
    message: `${display} ${says}`,
    fix: fixWith(
      `ALTER ${kind} ${table.sql} ${what} TO ${catalog.quote(better)}`,
      `ACCESS EXCLUSIVE on ${table.sql}`,
      'Code and functions that name it have to change with it.',
    ),
  };
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let number = 2; taken.has(name); number += 1) name = `${wanted}${number}`;
  return name;
}

/** `customerId` to `customer_id`; what is left of a name without letters is still a name. */
function snakeCase(name: string): string {
  const snake = words(name)
    .map((word) => word.toLowerCase())
    .join('_');
  return /^[\p{Ll}\p{Lo}]/u.test(snake) ? snake : `n_${snake}`;
}
