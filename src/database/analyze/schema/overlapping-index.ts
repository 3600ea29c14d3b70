import type { Catalog } from '../facts/catalog.ts';
import type { IndexFact } from '../facts/facts.ts';
import type { Found, SchemaRule } from '../finding.ts';
import { dropIndex } from '../mend/drop-index.ts';
import { comparable, isNeeded, keysOf, termOf } from './index-shape.ts';

/** The same columns once more: in another order, or for a part of the rows only. */
export const overlappingIndex: SchemaRule = {
  code: 'overlapping-index',
  severity: 'info',
  title: 'Two indexes hold the same columns',
  why: 'One of them may serve all queries; each index is written with every row.',
  find: (catalog) => catalog.facts.tables.flatMap((table) => overlapsOf(catalog, table.oid)),
};

function overlapsOf(catalog: Catalog, table: number): Found[] {
  const indexes = comparable(catalog.indexesOf(table)).filter(({ method }) => method === 'btree');
  return indexes
    .filter((index) => !index.isUnique && !isNeeded(index))
    .flatMap((index) => {
      const other = indexes.find((candidate) => overlaps(index, candidate));
      return other === undefined ? [] : [found(catalog, index, other)];
    });
}

/** Says it of one of the two: the partial one, the one that may go, or the later by name. */
function overlaps(index: IndexFact, other: IndexFact): boolean {
  if (other === index || other.keys.length !== index.keys.length) return false;
  const same = sorted(index).join() === sorted(other).join();
  if (!same || other.included.length < index.included.length) return false;
  if (index.predicate !== other.predicate) {
    return other.predicate === null && keysOf(index).join() === keysOf(other).join();
  }
  const isEqual = keysOf(index).join() === keysOf(other).join();
  return !isEqual && (isNeeded(other) || other.isUnique || other.name < index.name);
}

const sorted = (index: IndexFact): string[] => index.keys.map(termOf).sort();

const found = (catalog: Catalog, index: IndexFact, other: IndexFact): Found => ({
  object: { kind: 'index', name: index.sql },
  message: `${index.sql} holds the same columns as ${other.sql}`,
  evidence: { other: other.sql, 'size kB': index.pages * 8 },
  fix: {
    ...dropIndex(catalog, index),
    caution: 'Both may be wanted: look at how often each is used before one goes.',
  },
});
