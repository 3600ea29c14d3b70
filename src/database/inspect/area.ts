import type { AttributeValue } from '../model/database-model.ts';

/** One part of the catalog, read with one query. */
export interface CatalogArea {
  /** The query for a server of this `server_version_num`; its columns are those of CatalogRow. */
  readonly sql: (version: number) => string;
  /** Attributes that PostgreSQL prints from an expression it keeps parsed. */
  readonly printed?: readonly string[];
}

/** What every area's query returns for each object. */
export interface CatalogRow {
  readonly kind: string;
  /** The catalog's name and the oid: together the key under which pg_depend knows the object. */
  readonly catalog: string;
  readonly oid: number;
  /** The column's number, or 0. */
  readonly sub: number;
  /** Unique within the kind, and stable. */
  readonly identity: string;
  readonly sql_name: string;
  /** Catalog key of the object that this one is a part of. */
  readonly owner: string | null;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** Facts that help to write statements but are not compared, such as a column's position. */
  readonly details?: Readonly<Record<string, AttributeValue>> | null;
  /** Catalog keys that the object needs beyond what pg_depend says. */
  readonly needs?: readonly string[] | null;
  /** Catalog keys of what is to be made before it when both are made. */
  readonly follows?: readonly string[] | null;
}

/** `pg_class/16384/0`, as the queries build it with `catalogKey`. */
export function catalogKey(catalog: string, oid: string, sub = '0'): string {
  return `'${catalog}/' || ${oid} || '/' || ${sub}`;
}

/** Objects with a smaller oid were made by initdb. */
export const FIRST_USER_OID = 16_384;

/** A schema that holds what users make. */
export const USER_SCHEMA = `n.nspname !~ '^pg_(toast|temp)' AND n.nspname <> 'information_schema'`;

/** The role that owns something, for `details`; null where it is the one that reads. */
export const otherOwner = (column: string): string =>
  `'role', CASE WHEN pg_get_userbyid(${column}) <> current_user THEN quote_ident(pg_get_userbyid(${column})) END`;

/** `schema.name`, quoted where needed. */
export function qualified(schema: string, name: string): string {
  return `quote_ident(${schema}) || '.' || quote_ident(${name})`;
}

/**
 * Whether the row `x` of pg_index is a partition's own index although another one of the same columns is a part of the
 * parent's: attaching the partition would take whichever is the older. Order of the columns' values makes no difference.
 */
export const OWN_TWIN = `(NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = x.indexrelid)
          AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x'))
          AND EXISTS (SELECT FROM pg_index o JOIN pg_inherits h ON h.inhrelid = o.indexrelid
            WHERE o.indrelid = x.indrelid AND o.indkey = x.indkey AND o.indclass = x.indclass AND o.indisunique = x.indisunique))`;

/** The id of what links a table to one it gets columns and constraints from. */
export function linkId(child: string, parent: string, isPartition: string): string {
  return `CASE WHEN ${isPartition} THEN 'partition:' || ${child} ELSE 'inheritance:' || ${child} || ' from ' || ${parent} END`;
}
