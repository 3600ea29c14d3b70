import type { Catalog } from '../facts/catalog.ts';
import type { ConstraintFact, IndexFact } from '../facts/facts.ts';
import type { Found, SchemaRule } from '../finding.ts';
import { createIndex } from '../mend/create-index.ts';

/** A foreign key that no index serves. Partial indexes are judged by the planner: see planner-questions.ts. */
export const unindexedForeignKey: SchemaRule = {
  code: 'unindexed-foreign-key',
  severity: 'warning',
  title: 'A foreign key has no index',
  why: 'Deleting a referenced row, and every join over the key, reads the whole table.',
  find: (catalog) =>
    foreignKeysOf(catalog)
      .filter((key) => !isIndexed(catalog, key))
      .map((key) => found(catalog, key))
      // Two keys over the same columns need one index.
      .filter(({ object }, at, all) => all.findIndex((other) => other.object.name === object.name) === at),
};

/** The foreign keys that somebody declared, without the copies on partitions. */
export function foreignKeysOf(catalog: Catalog): ConstraintFact[] {
  return catalog.facts.constraints.filter(
    ({ type, isCopy, table }) =>
      type === 'f' && !isCopy && ['r', 'p'].includes(catalog.table(table)?.kind ?? ''),
  );
}

function isIndexed(catalog: Catalog, key: ConstraintFact): boolean {
  if (catalog.facts.servedByPartial.includes(key.oid)) return true;
  return catalog
    .indexesOf(key.table)
    .some((index) => index.predicate === null && serves(catalog, index, key));
}

/**
 * Whether an index finds the rows that refer to one row: its first columns are those of the key in any
 * order, or it is unique and made of nothing but them.
 */
export function serves(catalog: Catalog, index: IndexFact, key: ConstraintFact): boolean {
  if (!index.isValid || !['btree', 'hash'].includes(index.method)) return false;
  const columns = index.keys.map(({ column }) => column);
  const first = columns.slice(0, key.keys.length);
  const isPrefix = key.keys.every((column) => first.includes(column));
  const isWithin = index.isUnique && columns.every((column) => key.keys.includes(column));
  const relevant = isPrefix ? index.keys.slice(0, key.keys.length) : index.keys;
  // An index in another collation cannot answer an equality in the column's own.
  return (
    (isPrefix || isWithin) &&
    relevant.every(({ column, collation }) => catalog.column(index.table, column)?.collation === collation)
  );
}

function found(catalog: Catalog, key: ConstraintFact): Found {
  const table = catalog.table(key.table);
  const referenced = catalog.table(key.refTable);
  const columns = catalog.names(key.table, key.keys);
  const about = key.keys.map((number) => catalog.column(key.table, number)?.name ?? '').join('_');
  return {
    object: { kind: 'column', name: `${table?.sql} (${columns})` },
    message: `no index serves the foreign key ${table?.sql} (${columns}) to ${referenced?.sql}`,
    evidence: {
      constraint: key.name,
      rows: Math.max(table?.rows ?? 0, 0),
      'referenced rows': Math.max(referenced?.rows ?? 0, 0),
    },
    fix:
      table === undefined
        ? { steps: [], transactional: true }
        : createIndex(catalog, { table, about, definition: `(${columns})` }),
  };
}
