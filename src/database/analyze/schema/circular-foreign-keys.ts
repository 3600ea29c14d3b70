import { stronglyConnectedComponents } from '../../../core/order.ts';
import type { Catalog } from '../facts/catalog.ts';
import type { ConstraintFact } from '../facts/facts.ts';
import type { Found, SchemaRule } from '../finding.ts';
import { foreignKeysOf } from './unindexed-foreign-key.ts';

/** Tables that refer to each other in a circle, with no key that can wait until the end of a transaction. */
export const circularForeignKeys: SchemaRule = {
  code: 'circular-foreign-keys',
  severity: 'warning',
  title: 'Foreign keys lead round in a circle',
  why: 'There is no order in which rows can be inserted, loaded or deleted without first leaving a key empty.',
  find: (catalog) => {
    const keys = foreignKeysOf(catalog).filter(
      ({ table, refTable, isDeferrable }) => table !== refTable && !isDeferrable,
    );
    const tables = catalog.facts.tables.map(({ oid }) => oid);
    const next = new Map<number, number[]>();
    for (const { table, refTable } of keys) next.set(table, [...(next.get(table) ?? []), refTable]);
    return stronglyConnectedComponents(tables, (table) => next.get(table) ?? [])
      .filter((circle) => circle.length > 1)
      .map((circle) => found(catalog, circle, keys));
  },
};

function found(catalog: Catalog, circle: readonly number[], keys: readonly ConstraintFact[]): Found {
  const inside = keys.filter(({ table, refTable }) => circle.includes(table) && circle.includes(refTable));
  const names = circle.map((table) => catalog.table(table)?.sql ?? '').sort();
  const isTight = inside.every((key) =>
    key.keys.every((number) => catalog.column(key.table, number)?.notNull),
  );
  return {
    severity: isTight ? 'warning' : 'info',
    object: { kind: 'table', name: names.join(', ') },
    message: `${names.join(', ')} refer to each other in a circle${isTight ? ', and no key of it may be empty' : ''}`,
    evidence: { keys: inside.map(({ name }) => name).join(', ') },
    fix: {
      steps: inside.map((key) => ({
        sql: `ALTER TABLE ${catalog.table(key.table)?.sql} ALTER CONSTRAINT ${catalog.quote(key.name)} DEFERRABLE INITIALLY IMMEDIATE`,
        locks: `ACCESS EXCLUSIVE on ${catalog.table(key.table)?.sql}`,
      })),
      transactional: true,
      caution: 'Brief. SET CONSTRAINTS ALL DEFERRED then lets a transaction insert in any order.',
    },
  };
}
