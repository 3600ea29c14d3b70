import type { Engine } from '../../src/database/engines/engine.ts';
import { settled } from '../../src/database/inspect/settle.ts';

const OURS = (oid: string): string => `${oid} >= 16384 AND NOT EXISTS (
  SELECT FROM pg_depend e WHERE e.objid = ${oid} AND e.deptype = 'e')`;

const NAME = (catalog: string, oid: string, sub = '0'): string =>
  `(pg_identify_object('${catalog}'::regclass, ${oid}, ${sub})).identity`;

const ACL = (acl: string, kind: string, owner: string): string => `(SELECT string_agg(DISTINCT
  coalesce(r.rolname, 'PUBLIC') || '=' || x.privilege_type || x.is_grantable, ',' ORDER BY coalesce(r.rolname, 'PUBLIC') || '=' || x.privilege_type || x.is_grantable)
  FROM aclexplode(coalesce(${acl}, acldefault(${kind}, ${owner}))) x LEFT JOIN pg_roles r ON r.oid = x.grantee
  WHERE x.grantee <> ${owner})`;

/**
 * A second reading of the catalog, written apart from the product's: whole rows turned into text by
 * PostgreSQL's own describing functions. Left out are oids, column order, owners and what
 * belongs to the server.
 */
const FACTS: readonly string[] = [
  `SELECT 'namespace', nspname, ${ACL('nspacl', `'n'`, 'nspowner')} FROM pg_namespace
    WHERE nspname = 'public' OR (oid >= 16384 AND nspname !~ '^pg_')`,
  `SELECT 'extension', extname, extnamespace::regnamespace::text FROM pg_extension`,
  `SELECT 'relation', ${NAME('pg_class', 'c.oid')}, concat_ws('|', relkind, relpersistence, relrowsecurity, relforcerowsecurity,
      CASE WHEN relkind IN ('r', 'p') THEN relreplident END, relispartition, reloptions::text, (SELECT amname FROM pg_am WHERE oid = relam),
      pg_get_expr(relpartbound, c.oid), CASE WHEN relkind = 'p' THEN pg_get_partkeydef(c.oid) END, nullif(reloftype, 0)::regtype,
      CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END, relispopulated,
      ${ACL('relacl', `CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char"`, 'relowner')})
    FROM pg_class c WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c') AND relnamespace::regnamespace::text !~ '^pg_' AND ${OURS('c.oid')}`,
  `SELECT 'index', ${NAME('pg_class', 'x.indexrelid')}, concat_ws('|', pg_get_indexdef(x.indexrelid), indisvalid, indisclustered, indisreplident,
      indisprimary, indisunique, indisexclusion, indimmediate, i.reloptions::text,
      (SELECT ${NAME('pg_class', 'h.inhparent')} FROM pg_inherits h WHERE h.inhrelid = x.indexrelid))
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid WHERE relnamespace::regnamespace::text !~ '^pg_' AND ${OURS('i.oid')}`,
  `SELECT 'column', ${NAME('pg_class', 'c.oid', 'attnum')}, concat_ws('|', format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated,
      pg_get_expr(adbin, adrelid), nullif(attcollation, 0)::regcollation, attstorage, attcompression, attstattarget, attoptions::text,
      attfdwoptions::text, ${ACL('attacl', `'c'`, 'relowner')})
    FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid LEFT JOIN pg_attrdef d ON adrelid = c.oid AND adnum = attnum
    WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND relnamespace::regnamespace::text !~ '^pg_' AND ${OURS('c.oid')}`,
  `SELECT 'constraint', ${NAME('pg_constraint', 'k.oid')}, concat_ws('|', contype, pg_get_constraintdef(k.oid), convalidated, condeferrable, condeferred,
      CASE WHEN contype = 'c' THEN connoinherit END, conperiod)
    FROM pg_constraint k WHERE contype IN ('p', 'u', 'f', 'c', 'x') AND ${OURS('k.oid')}
      AND NOT EXISTS (SELECT FROM pg_constraint q WHERE q.oid = k.conparentid AND q.conrelid = k.conrelid)`,
  `SELECT 'inherits', inhrelid::regclass::text, inhparent::regclass::text FROM pg_inherits WHERE inhrelid >= 16384`,
  `SELECT 'sequence', seqrelid::regclass::text, concat_ws('|', seqtypid::regtype, seqstart, seqincrement, seqmax, seqmin, seqcache, seqcycle,
      (SELECT ${NAME('pg_class', 'd.refobjid', 'd.refobjsubid')} FROM pg_depend d WHERE d.objid = seqrelid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0))
    FROM pg_sequence WHERE ${OURS('seqrelid')}`,
  `SELECT 'type', ${NAME('pg_type', 't.oid')}, concat_ws('|', typtype, CASE WHEN typtype = 'd' THEN format_type(typbasetype, typtypmod) END, typnotnull,
      typdefault, (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid),
      (SELECT concat_ws(',', rngsubtype::regtype, rngcanonical, rngsubdiff) FROM pg_range WHERE rngtypid = t.oid), ${ACL('typacl', `'T'`, 'typowner')})
    FROM pg_type t WHERE typtype IN ('d', 'e', 'r', 'c') AND typnamespace::regnamespace::text !~ '^pg_' AND ${OURS('t.oid')}`,
  `SELECT 'routine', ${NAME('pg_proc', 'p.oid')}, concat_ws('|', prokind, CASE WHEN prokind <> 'a' THEN pg_get_functiondef(p.oid) END,
      (SELECT to_jsonb(a)::text FROM (SELECT aggtransfn::regproc, aggfinalfn::regproc, aggcombinefn::regproc, aggtranstype::regtype, agginitval,
        aggsortop::regoperator, aggkind FROM pg_aggregate WHERE aggfnoid = p.oid) a), ${ACL('proacl', `'f'`, 'proowner')})
    FROM pg_proc p WHERE ${OURS('p.oid')}`,
  `SELECT 'trigger', ${NAME('pg_trigger', 't.oid')}, pg_get_triggerdef(t.oid) || tgenabled::text FROM pg_trigger t WHERE NOT tgisinternal AND ${OURS('t.oid')}`,
  `SELECT 'rule', ${NAME('pg_rewrite', 'r.oid')}, pg_get_ruledef(r.oid) || ev_enabled::text FROM pg_rewrite r WHERE ${OURS('r.oid')}
      AND ev_class NOT IN (SELECT objid FROM pg_depend WHERE deptype = 'e')`,
  `SELECT 'policy', ${NAME('pg_policy', 'p.oid')}, concat_ws('|', polcmd, polpermissive, polroles::regrole[]::text, pg_get_expr(polqual, polrelid),
      pg_get_expr(polwithcheck, polrelid)) FROM pg_policy p WHERE ${OURS('p.oid')}`,
  `SELECT 'comment', pg_describe_object(classoid, objoid, objsubid), description FROM pg_description WHERE objoid >= 16384`,
  `SELECT 'default acl', pg_describe_object('pg_default_acl'::regclass, d.oid, 0), ${ACL('defaclacl', `'r'`, 'defaclrole')} FROM pg_default_acl d`,
  `SELECT 'event trigger', evtname, concat_ws('|', evtevent, evtfoid::regproc, evtenabled, evttags::text) FROM pg_event_trigger WHERE ${OURS('oid')}`,
  `SELECT 'statistics', ${NAME('pg_statistic_ext', 's.oid')}, pg_get_statisticsobjdef(s.oid) FROM pg_statistic_ext s`,
  `SELECT 'operator', ${NAME('pg_operator', 'o.oid')}, concat_ws('|', oprcode::regproc, oprcom::regoperator, oprnegate::regoperator, oprrest::regproc,
      oprjoin::regproc, oprcanmerge, oprcanhash) FROM pg_operator o WHERE ${OURS('o.oid')}`,
  `SELECT 'operator class', ${NAME('pg_opclass', 'o.oid')}, concat_ws('|', opcintype::regtype, opcdefault, opckeytype::regtype) FROM pg_opclass o WHERE ${OURS('o.oid')}`,
  `SELECT 'cast', ${NAME('pg_cast', 'c.oid')}, concat_ws('|', castfunc::regprocedure, castcontext, castmethod) FROM pg_cast c WHERE ${OURS('c.oid')}`,
  `SELECT 'text search', ${NAME('pg_ts_config', 'c.oid')}, (SELECT string_agg(concat_ws(' ', maptokentype, mapseqno, mapdict::regdictionary), ',' ORDER BY maptokentype, mapseqno)
      FROM pg_ts_config_map WHERE mapcfg = c.oid) FROM pg_ts_config c WHERE ${OURS('c.oid')}`,
  `SELECT 'dictionary', ${NAME('pg_ts_dict', 'd.oid')}, dictinitoption FROM pg_ts_dict d WHERE ${OURS('d.oid')}`,
  `SELECT 'collation', ${NAME('pg_collation', 'c.oid')}, concat_ws('|', collprovider, collisdeterministic, collcollate, collctype, colllocale, collicurules) FROM pg_collation c WHERE ${OURS('c.oid')}`,
  `SELECT 'publication', pubname, concat_ws('|', puballtables, pubinsert, pubupdate, pubdelete, pubtruncate, pubviaroot,
      (SELECT string_agg(prrelid::regclass::text || coalesce(prattrs::text, '') || coalesce(pg_get_expr(prqual, prrelid), ''), ',' ORDER BY prrelid::regclass::text) FROM pg_publication_rel WHERE prpubid = p.oid))
    FROM pg_publication p`,
];

/** Every fact of a database of version 18, sorted. */
export async function catalogFacts(engine: Engine): Promise<string[]> {
  await engine.run("SET search_path = ''");
  const facts: string[] = [];
  for (const sql of FACTS) {
    const rows = await engine.rows<{ fact: string }>(
      `SELECT concat_ws(' ', q.kind, q.name, q.value) AS fact FROM (${sql}) q(kind, name, value)`,
    );
    facts.push(...rows.map(({ fact }) => settled(fact)));
  }
  return facts.sort();
}
