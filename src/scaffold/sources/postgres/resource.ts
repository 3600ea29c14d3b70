import type { JsonObject } from '../../model/json.ts';

/** How a value is selected so that every driver gives it without loss, as the JSON that clients see. */
export type ReadForm = 'plain' | 'text' | 'json' | 'texts' | 'base64';

/** What a column can be filtered by. */
export type FilterOperator =
  | 'eq'
  | 'ne'
  | 'gt'
  | 'gte'
  | 'lt'
  | 'lte'
  | 'in'
  | 'like'
  | 'ilike'
  | 'contains'
  | 'overlaps'
  | 'null';

/** What a type is to clients. */
export interface ColumnType {
  /** As SQL writes it behind `::`; a domain is what it is made of. */
  readonly sql: string;
  /** JSON Schema, without null. */
  readonly schema: JsonObject;
  readonly read: ReadForm;
  readonly filters: readonly FilterOperator[];
  /** Whether rows can be ordered by it. */
  readonly sortable: boolean;
}

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** `never`: generated, or an identity that is always. */
  readonly written: 'required' | 'optional' | 'never';
  readonly comment: string | undefined;
}

/** The rows of another resource that belong to a row of this one, by pairs of columns: ours, theirs. */
export interface Relation {
  readonly name: string;
  readonly kind: 'one' | 'many';
  readonly target: string;
  readonly columns: readonly (readonly [ours: string, theirs: string])[];
}

/** A table or view as clients see it. */
export interface Resource {
  /** Unique; the tag of its operations. */
  readonly name: string;
  /** The first segment of its paths. */
  readonly segment: string;
  readonly schema: string;
  readonly table: string;
  readonly comment: string | undefined;
  readonly columns: readonly Column[];
  /** The columns that tell its rows apart; none for most views. */
  readonly key: readonly string[];
  readonly writable: boolean;
  readonly relations: readonly Relation[];
  /** Columns of each constraint, by its name: what an error of PostgreSQL is about. */
  readonly constraints: ReadonlyMap<string, readonly string[]>;
  /** Whether `xmin` tells that a row has changed: not so in partitioned and foreign tables. */
  readonly versioned: boolean;
  readonly rowSecurity: boolean;
  /** Rows of other tables are among its rows (INHERITS), and no constraint keeps their keys apart from its own. */
  readonly inherited: boolean;
}
