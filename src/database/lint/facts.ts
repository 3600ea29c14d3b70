import type { Engine } from '../engines/engine.ts';
import { FIRST_USER_OID, qualified, USER_SCHEMA } from '../inspect/area.ts';
import { BODY } from '../inspect/routines.ts';

/** One thing in the catalog that programs or rows depend on, under a key that stays when it is renamed. */
export interface Fact {
  readonly key: string;
  readonly kind: FactKind;
  readonly name: string;
  /** The table, view or type it is a part of. */
  readonly of: string | null;
  readonly is: Readonly<Record<string, unknown>>;
}

export type FactKind =
  | 'relation'
  | 'column'
  | 'constraint'
  | 'index'
  | 'label'
  | 'type'
  | 'routine'
  | 'trigger'
  | 'policy'
  | 'rule'
  | 'cast'
  | 'extension'
  | 'schema';

export type Facts = ReadonlyMap<string, Fact>;

const RELATION = qualified('n.nspname', 'c.relname');
const OURS = `c.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}`;
const TABLES = `pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace`;

/** Whether NULLs are all different in the unique index x. Before PostgreSQL 15 they always were. */
const DISTINCT_NULLS = 'distinct_nulls(x)';
const distinctNulls = (version: number): string =>
  version < 150_000 ? '(x.indexrelid IS NOT NULL)' : '(NOT x.indnullsnotdistinct)';

/** Something of every column of a view, in order; null for what is no view. */
const VIEW_COLUMNS = (what: string): string =>
  `CASE WHEN c.relkind IN ('v', 'm') THEN (SELECT json_agg(${what} ORDER BY a.attnum)
        FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) END`;

/** What goes by the results of the function p: indexes, checks, generated columns and the keys of partitioned tables. */
const STORED = `(SELECT json_agg(DISTINCT pg_describe_object(d.classid, d.objid, 0)) FROM pg_depend d
        WHERE d.refclassid = 'pg_proc'::regclass AND d.refobjid = p.oid AND (d.classid IN ('pg_class'::regclass, 'pg_constraint'::regclass)
          OR d.classid = 'pg_attrdef'::regclass AND EXISTS (SELECT FROM pg_attrdef f JOIN pg_attribute a ON (a.attrelid, a.attnum) = (f.adrelid, f.adnum)
            WHERE f.oid = d.objid AND a.attgenerated = 's')))`;

const PARTS: Readonly<Record<FactKind, string>> = {
  schema: `SELECT 'n' || n.oid AS key, quote_ident(n.nspname) AS name, NULL AS of, '{}'::json AS is
    FROM pg_namespace n WHERE n.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}`,
  relation: `SELECT 'r' || c.oid, ${RELATION}, NULL, json_build_object('kind', c.relkind, 'security', c.relrowsecurity, 'forced', c.relforcerowsecurity,
      'invoker', (SELECT o FROM unnest(c.reloptions) o WHERE o LIKE 'security\\_invoker=%'),
      'parents', (SELECT json_agg(${qualified('pn.nspname', 'pc.relname')}) FROM pg_inherits i JOIN pg_class pc ON pc.oid = i.inhparent
        JOIN pg_namespace pn ON pn.oid = pc.relnamespace WHERE i.inhrelid = c.oid),
      'off', (SELECT json_agg(DISTINCT ${qualified('kn.nspname', 'kc.relname')} || '.' || quote_ident(k.conname)) FROM pg_trigger t
        JOIN pg_constraint k ON k.oid = t.tgconstraint JOIN pg_class kc ON kc.oid = k.conrelid JOIN pg_namespace kn ON kn.oid = kc.relnamespace
        WHERE t.tgrelid = c.oid AND t.tgisinternal AND t.tgenabled NOT IN ('O', 'A')),
      'policies', (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid), 'acl', c.relacl::text[], 'role', pg_get_userbyid(c.relowner),
      'columns', ${VIEW_COLUMNS("quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)")},
      'types', ${VIEW_COLUMNS('format_type(a.atttypid, a.atttypmod)')})
    FROM ${TABLES} WHERE c.relkind IN ('r', 'p', 'm', 'v', 'S', 'f') AND ${OURS}`,
  column: `SELECT 'c' || c.oid || '/' || a.attnum, quote_ident(a.attname), ${RELATION},
      json_build_object('type', format_type(a.atttypid, a.atttypmod), 'typeId', a.atttypid || '/' || a.atttypmod, 'typeClass', t.typtype, 'notNull', a.attnotnull,
        'unchecked', (c.oid, a.attnum) IN (SELECT k.conrelid, k.conkey[1] FROM pg_constraint k WHERE k.contype = 'n' AND NOT k.convalidated),
        'numbered', a.attidentity <> '' OR (c.oid, a.attnum) IN (SELECT f.adrelid, f.adnum FROM pg_attrdef f
          WHERE pg_get_expr(f.adbin, f.adrelid) LIKE 'nextval(%'),
        'generated', a.attgenerated <> '', 'identity', a.attidentity <> '', 'filled', a.atthasdef OR a.attidentity <> '' OR t.typdefault IS NOT NULL)
    FROM ${TABLES} JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
    WHERE c.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped AND ${OURS}`,
  constraint: `SELECT 'k' || k.oid, quote_ident(k.conname), CASE WHEN k.contypid <> 0 THEN format_type(k.contypid, NULL) ELSE ${RELATION} END,
      json_build_object('type', k.contype, 'validated', k.convalidated, 'domain', k.contypid <> 0,
        'index', k.conindid::int8, 'nullsDistinct', ${DISTINCT_NULLS}, 'expression', CASE WHEN k.contype = 'c' THEN pg_get_expr(k.conbin, k.conrelid) END,
        'relation', k.conrelid::int8, 'keys', k.conkey, 'refersTo', k.confrelid::int8, 'refersToKeys', k.confkey)
    FROM pg_constraint k LEFT JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = k.connamespace
      LEFT JOIN pg_index x ON x.indexrelid = k.conindid
    WHERE k.contype IN ('p', 'u', 'x', 'c', 'f') AND k.conparentid = 0 AND k.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}`,
  index: `SELECT 'i' || i.oid, ${qualified('n.nspname', 'i.relname')}, ${RELATION},
      json_build_object('unique', x.indisunique, 'valid', x.indisvalid, 'exclusion', x.indisexclusion,
        'nullsDistinct', ${DISTINCT_NULLS},
        'columns', (SELECT json_agg(pg_get_indexdef(i.oid, at, true) ORDER BY at) FROM generate_series(1, x.indnkeyatts) at),
        'predicate', pg_get_expr(x.indpred, x.indrelid))
    FROM ${TABLES} JOIN pg_index x ON x.indrelid = c.oid JOIN pg_class i ON i.oid = x.indexrelid
    WHERE i.relkind IN ('i', 'I') AND ${OURS}`,
  label: `SELECT 'e' || e.oid, e.enumlabel::text, format_type(e.enumtypid, NULL), '{}'::json FROM pg_enum e WHERE e.enumtypid >= ${FIRST_USER_OID}`,
  type: `SELECT 't' || t.oid, ${qualified('n.nspname', 't.typname')}, NULL, json_build_object('class', t.typtype, 'notNull', t.typnotnull,
      'base', CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
      'attributes', CASE WHEN t.typtype = 'c' THEN (SELECT json_object_agg(b.attnum, quote_ident(b.attname)) FROM pg_attribute b
        WHERE b.attrelid = t.typrelid AND b.attnum > 0 AND NOT b.attisdropped) END,
      'uses', u.uses)
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
      LEFT JOIN (SELECT a.atttypid, json_agg(json_build_array(${qualified('cn.nspname', 'c.relname')}, quote_ident(a.attname))) AS uses
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace cn ON cn.oid = c.relnamespace
        WHERE a.atttypid >= ${FIRST_USER_OID} AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped GROUP BY a.atttypid) u ON u.atttypid = t.oid
    WHERE (t.typtype IN ('d', 'e', 'r') OR t.typtype = 'c' AND c.relkind = 'c') AND t.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}`,
  routine: `SELECT 'f' || p.oid, ${qualified('n.nspname', 'p.proname')} || '(' || pg_get_function_identity_arguments(p.oid) || ')', NULL,
      json_build_object('result', pg_get_function_result(p.oid), 'definer', p.prosecdef, 'settings', p.proconfig, 'role', pg_get_userbyid(p.proowner),
      'body', ${BODY}, 'stored', ${STORED})
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid >= ${FIRST_USER_OID} AND ${USER_SCHEMA}
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))`,
  trigger: `SELECT 'g' || t.oid, quote_ident(t.tgname), ${RELATION}, json_build_object('enabled', t.tgenabled,
      'does', json_build_array(t.tgtype, t.tgfoid::regprocedure::text, t.tgattr::text, t.tgqual::text, encode(t.tgargs, 'hex')))
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT t.tgisinternal AND ${OURS}`,
  policy: `SELECT 'p' || p.oid, quote_ident(p.polname), ${RELATION}, json_build_object('using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid),
      'roles', (SELECT json_agg(pg_get_userbyid(o) ORDER BY 1) FROM unnest(p.polroles) o))
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OURS}`,
  rule: `SELECT 'w' || w.oid, quote_ident(w.rulename), ${RELATION}, json_build_object('enabled', w.ev_enabled,
      'does', json_build_array(w.ev_type, w.is_instead, w.ev_qual::text, w.ev_action::text))
    FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace WHERE w.rulename <> '_RETURN' AND ${OURS}`,
  cast: `SELECT 'a' || oid, format_type(castsource, NULL) || ' as ' || format_type(casttarget, NULL), NULL, '{}'::json
    FROM pg_cast WHERE oid >= ${FIRST_USER_OID}`,
  extension: `SELECT 'x' || oid, quote_ident(extname), NULL, '{}'::json FROM pg_extension WHERE oid >= ${FIRST_USER_OID}`,
};

export const KINDS = Object.keys(PARTS) as readonly FactKind[];

/** Reads what there is of these kinds, in one query. What constraints are on are numbers still. */
export async function readKinds(engine: Engine, kinds: readonly FactKind[]): Promise<readonly Fact[]> {
  const query = kinds.map(
    (kind) => `SELECT '${kind}' AS kind, q.* FROM (${PARTS[kind]}) q(key, name, of, "is")`,
  );
  const all = query.join('\nUNION ALL ').replaceAll(DISTINCT_NULLS, distinctNulls(engine.version));
  const [answer] = await engine.rows<{ rows: string }>(
    `SELECT coalesce(json_agg(f), '[]')::text AS rows FROM (${all}) f`,
  );
  return JSON.parse(answer?.rows ?? '[]');
}

/** All facts by their keys, constraints with the names of what they are on. */
export function factsOf(read: readonly Fact[]): Facts {
  const facts = new Map(read.map((fact) => [fact.key, fact]));
  for (const fact of read)
    if (fact.kind === 'constraint' && 'keys' in fact.is) facts.set(fact.key, withNames(fact, facts));
  return facts;
}

/** A constraint with the names of what it is on: they are all here, and the server would look up each anew. */
function withNames(fact: Fact, facts: Facts): Fact {
  const { relation, keys, refersTo, refersToKeys, ...is } = fact.is;
  const columns = (table: unknown, numbers: unknown): readonly string[] | null => {
    const names = Array.isArray(numbers)
      ? numbers.flatMap((number) => facts.get(`c${table}/${number}`)?.name ?? [])
      : [];
    return names.length === 0 ? null : names;
  };
  return {
    ...fact,
    is: {
      ...is,
      columns: columns(relation, keys),
      refersTo: facts.get(`r${refersTo}`)?.name ?? null,
      refersToColumns: columns(refersTo, refersToKeys),
    },
  };
}

/** What one statement made of the facts. */
export interface FactChange {
  readonly before: Fact;
  readonly after: Fact;
}

export interface FactDelta {
  readonly added: readonly Fact[];
  readonly removed: readonly Fact[];
  readonly changed: readonly FactChange[];
}

/** What is different between two readings. */
export function compareFacts(before: Facts, after: Facts): FactDelta {
  const isSame = (left: Fact, right: Fact): boolean =>
    left === right ||
    (left.name === right.name &&
      left.of === right.of &&
      JSON.stringify(left.is) === JSON.stringify(right.is));
  return {
    added: [...after.values()].filter(({ key }) => !before.has(key)),
    removed: [...before.values()].filter(({ key }) => !after.has(key)),
    changed: [...after.values()].flatMap((fact) => {
      const old = before.get(fact.key);
      return old === undefined || isSame(old, fact) ? [] : [{ before: old, after: fact }];
    }),
  };
}
