import { FIRST_USER_OID, qualified, USER_SCHEMA } from '../../inspect/area.ts';
import { NOT_LOCKED, notOfExtension } from './relations.ts';

/** Sequences, with the columns that own them and those that take values from them. */
export const SEQUENCES = `
  SELECT c.oid::int8 AS oid, n.nspname AS schema, c.relname AS name, ${qualified('n.nspname', 'c.relname')} AS sql,
    format_type(s.seqtypid, NULL) AS type, s.seqmax::float8 AS max, s.seqincrement::float8 AS increment,
    NULL AS last, has_schema_privilege(n.oid, 'USAGE') AND has_sequence_privilege(c.oid, 'SELECT') AND ${NOT_LOCKED} AS "isReadable",
    o.refobjid::int8 || '/' || o.refobjsubid AS owner, o.deptype AS ownership,
    (SELECT coalesce(json_agg(df.adrelid::int8 || '/' || df.adnum), '[]') FROM pg_depend d JOIN pg_attrdef df ON df.oid = d.objid
      WHERE d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid) AS users,
    (SELECT count(*)::int FROM pg_depend d WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid
      AND d.classid <> 'pg_attrdef'::regclass AND d.deptype = 'n') AS "otherUsers"
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_sequence s ON s.seqrelid = c.oid
    LEFT JOIN pg_depend o ON o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.refclassid = 'pg_class'::regclass AND o.deptype IN ('a', 'i')
  WHERE c.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA} AND c.relpersistence <> 't' AND ${notOfExtension('pg_class', 'c.oid')}
  ORDER BY n.nspname, c.relname`;

/** Row-level security policies. */
export const POLICIES = `
  SELECT p.polrelid::int8 AS table, p.polname AS name, pg_get_expr(p.polqual, p.polrelid) AS using,
    pg_get_expr(p.polwithcheck, p.polrelid) AS check
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE p.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA} ORDER BY 1, 2`;

/** Functions and procedures. */
export const ROUTINES = `
  SELECT n.nspname AS schema, p.proname AS name,
    CASE p.prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END || ${qualified('n.nspname', 'p.proname')}
      || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS sql,
    p.prosecdef AS "isDefiner", p.provolatile AS volatility,
    EXISTS (SELECT FROM unnest(p.proconfig) o WHERE o LIKE 'search_path=%') AS "hasSearchPath", p.prosrc AS source
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE p.prokind IN ('f', 'p', 'w') AND p.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA} AND ${notOfExtension('pg_proc', 'p.oid')}
  ORDER BY 3`;

/** Enums; one is used when anything but its own array type depends on it or on that. */
export const ENUMS = `
  SELECT n.nspname AS schema, t.typname AS name, ${qualified('n.nspname', 't.typname')} AS sql,
    EXISTS (SELECT FROM pg_depend d WHERE d.refclassid = 'pg_type'::regclass AND d.refobjid IN (t.oid, t.typarray)
      AND NOT (d.classid = 'pg_type'::regclass AND d.objid = t.typarray)) AS "isUsed"
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE t.typtype = 'e' AND t.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA} AND ${notOfExtension('pg_type', 't.oid')}
  ORDER BY 1, 2`;

/** What everybody may do to tables, sequences and schemas. USAGE of the schema public is how PostgreSQL ships. */
export const PUBLIC_GRANTS = `
  SELECT object, json_agg(privilege ORDER BY privilege) AS privileges FROM (
    SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END || ${qualified('n.nspname', 'c.relname')} AS object, g.privilege_type AS privilege
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) g
    WHERE g.grantee = 0 AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}
      AND ${notOfExtension('pg_class', 'c.oid')}
    UNION ALL
    SELECT 'SCHEMA ' || quote_ident(n.nspname), g.privilege_type
    FROM pg_namespace n, aclexplode(n.nspacl) g WHERE g.grantee = 0 AND ${USER_SCHEMA} AND n.nspname <> 'pg_catalog' AND g.privilege_type = 'CREATE'
  ) q GROUP BY object ORDER BY object`;

/** Words that PostgreSQL reserves, as the server itself knows them. */
export const RESERVED_WORDS = `SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T') ORDER BY word`;
