import { type CatalogArea, FIRST_USER_OID, qualified, USER_SCHEMA } from './area.ts';

const OPERATOR_NAME = `quote_ident(n.nspname) || '.' || o.oprname`;
const OPERAND = (column: string): string =>
  `CASE WHEN o.${column} <> 0 THEN format_type(o.${column}, NULL) END`;
const OPERATOR_REF = (column: string): string =>
  `(SELECT 'OPERATOR(' || quote_ident(rn.nspname) || '.' || r.oprname || ')' FROM pg_operator r
    JOIN pg_namespace rn ON rn.oid = r.oprnamespace WHERE r.oid = o.${column})`;
const PROC = (column: string): string => `nullif(o.${column}::regproc::text, '-')`;

/** Operators. One that is only named as somebody's commutator or negator has no code yet and is no object. */
export const operators: CatalogArea = {
  sql: () => `
    SELECT 'operator' AS kind, 'pg_operator' AS catalog, o.oid::int8 AS oid, 0 AS sub,
      ${OPERATOR_NAME} || '(' || coalesce(${OPERAND('oprleft')}, 'NONE') || ', ' || coalesce(${OPERAND('oprright')}, 'NONE') || ')' AS identity,
      'OPERATOR ' || ${OPERATOR_NAME} || ' (' || coalesce(${OPERAND('oprleft')}, 'NONE') || ', ' || coalesce(${OPERAND('oprright')}, 'NONE') || ')' AS sql_name,
      NULL AS owner,
      jsonb_build_object('definition', 'CREATE OPERATOR ' || ${OPERATOR_NAME} || ' (' || concat_ws(', ',
        'FUNCTION = ' || ${PROC('oprcode')}, 'LEFTARG = ' || ${OPERAND('oprleft')}, 'RIGHTARG = ' || ${OPERAND('oprright')},
        'COMMUTATOR = ' || ${OPERATOR_REF('oprcom')}, 'NEGATOR = ' || ${OPERATOR_REF('oprnegate')},
        'RESTRICT = ' || ${PROC('oprrest')}, 'JOIN = ' || ${PROC('oprjoin')},
        CASE WHEN o.oprcanmerge THEN 'MERGES' END, CASE WHEN o.oprcanhash THEN 'HASHES' END) || ')') AS attributes
    FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
    WHERE o.oprcode <> 0 AND o.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}`,
};

const FAMILY = `${qualified('n.nspname', 'f.opfname')} || ' USING ' || quote_ident(am.amname)`;

/** Operator families; what they hold beyond their classes are objects of their own. */
export const operatorFamilies: CatalogArea = {
  sql: () => `
    SELECT 'operator_family' AS kind, 'pg_opfamily' AS catalog, f.oid::int8 AS oid, 0 AS sub, ${FAMILY} AS identity,
      'OPERATOR FAMILY ' || ${FAMILY} AS sql_name, NULL AS owner,
      jsonb_build_object('definition', 'CREATE OPERATOR FAMILY ' || ${FAMILY}) AS attributes
    FROM pg_opfamily f JOIN pg_namespace n ON n.oid = f.opfnamespace JOIN pg_am am ON am.oid = f.opfmethod
    WHERE f.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}`,
};

/** An operator may serve to order by distance instead of to search. */
const ORDERING = `CASE a.amoppurpose WHEN 'o' THEN ' FOR ORDER BY ' || (SELECT ${qualified('sn.nspname', 's.opfname')}
  FROM pg_opfamily s JOIN pg_namespace sn ON sn.oid = s.opfnamespace WHERE s.oid = a.amopsortfamily) ELSE '' END`;

const CLASS = `${qualified('n.nspname', 'c.opcname')} || ' USING ' || quote_ident(am.amname)`;
const MEMBER = (kind: string, catalog: string, alias: string): string =>
  `JOIN pg_depend d ON d.classid = '${catalog}'::regclass AND d.objid = ${alias}.oid
     AND d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid /* ${kind} */`;

/** Operator classes with the operators and functions that were created as parts of them. */
export const operatorClasses: CatalogArea = {
  sql: () => `
    SELECT 'operator_class' AS kind, 'pg_opclass' AS catalog, c.oid::int8 AS oid, 0 AS sub, ${CLASS} AS identity,
      'OPERATOR CLASS ' || ${CLASS} AS sql_name, NULL AS owner,
      jsonb_build_object('definition', 'CREATE OPERATOR CLASS ' || ${qualified('n.nspname', 'c.opcname')}
        || CASE WHEN c.opcdefault THEN ' DEFAULT' ELSE '' END || ' FOR TYPE ' || format_type(c.opcintype, NULL)
        || ' USING ' || quote_ident(am.amname)
        || (SELECT ' FAMILY ' || ${qualified('fn.nspname', 'f.opfname')} FROM pg_opfamily f JOIN pg_namespace fn ON fn.oid = f.opfnamespace WHERE f.oid = c.opcfamily)
        || ' AS ' || concat_ws(', ',
          (SELECT string_agg('OPERATOR ' || a.amopstrategy || ' ' || quote_ident(opn.nspname) || '.' || o.oprname
              || '(' || format_type(o.oprleft, NULL) || ', ' || format_type(o.oprright, NULL) || ')' || ${ORDERING}, ', ' ORDER BY a.amopstrategy, a.amoplefttype::regtype::text, a.amoprighttype::regtype::text)
            FROM pg_amop a ${MEMBER('operator', 'pg_amop', 'a')} JOIN pg_operator o ON o.oid = a.amopopr
              JOIN pg_namespace opn ON opn.oid = o.oprnamespace),
          (SELECT string_agg('FUNCTION ' || p.amprocnum || ' (' || format_type(p.amproclefttype, NULL) || ', '
              || format_type(p.amprocrighttype, NULL) || ') ' || p.amproc::regprocedure::text, ', ' ORDER BY p.amprocnum, p.amproclefttype::regtype::text, p.amprocrighttype::regtype::text)
            FROM pg_amproc p ${MEMBER('function', 'pg_amproc', 'p')}),
          'STORAGE ' || CASE WHEN c.opckeytype <> 0 AND c.opckeytype <> c.opcintype THEN format_type(c.opckeytype, NULL) END,
          CASE WHEN NOT EXISTS (SELECT FROM pg_amop a ${MEMBER('operator', 'pg_amop', 'a')})
            AND NOT EXISTS (SELECT FROM pg_amproc p ${MEMBER('function', 'pg_amproc', 'p')})
            THEN 'STORAGE ' || format_type(c.opcintype, NULL) END)) AS attributes
    FROM pg_opclass c JOIN pg_namespace n ON n.oid = c.opcnamespace JOIN pg_am am ON am.oid = c.opcmethod
    WHERE c.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}`,
};

const LOOSE = (
  catalog: string,
  alias: string,
): string => `JOIN pg_depend d ON d.classid = '${catalog}'::regclass
      AND d.objid = ${alias}.oid AND d.refclassid = 'pg_opfamily'::regclass AND d.deptype = 'a'
    JOIN pg_opfamily f ON f.oid = d.refobjid JOIN pg_namespace n ON n.oid = f.opfnamespace JOIN pg_am am ON am.oid = f.opfmethod
    WHERE ${alias}.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}`;

/** Operators and functions that were added to a family by themselves. */
export const operatorFamilyMembers: CatalogArea = {
  sql: () => `
    SELECT 'operator_family_member' AS kind, q.catalog, q.oid::int8 AS oid, 0 AS sub, q.slot || ' of ' || q.family AS identity,
      'OPERATOR FAMILY ' || q.family AS sql_name, 'pg_opfamily/' || q.owner || '/0' AS owner,
      jsonb_build_object('slot', q.slot, 'member', q.member) AS attributes
    FROM (
      SELECT 'pg_amop' AS catalog, a.oid, ${FAMILY} AS family, f.oid AS owner, 'OPERATOR ' || a.amopstrategy AS word,
        'OPERATOR ' || a.amopstrategy || ' (' || format_type(a.amoplefttype, NULL) || ', ' || format_type(a.amoprighttype, NULL) || ')' AS slot,
        'OPERATOR ' || a.amopstrategy || ' ' || quote_ident(opn.nspname) || '.' || o.oprname || ' (' || format_type(o.oprleft, NULL) || ', '
          || format_type(o.oprright, NULL) || ')' || ${ORDERING} AS member
      FROM pg_amop a JOIN pg_operator o ON o.oid = a.amopopr JOIN pg_namespace opn ON opn.oid = o.oprnamespace ${LOOSE('pg_amop', 'a')}
      UNION ALL
      SELECT 'pg_amproc', p.oid, ${FAMILY}, f.oid, '',
        'FUNCTION ' || p.amprocnum || ' (' || format_type(p.amproclefttype, NULL) || ', ' || format_type(p.amprocrighttype, NULL) || ')',
        'FUNCTION ' || p.amprocnum || ' (' || format_type(p.amproclefttype, NULL) || ', ' || format_type(p.amprocrighttype, NULL) || ') '
          || p.amproc::regprocedure::text
      FROM pg_amproc p ${LOOSE('pg_amproc', 'p')}) q`,
};

const CAST = `'(' || format_type(c.castsource, NULL) || ' AS ' || format_type(c.casttarget, NULL) || ')'`;

/** Casts between types. */
export const casts: CatalogArea = {
  sql: () => `
    SELECT 'cast' AS kind, 'pg_cast' AS catalog, c.oid::int8 AS oid, 0 AS sub, ${CAST} AS identity, 'CAST ' || ${CAST} AS sql_name,
      NULL AS owner,
      jsonb_build_object('definition', 'CREATE CAST ' || ${CAST}
        || CASE c.castmethod WHEN 'i' THEN ' WITH INOUT' WHEN 'b' THEN ' WITHOUT FUNCTION'
           ELSE ' WITH FUNCTION ' || c.castfunc::regprocedure::text END
        || CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END) AS attributes
    FROM pg_cast c WHERE c.oid >= ${FIRST_USER_OID}
      -- The cast from a range to its multirange comes with the type.
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_cast'::regclass AND d.objid = c.oid AND d.deptype = 'i')`,
};

/** Encoding conversions. */
export const conversions: CatalogArea = {
  sql: () => `
    SELECT 'conversion' AS kind, 'pg_conversion' AS catalog, c.oid::int8 AS oid, 0 AS sub, ${qualified('n.nspname', 'c.conname')} AS identity,
      'CONVERSION ' || ${qualified('n.nspname', 'c.conname')} AS sql_name, NULL AS owner,
      jsonb_build_object('definition', 'CREATE ' || CASE WHEN c.condefault THEN 'DEFAULT ' ELSE '' END || 'CONVERSION '
        || ${qualified('n.nspname', 'c.conname')} || ' FOR ' || quote_literal(pg_encoding_to_char(c.conforencoding)) || ' TO '
        || quote_literal(pg_encoding_to_char(c.contoencoding)) || ' FROM ' || c.conproc::regproc::text) AS attributes
    FROM pg_conversion c JOIN pg_namespace n ON n.oid = c.connamespace WHERE c.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}`,
};
