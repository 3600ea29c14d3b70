import { quoteName } from '../../quote.ts';

export interface CandidateKey {
  /** A quoted column or an expression, as SQL. */
  readonly sql: string;
  /** The column when it is one. */
  readonly column: string | undefined;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
  readonly operatorClass: string | undefined;
}

/** An index that could be built. */
export interface Candidate {
  /** The table's oid in the facts. */
  readonly table: number;
  readonly method: 'btree' | 'gin' | 'gist' | 'brin';
  readonly keys: readonly CandidateKey[];
  /** Columns that are kept beside the keys, by name. */
  readonly include: readonly string[];
  /** The condition of a partial index, as SQL. */
  readonly where: string | undefined;
  /** Its condition names a value that a statement was written with. */
  readonly literal?: true;
}

/** A column in ascending order. */
export const columnKey = (column: string): CandidateKey => ({
  sql: quoteName(column),
  column,
  descending: false,
  nullsFirst: false,
  operatorClass: undefined,
});

/** What follows ON table in CREATE INDEX. Two candidates are the same when this and the table are. */
export function definitionOf({ method, keys, include, where }: Candidate): string {
  const list = keys.map(keyText).join(', ');
  const included = include.length === 0 ? '' : ` INCLUDE (${include.map(quoteName).join(', ')})`;
  return `USING ${method} (${list})${included}${where === undefined ? '' : ` WHERE ${where}`}`;
}

function keyText({ sql, column, descending, nullsFirst, operatorClass }: CandidateKey): string {
  const term = column === undefined ? `(${sql})` : sql;
  const order = descending ? ' DESC' : '';
  const nulls = nullsFirst === descending ? '' : nullsFirst ? ' NULLS FIRST' : ' NULLS LAST';
  return `${term}${operatorClass === undefined ? '' : ` ${operatorClass}`}${order}${nulls}`;
}

export const candidateId = (candidate: Candidate): string => `${candidate.table} ${definitionOf(candidate)}`;
