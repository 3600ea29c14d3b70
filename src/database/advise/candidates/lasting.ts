import type { Catalog } from '../../analyze/facts/catalog.ts';
import type { TableUse } from '../workload/table-use.ts';

export type IsLasting = (table: number, column: string, sql: string) => boolean;

/** Types whose values are states and kinds rather than somebody's: those of enums besides. */
const KINDS: ReadonlySet<string> = new Set([
  'bool',
  'char',
  'bpchar',
  'varchar',
  'text',
  'int2',
  'int4',
  'int8',
]);

/** A flag or a NULL test is the same in every call; what compares names a value. */
export const isLiteral = (sql: string): boolean => sql.startsWith('(');

const isEquality = (sql: string): boolean => sql.includes(' = ');

/**
 * Whether a condition may stand in a partial index: only if all calls of the statement have it. A value may as well be
 * one that a client gave, so it has to be of a kind that states are of, in a column that is no key and leads nowhere, and
 * no statement may compare the column with another value or with a parameter.
 */
export function lastingConditions(catalog: Catalog, uses: readonly TableUse[]): IsLasting {
  const values = new Map<string, Set<string>>();
  for (const use of uses) {
    const fixed = new Set([...use.constant].filter(([sql]) => isEquality(sql)).map(([, column]) => column));
    for (const [sql, column] of use.constant) if (isEquality(sql)) note(values, use.table, column, sql);
    // Compared, but with nothing that is printed: a parameter, or something computed.
    const others = [...use.equal].filter((column) => !fixed.has(column) && !isTested(use, column));
    for (const column of others) note(values, use.table, column, '$');
  }
  return (table, column, sql) => {
    if (!isLiteral(sql)) return true;
    const seen = values.get(`${table}/${column}`) ?? new Set();
    return (isEquality(sql) ? seen.size <= 1 : !seen.has('$')) && isKind(catalog, table, column);
  };
}

/** A flag or a NULL test counts as equal, too. */
const isTested = ({ constant }: TableUse, column: string): boolean =>
  [...constant].some(([sql, tested]) => tested === column && !isLiteral(sql));

function note(values: Map<string, Set<string>>, table: number, column: string, sql: string): void {
  const key = `${table}/${column}`;
  const known = values.get(key);
  if (known === undefined) values.set(key, new Set([sql]));
  else known.add(sql);
}

function isKind(catalog: Catalog, table: number, name: string): boolean {
  const column = catalog.columnsOf(table).find((candidate) => candidate.name === name);
  if (column === undefined || column.isArray) return false;
  const isKey = catalog
    .constraintsOf(table)
    .some(({ type, keys }) => ['p', 'u', 'f'].includes(type) && keys.includes(column.number));
  const isEnum = catalog.facts.enums.some(({ name: enumName }) => enumName === column.base);
  return !isKey && (isEnum || KINDS.has(column.base));
}
