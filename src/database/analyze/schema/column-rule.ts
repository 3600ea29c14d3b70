import type { Severity } from '../../../core/diagnostic.ts';
import type { Catalog } from '../facts/catalog.ts';
import type { ColumnFact } from '../facts/facts.ts';
import type { Fix, SchemaRule } from '../finding.ts';
import { retype, tiedColumns } from '../mend/retype.ts';

/** Columns whose type can be changed: of a table's own, and not part of how it is partitioned. */
export function ownColumns(catalog: Catalog): ColumnFact[] {
  return catalog.facts.columns.filter((column) => {
    const table = catalog.table(column.table);
    if (table === undefined || !['r', 'p'].includes(table.kind)) return false;
    // PostgreSQL 18 cannot always change a type that inheriting tables share.
    if (hasHeirs(catalog, column.table)) return false;
    if (column.isInherited || table.isPartition || column.isGenerated) return false;
    return !(table.partitioning?.keys.includes(column.number) ?? false);
  });
}

/** Whether other tables inherit from one that is not partitioned. */
export const hasHeirs = (catalog: Catalog, table: number): boolean =>
  catalog.table(table)?.kind === 'r' && catalog.childrenOf(table).length > 0;

interface TypeRule {
  readonly code: string;
  readonly severity: Severity;
  readonly title: string;
  readonly why: string;
  readonly applies: (column: ColumnFact, catalog: Catalog) => boolean;
  /** What is said of one column after its name. */
  readonly says: (column: ColumnFact) => string;
  /** The type it should have, and what is to be known. */
  readonly better: (column: ColumnFact) => string;
  readonly fix?: (catalog: Catalog, column: ColumnFact) => Fix;
  readonly caution?: string;
}

/** A rule about the type of single columns; the mend changes what foreign keys tie to them, too. */
export function typeRule({ applies, says, better, fix, caution, ...head }: TypeRule): SchemaRule {
  const mend = (catalog: Catalog, column: ColumnFact): Fix =>
    retype(
      catalog,
      tiedColumns(catalog, column).map((tied) => ({ column: tied, type: better(column) })),
      caution === undefined ? {} : { caution },
    );
  return {
    ...head,
    find: (catalog) =>
      ownColumns(catalog)
        .filter((column) => applies(column, catalog))
        .map((column) => ({
          object: { kind: 'column', name: catalog.columnName(column) },
          message: `${catalog.columnName(column)} ${says(column)}`,
          fix: (fix ?? mend)(catalog, column),
        })),
  };
}
