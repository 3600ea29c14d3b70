import type { Catalog } from '../../analyze/facts/catalog.ts';
import type { ColumnFact } from '../../analyze/facts/facts.ts';
import type { TableUse } from '../workload/table-use.ts';
import { type Candidate, type CandidateKey, candidateId, columnKey } from './candidate.ts';
import { type IsLasting, isLiteral } from './lasting.ts';
import { specialCandidates } from './special.ts';

export interface GenerateInput {
  readonly catalog: Catalog;
  /** Estimated number of different values of a column. */
  readonly distinct: (table: number, column: string) => number;
  /** How well a column's values follow the order of the rows, from -1 to 1. */
  readonly correlation: (table: number, column: string) => number;
  readonly rows: (table: number) => number;
  readonly hasTrigrams: boolean;
  /** Whether a condition of a statement is one that it always has. */
  readonly isLasting: IsLasting;
}

/** Every index that could help one use of a table, most selective columns first; duplicates removed. */
export function candidatesFor(use: TableUse, input: GenerateInput): Candidate[] {
  const table = input.catalog.table(use.table);
  if (table === undefined || input.rows(use.table) < SMALL) return [];
  const plain = keyLists(use, input).map((keys) => btree(use.table, keys));
  const all = [
    ...plain,
    ...plain.flatMap((candidate) => covering(candidate, use, input)),
    ...partial(use, input),
    ...expressions(use),
    ...specialCandidates(use, input),
  ];
  return unique(all.filter((candidate) => isPossible(candidate, input)));
}

/** Rows that fit into a few blocks are read as fast without an index. */
const SMALL = 500;

const btree = (table: number, keys: readonly CandidateKey[]): Candidate => ({
  table,
  method: 'btree',
  keys,
  include: [],
  where: undefined,
});

function unique(candidates: readonly Candidate[]): Candidate[] {
  return [...new Map(candidates.map((candidate) => [candidateId(candidate), candidate])).values()];
}

/** B-trees need an order, and an index of a table that is partitioned is one per partition. */
function isPossible({ table, method, keys, include }: Candidate, { catalog }: GenerateInput): boolean {
  const columns = catalog.columnsOf(table);
  const isIndexable = ({ column }: CandidateKey): boolean => {
    const fact = columns.find(({ name }) => name === column);
    return column === undefined || (fact !== undefined && (method !== 'btree' || isOrdered(fact)));
  };
  return (
    keys.length > 0 && keys.length <= MOST_KEYS && include.length <= MOST_INCLUDED && keys.every(isIndexable)
  );
}

const MOST_KEYS = 4;
const MOST_INCLUDED = 8;

const isOrdered = ({ base, isArray }: ColumnFact): boolean =>
  !isArray &&
  ![
    'json',
    'jsonb',
    'xml',
    'point',
    'box',
    'polygon',
    'path',
    'line',
    'lseg',
    'circle',
    'tsvector',
    'tsquery',
  ].includes(base);

/** The orders of columns worth trying: what is equal first, then what is joined, then a range or a sort. */
function keyLists(use: TableUse, { distinct }: GenerateInput): CandidateKey[][] {
  const bySelectivity = (columns: Iterable<string>): string[] =>
    [...columns].sort((left, right) => distinct(use.table, right) - distinct(use.table, left));
  const equal = bySelectivity(use.equal);
  const joined = bySelectivity(use.joined);
  const ranged = bySelectivity(use.ranged);
  const sort = use.sorted.map(({ column, descending, nullsFirst }) => ({
    ...columnKey(column),
    descending,
    nullsFirst,
  }));
  const group = use.grouped.map(columnKey);
  const single = new Set([...equal, ...joined, ...ranged, ...use.loose]);
  const lists: CandidateKey[][] = [...single].map((column) => [columnKey(column)]);
  const add = (...columns: readonly string[]): void => {
    const distinctColumns = [...new Set(columns)];
    if (distinctColumns.length > 1) lists.push(distinctColumns.map(columnKey));
  };
  add(...equal);
  for (const join of joined) {
    add(...equal, join);
    add(join, ...equal);
    for (const range of ranged) add(join, range);
    for (const other of joined) add(join, other);
    for (const one of equal) add(one, join);
  }
  for (const range of ranged) {
    add(...equal, range);
    for (const one of equal) add(one, range);
    for (const join of joined) add(...equal, join, range);
  }
  for (const [at, one] of equal.entries()) for (const other of equal.slice(at + 1)) add(one, other);
  for (const tail of [sort, group]) if (tail.length > 0) lists.push(...sorted(equal, tail));
  return lists;
}

/** A sort behind what is equal, and on its own. */
function sorted(equal: readonly string[], tail: readonly CandidateKey[]): CandidateKey[][] {
  const rest = tail.filter(({ column }) => column === undefined || !equal.includes(column));
  const behind = [...equal.map(columnKey), ...rest];
  return equal.length === 0
    ? [[...tail]]
    : [[...tail], behind, ...equal.map((one) => [columnKey(one), ...rest])];
}

/** The same keys with all other columns that are read, so that the table itself need not be. */
function covering(candidate: Candidate, use: TableUse, { catalog }: GenerateInput): Candidate[] {
  if (use.changed) return [];
  const keys = new Set(candidate.keys.map(({ column }) => column));
  const include = [...use.read].filter((column) => !keys.has(column));
  const isWhole = use.read.size === catalog.columnsOf(use.table).length && include.length > 3;
  return include.length === 0 || include.length > MOST_INCLUDED || isWhole ? [] : [{ ...candidate, include }];
}

/** Only the rows for which a condition without parameters holds. */
function partial(use: TableUse, { distinct, isLasting }: GenerateInput): Candidate[] {
  const conditions = [...use.constant].filter(
    ([sql, column]) => distinct(use.table, column) <= FEW_VALUES && isLasting(use.table, column, sql),
  );
  if (conditions.length === 0) return [];
  const fixed = new Set(conditions.map(([, column]) => column));
  const open = [...use.equal].filter((column) => !fixed.has(column));
  const tails = [
    open,
    ...[...use.joined].map((join) => [...open, join]),
    ...[...use.ranged].filter((column) => !fixed.has(column)).map((range) => [...open, range]),
  ].map((columns) => columns.map(columnKey));
  const sort = use.sorted.map(({ column, descending, nullsFirst }) => ({
    ...columnKey(column),
    descending,
    nullsFirst,
  }));
  if (sort.length > 0) tails.push([...open.map(columnKey), ...sort]);
  if (tails.every((keys) => keys.length === 0)) tails.push([...fixed].slice(0, 1).map(columnKey));
  const where = conditions.map(([sql]) => sql).join(' AND ');
  const literal = conditions.some(([sql]) => isLiteral(sql)) ? { literal: true as const } : {};
  const candidates = tails
    .filter((keys) => keys.length > 0)
    .map((keys) => ({ ...btree(use.table, keys), where, ...literal }));
  return candidates.flatMap((candidate) => [candidate, ...coveringPartial(candidate, use, fixed)]);
}

/** A condition on one of a few values cuts an index to a part that pays; one on a key would make it one row. */
const FEW_VALUES = 50;

function coveringPartial(candidate: Candidate, use: TableUse, fixed: ReadonlySet<string>): Candidate[] {
  if (use.changed) return [];
  const keys = new Set(candidate.keys.map(({ column }) => column));
  const include = [...use.read].filter((column) => !keys.has(column) && !fixed.has(column));
  return include.length === 0 || include.length > 4 ? [] : [{ ...candidate, include }];
}

/** `lower(email)`, alone and behind the columns that are equal. */
function expressions(use: TableUse): Candidate[] {
  return [...use.expressions].flatMap((sql) => {
    const key: CandidateKey = {
      sql,
      column: undefined,
      descending: false,
      nullsFirst: false,
      operatorClass: undefined,
    };
    const equal = [...use.equal].map(columnKey);
    return [btree(use.table, [key]), ...(equal.length === 0 ? [] : [btree(use.table, [...equal, key])])];
  });
}
