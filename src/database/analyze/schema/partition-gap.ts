import type { Catalog } from '../facts/catalog.ts';
import type { TableFact } from '../facts/facts.ts';
import { fixWith, type SchemaRule } from '../finding.ts';

/** Values that belong to no partition. */
export const partitionGap: SchemaRule = {
  code: 'partition-gap',
  severity: 'warning',
  title: 'A range that no partition takes',
  why: 'A row with a value in it is refused: "no partition of relation found for row".',
  find: (catalog) => [
    ...catalog.facts.partitionGaps.map(({ table, from, to }) => {
      const parent = catalog.table(table);
      const name = parent?.sql ?? '';
      return {
        object: { kind: 'table' as const, name },
        message: `no partition of ${name} takes values from ${from} up to ${to}`,
        evidence: { from, to },
        fix: fixWith(
          `CREATE TABLE ${partName(catalog, parent, `${parent?.name}_from_${from.replaceAll(/\W+/g, '_')}`)} PARTITION OF ${name} FOR VALUES FROM (${from}) TO (${to})`,
          `ACCESS EXCLUSIVE on ${name}`,
          'Brief; where a default partition has rows of the range it fails.',
        ),
      };
    }),
    ...empty(catalog).map((table) => ({
      object: { kind: 'table' as const, name: table.sql },
      message: `${table.sql} is partitioned and has no partition: every row is refused`,
      fix: fixWith(
        `CREATE TABLE ${partName(catalog, table, `${table.name}_default`)} PARTITION OF ${table.sql} ${table.partitioning?.strategy === 'hash' ? 'FOR VALUES WITH (MODULUS 1, REMAINDER 0)' : 'DEFAULT'}`,
        `ACCESS EXCLUSIVE on ${table.sql}`,
        'Brief.',
      ),
    })),
  ],
};

const empty = (catalog: Catalog): TableFact[] =>
  catalog.facts.tables.filter(({ kind, oid }) => kind === 'p' && catalog.childrenOf(oid).length === 0);

function partName(catalog: Catalog, parent: TableFact | undefined, wanted: string): string {
  const schema = parent?.schema ?? '';
  return `${catalog.quote(schema)}.${catalog.quote(catalog.freshName(schema, wanted))}`;
}
