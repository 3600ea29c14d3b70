import { type CatalogArea, catalogKey, FIRST_USER_OID } from './area.ts';

/** Schemas; `public` is one of them although initdb makes it. */
export const schemas: CatalogArea = {
  sql: () => `
    SELECT 'schema' AS kind, 'pg_namespace' AS catalog, n.oid::int8 AS oid, 0 AS sub,
      quote_ident(nspname) AS identity, 'SCHEMA ' || quote_ident(nspname) AS sql_name, NULL AS owner,
      '{}'::jsonb AS attributes
    FROM pg_namespace n
    WHERE nspname = 'public' OR (n.oid >= ${FIRST_USER_OID} AND nspname !~ '^pg_(toast|temp)')`,
};

/** Extensions without their versions: a scratch rarely has the very version of the server. */
export const extensions: CatalogArea = {
  sql: () => `
    SELECT 'extension' AS kind, 'pg_extension' AS catalog, e.oid::int8 AS oid, 0 AS sub,
      quote_ident(extname) AS identity, 'EXTENSION ' || quote_ident(extname) AS sql_name, NULL AS owner,
      jsonb_build_object('schema', quote_ident(nspname)) AS attributes,
      jsonb_build_array(${catalogKey('pg_namespace', 'n.oid')}) AS needs
    FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
    WHERE e.oid >= ${FIRST_USER_OID}`,
};
