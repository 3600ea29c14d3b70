/** A table that users made: ordinary, partitioned or foreign. Sizes are what the last VACUUM or ANALYZE counted. */
export interface TableFact {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** Qualified, and quoted where needed. */
  readonly sql: string;
  /** `r` ordinary, `p` partitioned, `f` foreign, `m` materialized view. */
  readonly kind: string;
  readonly isPartition: boolean;
  /** The tables it inherits from or is a partition of. */
  readonly parents: readonly number[];
  /** `range`, `list` or `hash`, with the partition key's column numbers; 0 stands for an expression. */
  readonly partitioning: { readonly strategy: string; readonly keys: readonly number[] } | null;
  readonly rowSecurity: boolean;
  readonly isUnlogged: boolean;
  readonly options: readonly string[] | null;
  /** -1: never analysed. */
  readonly rows: number;
  readonly pages: number;
}

export interface ColumnFact {
  readonly table: number;
  readonly number: number;
  readonly name: string;
  /** As SQL writes it: `character varying(20)`. */
  readonly type: string;
  /** The type's own name without length, domains resolved: `varchar`, `int4`. */
  readonly base: string;
  readonly baseOid: number;
  /** The type's name is one of a domain. */
  readonly isDomain: boolean;
  /** Length of a varchar or char, or -1. */
  readonly length: number;
  readonly isArray: boolean;
  readonly collation: number;
  readonly notNull: boolean;
  readonly isIdentity: boolean;
  readonly isGenerated: boolean;
  readonly isInherited: boolean;
  readonly default: string | null;
}

export interface ConstraintFact {
  readonly oid: number;
  readonly table: number;
  readonly name: string;
  /** `p`, `u`, `f`, `c` or `x`, as in pg_constraint. */
  readonly type: string;
  readonly keys: readonly number[];
  readonly refTable: number;
  readonly refKeys: readonly number[];
  /** ON DELETE: `a` no action, `r` restrict, `c` cascade, `n` set null, `d` set default. */
  readonly onDelete: string;
  readonly isDeferrable: boolean;
  readonly isValid: boolean;
  /** The index behind it or, of a foreign key, the one it refers to. */
  readonly index: number;
  /** Whether it is the copy of a parent's. */
  readonly isCopy: boolean;
  readonly definition: string;
}

/** One key column of an index. */
export interface IndexKey {
  /** The column's number, or 0 for an expression. */
  readonly column: number;
  readonly expression: string | null;
  readonly operatorClass: number;
  readonly collation: number;
  /** Bit 0: descending, bit 1: nulls first. */
  readonly option: number;
}

export interface IndexFact {
  readonly oid: number;
  readonly table: number;
  readonly schema: string;
  readonly name: string;
  readonly sql: string;
  /** Access method: `btree`, `gin` ... */
  readonly method: string;
  readonly keys: readonly IndexKey[];
  readonly included: readonly number[];
  readonly predicate: string | null;
  readonly isUnique: boolean;
  readonly nullsNotDistinct: boolean;
  readonly isValid: boolean;
  readonly isPrimary: boolean;
  /** The constraint it stands behind, or 0. */
  readonly constraint: number;
  /** Whether a foreign key refers to it. */
  readonly isReferenced: boolean;
  readonly isReplicaIdentity: boolean;
  readonly isClustered: boolean;
  /** A partition's part of an index of the partitioned table. */
  readonly isPart: boolean;
  readonly isPartitioned: boolean;
  readonly pages: number;
}

export interface SequenceFact {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly sql: string;
  readonly type: string;
  readonly max: number;
  readonly increment: number;
  /** Null when it was never used or could not be read. */
  readonly last: number | null;
  /** Whether this role may read it, and nobody has locked it against everybody. */
  readonly isReadable: boolean;
  /** The column that owns it, as `table/number`. */
  readonly owner: string | null;
  /** `i` for the sequence of an identity column. */
  readonly ownership: string | null;
  /** Defaults that take values from it, as `table/number`. */
  readonly users: readonly string[];
  /** Everything else that PostgreSQL knows to depend on it. */
  readonly otherUsers: number;
}

export interface PolicyFact {
  readonly table: number;
  readonly name: string;
  readonly using: string | null;
  readonly check: string | null;
}

export interface RoutineFact {
  readonly schema: string;
  readonly name: string;
  /** `FUNCTION public.f(integer)`. */
  readonly sql: string;
  readonly isDefiner: boolean;
  /** `i` immutable, `s` stable, `v` volatile. */
  readonly volatility: string;
  readonly hasSearchPath: boolean;
  readonly source: string;
}

export interface EnumFact {
  readonly schema: string;
  readonly name: string;
  readonly sql: string;
  readonly isUsed: boolean;
}

export interface PublicGrantFact {
  /** `TABLE public.t`, `SCHEMA public`, `SEQUENCE public.s`. */
  readonly object: string;
  readonly privileges: readonly string[];
}

/** A range partition's bounds as PostgreSQL prints them. */
export interface PartitionFact {
  readonly table: number;
  readonly parent: number;
  readonly bound: string;
}

/** Values between two partitions that neither takes, as SQL literals. */
export interface PartitionGapFact {
  readonly table: number;
  readonly from: string;
  readonly to: string;
}

/** Views, policies and the like that stand in the way of changing a column's type, as `table/number`. */
export interface DependentFact {
  readonly column: string;
}

/** What is read of a database's catalog to judge it, all at one moment. */
export interface SchemaFacts {
  /** `server_version_num`. */
  readonly version: number;
  readonly tables: readonly TableFact[];
  readonly columns: readonly ColumnFact[];
  readonly constraints: readonly ConstraintFact[];
  readonly indexes: readonly IndexFact[];
  readonly sequences: readonly SequenceFact[];
  readonly policies: readonly PolicyFact[];
  readonly routines: readonly RoutineFact[];
  readonly enums: readonly EnumFact[];
  readonly publicGrants: readonly PublicGrantFact[];
  readonly partitions: readonly PartitionFact[];
  /** Tables that somebody had locked against everybody, and that were not judged. */
  readonly locked: readonly string[];
  readonly partitionGaps: readonly PartitionGapFact[];
  readonly dependents: readonly DependentFact[];
  /** Foreign keys that the planner looks up by an index which a comparison of columns cannot judge: a partial one. */
  readonly servedByPartial: readonly number[];
  /** Words that cannot be a table's or a column's name without quotes. */
  readonly reservedWords: readonly string[];
}
