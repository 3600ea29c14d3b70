import { JOURNAL_MARK } from '../journal-mark.ts';
import { FIRST_USER_OID } from './area.ts';
import { HELD_BACK } from './privileges.ts';

/**
 * Rows of the catalog that are not objects of the model but parts of one: a row type is its table, an
 * array type its element, the rule `_RETURN` its view, the index of a constraint the constraint.
 */
export const ALIASES = `
    SELECT 'pg_type/' || t.oid || '/0' AS part,
      CASE WHEN c.relkind = 'c' THEN NULL WHEN c.oid IS NOT NULL THEN 'pg_class/' || c.oid || '/0'
        ELSE 'pg_type/' || t.typelem || '/0' END AS whole
    FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
    WHERE t.oid >= ${FIRST_USER_OID} AND (c.relkind <> 'c' OR (t.typrelid = 0 AND t.typelem <> 0 AND t.typcategory = 'A'))
  UNION ALL SELECT 'pg_class/' || t.typrelid || '/0', 'pg_type/' || t.oid || '/0'
    FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid WHERE c.relkind = 'c' AND t.oid >= ${FIRST_USER_OID}
  UNION ALL SELECT 'pg_rewrite/' || oid || '/0', 'pg_class/' || ev_class || '/0'
    FROM pg_rewrite WHERE rulename = '_RETURN' AND oid >= ${FIRST_USER_OID}
  UNION ALL SELECT 'pg_class/' || conindid || '/0', 'pg_constraint/' || oid || '/0'
    FROM pg_constraint WHERE contype IN ('p', 'u', 'x') AND conindid <> 0
  UNION ALL SELECT 'pg_attrdef/' || d.oid || '/0', 'pg_class/' || a.attrelid || '/' || a.attnum
    FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE a.attgenerated <> ''
  UNION ALL SELECT 'pg_constraint/' || oid || '/0', CASE WHEN conrelid <> 0 THEN 'pg_class/' || conrelid || '/' || conkey[1]
      ELSE 'pg_type/' || contypid || '/0' END
    FROM pg_constraint WHERE contype = 'n'
  UNION ALL SELECT 'pg_trigger/' || oid || '/0', 'pg_constraint/' || tgconstraint || '/0'
    FROM pg_trigger WHERE tgisinternal AND tgconstraint <> 0
  UNION ALL SELECT 'pg_constraint/' || tgconstraint || '/0', 'pg_trigger/' || oid || '/0'
    FROM pg_trigger WHERE NOT tgisinternal AND tgconstraint <> 0
  UNION ALL SELECT trim('"' FROM d.classid::regclass::text) || '/' || d.objid || '/0',
      trim('"' FROM d.refclassid::regclass::text) || '/' || d.refobjid || '/' || d.refobjsubid
    FROM pg_depend d
    WHERE d.objid >= ${FIRST_USER_OID} AND (
      (d.deptype = 'i' AND d.classid IN ('pg_type'::regclass, 'pg_proc'::regclass) AND d.refclassid = 'pg_type'::regclass)
      OR (d.deptype = 'i' AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0)
      OR (d.deptype IN ('i', 'a') AND d.classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass)
        AND d.refclassid = 'pg_opclass'::regclass)
      OR (d.deptype = 'a' AND d.refclassid = 'pg_publication'::regclass))`;

/** What belongs to an extension is the extension's business; what needs it needs the extension. */
export const EXTENSION_MEMBERS = `
    SELECT trim('"' FROM classid::regclass::text) || '/' || objid || '/0' AS part, 'pg_extension/' || refobjid || '/0' AS whole
    FROM pg_depend WHERE deptype = 'e' AND refclassid = 'pg_extension'::regclass AND objid >= ${FIRST_USER_OID}`;

/** The schema of the journal of applied migrations, with everything in it: it is ours, not the user's. */
export const JOURNAL_MEMBERS = `
    WITH journal AS (SELECT c.relnamespace AS oid FROM pg_class c JOIN pg_description d
      ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0
      WHERE d.description = '${JOURNAL_MARK}')
    SELECT 'pg_namespace/' || oid || '/0' AS part, NULL AS whole FROM journal
  UNION ALL SELECT 'pg_class/' || oid || '/0', NULL FROM pg_class WHERE relnamespace IN (SELECT oid FROM journal)
  UNION ALL SELECT 'pg_type/' || oid || '/0', NULL FROM pg_type WHERE typnamespace IN (SELECT oid FROM journal)
  UNION ALL SELECT 'pg_constraint/' || oid || '/0', NULL FROM pg_constraint WHERE connamespace IN (SELECT oid FROM journal)`;

/** Of the rows `d` of pg_depend about a domain, those that its default has brought about. */
export const OF_DEFAULT = `d.refclassid IN ('pg_proc'::regclass, 'pg_class'::regclass) AND d.refobjid >= ${FIRST_USER_OID}`;

/**
 * Who needs whom. Left out: that a table needs the one it inherits from or is a partition of, which is what
 * the objects `inheritance` and `partition` are for, and that an owned sequence needs its column
 * (`sequence_owner`), and what a domain needs for its default (`domain_default`). The whole of a partitioned index or constraint follows its parts: they are made first
 * and adopted when it is made. `which` narrows the rows `d` of pg_depend.
 */
export const DEPENDENCIES = (which = 'true'): string => `
    SELECT dc.relname || '/' || e.objid || '/' || e.objsubid AS dependent, rc.relname || '/' || e.refobjid || '/' || e.refobjsubid AS needs
    FROM (SELECT DISTINCT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid FROM pg_depend d
    WHERE ${which} AND d.objid >= ${FIRST_USER_OID} AND (d.refobjid >= ${FIRST_USER_OID} OR d.refclassid = 'pg_namespace'::regclass)
      AND d.deptype NOT IN ('e', 'P', 'S')
      AND NOT (d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.objsubid = 0 AND d.refobjsubid = 0
        AND EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = d.objid AND i.inhparent = d.refobjid))
      AND NOT (d.deptype = 'a' AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
        AND EXISTS (SELECT FROM pg_sequence s WHERE s.seqrelid = d.objid))
      AND NOT (d.classid = 'pg_type'::regclass AND ${OF_DEFAULT} AND EXISTS (SELECT FROM pg_type t WHERE t.oid = d.objid AND t.typtype = 'd'))) e
      JOIN pg_class dc ON dc.oid = e.classid JOIN pg_class rc ON rc.oid = e.refclassid`;

/** What has no rule; its names are reported. */
export const UNMODELLED = (): string => `
    SELECT 'subscription' AS kind, subname AS name FROM pg_subscription
      WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
  UNION ALL SELECT 'security label', coalesce((pg_identify_object(classoid, objoid, objsubid)).identity, '?') FROM pg_seclabel
  UNION ALL SELECT 'large object', oid::text FROM pg_largeobject_metadata
  UNION ALL SELECT 'tablespace of', oid::regclass::text FROM pg_class WHERE reltablespace <> 0 AND oid >= ${FIRST_USER_OID}
    AND relkind IN ('r', 'i', 'm', 'p', 'I')
  UNION ALL SELECT 'base type', format_type(t.oid, NULL) FROM pg_type t
    WHERE t.typtype = 'b' AND t.typelem = 0 AND t.oid >= ${FIRST_USER_OID}
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
  UNION ALL SELECT 'shell type', format_type(t.oid, NULL) FROM pg_type t WHERE t.typtype = 'p' AND t.oid >= ${FIRST_USER_OID}
  UNION ALL SELECT 'setting of a role in this database', r.rolname FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole
    WHERE s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
  UNION ALL ${HELD_BACK()}`;
