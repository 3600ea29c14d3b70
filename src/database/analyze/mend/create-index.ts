import type { Catalog } from '../facts/catalog.ts';
import type { TableFact } from '../facts/facts.ts';
import type { Fix, FixStep } from '../finding.ts';

/** An index as it would be written, on a table that may be partitioned. */
export interface WantedIndex {
  readonly table: TableFact;
  /** What its name says after the table's: `user_id`. */
  readonly about: string;
  /** From the access method or the list of keys on: `(user_id)`, `USING gin (tags)`. */
  readonly definition: string;
  readonly unique?: boolean;
}

/**
 * Builds an index beside the traffic. A partitioned table takes no CONCURRENTLY, so each partition gets its
 * own and is attached: https://www.postgresql.org/docs/current/ddl-partitioning.html
 */
export function createIndex(catalog: Catalog, wanted: WantedIndex): Fix {
  return { steps: stepsFor(catalog, wanted).steps, transactional: false };
}

function stepsFor(
  catalog: Catalog,
  { table, about, definition, unique = false }: WantedIndex,
): { readonly name: string; readonly steps: FixStep[] } {
  const name = catalog.freshName(table.schema, `${table.name}_${about}_idx`);
  const create = unique ? 'CREATE UNIQUE INDEX' : 'CREATE INDEX';
  const quoted = catalog.quote(name);
  if (table.kind !== 'p') {
    const sql = `${create} CONCURRENTLY ${quoted} ON ${table.sql} ${definition}`;
    return { name, steps: [{ sql, locks: `SHARE UPDATE EXCLUSIVE on ${table.sql}` }] };
  }
  const schema = catalog.quote(table.schema);
  const parts = catalog.childrenOf(table.oid).flatMap((child) => {
    const part = stepsFor(catalog, { table: child, about, definition, unique });
    const attach = `ALTER INDEX ${schema}.${quoted} ATTACH PARTITION ${catalog.quote(child.schema)}.${catalog.quote(part.name)}`;
    return [...part.steps, { sql: attach }];
  });
  const parent: FixStep = {
    sql: `${create} ${quoted} ON ONLY ${table.sql} ${definition}`,
    locks: `SHARE on ${table.sql}`,
  };
  return { name, steps: [parent, ...parts] };
}
