import { FIRST_USER_OID, qualified, USER_SCHEMA } from '../../inspect/area.ts';

/** What an extension made is the extension's to answer for. */
export const notOfExtension = (catalog: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalog}'::regclass AND e.objid = ${oid} AND e.deptype = 'e')`;

/**
 * Relations that somebody has locked against everybody: printing an expression of one would wait for them. Kept in a
 * setting of the session, so that the queries stay the same texts.
 */
export const NOT_LOCKED = `c.oid <> ALL (coalesce(nullif(current_setting('senior_backend.locked', true), ''), '{}')::oid[])`;

/** Reads which they are. */
export const LOCKED = `
  SELECT DISTINCT l.relation::int8 AS oid, coalesce(c.relname, l.relation::text) AS name FROM pg_locks l LEFT JOIN pg_class c ON c.oid = l.relation
  WHERE l.mode = 'AccessExclusiveLock' AND l.locktype = 'relation' AND l.pid <> pg_backend_pid()
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

const OURS = `${NOT_LOCKED} AND c.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA} AND c.relpersistence <> 't' AND ${notOfExtension('pg_class', 'c.oid')}`;
const FROM_TABLE = 'pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace';

/** Tables and materialized views; `pages` without a lock, unlike pg_relation_size. */
export const TABLES = `
  SELECT c.oid::int8 AS oid, n.nspname AS schema, c.relname AS name, ${qualified('n.nspname', 'c.relname')} AS sql,
    c.relkind AS kind, c.relispartition AS "isPartition",
    (SELECT coalesce(json_agg(i.inhparent::int8), '[]') FROM pg_inherits i WHERE i.inhrelid = c.oid) AS parents,
    (SELECT json_build_object('strategy', CASE p.partstrat WHEN 'r' THEN 'range' WHEN 'l' THEN 'list' ELSE 'hash' END,
        'keys', (SELECT json_agg(k::int) FROM unnest(p.partattrs::int2[]) k))
      FROM pg_partitioned_table p WHERE p.partrelid = c.oid) AS partitioning,
    c.relrowsecurity AS "rowSecurity", c.relpersistence = 'u' AS "isUnlogged", c.reloptions AS options,
    c.reltuples::float8 AS rows, c.relpages AS pages
  FROM ${FROM_TABLE} WHERE c.relkind IN ('r', 'p', 'f', 'm') AND ${OURS}
  ORDER BY n.nspname, c.relname`;

/** Columns of tables; a domain is followed to the type below it. */
export const COLUMNS = `
  SELECT c.oid::int8 AS table, a.attnum AS number, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
    b.typname AS base, b.oid::int8 AS "baseOid", t.typtype = 'd' AS "isDomain",
    CASE WHEN b.typname IN ('varchar', 'bpchar') THEN greatest(coalesce(nullif(a.atttypmod, -1), nullif(t.typtypmod, -1), -1) - 4, -1) ELSE -1 END AS length,
    b.typcategory = 'A' AS "isArray", a.attcollation::int8 AS collation,
    a.attnotnull OR t.typnotnull AS "notNull", a.attidentity <> '' AS "isIdentity", a.attgenerated <> '' AS "isGenerated",
    a.attinhcount > 0 AS "isInherited",
    CASE WHEN a.attgenerated = '' THEN pg_get_expr(df.adbin, df.adrelid) END AS default
  FROM ${FROM_TABLE} JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
    JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
    LEFT JOIN pg_attrdef df ON df.adrelid = c.oid AND df.adnum = a.attnum
  WHERE c.relkind IN ('r', 'p', 'f', 'm') AND a.attnum > 0 AND NOT a.attisdropped AND ${OURS}
  ORDER BY 1, 2`;

/** Constraints of tables. The copies that a partition or a referenced partition bears are marked. */
export const CONSTRAINTS = `
  SELECT k.oid::int8 AS oid, k.conrelid::int8 AS table, k.conname AS name, k.contype AS type,
    coalesce(k.conkey::int[], '{}') AS keys, k.confrelid::int8 AS "refTable", coalesce(k.confkey::int[], '{}') AS "refKeys",
    k.confdeltype AS "onDelete", k.condeferrable AS "isDeferrable", k.convalidated AS "isValid",
    k.conindid::int8 AS index, k.conparentid <> 0 OR (k.coninhcount > 0 AND NOT k.conislocal) AS "isCopy", pg_get_constraintdef(k.oid) AS definition
  FROM ${FROM_TABLE} JOIN pg_constraint k ON k.conrelid = c.oid
  WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND ${OURS}
  ORDER BY k.conrelid, k.conname`;

/** Indexes with what makes two of them interchangeable: operator class, collation and order of each key. */
export const INDEXES = (version: number): string => `
  SELECT i.oid::int8 AS oid, x.indrelid::int8 AS table, ixn.nspname AS schema, i.relname AS name,
    ${qualified('ixn.nspname', 'i.relname')} AS sql, am.amname AS method,
    (SELECT json_agg(json_build_object('column', x.indkey[s], 'expression',
        CASE WHEN x.indkey[s] = 0 THEN pg_get_indexdef(i.oid, s + 1, false) END,
        'operatorClass', x.indclass[s]::int8, 'collation', x.indcollation[s]::int8, 'option', x.indoption[s]) ORDER BY s)
      FROM generate_series(0, x.indnkeyatts - 1) s) AS keys,
    (SELECT coalesce(json_agg(x.indkey[s] ORDER BY s), '[]') FROM generate_series(x.indnkeyatts::int, x.indnatts - 1) s) AS included,
    pg_get_expr(x.indpred, x.indrelid) AS predicate, x.indisunique AS "isUnique",
    ${version >= 150_000 ? 'x.indnullsnotdistinct' : 'false'} AS "nullsNotDistinct",
    x.indisvalid AS "isValid", x.indisprimary AS "isPrimary",
    coalesce(own.oid::int8, 0) AS constraint,
    EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype = 'f') AS "isReferenced",
    x.indisreplident AS "isReplicaIdentity", x.indisclustered AS "isClustered",
    EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = i.oid) AS "isPart", i.relkind = 'I' AS "isPartitioned", i.relpages AS pages
  FROM ${FROM_TABLE} JOIN pg_index x ON x.indrelid = c.oid JOIN pg_class i ON i.oid = x.indexrelid
    JOIN pg_namespace ixn ON ixn.oid = i.relnamespace JOIN pg_am am ON am.oid = i.relam
    -- Joined and not asked for each index: pg_constraint has no index by conindid.
    LEFT JOIN pg_constraint own ON own.conindid = i.oid AND own.contype IN ('p', 'u', 'x')
  WHERE c.relkind IN ('r', 'p', 'm') AND ${OURS}
  ORDER BY x.indrelid, i.relname`;

/** The bounds of partitions. */
export const PARTITIONS = `
  SELECT c.oid::int8 AS table, i.inhparent::int8 AS parent, pg_get_expr(c.relpartbound, c.oid) AS bound
  FROM ${FROM_TABLE} JOIN pg_inherits i ON i.inhrelid = c.oid WHERE c.relispartition AND c.relkind IN ('r', 'p', 'f') AND ${OURS}
  ORDER BY 2, 1`;

/** Columns that a view, rule, policy or trigger condition names: their type cannot be changed in place. */
export const DEPENDENTS = `
  SELECT DISTINCT d.refobjid::int8 || '/' || d.refobjsubid AS column
  FROM pg_depend d JOIN pg_class c ON c.oid = d.refobjid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND ${OURS}
    AND d.classid IN ('pg_rewrite'::regclass, 'pg_policy'::regclass, 'pg_trigger'::regclass, 'pg_publication_rel'::regclass, 'pg_proc'::regclass)
  UNION SELECT DISTINCT d.refobjid::int8 || '/' || d.refobjsubid
  FROM pg_depend d JOIN pg_attrdef df ON d.classid = 'pg_attrdef'::regclass AND d.objid = df.oid
    JOIN pg_attribute a ON a.attrelid = df.adrelid AND a.attnum = df.adnum AND a.attgenerated <> ''
  WHERE d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.refobjsubid <> df.adnum`;
