import { words } from '../../../core/names.ts';
import type { Catalog } from '../facts/catalog.ts';
import type { ColumnFact } from '../facts/facts.ts';
import type { SchemaRule } from '../finding.ts';
import { retype, tiedColumns } from '../mend/retype.ts';
import { hasHeirs, typeRule } from './column-rule.ts';

/** Words that mean an amount of money when a name ends in one of them, or in one before its currency. */
const MONEY: ReadonlySet<string> = new Set([
  'price',
  'amount',
  'cost',
  'fee',
  'fees',
  'salary',
  'wage',
  'tax',
  'balance',
  'payment',
  'revenue',
  'refund',
  'invoice',
  'freight',
  'subtotal',
  'vat',
  'profit',
  'budget',
  'charge',
  'commission',
  'debit',
  'credit',
  'usd',
  'eur',
  'gbp',
]);

/** `total` alone is money; `total_time` is not. */
const isMoney = (name: string): boolean => {
  const parts = words(name).map((word) => word.toLowerCase());
  const last = parts.at(-1) ?? '';
  return (
    MONEY.has(last) || last === 'total' || (parts.length > 1 && MONEY.has(parts[0] ?? '') && isUnit(last))
  );
};

const isUnit = (word: string): boolean =>
  ['net', 'gross', 'value', 'each', 'total', 'due', 'paid'].includes(word);

export const floatMoney = typeRule({
  code: 'float-money',
  severity: 'warning',
  title: 'Money in a floating-point column',
  why: 'Binary fractions cannot hold most decimal amounts: sums drift by cents, and equal amounts compare as different.',
  applies: ({ base, name }) => ['float4', 'float8'].includes(base) && isMoney(name),
  says: ({ type }) => `holds an amount of money as ${type}`,
  better: () => 'numeric',
  caution: 'Writes the whole table anew while nobody can use it.',
});

export const moneyType = typeRule({
  code: 'money-type',
  severity: 'info',
  title: 'A column of type money',
  why: 'What it holds depends on lc_monetary: the same rows mean another currency and another number of decimals elsewhere.',
  applies: ({ base }) => base === 'money',
  says: () => 'is of type money',
  better: () => 'numeric',
  caution: 'Writes the whole table anew while nobody can use it.',
});

export const jsonType = typeRule({
  code: 'json-type',
  severity: 'info',
  title: 'json where jsonb fits',
  why: 'json is kept as text: it is parsed at every access, has no equality and no index serves it.',
  applies: ({ base, isArray }) => base === 'json' && !isArray,
  says: () => 'is json, not jsonb',
  better: () => 'jsonb',
  caution: 'Writes the whole table anew; jsonb keeps neither the order of keys nor duplicate ones.',
});

/** An index over an expression of it would no longer be immutable: the type is part of how it is used. */
function isInExpression({ table, name }: ColumnFact, catalog: Catalog): boolean {
  const quoted = catalog.quote(name).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const word = new RegExp(`(?<![\\w$."])${quoted}(?![\\w$"])(?! IS (?:NOT )?NULL)`);
  return catalog
    .indexesOf(table)
    .some(({ keys, predicate }) =>
      [...keys.map(({ expression }) => expression), predicate].some((text) => word.test(text ?? '')),
    );
}

export const timestampWithoutZone: SchemaRule = typeRule({
  code: 'timestamp-without-zone',
  severity: 'warning',
  title: 'A timestamp without time zone',
  why: 'It is a clock reading without a place: when server, session and application disagree on the zone, moments shift by hours.',
  applies: (column, catalog) =>
    column.base === 'timestamp' && !column.isDomain && !isInExpression(column, catalog),
  says: () => 'is timestamp without time zone',
  better: () => 'timestamp with time zone',
  fix: (catalog, column) =>
    retype(
      catalog,
      tiedColumns(catalog, column).map((tied) => ({ column: tied, type: 'timestamp with time zone' })),
      {
        before: [{ sql: "SET LOCAL TimeZone = 'UTC'" }],
        caution:
          'Takes what is stored as UTC, which rewrites nothing; name the zone in which it was written if that was another.',
      },
    ),
});

export const charType = typeRule({
  code: 'char-type',
  severity: 'warning',
  title: 'A char(n) column',
  why: 'Values are filled up with blanks that count in some comparisons and not in others; it is no faster than text.',
  applies: ({ base, isDomain, type }) => base === 'bpchar' && !isDomain && type !== '"char"',
  says: ({ type }) => `is ${type}`,
  better: () => 'text',
  caution: 'Writes the whole table anew while nobody can use it.',
});

/** A domain keeps its limit in one place, which is what the rule asks for. */
export const varcharLimit: SchemaRule = typeRule({
  code: 'varchar-limit',
  severity: 'info',
  title: 'A varchar(n) column',
  why: 'The limit is part of the type, so every view on the column stands in the way of changing it; it saves neither space nor time. A check can be changed on its own.',
  applies: ({ base, isDomain, length }) => base === 'varchar' && length >= 0 && !isDomain,
  says: ({ type }) => `is ${type}`,
  better: () => 'text',
  fix: (catalog, column) => {
    const table = catalog.table(column.table);
    const name = catalog.quote(column.name);
    const check = catalog.quote(
      catalog.freshName(table?.schema ?? '', `${table?.name}_${column.name}_length`),
    );
    return retype(catalog, [{ column, type: 'text' }], {
      after: [
        {
          sql: `ALTER TABLE ${table?.sql} ADD CONSTRAINT ${check} CHECK (char_length(${name}) <= ${column.length}) NOT VALID`,
          locks: `ACCESS EXCLUSIVE on ${table?.sql}`,
        },
        {
          sql: `ALTER TABLE ${table?.sql} VALIDATE CONSTRAINT ${check}`,
          locks: `SHARE UPDATE EXCLUSIVE on ${table?.sql}`,
        },
      ],
    });
  },
});

export const integerKey: SchemaRule = typeRule({
  code: 'integer-key',
  severity: 'info',
  title: 'A generated key of 32 bits or fewer',
  why: 'It ends at 2,147,483,647 (smallint at 32,767); widening a key of a large table later stops everybody who uses it.',
  applies: (column, catalog) => {
    if (!['int4', 'int2'].includes(column.base) || column.isDomain) return false;
    const isGenerated = column.isIdentity || (column.default?.startsWith('nextval(') ?? false);
    const keys = catalog.constraintsOf(column.table).filter(({ type }) => type === 'p');
    return isGenerated && keys.some((key) => key.keys.length === 1 && key.keys[0] === column.number);
  },
  says: ({ type }) => `is a generated key of type ${type}`,
  better: () => 'bigint',
  fix: (catalog, column) => {
    const sequence = catalog.facts.sequences.find(
      ({ owner }) => owner === `${column.table}/${column.number}`,
    );
    const tied = tiedColumns(catalog, column).filter(
      ({ base, table, isInherited }) =>
        ['int4', 'int2'].includes(base) && !isInherited && !hasHeirs(catalog, table),
    );
    return retype(
      catalog,
      tied.map((one) => ({ column: one, type: 'bigint' })),
      {
        after:
          sequence === undefined || column.isIdentity
            ? []
            : [{ sql: `ALTER SEQUENCE ${sequence.sql} AS bigint` }],
        caution:
          'Writes the table and all that refer to it anew while nobody can use them; a large one is better done with a second column filled in batches.',
      },
    );
  },
});
