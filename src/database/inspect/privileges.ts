import { type CatalogArea, catalogKey, FIRST_USER_OID, qualified, USER_SCHEMA } from './area.ts';

/** Where access lists are: catalog, what acldefault calls the kind, the columns, and GRANT's words for it. */
const HOLDERS = (): string => `
      SELECT 'pg_class' AS catalog, c.oid, 0 AS sub, c.relacl AS acl, c.relowner AS owner,
        CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char" AS kind,
        CASE c.relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END || ${qualified('n.nspname', 'c.relname')} AS words, '' AS part
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND c.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}
    UNION ALL
      SELECT 'pg_class', c.oid, a.attnum, a.attacl, c.relowner, 'c', 'TABLE ' || ${qualified('n.nspname', 'c.relname')}, quote_ident(a.attname)
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND c.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}
    UNION ALL
      SELECT 'pg_proc', p.oid, 0, p.proacl, p.proowner, 'f',
        CASE p.prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END || ${qualified('n.nspname', 'p.proname')}
          || '(' || CASE WHEN p.prokind = 'a' AND pg_get_function_identity_arguments(p.oid) LIKE '%ORDER BY %'
            THEN oidvectortypes(p.proargtypes) ELSE pg_get_function_identity_arguments(p.oid) END || ')', ''
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}
    UNION ALL
      SELECT 'pg_namespace', n.oid, 0, n.nspacl, n.nspowner, 'n', 'SCHEMA ' || quote_ident(n.nspname), ''
      FROM pg_namespace n WHERE (n.oid >= ${FIRST_USER_OID} OR n.nspname = 'public') AND ${USER_SCHEMA}
    UNION ALL
      SELECT 'pg_type', t.oid, 0, t.typacl, t.typowner, 'T', CASE t.typtype WHEN 'd' THEN 'DOMAIN ' ELSE 'TYPE ' END || ${qualified('n.nspname', 't.typname')}, ''
      FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typacl IS NOT NULL AND t.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}
    UNION ALL
      SELECT 'pg_foreign_data_wrapper', oid, 0, fdwacl, fdwowner, 'F', 'FOREIGN DATA WRAPPER ' || quote_ident(fdwname), ''
      FROM pg_foreign_data_wrapper WHERE oid >= ${FIRST_USER_OID}
    UNION ALL
      SELECT 'pg_foreign_server', oid, 0, srvacl, srvowner, 'S', 'FOREIGN SERVER ' || quote_ident(srvname), ''
      FROM pg_foreign_server WHERE oid >= ${FIRST_USER_OID}`;

/** An owner may grant whatever it holds, so that the grant option adds nothing to what it has. */
const PRIVILEGES = (acl: string): string => `
      SELECT coalesce(quote_ident(r.rolname), 'PUBLIC') AS grantee,
        jsonb_agg(x.privilege_type || CASE WHEN x.is_grantable AND x.grantee <> h.owner THEN ' *' ELSE '' END ORDER BY x.privilege_type) AS list
      FROM aclexplode(${acl}) x LEFT JOIN pg_roles r ON r.oid = x.grantee GROUP BY 1`;

/**
 * What somebody may do beyond, or short of, what PostgreSQL grants by default: one object per grantee,
 * with the default beside it, so that taking EXECUTE from PUBLIC is a fact like any other.
 */
export const grants: CatalogArea = {
  sql: (version) => {
    // initdb grants on `public`, and grants less since PostgreSQL 15.
    const rights = version >= 150_000 ? ['USAGE'] : ['USAGE', 'CREATE'];
    const initial = `ARRAY[${rights.map((right) => `makeaclitem(0, h.owner, '${right}', false)`).join(', ')}]`;
    return `
    SELECT 'grant' AS kind, 'grant' AS catalog, h.oid::int8 AS oid, h.sub AS sub,
      coalesce(g.grantee, d.grantee) || ' on ' || h.words || CASE WHEN h.part <> '' THEN ' (' || h.part || ')' ELSE '' END AS identity,
      h.words AS sql_name,
      CASE WHEN e.refobjid IS NOT NULL THEN ${catalogKey('pg_extension', 'e.refobjid')}
        ELSE ${catalogKey('h.catalog', 'h.oid', 'h.sub').replace("'h.catalog/'", "h.catalog || '/'")} END AS owner,
      jsonb_build_object('on', h.words, 'column', h.part, 'grantee', coalesce(g.grantee, d.grantee),
        'privileges', coalesce(g.list, '[]'), 'default', coalesce(d.list, '[]')) AS attributes
    FROM (${HOLDERS()}) h
      -- What an extension itself granted on what it made is where a grant of the user's begins.
      LEFT JOIN pg_depend e ON e.deptype = 'e' AND e.classid = h.catalog::regclass AND e.objid = h.oid
      LEFT JOIN pg_init_privs i ON e.objid IS NOT NULL AND i.classoid = e.classid AND i.objoid = h.oid AND i.objsubid = h.sub,
      LATERAL (SELECT coalesce(acl, acldefault(h.kind, h.owner)) AS now,
        coalesce(i.initprivs, acldefault(h.kind, h.owner)) || CASE WHEN h.kind = 'n' AND h.oid < ${FIRST_USER_OID} THEN ${initial} END AS usual) a,
      LATERAL (SELECT coalesce(g.grantee, d.grantee) AS grantee, g.list AS given, d.list AS wont
        FROM (${PRIVILEGES('a.now')}) g FULL JOIN (${PRIVILEGES('a.usual')}) d USING (grantee)) b,
      LATERAL (SELECT b.grantee, b.given AS list) g, LATERAL (SELECT b.grantee, b.wont AS list) d
    WHERE h.acl IS NOT NULL AND g.list IS DISTINCT FROM d.list AND (${IS_OURS} OR b.grantee IS DISTINCT FROM ${OWNER})`;
  },
};

/** Whoever runs a plan owns what it makes, as whoever reads the scratch owns what was made there. */
const IS_OURS = 'pg_get_userbyid(h.owner) = current_user';
const OWNER = '(SELECT quote_ident(rolname) FROM pg_roles WHERE oid = h.owner)';

/** What other owners took from themselves: owners are not compared, so neither is what they may do. */
export const HELD_BACK = (): string => `
    SELECT 'what its owner may not do with', h.words FROM (${HOLDERS()}) h WHERE h.acl IS NOT NULL AND NOT (${IS_OURS}) AND EXISTS (
      SELECT FROM aclexplode(acldefault(h.kind, h.owner)) usual WHERE usual.grantee = h.owner AND NOT EXISTS (
        SELECT FROM aclexplode(h.acl) x WHERE x.grantee = h.owner AND x.privilege_type = usual.privilege_type))`;

const KINDS = `CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END`;

/** ALTER DEFAULT PRIVILEGES: one object per role, schema, kind of object and grantee. */
export const defaultPrivileges: CatalogArea = {
  sql: () => `
    SELECT 'default_privilege' AS kind, 'pg_default_acl' AS catalog, d.oid::int8 AS oid, 0 AS sub,
      'for ' || quote_ident(o.rolname) || coalesce(' in ' || quote_ident(n.nspname), '') || ' on ' || ${KINDS} || ' to ' || b.grantee AS identity,
      'DEFAULT PRIVILEGES' AS sql_name, NULL AS owner,
      jsonb_strip_nulls(jsonb_build_object('role', quote_ident(o.rolname), 'schema', quote_ident(n.nspname), 'on', ${KINDS},
        'grantee', b.grantee, 'privileges', coalesce(b.given, '[]'), 'default', coalesce(b.wont, '[]'))) AS attributes,
      CASE WHEN n.oid IS NOT NULL THEN jsonb_build_array(${catalogKey('pg_namespace', 'n.oid')}) END AS needs
    FROM pg_default_acl d JOIN pg_roles o ON o.oid = d.defaclrole LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace,
      LATERAL (SELECT d.defaclrole AS owner) h,
      LATERAL (SELECT CASE WHEN n.oid IS NULL THEN acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END::"char", d.defaclrole)
        ELSE NULL::aclitem[] END AS usual) a,
      LATERAL (SELECT coalesce(g.grantee, u.grantee) AS grantee, g.list AS given, u.list AS wont
        FROM (${PRIVILEGES('d.defaclacl')}) g FULL JOIN (${PRIVILEGES('a.usual')}) u USING (grantee)) b
    WHERE b.given IS DISTINCT FROM b.wont`,
};

/**
 * Comments on everything that is an object here. The columns of views and composite types are not, so
 * their comments carry the name; the index of a constraint and the sequence of an identity column are
 * inside another object.
 */
export const comments: CatalogArea = {
  sql: () => `
    SELECT 'comment' AS kind, 'comment' AS catalog, d.objoid::int8 AS oid, d.objsubid AS sub, '' AS identity, '' AS sql_name,
      trim('"' FROM d.classoid::regclass::text) || '/' || d.objoid || '/' || d.objsubid AS owner,
      jsonb_strip_nulls(jsonb_build_object('text', d.description,
        'on', 'COLUMN ' || ${qualified('n.nspname', 'c.relname')} || '.' || quote_ident(a.attname))) AS attributes
    FROM pg_description d
      LEFT JOIN pg_class c ON d.classoid = 'pg_class'::regclass AND c.oid = d.objoid AND c.relkind IN ('v', 'm', 'c') AND d.objsubid > 0
      LEFT JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid
    WHERE (d.objoid >= ${FIRST_USER_OID} OR d.classoid = 'pg_namespace'::regclass)
      AND NOT (d.classoid = 'pg_class'::regclass AND EXISTS (
        SELECT FROM pg_depend i WHERE i.classid = 'pg_class'::regclass AND i.objid = d.objoid AND i.deptype = 'i'
          AND (i.refclassid = 'pg_constraint'::regclass OR (i.refclassid = 'pg_class'::regclass AND i.refobjsubid > 0))))`,
};
