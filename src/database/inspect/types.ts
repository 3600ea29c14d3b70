import { type CatalogArea, catalogKey, FIRST_USER_OID, otherOwner, qualified, USER_SCHEMA } from './area.ts';
import { OF_DEFAULT } from './dependencies.ts';

const NAME = qualified('n.nspname', 't.typname');

const COLLATION = (collation: string, type: string): string => `
  (SELECT ${qualified('cn.nspname', 'c.collname')}
   FROM pg_collation c JOIN pg_namespace cn ON cn.oid = c.collnamespace
   WHERE c.oid = ${collation}
     AND ${collation} <> (SELECT ty.typcollation FROM pg_type ty WHERE ty.oid = ${type}))`;

/** Enums with their labels in order. */
export const enums: CatalogArea = {
  sql: () => `
    SELECT 'enum' AS kind, 'pg_type' AS catalog, t.oid::int8 AS oid, 0 AS sub,
      ${NAME} AS identity, 'TYPE ' || ${NAME} AS sql_name, NULL AS owner,
      jsonb_build_object('labels', coalesce((
        SELECT jsonb_agg(enumlabel ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid), '[]')) AS attributes,
      jsonb_strip_nulls(jsonb_build_object(${otherOwner('t.typowner')})) AS details
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype = 'e' AND t.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}`,
};

/** Domains; their constraints and defaults are objects of their own. */
export const domains: CatalogArea = {
  printed: ['default'],
  sql: () => `
    SELECT 'domain' AS kind, 'pg_type' AS catalog, t.oid::int8 AS oid, 0 AS sub,
      ${NAME} AS identity, 'DOMAIN ' || ${NAME} AS sql_name, NULL AS owner,
      jsonb_strip_nulls(jsonb_build_object(
        'type', format_type(t.typbasetype, t.typtypmod),
        'collation', ${COLLATION('t.typcollation', 't.typbasetype')},
        'notNull', t.typnotnull)) AS attributes,
      jsonb_strip_nulls(jsonb_build_object(${otherOwner('t.typowner')})) AS details
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype = 'd' AND t.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}`,
};

/** Defaults of domains, apart from them: what a default needs is set anew without the columns of the domain moving. */
export const domainDefaults: CatalogArea = {
  printed: ['expression'],
  sql: () => `
    SELECT 'domain_default' AS kind, 'domain_default' AS catalog, t.oid::int8 AS oid, 0 AS sub,
      ${NAME} AS identity, 'DOMAIN ' || ${NAME} AS sql_name, ${catalogKey('pg_type', 't.oid')} AS owner,
      jsonb_build_object('domain', ${NAME},
        'expression', coalesce(pg_get_expr(t.typdefaultbin, 0), t.typdefault)) AS attributes,
      (SELECT jsonb_agg(DISTINCT rc.relname || '/' || d.refobjid || '/0') FROM pg_depend d JOIN pg_class rc ON rc.oid = d.refclassid
        WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND ${OF_DEFAULT}) AS needs
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype = 'd' AND t.typdefault IS NOT NULL AND t.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}`,
};

/** CHECK constraints of domains. The NOT NULL of a domain is an attribute of the domain. */
export const domainConstraints: CatalogArea = {
  printed: ['definition'],
  sql: () => `
    SELECT 'domain_constraint' AS kind, 'pg_constraint' AS catalog, k.oid::int8 AS oid, 0 AS sub,
      quote_ident(conname) || ' on ' || ${NAME} AS identity,
      'CONSTRAINT ' || quote_ident(conname) || ' ON DOMAIN ' || ${NAME} AS sql_name,
      ${catalogKey('pg_type', 't.oid')} AS owner,
      jsonb_build_object('domain', ${NAME}, 'name', quote_ident(conname), 'validated', convalidated,
        'definition', pg_get_constraintdef(k.oid)) AS attributes
    FROM pg_constraint k JOIN pg_type t ON t.oid = k.contypid JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE k.contype = 'c' AND k.oid >= ${FIRST_USER_OID}`,
};

/** Stand-alone composite types. */
export const composites: CatalogArea = {
  sql: () => `
    SELECT 'composite' AS kind, 'pg_type' AS catalog, t.oid::int8 AS oid, 0 AS sub,
      ${NAME} AS identity, 'TYPE ' || ${NAME} AS sql_name, NULL AS owner,
      jsonb_build_object('fields', coalesce((
        SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('name', quote_ident(a.attname),
            'type', format_type(a.atttypid, a.atttypmod),
            'collation', ${COLLATION('a.attcollation', 'a.atttypid')})) ORDER BY a.attnum)
        FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped), '[]')) AS attributes,
      jsonb_strip_nulls(jsonb_build_object('typed', EXISTS (SELECT FROM pg_class o WHERE o.reloftype = t.oid),
        ${otherOwner('t.typowner')})) AS details
    FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE c.relkind = 'c' AND t.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}`,
};

/** Range types with everything CREATE TYPE AS RANGE takes. */
export const ranges: CatalogArea = {
  sql: (version) => `
    SELECT 'range' AS kind, 'pg_type' AS catalog, t.oid::int8 AS oid, 0 AS sub,
      ${NAME} AS identity, 'TYPE ' || ${NAME} AS sql_name, NULL AS owner,
      jsonb_build_object('definition', 'CREATE TYPE ' || ${NAME} || ' AS RANGE ('
        || concat_ws(', ',
          'SUBTYPE = ' || format_type(r.rngsubtype, NULL),
          'SUBTYPE_OPCLASS = ' || (SELECT ${qualified('on_.nspname', 'o.opcname')}
            FROM pg_opclass o JOIN pg_namespace on_ ON on_.oid = o.opcnamespace
            WHERE o.oid = r.rngsubopc AND NOT o.opcdefault),
          'COLLATION = ' || ${COLLATION('r.rngcollation', 'r.rngsubtype')},
          'CANONICAL = ' || nullif(r.rngcanonical::regproc::text, '-'),
          'SUBTYPE_DIFF = ' || nullif(r.rngsubdiff::regproc::text, '-')
          ${version >= 140_000 ? `, 'MULTIRANGE_TYPE_NAME = ' || (SELECT ${qualified('mn.nspname', 'm.typname')} FROM pg_type m JOIN pg_namespace mn ON mn.oid = m.typnamespace WHERE m.oid = r.rngmultitypid)` : ''}
        ) || ')') AS attributes,
      jsonb_strip_nulls(jsonb_build_object(${otherOwner('t.typowner')})) AS details
    FROM pg_type t JOIN pg_range r ON r.rngtypid = t.oid JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}`,
};

/** Collations that users made. Deterministic and locale columns changed names over the versions. */
export const collations: CatalogArea = {
  printed: ['definition'],
  sql: () => `
    SELECT 'collation' AS kind, 'pg_collation' AS catalog, c.oid::int8 AS oid, 0 AS sub,
      ${qualified('n.nspname', 'c.collname')} AS identity,
      'COLLATION ' || ${qualified('n.nspname', 'c.collname')} AS sql_name, NULL AS owner,
      jsonb_build_object('definition', 'CREATE COLLATION ' || ${qualified('n.nspname', 'c.collname')} || ' ('
        || concat_ws(', ',
          'provider = ' || CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
          CASE WHEN c.collisdeterministic THEN NULL ELSE 'deterministic = false' END,
          'locale = ' || quote_literal(coalesce(j->>'colllocale', j->>'colliculocale', CASE WHEN collcollate = collctype THEN collcollate END)),
          'lc_collate = ' || quote_literal(CASE WHEN collcollate <> collctype THEN collcollate END),
          'lc_ctype = ' || quote_literal(CASE WHEN collcollate <> collctype THEN collctype END),
          'rules = ' || quote_literal(j->>'collicurules')) || ')') AS attributes
    FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace, to_jsonb(c) j
    WHERE c.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}`,
};
