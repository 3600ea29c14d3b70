// Drafts the labels of test/database-analyze/labels from information_schema and from the texts that PostgreSQL prints,
// with none of the product's code, on a real server. What it writes was then read and corrected by hand: the
// decisions stand in labels/README.md. Prints what differs from the labels that are there; --write replaces them.
//   node bench/run.mjs bench/analyze/label.ts [--write] [NAME ...]
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { CORPUS } from '../../test/support/database.ts';
import { LABELLED } from '../../test/support/labels.ts';
import { type PostgresServer, startPostgres } from '../../test/support/postgres-server.ts';
import { ROOT } from '../../test/support/repository.ts';

const write = process.argv.includes('--write');
const named = process.argv.slice(2).filter((word) => !word.startsWith('--'));

type Labels = Record<string, string[]>;
type Row = Record<string, string>;

const q = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.has(name) ? name : `"${name}"`;
let RESERVED = new Set<string>();

interface Index {
  table: string;
  name: string;
  unique: boolean;
  method: string;
  columns: string[];
  include: string;
  where: string;
  tail: string;
  owned: boolean;
}

/** `CREATE UNIQUE INDEX n ON ONLY s.t USING btree (a, lower(b) DESC) INCLUDE (c) WHERE (d)`, taken apart as text. */
function readIndex(row: Row): Index {
  const text = row['def'] ?? '';
  const head = /^CREATE (UNIQUE )?INDEX .*? USING (\w+) \(/s.exec(text);
  const list: string[] = [];
  let depth = 0;
  let at = head?.[0].length ?? 0;
  let item = '';
  for (; at < text.length; at += 1) {
    const c = text[at] ?? '';
    if (c === '(') depth += 1;
    if (c === ')' && depth === 0) break;
    if (c === ')') depth -= 1;
    if (c === ',' && depth === 0) {
      list.push(item.trim());
      item = '';
    } else item += c;
  }
  list.push(item.trim());
  const rest = text.slice(at + 1);
  return {
    table: row['tab'] ?? '',
    name: row['name'] ?? '',
    unique: head?.[1] !== undefined,
    method: head?.[2] ?? '',
    columns: list,
    include: /INCLUDE \((.*?)\)/.exec(rest)?.[1] ?? '',
    where: / WHERE (.*)$/s.exec(rest)?.[1] ?? '',
    tail: rest,
    owned: row['owned'] === 't',
  };
}

const bare = (column: string): string =>
  column.replace(/ (DESC|ASC|NULLS FIRST|NULLS LAST|\w+_ops).*$/, '').replace(/ COLLATE .*$/, '');

async function label(client: Client): Promise<Labels> {
  const rows = async (sql: string): Promise<Row[]> => {
    const { rows: found } = await client.query(`SELECT to_jsonb(q) AS r FROM (${sql}) q`);
    return found.map(({ r }) =>
      Object.fromEntries(
        Object.entries(r).map(([k, v]) => [k, v === true ? 't' : v === false ? 'f' : String(v ?? '')]),
      ),
    );
  };
  RESERVED = new Set(
    (await rows(`select word from pg_get_keywords() where catdesc like 'reserved%'`)).map(
      (r) => r['word'] ?? '',
    ),
  );
  const USER = `NOT IN ('pg_catalog', 'information_schema')`;
  const tables =
    await rows(`SELECT t.table_schema s, t.table_name n, c.relispartition part, c.oid::text oid, c.relpersistence p, c.relkind k,
      exists(select 1 from pg_inherits i where i.inhparent = c.oid) heirs, c.relrowsecurity rls
    FROM information_schema.tables t JOIN pg_class c ON c.oid = (quote_ident(t.table_schema)||'.'||quote_ident(t.table_name))::regclass
    WHERE t.table_type = 'BASE TABLE' AND t.table_schema ${USER}`);
  const name = (s = '', n = ''): string => `${q(s)}.${q(n)}`;
  const roots = tables.filter((t) => t['part'] === 'f');
  const isRoot = new Set(roots.map((t) => name(t['s'], t['n'])));
  const columns = (
    await rows(`SELECT table_schema s, table_name n, column_name c, is_nullable nul, data_type dt, udt_name u, character_maximum_length len, column_default d,
      is_identity ident, domain_name dom, is_generated gen, (SELECT a.attinhcount > 0 FROM pg_attribute a WHERE a.attrelid = (quote_ident(table_schema)||'.'||quote_ident(table_name))::regclass AND a.attname = column_name) inh
    FROM information_schema.columns WHERE table_schema ${USER}`)
  ).filter((c) => isRoot.has(name(c['s'], c['n'])) && c['inh'] !== 't');
  const nullable = new Map(
    (
      await rows(
        `SELECT table_schema s, table_name n, column_name c, is_nullable nul FROM information_schema.columns WHERE table_schema ${USER}`,
      )
    ).map((c) => [`${name(c['s'], c['n'])}.${c['c']}`, c['nul'] === 'YES']),
  );
  const indexes = (
    await rows(`SELECT quote_ident(schemaname)||'.'||quote_ident(tablename) tab, quote_ident(schemaname)||'.'||quote_ident(indexname) name, indexdef def,
      EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = (quote_ident(schemaname)||'.'||quote_ident(indexname))::regclass) owned
    FROM pg_indexes WHERE schemaname ${USER} AND NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = (quote_ident(schemaname)||'.'||quote_ident(indexname))::regclass)`)
  ).map(readIndex);
  const keys = (
    await rows(`SELECT k.conname name, quote_ident(n.nspname)||'.'||quote_ident(c.relname) tab, pg_get_constraintdef(k.oid) def, k.contype t FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname ${USER} AND k.conparentid = 0`)
  ).map((k): Row => ({ ...k, tab: k['tab'] ?? '' }));
  const foreign = keys
    .filter((k) => k['t'] === 'f')
    .map((k) => {
      const m = /^FOREIGN KEY \((.*?)\) REFERENCES (.*?)\((.*?)\)/.exec(k['def'] ?? '');
      return {
        name: k['name'] ?? '',
        tab: k['tab'] ?? '',
        cols: (m?.[1] ?? '').split(', '),
        ref: m?.[2] ?? '',
        refCols: (m?.[3] ?? '').split(', '),
        def: k['def'] ?? '',
      };
    });
  const out: Labels = {};
  const put = (code: string, list: readonly string[]): void => {
    if (list.length > 0) out[code] = [...new Set(list)].sort();
  };
  const col = (c: Row): string => `${name(c['s'], c['n'])}.${q(c['c'] ?? '')}`;
  const primary = new Map(
    keys
      .filter((k) => k['t'] === 'p')
      .map((k) => [k['tab'], (/\((.*?)\)/.exec(k['def'] ?? '')?.[1] ?? '').split(', ')]),
  );
  put(
    'no-primary-key',
    roots.map((t) => name(t['s'], t['n'])).filter((t) => !primary.has(t)),
  );
  put(
    'unindexed-foreign-key',
    foreign
      .filter(
        (f) =>
          !indexes.some(
            (i) =>
              i.table === f.tab &&
              i.where === '' &&
              ['btree', 'hash'].includes(i.method) &&
              (f.cols.every((c) => i.columns.slice(0, f.cols.length).map(bare).includes(c)) ||
                (i.unique && i.columns.every((c) => f.cols.includes(bare(c))))),
          ),
      )
      .map((f) => `${f.tab} (${f.cols.join(', ')})`),
  );
  const same = (a: Index, b: Index): boolean =>
    a.table === b.table &&
    a.unique === b.unique &&
    a.method === b.method &&
    a.tail === b.tail &&
    a.columns.join() === b.columns.join();
  const rank = (i: Index): string => `${i.owned ? 0 : 1} ${i.name}`;
  put(
    'duplicate-index',
    indexes.filter((i) => indexes.some((o) => o !== i && same(i, o) && rank(o) < rank(i))).map((i) => i.name),
  );
  const prefix = (i: Index, o: Index): boolean =>
    o !== i &&
    o.table === i.table &&
    i.method === 'btree' &&
    o.method === 'btree' &&
    o.where === i.where &&
    i.include === '' &&
    i.columns.every((c, at) => o.columns[at] === c) &&
    (o.columns.length > i.columns.length || o.unique || o.include !== '');
  put(
    'redundant-index',
    indexes.filter((i) => !i.unique && !i.owned && indexes.some((o) => prefix(i, o))).map((i) => i.name),
  );
  const sameSet = (i: Index, o: Index): boolean =>
    o !== i &&
    o.table === i.table &&
    i.method === 'btree' &&
    o.method === 'btree' &&
    o.include.length >= i.include.length &&
    [...i.columns.map((c) => c.replace(/ (DESC|ASC|NULLS).*/, ''))].sort().join() ===
      [...o.columns.map((c) => c.replace(/ (DESC|ASC|NULLS).*/, ''))].sort().join();
  put(
    'overlapping-index',
    indexes
      .filter(
        (i) =>
          !i.unique &&
          !i.owned &&
          indexes.some(
            (o) =>
              sameSet(i, o) &&
              (i.where === o.where
                ? i.columns.join() !== o.columns.join() && (o.owned || o.unique || o.name < i.name)
                : o.where === '' && i.columns.join() === o.columns.join()),
          ),
      )
      .map((i) => i.name),
  );
  put(
    'not-valid-constraint',
    keys.filter((k) => / NOT VALID$/.test(k['def'] ?? '')).map((k) => `${q(k['name'] ?? '')} on ${k['tab']}`),
  );
  put(
    'nullable-unique',
    indexes
      .filter(
        (i) =>
          i.unique &&
          i.method === 'btree' &&
          i.columns.length > 1 &&
          i.where === '' &&
          !/NULLS NOT DISTINCT/.test(i.tail) &&
          isRoot.has(i.table) &&
          i.columns.every((c) => nullable.has(`${i.table}.${bare(c).replaceAll('"', '')}`)) &&
          i.columns.some(
            (c) =>
              nullable.get(`${i.table}.${bare(c).replaceAll('"', '')}`) &&
              !indexes.some(
                (o) => o !== i && o.unique && o.table === i.table && o.where.includes(`${bare(c)} IS NULL`),
              ),
          ),
      )
      .map((i) => i.name),
  );
  const types = new Map(
    (
      await rows(
        `SELECT table_schema s, table_name n, column_name c, udt_name u FROM information_schema.columns`,
      )
    ).map((c) => [`${name(c['s'], c['n'])}.${q(c['c'] ?? '')}`, c['u']]),
  );
  const family = (t = ''): string => (t === 'varchar' ? 'text' : t);
  const target = (ref: string): string => (ref.includes('.') ? ref : `public.${ref}`);
  put(
    'foreign-key-type-mismatch',
    foreign.flatMap((f) =>
      f.cols.flatMap((c, at) => {
        const [a, b] = [types.get(`${f.tab}.${c}`), types.get(`${target(f.ref)}.${f.refCols[at]}`)];
        return a !== undefined && b !== undefined && family(a) !== family(b) ? [`${f.tab}.${c}`] : [];
      }),
    ),
  );
  put(
    'no-delete-action',
    foreign
      .filter((f) => !/ON DELETE/.test(f.def) && !/ DEFERRABLE/.test(f.def))
      .map((f) => `${q(f.name)} on ${f.tab}`),
  );
  put(
    'circular-foreign-keys',
    circles(foreign.filter((f) => !/ DEFERRABLE/.test(f.def)).map((f) => [f.tab, target(f.ref)])),
  );
  const isHeired = new Set(
    tables.filter((t) => t['heirs'] === 't' && t['k'] === 'r').map((t) => name(t['s'], t['n'])),
  );
  const own = columns.filter((c) => !isHeired.has(name(c['s'], c['n'])) && c['gen'] !== 'ALWAYS');
  const generated = (c: Row): boolean => (c['d'] ?? '').startsWith('nextval(') || c['ident'] === 'YES';
  put(
    'integer-key',
    own
      .filter(
        (c) =>
          ['int4', 'int2'].includes(c['u'] ?? '') &&
          c['dom'] === '' &&
          generated(c) &&
          primary.get(name(c['s'], c['n']))?.join() === q(c['c'] ?? ''),
      )
      .map(col),
  );
  put('float-money?', own.filter((c) => ['float4', 'float8'].includes(c['u'] ?? '')).map(col));
  put('money-type', own.filter((c) => c['u'] === 'money').map(col));
  put(
    'timestamp-without-zone',
    own
      .filter(
        (c) =>
          c['dt'] === 'timestamp without time zone' &&
          c['dom'] === '' &&
          !indexes.some(
            (i) =>
              i.table === name(c['s'], c['n']) &&
              i.columns.some((k) => k !== bare(k) && /\(/.test(k) && k.includes(c['c'] ?? '')),
          ),
      )
      .map(col),
  );
  put('char-type', own.filter((c) => c['dt'] === 'character' && c['dom'] === '').map(col));
  put(
    'varchar-limit',
    own.filter((c) => c['dt'] === 'character varying' && c['len'] !== '' && c['dom'] === '').map(col),
  );
  put('json-type', own.filter((c) => c['dt'] === 'json').map(col));
  const sequences =
    await rows(`SELECT sequence_schema s, sequence_name n, (SELECT quote_ident(rn.nspname)||'.'||quote_ident(r.relname)||'.'||a.attname FROM pg_depend d JOIN pg_class r ON r.oid = d.refobjid JOIN pg_namespace rn ON rn.oid = r.relnamespace
    JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = d.refobjsubid WHERE d.objid = (quote_ident(sequence_schema)||'.'||quote_ident(sequence_name))::regclass AND d.deptype = 'a') owner FROM information_schema.sequences`);
  const defaults = await rows(
    `SELECT table_schema s, table_name n, column_name c, column_default d FROM information_schema.columns WHERE column_default LIKE 'nextval(%'`,
  );
  const uses = (s: Row): Row[] =>
    defaults.filter((d) =>
      new RegExp(`nextval\\('"?(?:${s['s']}"?\\.)?"?${s['n']}"?'::regclass`).test(d['d'] ?? ''),
    );
  put(
    'serial-column',
    sequences.flatMap((s) => {
      const [one, ...more] = uses(s);
      const c = own.find(
        (x) => one !== undefined && x['s'] === one['s'] && x['n'] === one['n'] && x['c'] === one['c'],
      );
      return c !== undefined &&
        more.length === 0 &&
        s['owner'] === `${name(c['s'], c['n'])}.${c['c']}` &&
        c['nul'] === 'NO'
        ? [col(c)]
        : [];
    }),
  );
  const sources = await rows(
    `SELECT coalesce(prosrc, '') src FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname ${USER}`,
  );
  const inSource = (word = ''): boolean =>
    sources.some((r) => new RegExp(`\\b${word}\\b`, 'i').test(r['src'] ?? ''));
  put(
    'unused-sequence',
    sequences.filter((s) => uses(s).length === 0 && !inSource(s['n'])).map((s) => name(s['s'], s['n'])),
  );
  const enums = await rows(
    `SELECT DISTINCT n.nspname s, t.typname n FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid JOIN pg_namespace n ON n.oid = t.typnamespace`,
  );
  const usedTypes = new Set(
    (
      await rows(
        `SELECT udt_name u FROM information_schema.columns UNION SELECT udt_name FROM information_schema.parameters UNION SELECT type_udt_name FROM information_schema.routines UNION SELECT udt_name FROM information_schema.attributes`,
      )
    ).map((r) => (r['u'] ?? '').replace(/^_/, '')),
  );
  put(
    'unused-enum',
    enums.filter((e) => !usedTypes.has(e['n'] ?? '') && !inSource(e['n'])).map((e) => name(e['s'], e['n'])),
  );
  const policies = await rows(
    `SELECT schemaname s, tablename n, policyname p, qual, with_check FROM pg_policies`,
  );
  const has = (t: Row): boolean => policies.some((p) => p['s'] === t['s'] && p['n'] === t['n']);
  const guarded = new Set(tables.filter((t) => t['rls'] === 't').map((t) => t['s']));
  put(
    'policy-without-row-security',
    roots.filter((t) => t['rls'] === 'f' && has(t)).map((t) => name(t['s'], t['n'])),
  );
  put(
    'row-security-off',
    roots.filter((t) => t['rls'] === 'f' && !has(t) && guarded.has(t['s'])).map((t) => name(t['s'], t['n'])),
  );
  put(
    'row-security-without-policy',
    roots.filter((t) => t['rls'] === 't' && !has(t)).map((t) => name(t['s'], t['n'])),
  );
  put(
    'policy-per-row-call',
    policies
      .filter((p) =>
        /\b\w+\.\w+\(\)|current_setting\(/.test(
          `${p['qual']} ${p['with_check']}`.replaceAll(/\( SELECT [^)]*\([^)]*\)[^)]*\)/g, ''),
        ),
      )
      .map((p) => `${q(p['p'] ?? '')} on ${name(p['s'], p['n'])}`),
  );
  put(
    'definer-search-path',
    (
      await rows(`SELECT CASE p.prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END || quote_ident(n.nspname)||'.'||quote_ident(p.proname)||'('||pg_get_function_identity_arguments(p.oid)||')' f, pg_get_functiondef(p.oid) d FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.prokind IN ('f','p') AND n.nspname ${USER}`)
    )
      .filter((f) => /^ .*SECURITY DEFINER/m.test(f['d'] ?? '') && !/^ SET search_path/m.test(f['d'] ?? ''))
      .map((f) => f['f'] ?? ''),
  );
  put('public-grant', [
    ...(
      await rows(
        `SELECT DISTINCT table_schema s, table_name n FROM information_schema.role_table_grants WHERE grantee = 'PUBLIC' AND table_schema ${USER}`,
      )
    ).map((g) => `TABLE ${name(g['s'], g['n'])}`),
    ...(
      await rows(
        `SELECT nspname s FROM pg_namespace WHERE nspname !~ '^pg_' AND has_schema_privilege('public', oid, 'CREATE')`,
      )
    ).map((g) => `SCHEMA ${q(g['s'] ?? '')}`),
  ]);
  put(
    'unindexed-text-search',
    columns
      .filter(
        (c) =>
          c['u'] === 'tsvector' &&
          !indexes.some(
            (i) =>
              i.table === name(c['s'], c['n']) &&
              ['gin', 'gist', 'rum'].includes(i.method) &&
              i.columns.some((k) => bare(k) === c['c']),
          ),
      )
      .map(col),
  );
  put(
    'btree-on-container',
    indexes
      .filter(
        (i) =>
          i.method === 'btree' &&
          !i.unique &&
          i.columns.length === 1 &&
          columns.some(
            (c) =>
              name(c['s'], c['n']) === i.table &&
              c['c'] === bare(i.columns[0] ?? '') &&
              (c['dt'] === 'ARRAY' || ['jsonb', 'tsvector'].includes(c['u'] ?? '')),
          ),
      )
      .map((i) => i.name),
  );
  put(
    'unlogged-table',
    roots.filter((t) => t['p'] === 'u').map((t) => name(t['s'], t['n'])),
  );
  const odd = (n = ''): boolean => !/^[a-z_][a-z0-9_$]*$/.test(n);
  put('name-needs-quotes', [
    ...columns.filter((c) => odd(c['c'])).map(col),
    ...roots.filter((t) => odd(t['n'])).map((t) => name(t['s'], t['n'])),
  ]);
  put('reserved-name', [
    ...columns.filter((c) => RESERVED.has(c['c'] ?? '')).map(col),
    ...roots.filter((t) => RESERVED.has(t['n'] ?? '')).map((t) => name(t['s'], t['n'])),
  ]);
  return out;
}

/** Groups of tables that can reach each other, by walking: fine for a hundred tables. */
function circles(edges: readonly (readonly string[])[]): string[] {
  const next = new Map<string, Set<string>>();
  for (const [a = '', b = ''] of edges) if (a !== b) next.set(a, (next.get(a) ?? new Set()).add(b));
  const reach = (from: string): Set<string> => {
    const seen = new Set<string>();
    const todo = [...(next.get(from) ?? [])];
    for (let t = todo.pop(); t !== undefined; t = todo.pop()) {
      if (seen.has(t)) continue;
      seen.add(t);
      todo.push(...(next.get(t) ?? []));
    }
    return seen;
  };
  const all = new Map([...next.keys()].map((t) => [t, reach(t)]));
  const groups = [...all]
    .filter(([t, r]) => r.has(t))
    .map(([t, r]) => [t, ...[...r].filter((o) => o !== t && all.get(o)?.has(t))].sort().join(', '));
  return [...new Set(groups)];
}

async function labelsOf(server: PostgresServer, schema: string): Promise<Labels> {
  const database = `l_${schema}`;
  await server.create(database);
  const client = new Client({ connectionString: server.url(database) });
  await client.connect();
  try {
    await client.query('SET check_function_bodies = off');
    await client.query(readFileSync(`${CORPUS}/${schema}.sql`, 'utf8'));
    await client.query('RESET ALL; SET search_path = pg_catalog');
    return await label(client);
  } finally {
    await client.end();
  }
}

const server = await startPostgres();
try {
  for (const schema of named.length > 0 ? named : LABELLED) {
    const drafted = await labelsOf(server, schema);
    const path = join(ROOT, 'test/database-analyze/labels', `${schema}.json`);
    const known: Labels = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
    for (const code of new Set([...Object.keys(drafted), ...Object.keys(known)])) {
      for (const name of drafted[code] ?? [])
        if (!known[code]?.includes(name)) console.log(`${schema} + ${code} ${name}`);
      for (const name of known[code] ?? [])
        if (!drafted[code]?.includes(name)) console.log(`${schema} - ${code} ${name}`);
    }
    if (write) writeFileSync(path, `${JSON.stringify(drafted, null, 2)}\n`);
  }
} finally {
  await server.stop();
}
