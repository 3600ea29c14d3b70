import { type CatalogArea, catalogKey, FIRST_USER_OID, qualified, USER_SCHEMA } from './area.ts';

const TABLE = qualified('n.nspname', 'c.relname');
const ENABLED = (column: string): string =>
  `CASE ${column} WHEN 'O' THEN NULL WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END`;

/** Triggers that users made; the copies on partitions come with the parent's. */
export const triggers: CatalogArea = {
  printed: ['definition'],
  sql: () => `
    SELECT 'trigger' AS kind, 'pg_trigger' AS catalog, t.oid::int8 AS oid, 0 AS sub,
      quote_ident(t.tgname) || ' on ' || ${TABLE} AS identity,
      'TRIGGER ' || quote_ident(t.tgname) || ' ON ' || ${TABLE} AS sql_name, ${catalogKey('pg_class', 'c.oid')} AS owner,
      jsonb_strip_nulls(jsonb_build_object('table', ${TABLE}, 'name', quote_ident(t.tgname),
        'definition', pg_get_triggerdef(t.oid), 'enabled', ${ENABLED('t.tgenabled')})) AS attributes
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT t.tgisinternal AND coalesce((to_jsonb(t)->>'tgparentid')::int8, 0) = 0
      AND t.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}`,
};

/** Rewrite rules, but for the one that is a view's query. */
export const rewriteRules: CatalogArea = {
  printed: ['definition'],
  sql: () => `
    SELECT 'rule' AS kind, 'pg_rewrite' AS catalog, r.oid::int8 AS oid, 0 AS sub,
      quote_ident(r.rulename) || ' on ' || ${TABLE} AS identity,
      'RULE ' || quote_ident(r.rulename) || ' ON ' || ${TABLE} AS sql_name, ${catalogKey('pg_class', 'c.oid')} AS owner,
      jsonb_strip_nulls(jsonb_build_object('table', ${TABLE}, 'name', quote_ident(r.rulename),
        'definition', rtrim(pg_get_ruledef(r.oid), ';'), 'enabled', ${ENABLED('r.ev_enabled')})) AS attributes
    FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE r.rulename <> '_RETURN' AND r.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}`,
};

/** Row-level security policies. */
export const policies: CatalogArea = {
  printed: ['using', 'check'],
  sql: () => `
    SELECT 'policy' AS kind, 'pg_policy' AS catalog, p.oid::int8 AS oid, 0 AS sub,
      quote_ident(p.polname) || ' on ' || ${TABLE} AS identity,
      'POLICY ' || quote_ident(p.polname) || ' ON ' || ${TABLE} AS sql_name, ${catalogKey('pg_class', 'c.oid')} AS owner,
      jsonb_strip_nulls(jsonb_build_object('restrictive', NOT p.polpermissive,
        'command', CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
        'roles', (SELECT jsonb_agg(coalesce(quote_ident(r.rolname), 'PUBLIC') ORDER BY r.rolname)
          FROM unnest(p.polroles) u(role) LEFT JOIN pg_roles r ON r.oid = u.role),
        'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid))) AS attributes
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE p.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}`,
};

/** Extended statistics. */
export const statistics: CatalogArea = {
  printed: ['definition'],
  sql: () => `
    SELECT 'statistics' AS kind, 'pg_statistic_ext' AS catalog, s.oid::int8 AS oid, 0 AS sub,
      ${qualified('n.nspname', 's.stxname')} AS identity, 'STATISTICS ' || ${qualified('n.nspname', 's.stxname')} AS sql_name,
      ${catalogKey('pg_class', 's.stxrelid')} AS owner,
      jsonb_strip_nulls(jsonb_build_object('definition', pg_get_statisticsobjdef(s.oid),
        'target', nullif((to_jsonb(s)->>'stxstattarget')::int, -1))) AS attributes
    FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace
    WHERE s.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}`,
};

/** Event triggers, which belong to the database as a whole. */
export const eventTriggers: CatalogArea = {
  sql: () => `
    SELECT 'event_trigger' AS kind, 'pg_event_trigger' AS catalog, e.oid::int8 AS oid, 0 AS sub,
      quote_ident(evtname) AS identity, 'EVENT TRIGGER ' || quote_ident(evtname) AS sql_name, NULL AS owner,
      jsonb_strip_nulls(jsonb_build_object(
        'definition', 'CREATE EVENT TRIGGER ' || quote_ident(evtname) || ' ON ' || evtevent
          || coalesce(' WHEN TAG IN (' || (SELECT string_agg(quote_literal(tag), ', ') FROM unnest(evttags) tag) || ')', '')
          || ' EXECUTE FUNCTION ' || evtfoid::regproc::text || '()',
        'enabled', ${ENABLED('evtenabled')})) AS attributes
    FROM pg_event_trigger e WHERE e.oid >= ${FIRST_USER_OID}`,
};
