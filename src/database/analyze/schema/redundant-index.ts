import type { Catalog } from '../facts/catalog.ts';
import type { IndexFact } from '../facts/facts.ts';
import type { Found, SchemaRule } from '../finding.ts';
import { dropIndex } from '../mend/drop-index.ts';
import { comparable, holdsIncluded, isNeeded, keysOf, startsWith } from './index-shape.ts';

/** An index with whose columns another one begins. */
export const redundantIndex: SchemaRule = {
  code: 'redundant-index',
  severity: 'warning',
  title: 'Another index begins with the columns of this one',
  why: 'A B-tree serves every query that needs only its first columns, so the shorter index costs writes and memory for nothing.',
  find: (catalog) => catalog.facts.tables.flatMap((table) => redundantOf(catalog, table.oid)),
};

function redundantOf(catalog: Catalog, table: number): Found[] {
  const indexes = comparable(catalog.indexesOf(table)).filter(({ method }) => method === 'btree');
  return indexes
    .filter((index) => !index.isUnique && !isNeeded(index))
    .flatMap((index) => {
      const cover = indexes.find((other) => covers(other, index));
      return cover === undefined ? [] : [found(catalog, index, cover)];
    });
}

/** Unique or not makes a difference for the shorter one alone: a unique index is there for its rule. */
function covers(other: IndexFact, index: IndexFact): boolean {
  if (other === index || other.predicate !== index.predicate) return false;
  if (other.keys.length < index.keys.length || !startsWith(keysOf(other), keysOf(index))) return false;
  // Of equals the unique one covers; two that are not unique are duplicates, not a prefix.
  const isLonger = other.keys.length > index.keys.length;
  const hasMore = other.included.length > index.included.length;
  return (isLonger || other.isUnique || hasMore) && holdsIncluded(other, index);
}

const found = (catalog: Catalog, index: IndexFact, cover: IndexFact): Found => ({
  object: { kind: 'index', name: index.sql },
  message: `${cover.sql} begins with the columns of ${index.sql}`,
  evidence: {
    'covered by': `${cover.sql} (${catalog.names(
      cover.table,
      cover.keys.map(({ column }) => column),
    )})`,
    'size kB': index.pages * 8,
  },
  fix: dropIndex(catalog, index),
});
