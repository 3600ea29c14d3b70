import type { SpecialTest, TableUse } from '../workload/table-use.ts';
import { type Candidate, type CandidateKey, columnKey } from './candidate.ts';
import type { GenerateInput } from './generate.ts';

/** Indexes of other kinds than the default: GIN, GiST, BRIN, and B-trees of patterns. */
export function specialCandidates(use: TableUse, input: GenerateInput): Candidate[] {
  return [...use.special.flatMap((test) => forTest(use, test, input)), ...blockRanges(use, input)];
}

function forTest(use: TableUse, test: SpecialTest, input: GenerateInput): Candidate[] {
  const base = input.catalog.columnsOf(use.table).find(({ name }) => name === test.column);
  const key = (operatorClass?: string): CandidateKey => ({
    ...(test.column === undefined ? { ...columnKey(''), column: undefined } : columnKey(test.column)),
    sql: test.expression,
    operatorClass,
  });
  const make = (method: Candidate['method'], operatorClass?: string): Candidate => ({
    table: use.table,
    method,
    keys: [key(operatorClass)],
    include: [],
    where: undefined,
  });
  const isRange = base?.base.endsWith('range') ?? false;
  const makers: Readonly<Record<SpecialTest['test'], () => Candidate[]>> = {
    contains: () =>
      isRange
        ? [make('gist')]
        : [make('gin'), ...(base?.base === 'jsonb' ? [make('gin', 'jsonb_path_ops')] : [])],
    matches: () => [make('gin')],
    overlaps: () => [make(isRange ? 'gist' : 'gin')],
    nearest: () => [make('gist')],
    prefix: () => [make('btree', patternClass(base?.base))],
    infix: () => (input.hasTrigrams ? [make('gin', 'public.gin_trgm_ops')] : []),
  };
  return makers[test.test]();
}

/** https://www.postgresql.org/docs/current/indexes-opclass.html */
function patternClass(base: string | undefined): string {
  return base === 'varchar'
    ? 'varchar_pattern_ops'
    : base === 'bpchar'
      ? 'bpchar_pattern_ops'
      : 'text_pattern_ops';
}

/** A range over a column whose values follow the order of the rows, in a table too large to like a B-tree. */
function blockRanges(use: TableUse, { correlation, rows }: GenerateInput): Candidate[] {
  if (rows(use.table) < 100_000) return [];
  return [...use.ranged]
    .filter((column) => Math.abs(correlation(use.table, column)) > 0.9)
    .map((column) => ({
      table: use.table,
      method: 'brin' as const,
      keys: [columnKey(column)],
      include: [],
      where: undefined,
    }));
}
