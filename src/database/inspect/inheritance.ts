import { type CatalogArea, catalogKey, FIRST_USER_OID, OWN_TWIN, qualified, USER_SCHEMA } from './area.ts';

const NAME = qualified('n.nspname', 'c.relname');
const PARENT = qualified('pn.nspname', 'p.relname');
const FROM = 'pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace';
const PARENTS = `JOIN pg_inherits i ON i.inhrelid = c.oid JOIN pg_class p ON p.oid = i.inhparent
      JOIN pg_namespace pn ON pn.oid = p.relnamespace`;
const OURS = `c.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}`;

/** That a table inherits from another: an object of its own, so that it can come and go in place. */
export const inheritances: CatalogArea = {
  sql: () => `
    SELECT 'inheritance' AS kind, 'inheritance' AS catalog, c.oid::int8 AS oid, i.inhseqno AS sub,
      ${NAME} || ' from ' || ${PARENT} AS identity, 'TABLE ' || ${NAME} AS sql_name, ${catalogKey('pg_class', 'c.oid')} AS owner,
      jsonb_build_object('table', ${NAME}, 'parent', ${PARENT}) AS attributes,
      jsonb_build_object('position', i.inhseqno) AS details,
      jsonb_build_array(${catalogKey('pg_class', 'p.oid')}) AS needs,
      (SELECT jsonb_agg(k) FROM (
        SELECT ${catalogKey('pg_class', 'a.attrelid', 'a.attnum')} AS k FROM pg_attribute a
          WHERE a.attrelid IN (c.oid, p.oid) AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL SELECT ${catalogKey('pg_constraint', 'k.oid')} FROM pg_constraint k
          WHERE k.conrelid IN (c.oid, p.oid) AND k.contype = 'c'
      ) q) AS follows
    FROM ${FROM} ${PARENTS}
    WHERE NOT c.relispartition AND c.relkind IN ('r', 'f') AND ${OURS}`,
};

/**
 * The attachment of a partition to its parent. Its indexes come first, so that attaching adopts them, and
 * so do its own partitions, because an index of it is whole only when theirs are.
 */
export const partitions: CatalogArea = {
  sql: () => `
    SELECT 'partition' AS kind, 'pg_inherits' AS catalog, c.oid::int8 AS oid, 0 AS sub, ${NAME} AS identity,
      'TABLE ' || ${NAME} AS sql_name, ${catalogKey('pg_class', 'c.oid')} AS owner,
      jsonb_build_object('table', ${NAME}, 'parent', ${qualified('pn.nspname', 'p.relname')},
        'bound', pg_get_expr(c.relpartbound, c.oid)) AS attributes,
      jsonb_build_object('referred', EXISTS (
        SELECT FROM pg_constraint k WHERE k.contype = 'f' AND k.confrelid = c.oid AND k.conparentid <> 0),
        'twins', (SELECT jsonb_agg(${qualified('xn.nspname', 'xc.relname')} ORDER BY xc.relname) FROM pg_index x
          JOIN pg_class xc ON xc.oid = x.indexrelid JOIN pg_namespace xn ON xn.oid = xc.relnamespace
          WHERE x.indrelid = c.oid AND ${OWN_TWIN})) AS details,
      jsonb_build_array(${catalogKey('pg_class', 'c.oid')}, ${catalogKey('pg_class', 'p.oid')}) AS needs,
      (SELECT jsonb_agg(k) FROM (
        SELECT ${catalogKey('pg_class', 'x.indexrelid')} AS k FROM pg_index x
          WHERE x.indrelid = c.oid AND NOT ${OWN_TWIN}
        UNION ALL SELECT ${catalogKey('pg_class', 'a.attrelid', 'a.attnum')} FROM pg_attribute a
          WHERE a.attrelid IN (c.oid, p.oid) AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL SELECT ${catalogKey('pg_constraint', 'k.oid')} FROM pg_constraint k
          WHERE k.conrelid = c.oid AND k.contype IN ('c', 'f', 'p', 'u', 'x')
        UNION ALL SELECT ${catalogKey('pg_inherits', 'h.inhrelid')} FROM pg_inherits h WHERE h.inhparent = c.oid
      ) q) AS follows
    FROM ${FROM} ${PARENTS}
    WHERE c.relispartition AND c.relkind IN ('r', 'p', 'f') AND ${OURS}`,
};
