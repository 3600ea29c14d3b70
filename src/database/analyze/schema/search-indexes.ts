import type { Catalog } from '../facts/catalog.ts';
import type { IndexFact } from '../facts/facts.ts';
import type { Found, SchemaRule } from '../finding.ts';
import { createIndex } from '../mend/create-index.ts';
import { isNeeded } from './index-shape.ts';

/** A column of words that no text-search index holds. */
export const unindexedSearch: SchemaRule = {
  code: 'unindexed-text-search',
  severity: 'warning',
  title: 'A tsvector column without a text-search index',
  why: 'A search with @@ compares every row; a tsvector is stored for no other purpose.',
  find: (catalog) =>
    catalog.facts.columns.flatMap((column) => {
      const table = catalog.table(column.table);
      if (column.base !== 'tsvector' || table === undefined || table.isPartition || table.kind === 'f')
        return [];
      if (isHeld(catalog, column.table, column.number)) return [];
      const name = catalog.quote(column.name);
      return [
        {
          object: { kind: 'column' as const, name: catalog.columnName(column) },
          message: `${catalog.columnName(column)} is a tsvector that no GIN or GiST index holds`,
          fix: createIndex(catalog, { table, about: column.name, definition: `USING gin (${name})` }),
        },
      ];
    }),
};

const isHeld = (catalog: Catalog, table: number, number: number): boolean =>
  catalog
    .indexesOf(table)
    .some(
      ({ method, keys }) =>
        !['btree', 'hash'].includes(method) && keys.some(({ column }) => column === number),
    );

/** A B-tree over whole arrays or documents, which answers nothing about what is in them. */
export const wholeValueIndex: SchemaRule = {
  code: 'btree-on-container',
  severity: 'warning',
  title: 'A B-tree index on an array, jsonb or tsvector column',
  why: 'It compares whole values: it cannot answer @>, &&, ? or @@, and a large value makes the insert fail.',
  find: (catalog) => catalog.facts.indexes.flatMap((index) => containerIndex(catalog, index)),
};

function containerIndex(catalog: Catalog, index: IndexFact): Found[] {
  const table = catalog.table(index.table);
  const [only, ...others] = index.keys;
  if (table === undefined || only === undefined || others.length > 0 || index.method !== 'btree') return [];
  if (index.isUnique || isNeeded(index) || index.isPart || !index.isValid) return [];
  const column = catalog.column(index.table, only.column);
  if (column === undefined || !(column.isArray || ['jsonb', 'tsvector'].includes(column.base))) return [];
  const where = index.predicate === null ? '' : ` WHERE ${index.predicate}`;
  const create = createIndex(catalog, {
    table,
    about: `${column.name}_gin`,
    definition: `USING gin (${catalog.quote(column.name)})${where}`,
  });
  const drop = index.isPartitioned
    ? { sql: `DROP INDEX ${index.sql}`, locks: `ACCESS EXCLUSIVE on ${table.sql}` }
    : { sql: `DROP INDEX CONCURRENTLY ${index.sql}`, locks: `SHARE UPDATE EXCLUSIVE on ${table.sql}` };
  return [
    {
      object: { kind: 'index', name: index.sql },
      message: `${index.sql} is a B-tree over ${catalog.columnName(column)}, which is ${column.type}`,
      evidence: { 'size kB': index.pages * 8 },
      fix: { steps: [...create.steps, drop], transactional: false },
    },
  ];
}
