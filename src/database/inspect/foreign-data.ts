import { type CatalogArea, catalogKey, FIRST_USER_OID } from './area.ts';

const OPTIONS = (
  column: string,
): string => `(SELECT jsonb_agg(option_name || '=' || option_value ORDER BY option_name)
        FROM pg_options_to_table(${column}))`;

/** Foreign data wrappers. */
export const foreignDataWrappers: CatalogArea = {
  sql: () => `
    SELECT 'foreign_data_wrapper' AS kind, 'pg_foreign_data_wrapper' AS catalog, w.oid::int8 AS oid, 0 AS sub,
      quote_ident(fdwname) AS identity, 'FOREIGN DATA WRAPPER ' || quote_ident(fdwname) AS sql_name, NULL AS owner,
      jsonb_strip_nulls(jsonb_build_object('handler', nullif(fdwhandler::regproc::text, '-'),
        'validator', nullif(fdwvalidator::regproc::text, '-'), 'options', ${OPTIONS('fdwoptions')})) AS attributes
    FROM pg_foreign_data_wrapper w WHERE w.oid >= ${FIRST_USER_OID}`,
};

/** Foreign servers. */
export const foreignServers: CatalogArea = {
  sql: () => `
    SELECT 'server' AS kind, 'pg_foreign_server' AS catalog, s.oid::int8 AS oid, 0 AS sub,
      quote_ident(srvname) AS identity, 'SERVER ' || quote_ident(srvname) AS sql_name, NULL AS owner,
      jsonb_strip_nulls(jsonb_build_object('type', srvtype, 'version', srvversion,
        'wrapper', (SELECT quote_ident(fdwname) FROM pg_foreign_data_wrapper w WHERE w.oid = s.srvfdw),
        'options', ${OPTIONS('srvoptions')})) AS attributes
    FROM pg_foreign_server s WHERE s.oid >= ${FIRST_USER_OID}`,
};

/** User mappings without their options, which hold passwords. */
export const userMappings: CatalogArea = {
  sql: () => `
    SELECT 'user_mapping' AS kind, 'pg_user_mapping' AS catalog, u.umid::int8 AS oid, 0 AS sub,
      q.who || ' on ' || quote_ident(u.srvname) AS identity,
      'USER MAPPING FOR ' || q.who || ' SERVER ' || quote_ident(u.srvname) AS sql_name,
      ${catalogKey('pg_foreign_server', 'u.srvid')} AS owner,
      jsonb_build_object('definition', 'CREATE USER MAPPING FOR ' || q.who || ' SERVER ' || quote_ident(u.srvname)) AS attributes
    FROM pg_user_mappings u, LATERAL (SELECT CASE u.umuser WHEN 0 THEN 'PUBLIC' ELSE quote_ident(u.usename) END AS who) q
    WHERE u.umid >= ${FIRST_USER_OID}`,
};

/** Publications with what they publish; row filters and column lists exist since PostgreSQL 15. */
export const publications: CatalogArea = {
  printed: ['tables'],
  sql: (version) => `
    SELECT 'publication' AS kind, 'pg_publication' AS catalog, p.oid::int8 AS oid, 0 AS sub,
      quote_ident(pubname) AS identity, 'PUBLICATION ' || quote_ident(pubname) AS sql_name, NULL AS owner,
      jsonb_build_object('allTables', puballtables,
        'publish', array_to_string(ARRAY[CASE WHEN pubinsert THEN 'insert' END, CASE WHEN pubupdate THEN 'update' END,
          CASE WHEN pubdelete THEN 'delete' END, CASE WHEN pubtruncate THEN 'truncate' END], ', '),
        'viaRoot', coalesce((to_jsonb(p)->>'pubviaroot')::boolean, false),
        'tables', coalesce((SELECT jsonb_agg('TABLE ONLY ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) ${
          version >= 150_000
            ? `|| coalesce(' (' || (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM unnest(r.prattrs) u
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u) || ')', '')
              || coalesce(' WHERE ' || pg_get_expr(r.prqual, r.prrelid), '')`
            : ''
        } ORDER BY n.nspname, c.relname)
          FROM pg_publication_rel r JOIN pg_class c ON c.oid = r.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE r.prpubid = p.oid), '[]'),
        'schemas', ${
          version >= 150_000
            ? `coalesce((SELECT jsonb_agg('TABLES IN SCHEMA ' || quote_ident(n.nspname) ORDER BY n.nspname)
          FROM pg_publication_namespace s JOIN pg_namespace n ON n.oid = s.pnnspid WHERE s.pnpubid = p.oid), '[]')`
            : `'[]'::jsonb`
        }) AS attributes,
      (SELECT jsonb_agg(${catalogKey('pg_class', 'r.prrelid')}) FROM pg_publication_rel r WHERE r.prpubid = p.oid) AS needs
    FROM pg_publication p WHERE p.oid >= ${FIRST_USER_OID}`,
};
