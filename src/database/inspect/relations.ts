import { type CatalogArea, catalogKey, FIRST_USER_OID, otherOwner, qualified, USER_SCHEMA } from './area.ts';

const NAME = qualified('n.nspname', 'c.relname');
const FROM = 'pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace';
const OURS = `c.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}`;
const OPTIONS = `(SELECT jsonb_agg(o ORDER BY o) FROM unnest(c.reloptions) o)`;

/** Tables, partitioned and foreign ones too; columns, constraints and partitions are objects of their own. */
export const tables: CatalogArea = {
  printed: ['partitionKey'],
  sql: () => `
    SELECT 'table' AS kind, 'pg_class' AS catalog, c.oid::int8 AS oid, 0 AS sub, ${NAME} AS identity,
      CASE c.relkind WHEN 'f' THEN 'FOREIGN TABLE ' ELSE 'TABLE ' END || ${NAME} AS sql_name, NULL AS owner,
      jsonb_strip_nulls(jsonb_build_object(
        'unlogged', CASE WHEN c.relpersistence = 'u' THEN true END,
        'partitionKey', CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
        'ofType', CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END,
        'accessMethod', (SELECT quote_ident(amname) FROM pg_am WHERE oid = c.relam AND amname <> 'heap'),
        'options', ${OPTIONS},
        'rowSecurity', CASE WHEN c.relrowsecurity THEN true END,
        'forceRowSecurity', CASE WHEN c.relforcerowsecurity THEN true END,
        'server', quote_ident(s.srvname),
        'serverOptions', (SELECT jsonb_agg(o ORDER BY o) FROM unnest(f.ftoptions) o))) AS attributes,
      jsonb_strip_nulls(jsonb_build_object(${otherOwner('c.relowner')}, 'columns', (SELECT jsonb_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod))
        FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))) AS details
    FROM ${FROM} LEFT JOIN pg_foreign_table f ON f.ftrelid = c.oid LEFT JOIN pg_foreign_server s ON s.oid = f.ftserver
    WHERE c.relkind IN ('r', 'p', 'f') AND ${OURS}`,
};

/** Before PostgreSQL 16 the rule of every view named the view as a whole; only its columns then say that it is read. */
const READS_ITSELF = (version: number): string => (version < 160_000 ? 'AND d.refobjsubid > 0' : '');

/** Views and materialized views. The column names matter: a view keeps them when its query's change. */
export const views: CatalogArea = {
  printed: ['query'],
  sql: (version) => `
    SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized_view' END AS kind,
      'pg_class' AS catalog, c.oid::int8 AS oid, 0 AS sub, ${NAME} AS identity,
      CASE c.relkind WHEN 'v' THEN 'VIEW ' ELSE 'MATERIALIZED VIEW ' END || ${NAME} AS sql_name, NULL AS owner,
      jsonb_strip_nulls(jsonb_build_object(
        'query', rtrim(pg_get_viewdef(c.oid), ';'),
        'columns', (SELECT jsonb_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum)
          FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
        'accessMethod', (SELECT quote_ident(amname) FROM pg_am WHERE oid = c.relam AND amname <> 'heap'),
        'populated', CASE WHEN c.relkind = 'm' THEN c.relispopulated END,
        'options', ${OPTIONS})) AS attributes,
      jsonb_strip_nulls(jsonb_build_object(${otherOwner('c.relowner')}, 'placeholder', (
        SELECT string_agg('NULL::' || format_type(a.atttypid, a.atttypmod) || ' AS ' || quote_ident(a.attname), ', ' ORDER BY a.attnum)
        FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND EXISTS (
          SELECT FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid WHERE d.classid = 'pg_rewrite'::regclass
            AND r.ev_class = c.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.deptype = 'n' ${READS_ITSELF(version)})))) AS details
    FROM ${FROM} WHERE c.relkind IN ('v', 'm') AND ${OURS}`,
};

/** The column that a sequence goes with, as `serial` makes it: https://www.postgresql.org/docs/current/sql-createsequence.html */
const OWNING_COLUMN = `FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
        JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'a'
        AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0`;

/** That a sequence is owned by a column: apart, because the sequence is made before the table that uses it. */
export const sequenceOwners: CatalogArea = {
  sql: () => `
    SELECT 'sequence_owner' AS kind, 'sequence_owner' AS catalog, c.oid::int8 AS oid, 0 AS sub, ${NAME} AS identity,
      'SEQUENCE ' || ${NAME} AS sql_name, ${catalogKey('pg_class', 'c.oid')} AS owner,
      jsonb_build_object('column', o.name) AS attributes, jsonb_build_array(o.key) AS needs
    FROM ${FROM}, LATERAL (
      SELECT quote_ident(tn.nspname) || '.' || quote_ident(t.relname) || '.' || quote_ident(a.attname) AS name,
        ${catalogKey('pg_class', 't.oid', 'a.attnum')} AS key ${OWNING_COLUMN}) o
    WHERE c.relkind = 'S' AND ${OURS}`,
};

/** Sequences that are not the inside of an identity column. Bounds are texts: they exceed JSON's numbers. */
export const sequences: CatalogArea = {
  sql: () => `
    SELECT 'sequence' AS kind, 'pg_class' AS catalog, c.oid::int8 AS oid, 0 AS sub, ${NAME} AS identity,
      'SEQUENCE ' || ${NAME} AS sql_name,
      NULL AS owner, jsonb_build_object('ownedBy', (SELECT 'column:' || quote_ident(tn.nspname) || '.' || quote_ident(t.relname) || '.' || quote_ident(a.attname) ${OWNING_COLUMN})) AS details,
      jsonb_strip_nulls(jsonb_build_object(
        'type', format_type(s.seqtypid, NULL), 'increment', s.seqincrement::text, 'min', s.seqmin::text,
        'max', s.seqmax::text, 'start', s.seqstart::text, 'cache', s.seqcache::text, 'cycle', s.seqcycle,
        'unlogged', CASE WHEN c.relpersistence = 'u' THEN true END)) AS attributes
    FROM ${FROM} JOIN pg_sequence s ON s.seqrelid = c.oid
    WHERE ${OURS} AND NOT EXISTS (SELECT FROM pg_depend d
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i')`,
};
