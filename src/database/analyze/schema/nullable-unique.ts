import type { Catalog } from '../facts/catalog.ts';
import type { ColumnFact, IndexFact, TableFact } from '../facts/facts.ts';
import type { Fix, SchemaRule } from '../finding.ts';

/**
 * A unique rule over several columns that a NULL in one of them switches off. A single nullable column
 * is left alone: many rows without an e-mail address are what its author meant.
 */
export const nullableUnique: SchemaRule = {
  code: 'nullable-unique',
  severity: 'warning',
  title: 'A unique rule over several columns lets rows with NULL through',
  why: 'NULLs count as different from each other, so a row with a NULL in one of the columns may be there any number of times.',
  find: (catalog) =>
    catalog.facts.indexes.flatMap((index) => {
      const table = catalog.table(index.table);
      const open = openColumns(catalog, index);
      if (table === undefined || table.isPartition || table.kind === 'm' || open.length === 0) return [];
      const names = open.map(({ name }) => catalog.quote(name)).join(', ');
      return [
        {
          object: { kind: 'index' as const, name: index.sql },
          message: `${index.sql} is unique over several columns, of which ${names} may be NULL`,
          evidence: { nullable: names },
          fix: closed(catalog, table, index, open),
        },
      ];
    }),
};

/** The key columns whose NULLs nothing accounts for. */
function openColumns(catalog: Catalog, index: IndexFact): ColumnFact[] {
  const { isUnique, isValid, isPart, nullsNotDistinct, method, keys, predicate } = index;
  if (!isUnique || !isValid || isPart || nullsNotDistinct || method !== 'btree' || keys.length < 2) return [];
  // Expressions and predicates can say what is meant by NULL; such an index was written with care.
  if (predicate !== null || keys.some(({ column }) => column === 0)) return [];
  const nullable = keys.flatMap(({ column }) => catalog.column(index.table, column) ?? []);
  const open = nullable.filter(({ notNull }) => !notNull);
  return open.filter((column) => !isCompleted(catalog, index, column));
}

/** Whether another unique index has the rows in which the column is NULL. */
function isCompleted(catalog: Catalog, index: IndexFact, column: ColumnFact): boolean {
  const wanted = new RegExp(`\\b${escaped(catalog.quote(column.name))} IS NULL\\b`);
  const own = new Set(index.keys.map((key) => key.column));
  return catalog
    .indexesOf(index.table)
    .some(
      (other) =>
        other !== index &&
        other.isUnique &&
        other.keys.every((key) => own.has(key.column)) &&
        (wanted.test(other.predicate ?? '') ||
          (other.predicate === null &&
            other.keys.every((key) => catalog.column(index.table, key.column)?.notNull))),
    );
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

function closed(catalog: Catalog, table: TableFact, index: IndexFact, open: readonly ColumnFact[]): Fix {
  const columns = catalog.names(
    index.table,
    index.keys.map(({ column }) => column),
  );
  const isReplaceable = catalog.facts.version >= 150_000 && table.kind === 'r' && !index.isReferenced;
  if (isReplaceable) return notDistinct(catalog, table, index, columns);
  return setNotNull(catalog, table, open);
}

/** NULLS NOT DISTINCT came with PostgreSQL 15. */
function notDistinct(catalog: Catalog, table: TableFact, index: IndexFact, columns: string): Fix {
  const name = catalog.freshName(index.schema, `${index.name}_new`);
  const [schema, quoted] = [catalog.quote(index.schema), catalog.quote(name)];
  const included =
    index.included.length === 0 ? '' : ` INCLUDE (${catalog.names(index.table, index.included)})`;
  const locks = `ACCESS EXCLUSIVE on ${table.sql}`;
  const old = catalog.quote(index.name);
  const swap =
    index.constraint === 0
      ? [
          { sql: `DROP INDEX ${index.sql}`, locks },
          { sql: `ALTER INDEX ${schema}.${quoted} RENAME TO ${old}` },
        ]
      : [
          {
            sql: `ALTER TABLE ${table.sql} DROP CONSTRAINT ${old}, ADD CONSTRAINT ${old} UNIQUE USING INDEX ${quoted}`,
            locks,
          },
        ];
  return {
    steps: [
      {
        sql: `CREATE UNIQUE INDEX CONCURRENTLY ${quoted} ON ${table.sql} (${columns})${included} NULLS NOT DISTINCT`,
        locks: `SHARE UPDATE EXCLUSIVE on ${table.sql}`,
      },
      ...swap,
    ],
    transactional: false,
    caution: 'Fails when two rows are the same but for NULLs; decide first whether they may be.',
  };
}

function setNotNull(catalog: Catalog, table: TableFact, open: readonly ColumnFact[]): Fix {
  const changes = open.map(({ name }) => `ALTER COLUMN ${catalog.quote(name)} SET NOT NULL`).join(', ');
  return {
    steps: [{ sql: `ALTER TABLE ${table.sql} ${changes}`, locks: `ACCESS EXCLUSIVE on ${table.sql}` }],
    transactional: true,
    caution: 'Reads the whole table, and fails when a row holds NULL.',
  };
}
