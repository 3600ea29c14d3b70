import { type CatalogArea, catalogKey, FIRST_USER_OID, linkId, qualified, USER_SCHEMA } from './area.ts';

const TABLE = qualified('n.nspname', 'c.relname');
const FROM = `pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace`;
const OURS = `a.attnum > 0 AND NOT a.attisdropped AND c.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}`;

/** How a column was stored is asked of its type first: only a difference from that is an attribute. */
const STORAGE = `CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END`;

/** Since PostgreSQL 18 a NOT NULL is a named constraint in the catalog; it stays an attribute of the column. */
const NOT_NULL_18 = `(SELECT jsonb_strip_nulls(jsonb_build_object(
      'name', CASE WHEN strpos(k.conname, a.attname || '_not_null') = 0 THEN quote_ident(k.conname) END,
      'noInherit', CASE WHEN k.connoinherit THEN true END,
      'notValid', CASE WHEN NOT k.convalidated THEN true END))
    FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'n' AND k.conkey[1] = a.attnum)`;

/**
 * The name of a NOT NULL where it has to be said: it is not the usual one, or a partition bears it too,
 * for a name that anything in the schema has is not chosen by itself.
 */
const NOT_NULL_NAME = `'notNullName', (SELECT quote_ident(k.conname) FROM pg_constraint k
      WHERE k.conrelid = c.oid AND k.contype = 'n' AND k.conkey[1] = a.attnum AND (k.conname <> left(c.relname || '_' || a.attname || '_not_null', 63) OR EXISTS (
        SELECT FROM pg_constraint o WHERE o.connamespace = k.connamespace AND o.conname = k.conname AND o.oid <> k.oid))),`;

const IDENTITY = `(SELECT jsonb_build_object(
      'always', a.attidentity = 'a', 'sequence', ${qualified('sn.nspname', 'sc.relname')},
      'increment', s.seqincrement::text, 'min', s.seqmin::text, 'max', s.seqmax::text,
      'start', s.seqstart::text, 'cache', s.seqcache::text, 'cycle', s.seqcycle)
    FROM pg_depend d JOIN pg_sequence s ON s.seqrelid = d.objid JOIN pg_class sc ON sc.oid = d.objid
      JOIN pg_namespace sn ON sn.oid = sc.relnamespace
    WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
      AND d.refobjid = c.oid AND d.refobjsubid = a.attnum AND d.deptype = 'i')`;

/** Columns of tables. A generated column carries its expression; a default is an object of its own. */
export const columns: CatalogArea = {
  printed: ['generated'],
  sql: (version) => `
    SELECT 'column' AS kind, 'pg_class' AS catalog, c.oid::int8 AS oid, a.attnum AS sub,
      ${TABLE} || '.' || quote_ident(a.attname) AS identity,
      'COLUMN ' || ${TABLE} || '.' || quote_ident(a.attname) AS sql_name, ${catalogKey('pg_class', 'c.oid')} AS owner,
      jsonb_strip_nulls(jsonb_build_object(
        'table', ${TABLE}, 'name', quote_ident(a.attname),
        'type', format_type(a.atttypid, a.atttypmod),
        'collation', (SELECT ${qualified('cn.nspname', 'co.collname')}
          FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace
          WHERE co.oid = a.attcollation AND co.oid <> t.typcollation),
        'notNull', CASE WHEN a.attnotnull ${version >= 180_000 ? `OR EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'n' AND k.conkey[1] = a.attnum)` : ''} THEN ${version >= 180_000 ? `coalesce(${NOT_NULL_18}, '{}')` : `'{}'::jsonb`} END,
        'identity', CASE WHEN a.attidentity <> '' THEN ${IDENTITY} END,
        'generated', CASE WHEN a.attgenerated <> '' THEN jsonb_build_object(
          'expression', pg_get_expr(df.adbin, df.adrelid), 'virtual', a.attgenerated = 'v') END,
        'storage', CASE WHEN a.attstorage <> t.typstorage THEN ${STORAGE} END,
        'compression', CASE to_jsonb(a)->>'attcompression' WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END,
        'statistics', nullif(a.attstattarget, -1),
        'options', (SELECT jsonb_agg(o ORDER BY o) FROM unnest(a.attoptions) o),
        'serverOptions', (SELECT jsonb_agg(o ORDER BY o) FROM unnest(a.attfdwoptions) o))) AS attributes,
      jsonb_strip_nulls(jsonb_build_object('position', a.attnum,
        'inherits', (SELECT jsonb_agg(jsonb_build_object('id', 'column:' || ${qualified('pn.nspname', 'p.relname')} || '.' || quote_ident(a.attname),
            'link', ${linkId(TABLE, qualified('pn.nspname', 'p.relname'), 'c.relispartition')}))
          FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
            JOIN pg_attribute pa ON pa.attrelid = p.oid AND pa.attname = a.attname AND NOT pa.attisdropped
          WHERE i.inhrelid = c.oid),
        'heirs', (SELECT jsonb_agg('column:' || ${qualified('hn.nspname', 'h.relname')} || '.' || quote_ident(a.attname))
          FROM pg_inherits i JOIN pg_class h ON h.oid = i.inhrelid AND NOT h.relispartition JOIN pg_namespace hn ON hn.oid = h.relnamespace
          WHERE i.inhparent = c.oid),
        'inheritedOnly', CASE WHEN a.attinhcount > 0 AND NOT a.attislocal AND NOT c.relispartition THEN true END,
        'partitionKey', CASE WHEN c.relkind = 'p' AND (
          a.attnum = ANY ((SELECT partattrs FROM pg_partitioned_table WHERE partrelid = c.oid)::int2[])
          OR EXISTS (SELECT FROM pg_depend k WHERE k.classid = 'pg_class'::regclass AND k.refclassid = 'pg_class'::regclass
            AND k.objid = c.oid AND k.objsubid = a.attnum AND k.refobjid = c.oid AND k.refobjsubid = 0 AND k.deptype = 'i')) THEN true END,
        'ofType', CASE WHEN c.reloftype <> 0 THEN 'composite:' || format_type(c.reloftype, NULL) END,
        'foreign', CASE WHEN c.relkind = 'f' THEN true END,
        'typeClass', t.typtype, ${version >= 180_000 ? NOT_NULL_NAME : ''} 'typed', CASE WHEN c.reloftype <> 0 THEN true END, 'partition', CASE WHEN c.relispartition THEN true END)) AS details,
      (SELECT jsonb_agg(${catalogKey('pg_class', 'p.oid', 'pa.attnum')})
        FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent
          JOIN pg_attribute pa ON pa.attrelid = p.oid AND pa.attname = a.attname AND NOT pa.attisdropped
        WHERE i.inhrelid = c.oid) AS follows
    FROM ${FROM} JOIN pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_attrdef df ON df.adrelid = c.oid AND df.adnum = a.attnum
    WHERE c.relkind IN ('r', 'p', 'f') AND ${OURS}`,
};

/**
 * Defaults, apart from their columns because they may need what the table itself is needed for. The
 * columns of views have them too: https://www.postgresql.org/docs/current/sql-alterview.html
 */
export const defaults: CatalogArea = {
  printed: ['expression'],
  sql: () => `
    SELECT 'default' AS kind, 'pg_attrdef' AS catalog, df.oid::int8 AS oid, 0 AS sub,
      ${TABLE} || '.' || quote_ident(a.attname) AS identity,
      'COLUMN ' || ${TABLE} || '.' || quote_ident(a.attname) AS sql_name,
      ${catalogKey('pg_class', 'c.oid', 'a.attnum')} AS owner,
      jsonb_build_object('table', ${TABLE}, 'column', quote_ident(a.attname),
        'expression', pg_get_expr(df.adbin, df.adrelid)) AS attributes,
      jsonb_build_object('inherited', a.attinhcount > 0 AND NOT a.attislocal AND NOT c.relispartition) AS details
    FROM ${FROM} JOIN pg_attrdef df ON df.adrelid = c.oid AND df.adnum = a.attnum
    WHERE c.relkind IN ('r', 'p', 'f', 'v') AND ${OURS} AND a.attgenerated = ''`,
};
