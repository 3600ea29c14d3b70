import type { Catalog } from '../analyze/facts/catalog.ts';
import { unindexedSearch } from '../analyze/schema/search-indexes.ts';
import { foreignKeysOf, unindexedForeignKey } from '../analyze/schema/unindexed-foreign-key.ts';
import type { Workload } from './workload/workload.ts';

/**
 * The statements that a schema itself makes likely: looking up the rows that refer to a row, for each foreign
 * key without an index, and searching a tsvector. For when nobody tells what a database is used for.
 */
export function declaredWorkload(catalog: Catalog): Workload {
  const missing = new Set(unindexedForeignKey.find(catalog).map(({ object }) => object.name));
  const lookups = foreignKeysOf(catalog).flatMap((key) => {
    const table = catalog.table(key.table);
    const columns = key.keys.flatMap((number) => catalog.column(key.table, number) ?? []);
    if (!missing.has(`${table?.sql} (${catalog.names(key.table, key.keys)})`)) return [];
    const where = columns.map(({ name }, at) => `${catalog.quote(name)} = $${at + 1}`).join(' AND ');
    return [`SELECT * FROM ${table?.sql} WHERE ${where}`];
  });
  const searches = unindexedSearch.find(catalog).map(({ object }) => {
    const [column = '', ...path] = object.name.split('.').reverse();
    return `SELECT * FROM ${path.reverse().join('.')} WHERE ${column} @@ to_tsquery('a')`;
  });
  const statements = [...new Set([...lookups, ...searches])];
  return {
    source: 'foreign keys and text-search columns',
    statements: statements.map((sql) => ({ sql, calls: 1, totalMs: undefined, rows: undefined })),
    notes: [],
  };
}
