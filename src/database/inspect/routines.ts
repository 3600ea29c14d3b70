import { type CatalogArea, FIRST_USER_OID, otherOwner, qualified, USER_SCHEMA } from './area.ts';

const SIGNATURE = `${qualified('n.nspname', 'p.proname')} || '(' || pg_get_function_identity_arguments(p.oid) || ')'`;
const TYPES = `${qualified('n.nspname', 'p.proname')} || '(' || array_to_string(ARRAY(
      SELECT format_type(t, NULL) FROM unnest(p.proargtypes) WITH ORDINALITY u(t, at) ORDER BY at), ', ') || ')'`;

/** What the function p does; PostgreSQL 13 has no bodies of SQL. */
export const BODY = `md5(concat(p.prosrc, p.probin, to_jsonb(p) ->> 'prosqlbody'))`;

/**
 * Functions and procedures. `shape` is what CREATE OR REPLACE cannot change: the kind, the result, the
 * names and modes of parameters, and whether a default goes away.
 * https://www.postgresql.org/docs/current/sql-createfunction.html
 */
export const functions: CatalogArea = {
  printed: ['definition'],
  sql: () => `
    SELECT 'function' AS kind, 'pg_proc' AS catalog, p.oid::int8 AS oid, 0 AS sub, ${TYPES} AS identity,
      CASE p.prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END || ${SIGNATURE} AS sql_name, NULL AS owner,
      jsonb_build_object(
        'definition', rtrim(pg_get_functiondef(p.oid), E'\\n'),
        'defaults', p.pronargdefaults,
        'language', l.lanname,
        'shape', jsonb_build_array(p.prokind, pg_get_function_result(p.oid), p.proargnames, p.proargmodes)) AS attributes,
      jsonb_strip_nulls(jsonb_build_object('body', ${BODY}, ${otherOwner('p.proowner')})) AS details
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
    WHERE p.prokind <> 'a' AND p.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}
      -- The constructors of range types come with the type.
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')`,
};

const NAMED = (catalog: 'regproc' | 'regprocedure', column: string): string =>
  `nullif(a.${column}::${catalog}::text, '-')`;

const FINAL_MODIFY = (column: string, fallback: string): string =>
  `CASE WHEN a.${column} <> ${fallback} THEN CASE a.${column} WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END`;

const DEFAULT_MODIFY = `(CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END)`;

/** Aggregates: there is no pg_get_* for them, so CREATE AGGREGATE is put together from pg_aggregate. */
export const aggregates: CatalogArea = {
  sql: () => `
    SELECT 'aggregate' AS kind, 'pg_proc' AS catalog, p.oid::int8 AS oid, 0 AS sub, ${TYPES} AS identity,
      'AGGREGATE ' || ${qualified('n.nspname', 'p.proname')} || '(' || args || ')' AS sql_name, NULL AS owner,
      jsonb_build_object('definition', 'CREATE AGGREGATE ' || ${qualified('n.nspname', 'p.proname')} || '(' || args || ') ('
        || concat_ws(', ',
          'SFUNC = ' || a.aggtransfn::regproc::text,
          'STYPE = ' || format_type(a.aggtranstype, NULL),
          'SSPACE = ' || nullif(a.aggtransspace, 0),
          'FINALFUNC = ' || ${NAMED('regproc', 'aggfinalfn')},
          CASE WHEN a.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
          'FINALFUNC_MODIFY = ' || ${FINAL_MODIFY('aggfinalmodify', DEFAULT_MODIFY)},
          'COMBINEFUNC = ' || ${NAMED('regproc', 'aggcombinefn')},
          'SERIALFUNC = ' || ${NAMED('regproc', 'aggserialfn')},
          'DESERIALFUNC = ' || ${NAMED('regproc', 'aggdeserialfn')},
          'INITCOND = ' || quote_literal(a.agginitval),
          'MSFUNC = ' || ${NAMED('regproc', 'aggmtransfn')},
          'MINVFUNC = ' || ${NAMED('regproc', 'aggminvtransfn')},
          'MSTYPE = ' || CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END,
          'MSSPACE = ' || nullif(a.aggmtransspace, 0),
          'MFINALFUNC = ' || ${NAMED('regproc', 'aggmfinalfn')},
          CASE WHEN a.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
          'MFINALFUNC_MODIFY = ' || ${FINAL_MODIFY('aggmfinalmodify', DEFAULT_MODIFY)},
          'MINITCOND = ' || quote_literal(a.aggminitval),
          'SORTOP = ' || (SELECT 'OPERATOR(' || quote_ident(sn.nspname) || '.' || o.oprname || ')'
            FROM pg_operator o JOIN pg_namespace sn ON sn.oid = o.oprnamespace WHERE o.oid = a.aggsortop),
          'PARALLEL = ' || CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' END,
          CASE WHEN a.aggkind = 'h' THEN 'HYPOTHETICAL' END) || ')') AS attributes,
      jsonb_strip_nulls(jsonb_build_object(${otherOwner('p.proowner')})) AS details
    FROM pg_aggregate a JOIN pg_proc p ON p.oid = a.aggfnoid JOIN pg_namespace n ON n.oid = p.pronamespace,
      LATERAL (SELECT coalesce(nullif(pg_get_function_identity_arguments(p.oid), ''), '*') AS args) s
    WHERE p.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}`,
};
