import type { Catalog } from '../facts/catalog.ts';
import type { IndexFact } from '../facts/facts.ts';
import type { Found, SchemaRule } from '../finding.ts';
import { dropIndex } from '../mend/drop-index.ts';
import { comparable, keysOf } from './index-shape.ts';

/** Two indexes that are the same in everything but the name. */
export const duplicateIndex: SchemaRule = {
  code: 'duplicate-index',
  severity: 'warning',
  title: 'An index is there twice',
  why: 'Every write keeps both up to date, and no query can gain from the second one.',
  find: (catalog) => catalog.facts.tables.flatMap((table) => duplicatesOf(catalog, table.oid)),
};

function duplicatesOf(catalog: Catalog, table: number): Found[] {
  const groups = new Map<string, IndexFact[]>();
  for (const index of comparable(catalog.indexesOf(table))) {
    const shape = shapeOf(catalog, index);
    groups.set(shape, [...(groups.get(shape) ?? []), index]);
  }
  return [...groups.values()].flatMap((group) => {
    const [kept, ...others] = [...group].sort((left, right) => worth(right) - worth(left));
    if (kept === undefined) return [];
    return others
      .filter((index) => !index.isReferenced && !index.isReplicaIdentity)
      .map((index) => found(catalog, index, kept));
  });
}

/** Same order, classes, collations, predicate and included columns; a unique one is no copy of one that is not. */
function shapeOf(catalog: Catalog, index: IndexFact): string {
  const exclusion = catalog
    .constraintsOf(index.table)
    .find((constraint) => constraint.oid === index.constraint && constraint.type === 'x');
  const timing = catalog.constraintsOf(index.table).find((constraint) => constraint.oid === index.constraint);
  return JSON.stringify([
    index.method,
    keysOf(index),
    [...index.included].sort(),
    index.predicate,
    index.isUnique,
    index.nullsNotDistinct,
    exclusion?.definition ?? '',
    timing?.isDeferrable ?? false,
  ]);
}

/** What something else relies on is kept: a foreign key, the primary key, replication, a constraint. */
const worth = (index: IndexFact): number =>
  Number(index.isReferenced) * 16 +
  Number(index.isPrimary) * 8 +
  Number(index.isReplicaIdentity) * 4 +
  Number(index.constraint !== 0) * 2 +
  Number(index.isClustered);

const found = (catalog: Catalog, index: IndexFact, kept: IndexFact): Found => ({
  object: { kind: 'index', name: index.sql },
  message: `${index.sql} is the same index as ${kept.sql}`,
  evidence: { 'same as': kept.sql, 'size kB': index.pages * 8 },
  fix: dropIndex(catalog, index),
});
