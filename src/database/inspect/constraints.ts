import {
  type CatalogArea,
  catalogKey,
  FIRST_USER_OID,
  linkId,
  OWN_TWIN,
  qualified,
  USER_SCHEMA,
} from './area.ts';

const TABLE = qualified('n.nspname', 'c.relname');
const NAME = 'quote_ident(k.conname)';

/** PRIMARY KEY, UNIQUE, EXCLUDE, CHECK and FOREIGN KEY. The index behind one belongs to it. */
export const constraints: CatalogArea = {
  printed: ['definition'],
  sql: () => `
    SELECT 'constraint' AS kind, 'pg_constraint' AS catalog, k.oid::int8 AS oid, 0 AS sub,
      ${NAME} || ' on ' || ${TABLE} AS identity, 'CONSTRAINT ' || ${NAME} || ' ON ' || ${TABLE} AS sql_name,
      ${catalogKey('pg_class', 'c.oid')} AS owner,
      jsonb_strip_nulls(jsonb_build_object(
        'table', ${TABLE}, 'schema', quote_ident(n.nspname), 'name', ${NAME}, 'type', k.contype,
        'definition', regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', ''),
        'notValid', CASE WHEN NOT k.convalidated THEN true END,
        'foreign', CASE WHEN c.relkind = 'f' THEN true END,
        'partitioned', CASE WHEN c.relkind = 'p' THEN true END,
        'refersTo', CASE WHEN k.contype = 'f' THEN (SELECT ${qualified('rn.nspname', 'r.relname')}
          FROM pg_class r JOIN pg_namespace rn ON rn.oid = r.relnamespace WHERE r.oid = k.confrelid) END,
        'keys', (SELECT jsonb_agg(quote_ident(a.attname) ORDER BY u.at) FROM unnest(k.conkey) WITH ORDINALITY u(num, at)
          JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num),
        'options', (SELECT jsonb_agg(o ORDER BY o) FROM unnest(x.reloptions) o),
        'indexComment', obj_description(x.oid, 'pg_class'),
        'invalid', CASE WHEN NOT xi.indisvalid THEN true END,
        'parentIndex', CASE WHEN k.conparentid = 0 THEN (SELECT ${qualified('pn.nspname', 'p.relname')}
          FROM pg_inherits h JOIN pg_class p ON p.oid = h.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
          WHERE h.inhrelid = x.oid) END,
        'parent', CASE WHEN k.conparentid <> 0 THEN (
          SELECT quote_ident(pk.conname) || ' on ' || ${qualified('pn.nspname', 'pc.relname')}
          FROM pg_constraint pk JOIN pg_class pc ON pc.oid = pk.conrelid JOIN pg_namespace pn ON pn.oid = pc.relnamespace
          WHERE pk.oid = k.conparentid) END)) AS attributes,
      jsonb_build_object('twin', k.contype IN ('p', 'u') AND EXISTS (
        SELECT FROM pg_constraint o WHERE o.conrelid = c.oid AND o.contype IN ('p', 'u') AND o.oid < k.oid
          AND o.conkey = k.conkey),
        'inherits', (SELECT jsonb_agg(jsonb_build_object('id', 'constraint:' || ${NAME} || ' on ' || ${qualified('pn.nspname', 'p.relname')},
            'link', ${linkId(TABLE, qualified('pn.nspname', 'p.relname'), 'c.relispartition')}))
          FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
            JOIN pg_constraint pk ON pk.conrelid = p.oid AND pk.conname = k.conname AND pk.contype = 'c' AND NOT pk.connoinherit
          WHERE i.inhrelid = c.oid AND k.contype = 'c'),
        'heirs', (SELECT jsonb_agg('constraint:' || ${NAME} || ' on ' || ${qualified('hn.nspname', 'h.relname')})
          FROM pg_inherits i JOIN pg_class h ON h.oid = i.inhrelid AND NOT h.relispartition JOIN pg_namespace hn ON hn.oid = h.relnamespace
          WHERE i.inhparent = c.oid AND k.contype = 'c' AND NOT k.connoinherit),
        'inheritedOnly', k.contype = 'c' AND NOT k.conislocal AND NOT c.relispartition) AS details,
      coalesce(parts.keys, '[]') || CASE WHEN NOT xi.indisvalid THEN coalesce((
        SELECT jsonb_agg(${catalogKey('pg_inherits', 'h.inhrelid')}) FROM pg_inherits h WHERE h.inhparent = c.oid), '[]')
        ELSE '[]' END AS follows
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      -- Grouped once: without statistics the planner would read the whole catalog again for each constraint.
      LEFT JOIN (SELECT o.conparentid, jsonb_agg(${catalogKey('pg_constraint', 'o.oid')}) AS keys
        FROM pg_constraint o WHERE o.conparentid <> 0 GROUP BY 1) parts ON parts.conparentid = k.oid
      LEFT JOIN pg_class x ON x.oid = k.conindid AND k.contype IN ('p', 'u', 'x')
      LEFT JOIN pg_index xi ON xi.indexrelid = x.oid
    WHERE k.contype IN ('p', 'u', 'x', 'c', 'f') AND k.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}
      -- Foreign keys to a partitioned table have one inner copy per partition of it.
      AND NOT (k.contype = 'f' AND k.conparentid <> 0 AND EXISTS (
        SELECT FROM pg_constraint pk WHERE pk.oid = k.conparentid AND pk.conrelid = k.conrelid))`,
};

/** Indexes that no constraint owns, of tables and materialized views. */
export const indexes: CatalogArea = {
  printed: ['definition'],
  sql: () => `
    SELECT 'index' AS kind, 'pg_class' AS catalog, i.oid::int8 AS oid, 0 AS sub,
      ${qualified('n.nspname', 'i.relname')} AS identity,
      'INDEX ' || ${qualified('n.nspname', 'i.relname')} AS sql_name, ${catalogKey('pg_class', 'c.oid')} AS owner,
      jsonb_strip_nulls(jsonb_build_object(
        'table', ${TABLE}, 'schema', quote_ident(n.nspname), 'name', quote_ident(i.relname), 'unique', x.indisunique,
        'definition', regexp_replace(pg_get_indexdef(i.oid), ' ON ONLY ', ' ON '),
        'invalid', CASE WHEN NOT x.indisvalid THEN true END,
        'partitioned', CASE WHEN i.relkind = 'I' THEN true END,
        'parent', (SELECT ${qualified('pn.nspname', 'p.relname')} FROM pg_inherits h JOIN pg_class p ON p.oid = h.inhparent
          JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE h.inhrelid = i.oid),
        'statistics', (SELECT jsonb_object_agg(a.attnum, a.attstattarget) FROM pg_attribute a
          WHERE a.attrelid = i.oid AND a.attstattarget >= 0))) AS attributes,
      jsonb_build_object('expression', x.indexprs IS NOT NULL OR x.indpred IS NOT NULL) AS details,
      CASE WHEN i.relkind = 'I' THEN (SELECT jsonb_agg(k) FROM (
        SELECT ${catalogKey('pg_inherits', 'h.inhrelid')} AS k FROM pg_inherits h WHERE h.inhparent = c.oid
        UNION ALL SELECT ${catalogKey('pg_class', 'h.inhrelid')} FROM pg_inherits h WHERE h.inhparent = i.oid) q)
        WHEN c.relispartition AND ${OWN_TWIN} THEN jsonb_build_array(${catalogKey('pg_inherits', 'c.oid')}) END AS follows
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
      JOIN pg_namespace n ON n.oid = i.relnamespace
    WHERE i.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}
      AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype IN ('p', 'u', 'x'))`,
};
