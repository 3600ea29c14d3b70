import type { Engine } from '../engines/engine.ts';
import type { DatabaseModel } from '../model/database-model.ts';
import type { CatalogRow } from './area.ts';
import { AREAS } from './areas.ts';
import { ALIASES, DEPENDENCIES, EXTENSION_MEMBERS, JOURNAL_MEMBERS } from './dependencies.ts';
import { buildModel, type Link, settle } from './inspect.ts';

/** A column by the oid of its table and its number there. */
export interface ColumnKey {
  readonly table: number;
  readonly number: number;
}

/**
 * What stands on columns, directly or by way of something else, as the catalog's rows; `sub` 0 is an object as a
 * whole. A rule, a type or a trigger that is the inside of something leads to that. Foreign keys are left out: they would
 * lead to half of a schema, and a change of types drops them first.
 */
const reachedFrom = (columns: readonly ColumnKey[]): string => `
  WITH RECURSIVE reached(classid, objid, sub) AS (
    SELECT 'pg_class'::regclass::oid, k.table_oid, k.sub FROM (VALUES ${columns.map(({ table, number }) => `(${table}::oid, ${number})`).join(', ')}) k(table_oid, sub)
    UNION
    SELECT n.classid, n.objid, n.sub FROM reached r, LATERAL (
      SELECT d.classid, d.objid, d.objsubid AS sub FROM pg_depend d
        WHERE d.refclassid = r.classid AND d.refobjid = r.objid AND (r.sub = 0 OR d.refobjsubid = r.sub) AND d.deptype <> 'e'
          AND NOT (d.classid = 'pg_constraint'::regclass AND EXISTS (SELECT FROM pg_constraint f WHERE f.oid = d.objid AND f.contype = 'f'))
      UNION ALL SELECT d.refclassid, d.refobjid, d.refobjsubid FROM pg_depend d
        WHERE d.classid = r.classid AND d.objid = r.objid AND d.deptype = 'i' AND d.classid <> 'pg_class'::regclass) n)
  SELECT DISTINCT classid, objid FROM reached`;

/** Those, and the relations that they name: a view's other tables are needed to know what it is. */
const aroundOf = (columns: readonly ColumnKey[]): string => `
  WITH part AS MATERIALIZED (${reachedFrom(columns)})
  SELECT (SELECT json_agg(DISTINCT objid::int8) FROM part) AS objects, (SELECT json_agg(oid::int8) FROM (
    SELECT objid AS oid FROM part WHERE classid = 'pg_class'::regclass
    UNION SELECT d.refobjid FROM part p JOIN pg_depend d ON d.classid = p.classid AND d.objid = p.objid
      WHERE d.refclassid = 'pg_class'::regclass AND p.classid <> 'pg_class'::regclass) r) AS relations`;

/** Of an area's rows those that belong to one of the relations, or to none at all. */
const within = (sql: string, relations: readonly number[]): string => `
  SELECT q.* FROM (${sql}) q WHERE coalesce((CASE WHEN q.owner LIKE 'pg\\_class/%' THEN split_part(q.owner, '/', 2)::int8
    WHEN q.catalog = 'pg_class' THEN q.oid END) = ANY ('{${relations.join(',')}}'::int8[]), true)`;

/**
 * Reads the part of a database that a change of columns can reach, with what that names, but for foreign keys. For
 * planning such a change it is as good as the whole model, which takes far longer in a large schema.
 */
export async function inspectAround(engine: Engine, columns: readonly ColumnKey[]): Promise<DatabaseModel> {
  const read = async <Row>(sql: string): Promise<Row[]> => {
    const [answer] = await engine.rows<{ rows: string }>(
      `SELECT coalesce(json_agg(q), '[]')::text AS rows FROM (${sql}) q`,
    );
    return JSON.parse(answer?.rows ?? '[]');
  };
  await engine.run("SET search_path = ''");
  const [around] = await read<{ objects: number[] | null; relations: number[] | null }>(aroundOf(columns));
  const relations = around?.relations ?? [];
  const objects = [...new Set([...(around?.objects ?? []), ...relations])];
  const rows: CatalogRow[] = [];
  for (const area of AREAS) {
    const found = await read<CatalogRow>(within(area.sql(engine.version), relations));
    for (const row of found) rows.push(settle(row, area.printed ?? []));
  }
  return buildModel({
    rows,
    members: [...(await read<Link>(EXTENSION_MEMBERS)), ...(await read<Link>(JOURNAL_MEMBERS))],
    aliases: await read<Link>(ALIASES),
    // As a number: the index by classid and objid would be read from end to end for each of them.
    dependencies: await read(DEPENDENCIES(`d.objid::int8 = ANY ('{${objects.join(',')}}'::int8[])`)),
    unmodelled: [],
  });
}
