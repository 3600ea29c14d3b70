/** What an attribute of an object may hold: JSON, so that it can be compared, hashed and printed. */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue };

/** `table:public.users`, `column:public.users.email`: stable, unlike an oid, and equal in both states. */
export type ObjectId = string;

/** One thing the catalog knows: as fine-grained as what a single statement can add, remove or change. */
export interface DatabaseObject {
  readonly id: ObjectId;
  /** The name of the rule that knows how to create, drop and alter it: see `rules/`. */
  readonly kind: string;
  /** Quoted as SQL writes it after DROP or COMMENT ON: `TABLE public.users`, `TRIGGER audit ON public.users`. */
  readonly sqlName: string;
  /** What it is a part of; dropping the owner drops it too. */
  readonly owner: ObjectId | undefined;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** Facts that help to write statements but make no difference, such as a column's position. */
  readonly details: Readonly<Record<string, AttributeValue>>;
  /** What must exist before it, as PostgreSQL recorded it in pg_depend; sorted. */
  readonly references: readonly ObjectId[];
  /** What is made before it when both are made, without being needed by it; sorted. */
  readonly follows: readonly ObjectId[];
}

/** Something that is in the database but not in the model; reported by name, never dropped in silence. */
export interface UnmodelledObject {
  readonly kind: string;
  readonly name: string;
}

/** A schema as data: everything that the rules can rebuild, by id. */
export interface DatabaseModel {
  readonly objects: ReadonlyMap<ObjectId, DatabaseObject>;
  readonly unmodelled: readonly UnmodelledObject[];
}

/** The model of a database that holds nothing. */
export const EMPTY_MODEL: DatabaseModel = { objects: new Map(), unmodelled: [] };

/** The text attribute `name`, or the empty text. */
export function textOf(object: DatabaseObject, name: string): string {
  const value = object.attributes[name];
  return typeof value === 'string' ? value : '';
}

/** The list attribute `name` with its texts, or an empty list. */
export function listOf(object: DatabaseObject, name: string): readonly string[] {
  const value = object.attributes[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** Whether the attribute `name` is set and true. */
export function flagOf(object: DatabaseObject, name: string): boolean {
  return object.attributes[name] === true;
}

/** An attribute that is a word of SQL, as a text; nothing for one that is not set. */
export function wordOf(value: AttributeValue | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
