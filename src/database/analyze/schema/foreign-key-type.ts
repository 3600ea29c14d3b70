import type { Catalog } from '../facts/catalog.ts';
import type { ColumnFact, ConstraintFact } from '../facts/facts.ts';
import type { Found, SchemaRule } from '../finding.ts';
import { retype, tiedColumns } from '../mend/retype.ts';
import { hasHeirs } from './column-rule.ts';
import { foreignKeysOf } from './unindexed-foreign-key.ts';

/** A foreign key of another type than what it refers to. */
export const foreignKeyType: SchemaRule = {
  code: 'foreign-key-type-mismatch',
  severity: 'warning',
  title: 'A foreign key has another type than the column it refers to',
  why: 'Values that fit on one side do not fit on the other, and comparisons across types cannot always use an index.',
  find: (catalog) => foreignKeysOf(catalog).flatMap((key) => mismatches(catalog, key)),
};

function mismatches(catalog: Catalog, key: ConstraintFact): Found[] {
  return key.keys.flatMap((number, at) => {
    const from = catalog.column(key.table, number);
    const to = catalog.column(key.refTable, key.refKeys[at] ?? 0);
    if (from === undefined || to === undefined || isSame(from, to)) return [];
    const name = catalog.columnName(from);
    const { type, columns } = change(catalog, from, to);
    return [
      {
        object: { kind: 'column' as const, name },
        message: `${name} is ${from.type} and refers to ${catalog.columnName(to)}, which is ${to.type}`,
        evidence: { constraint: key.name },
        fix: retype(
          catalog,
          columns.map((column) => ({ column, type: type.type })),
          {
            caution:
              'Writes the table anew while nobody can use it; a value that does not fit makes it fail.',
          },
        ),
      },
    ];
  });
}

/** All columns that hang together get the wider type; where that cannot be, the one that refers gives way. */
function change(
  catalog: Catalog,
  from: ColumnFact,
  to: ColumnFact,
): { readonly type: ColumnFact; readonly columns: readonly ColumnFact[] } {
  const type = widest(from, to);
  const columns = tiedColumns(catalog, from).filter(({ baseOid }) => baseOid !== type.baseOid);
  const isFixed = columns.some(({ table, isInherited }) => isInherited || hasHeirs(catalog, table));
  return isFixed ? { type: to, columns: [from] } : { type, columns };
}

/** text and varchar are one family with one equality; lengths are judged by other rules. */
const isSame = (left: ColumnFact, right: ColumnFact): boolean =>
  left.baseOid === right.baseOid || [left, right].every(({ base }) => ['text', 'varchar'].includes(base));

const WIDTHS = ['int2', 'int4', 'int8', 'numeric', 'float4', 'float8'];

/** Of two numbers the wider type, so that nothing stored is lost; otherwise that of the referenced column. */
function widest(from: ColumnFact, to: ColumnFact): ColumnFact {
  const [left, right] = [WIDTHS.indexOf(from.base), WIDTHS.indexOf(to.base)];
  return left > right && right >= 0 ? from : to;
}
