import type { Engine } from '../engines/engine.ts';
import { FIRST_USER_OID, qualified, USER_SCHEMA } from '../inspect/area.ts';

/** How large a table is where it is in use. */
export interface TableSize {
  /** The estimate of the last ANALYZE; undefined when there was none. */
  readonly rows: number | undefined;
  /** What its rows take on disk, without indexes. */
  readonly bytes: number;
}

/** By the name that the catalog prints, `public.users`. */
export type TableSizes = ReadonlyMap<string, TableSize>;

/**
 * The sizes of all tables of a database, partitions added up under their parents. Only the catalog and
 * the sizes of files are read, no table.
 */
export async function readTableSizes(engine: Engine): Promise<TableSizes> {
  const rows = await engine.rows<{ name: string; rows: string; bytes: string }>(
    `WITH RECURSIVE part(root, oid) AS (
       SELECT c.oid, c.oid FROM pg_class c WHERE c.relkind IN ('r', 'p', 'm') AND c.oid >= ${FIRST_USER_OID}
       UNION ALL SELECT p.root, i.inhrelid FROM part p JOIN pg_inherits i ON i.inhparent = p.oid)
     SELECT ${qualified('n.nspname', 'c.relname')} AS name,
       coalesce(sum(l.reltuples::numeric) FILTER (WHERE l.relkind <> 'p' AND l.reltuples >= 0 AND l.relpages + l.reltuples > 0), -1)::text AS rows,
       sum(pg_relation_size(l.oid))::text AS bytes
     FROM part JOIN pg_class c ON c.oid = part.root JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_class l ON l.oid = part.oid
     WHERE ${USER_SCHEMA} GROUP BY 1`,
  );
  return new Map(
    rows.map(({ name, rows: estimate, bytes }) => [
      name,
      { rows: Number(estimate) < 0 ? undefined : Math.round(Number(estimate)), bytes: Number(bytes) },
    ]),
  );
}

/** Below this a table is read or written anew in a few milliseconds: 1,024 pages of 8 kB. */
export const SMALL_BYTES = 8 * 1024 * 1024;

/** `about 1,200,000 rows, 310 MB` */
export function describeSize({ rows, bytes }: TableSize): string {
  const megabytes = bytes / 1024 / 1024;
  const size =
    megabytes < 1 ? `${Math.ceil(bytes / 1024)} kB` : `${Math.round(megabytes).toLocaleString('en-US')} MB`;
  return rows === undefined ? size : `about ${rows.toLocaleString('en-US')} rows, ${size}`;
}
