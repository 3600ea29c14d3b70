import type { Catalog } from '../facts/catalog.ts';
import type { IndexFact } from '../facts/facts.ts';
import { type Fix, fixWith } from '../finding.ts';

/** Removes an index beside the traffic, or the constraint that it stands behind. */
export function dropIndex(catalog: Catalog, index: IndexFact): Fix {
  const table = catalog.table(index.table);
  if (index.constraint !== 0) {
    const sql = `ALTER TABLE ${table?.sql} DROP CONSTRAINT ${catalog.quote(index.name)}`;
    return fixWith(sql, `ACCESS EXCLUSIVE on ${table?.sql}`);
  }
  if (index.isPartitioned) return fixWith(`DROP INDEX ${index.sql}`, `ACCESS EXCLUSIVE on ${table?.sql}`);
  return fixWith(`DROP INDEX CONCURRENTLY ${index.sql}`, `SHARE UPDATE EXCLUSIVE on ${table?.sql}`);
}
