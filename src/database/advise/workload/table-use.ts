/** How one statement uses one table: what an index could be made of. Names are as the catalog has them. */
export interface TableUse {
  /** The table's oid in the facts. */
  readonly table: number;
  /** Columns compared with `=` to a value that does not come from another table. */
  readonly equal: Set<string>;
  /** Columns compared with `=` to a column of another table. */
  readonly joined: Set<string>;
  /** Columns compared with <, >, BETWEEN or a pattern that begins with text. */
  readonly ranged: Set<string>;
  /** Columns that stand in an arm of an OR. */
  readonly loose: Set<string>;
  /** Conditions without parameters, as SQL: what a partial index could be about. */
  readonly constant: Map<string, string>;
  /** Expressions compared with `=`, `<` ... or sorted by, as SQL. */
  readonly expressions: Set<string>;
  /** Columns or expressions tested by an operator class other than the default B-tree's. */
  readonly special: SpecialTest[];
  /** ORDER BY, when all of it is of this table. */
  readonly sorted: SortColumn[];
  readonly grouped: string[];
  /** Every column the statement reads. */
  readonly read: Set<string>;
  /** Columns that an UPDATE sets. */
  readonly written: Set<string>;
  /** Whether rows of it are changed or deleted, for which an index alone can never do. */
  changed: boolean;
  /** Whether there is a LIMIT on the query that sorts. */
  limited: boolean;
}

export interface SortColumn {
  readonly column: string;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** `tags @> ...` wants GIN, `name LIKE 'x%'` a pattern class, `name LIKE '%x%'` trigrams. */
export interface SpecialTest {
  readonly expression: string;
  /** The column when the expression is one. */
  readonly column: string | undefined;
  readonly test: 'contains' | 'prefix' | 'infix' | 'matches' | 'overlaps' | 'nearest';
}

export const emptyUse = (table: number): TableUse => ({
  table,
  equal: new Set(),
  joined: new Set(),
  ranged: new Set(),
  loose: new Set(),
  constant: new Map(),
  expressions: new Set(),
  special: [],
  sorted: [],
  grouped: [],
  read: new Set(),
  written: new Set(),
  changed: false,
  limited: false,
});
