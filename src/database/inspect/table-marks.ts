import { type CatalogArea, catalogKey, FIRST_USER_OID, qualified, USER_SCHEMA } from './area.ts';

const TABLE = qualified('n.nspname', 'c.relname');

/** What replication knows rows by, where that is not the primary key. An index that is gone leaves nothing. */
export const replicaIdentities: CatalogArea = {
  sql: () => `
    SELECT 'replica_identity' AS kind, 'replica_identity' AS catalog, c.oid::int8 AS oid, 0 AS sub, ${TABLE} AS identity,
      'TABLE ' || ${TABLE} AS sql_name, ${catalogKey('pg_class', 'c.oid')} AS owner,
      jsonb_build_object('table', ${TABLE}, 'identity', CASE c.relreplident WHEN 'f' THEN 'FULL'
        ELSE coalesce('USING INDEX ' || quote_ident(i.relname), 'NOTHING') END) AS attributes,
      CASE WHEN i.oid IS NOT NULL THEN jsonb_build_array(${catalogKey('pg_class', 'i.oid')}) END AS needs
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_index x ON x.indrelid = c.oid AND x.indisreplident AND c.relreplident = 'i' LEFT JOIN pg_class i ON i.oid = x.indexrelid
    WHERE c.relkind IN ('r', 'p') AND c.relreplident <> 'd' AND c.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}`,
};

/** The index that CLUSTER without a name goes by. */
export const clusterMarks: CatalogArea = {
  sql: () => `
    SELECT 'cluster_mark' AS kind, 'cluster_mark' AS catalog, c.oid::int8 AS oid, 0 AS sub, ${TABLE} AS identity,
      'TABLE ' || ${TABLE} AS sql_name, ${catalogKey('pg_class', 'c.oid')} AS owner,
      jsonb_build_object('table', ${TABLE}, 'index', quote_ident(i.relname)) AS attributes,
      jsonb_build_array(${catalogKey('pg_class', 'i.oid')}) AS needs
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE x.indisclustered AND c.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}`,
};
