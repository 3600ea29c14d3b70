import { type CatalogArea, FIRST_USER_OID } from './area.ts';

/** Procedural languages outside extensions. */
export const languages: CatalogArea = {
  sql: () => `
    SELECT 'language' AS kind, 'pg_language' AS catalog, l.oid::int8 AS oid, 0 AS sub, quote_ident(lanname) AS identity,
      'LANGUAGE ' || quote_ident(lanname) AS sql_name, NULL AS owner,
      jsonb_build_object('definition', 'CREATE ' || CASE WHEN lanpltrusted THEN 'TRUSTED ' ELSE '' END || 'LANGUAGE ' || quote_ident(lanname)
        || ' HANDLER ' || lanplcallfoid::regproc::text || coalesce(' INLINE ' || nullif(laninline::regproc::text, '-'), '')
        || coalesce(' VALIDATOR ' || nullif(lanvalidator::regproc::text, '-'), '')) AS attributes
    FROM pg_language l WHERE l.oid >= ${FIRST_USER_OID} AND lanispl`,
};

/** Table and index access methods outside extensions. */
export const accessMethods: CatalogArea = {
  sql: () => `
    SELECT 'access_method' AS kind, 'pg_am' AS catalog, a.oid::int8 AS oid, 0 AS sub, quote_ident(amname) AS identity,
      'ACCESS METHOD ' || quote_ident(amname) AS sql_name, NULL AS owner,
      jsonb_build_object('definition', 'CREATE ACCESS METHOD ' || quote_ident(amname) || ' TYPE '
        || CASE amtype WHEN 'i' THEN 'INDEX' ELSE 'TABLE' END || ' HANDLER ' || amhandler::regproc::text) AS attributes
    FROM pg_am a WHERE a.oid >= ${FIRST_USER_OID}`,
};

const TRANSFORM = `'FOR ' || format_type(t.trftype, NULL) || ' LANGUAGE ' || quote_ident(l.lanname)`;

/** Transforms between SQL types and procedural languages. */
export const transforms: CatalogArea = {
  sql: () => `
    SELECT 'transform' AS kind, 'pg_transform' AS catalog, t.oid::int8 AS oid, 0 AS sub, ${TRANSFORM} AS identity,
      'TRANSFORM ' || ${TRANSFORM} AS sql_name, NULL AS owner,
      jsonb_build_object('definition', 'CREATE TRANSFORM ' || ${TRANSFORM} || ' (' || concat_ws(', ',
        'FROM SQL WITH FUNCTION ' || nullif(trffromsql::regprocedure::text, '-'),
        'TO SQL WITH FUNCTION ' || nullif(trftosql::regprocedure::text, '-')) || ')') AS attributes
    FROM pg_transform t JOIN pg_language l ON l.oid = t.trflang WHERE t.oid >= ${FIRST_USER_OID}`,
};
