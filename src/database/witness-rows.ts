import { sortByText } from '../core/order.ts';
import type { Engine } from './engines/engine.ts';
import { SqlFailure } from './engines/engine.ts';

/** How many rows each table holds, by its qualified name. */
export type RowCounts = ReadonlyMap<string, number>;

/** A value for a type: small, and one that most other types can be made of. Texts, bytes and numbers are given. */
const sample = (text: string, bytes: string, number: string): string => `CASE
      WHEN t.typtype = 'e' THEN (SELECT quote_literal(enumlabel) FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder LIMIT 1)
      WHEN t.typcategory = 'A' THEN '''{}''' WHEN t.typcategory = 'B' THEN 'true' WHEN t.typcategory = 'N' THEN ${number}
      WHEN t.typcategory = 'D' THEN '''2000-01-01''' WHEN t.typcategory = 'S' THEN ${text} WHEN t.typname IN ('json', 'jsonb', 'xml', 'tsvector') THEN '''1'''
      WHEN t.typname = 'uuid' THEN '''00000000-0000-0000-0000-000000000001''' WHEN t.typname = 'bytea' THEN ${bytes}
      WHEN t.typcategory = 'T' THEN '''1''' WHEN t.typcategory = 'I' THEN '''127.0.0.1''' WHEN t.typcategory = 'R' THEN '''empty'''
      WHEN t.typcategory = 'V' THEN 'B''1''' WHEN t.typname = 'point' THEN '''(1,1)''' WHEN t.typname LIKE 'macaddr%' THEN '''08:00:2b:01:02:03'''
      ELSE 'NULL' END`;

/** The first text and the first number that the checks of a column or of its domain speak of. */
const CHECKS = `concat_ws(' ',
      (SELECT string_agg(pg_get_constraintdef(k.oid), ' ' ORDER BY k.conname) FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.conkey = ARRAY[a.attnum]),
      (SELECT string_agg(pg_get_constraintdef(k.oid), ' ' ORDER BY k.conname) FROM pg_constraint k WHERE k.contypid = own.oid AND own.typtype = 'd' AND k.contype = 'c'))`;
const WORD = `substring(h.checks from '''([^'']*)''')`;
const NUMBER = `substring(h.checks from '\\m[0-9]{1,6}\\M')::integer`;

/** Most tables take the first; one whose checks refuse it may take what they speak of, or a little more. */
const SAMPLES: readonly string[] = [
  sample(`'''1'''`, `''''''`, `'1'`),
  ...['0', '1'].map((more) =>
    sample(
      `quote_literal(coalesce(${WORD}, repeat('1', least(${NUMBER}, 4096)), '1'))`,
      `quote_literal('\\x' || repeat('00', coalesce(least(${NUMBER}, 4096), 0)))`,
      `coalesce(${NUMBER} + ${more}, 1)::text`,
    ),
  ),
];

const values = (one: string): string =>
  `string_agg(format('%s::%s', ${one}, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)`;

const INSERTS = `
  SELECT format('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE VALUES (', c.oid::regclass, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)) AS head,
    ARRAY[${SAMPLES.map(values).join(', ')}] AS rows
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    JOIN pg_type own ON own.oid = a.atttypid JOIN pg_type t ON t.oid = coalesce(nullif(own.typbasetype, 0), own.oid),
    LATERAL (SELECT ${CHECKS} AS checks) h
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.oid >= 16384 AND c.relnamespace::regnamespace::text !~ '^pg_'
  GROUP BY c.oid ORDER BY c.oid`;

/** The first of the rows that a table takes. */
const PLANT = `FOR line IN ${INSERTS} LOOP
      FOREACH row_values IN ARRAY line.rows LOOP
        BEGIN EXECUTE line.head || row_values || ')'; EXIT; EXCEPTION WHEN OTHERS THEN NULL; END;
      END LOOP;
    END LOOP;`;

/** A row that refers to nothing goes; the rows that referred to it go in the next round. */
const ORPHANS = `
  SELECT format('DELETE FROM %s c WHERE %s AND NOT EXISTS (SELECT FROM %s p WHERE %s)', k.conrelid::regclass,
    string_agg(format('c.%I IS NOT NULL', a.attname), ' AND '), k.confrelid::regclass, string_agg(format('p.%I = c.%I', b.attname, a.attname), ' AND ')) AS sql
  FROM pg_constraint k, unnest(k.conkey, k.confkey) u(own, other)
    JOIN pg_attribute a ON a.attnum = u.own JOIN pg_attribute b ON b.attnum = u.other
  WHERE k.contype = 'f' AND k.conparentid = 0 AND a.attrelid = k.conrelid AND b.attrelid = k.confrelid
  GROUP BY k.oid, k.conrelid, k.confrelid`;

const EACH = (queries: string): string => `FOR line IN ${queries} LOOP
      BEGIN EXECUTE line.sql; GET DIAGNOSTICS n = ROW_COUNT; touched := touched + n; EXCEPTION WHEN OTHERS THEN NULL; END;
    END LOOP;`;

/** Rounds of removing orphans: chains of references are rarely longer, and a row too many only fails a proof that is then repeated without. */
const ROUNDS = 4;

/**
 * Puts a row into every table that takes one and keeps to its foreign keys; what refuses stays empty.
 * Triggers do not fire. Returns what is there then.
 */
export async function plantRows(engine: Engine): Promise<RowCounts> {
  const sql = `SET session_replication_role = replica;
    DO $$ DECLARE line record; row_values text; n bigint; touched bigint := 0; BEGIN ${PLANT}
      FOR round IN 1..${ROUNDS} LOOP touched := 0; ${EACH(ORPHANS)} EXIT WHEN touched = 0; END LOOP; END $$;
    RESET session_replication_role`;
  try {
    await engine.run(sql);
    return await countRows(engine);
  } catch (error) {
    // Only a superuser may plant rows past triggers; a proof without rows is still one.
    if (error instanceof SqlFailure) return new Map();
    throw error;
  }
}

/** Counts the rows of every table. A setting carries the answer out of the block. */
async function countRows(engine: Engine): Promise<RowCounts> {
  await engine.run(`DO $$ DECLARE line record; n bigint; counts jsonb := '{}'; BEGIN
    FOR line IN SELECT c.oid::regclass AS id, format('%I.%I', n.nspname, c.relname) AS name FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND c.oid >= 16384 AND n.nspname !~ '^pg_' LOOP
      EXECUTE pg_catalog.format('SELECT count(*) FROM ONLY %s', line.id) INTO n;
      IF n > 0 THEN counts := counts || pg_catalog.jsonb_build_object(line.name, n); END IF;
    END LOOP;
    PERFORM pg_catalog.set_config('senior_backend.rows', counts::text, false);
  END $$`);
  const [row] = await engine.rows<{ counts: string }>(
    `SELECT pg_catalog.current_setting('senior_backend.rows') AS counts`,
  );
  const counts: Record<string, number> = JSON.parse(row?.counts ?? '{}');
  return new Map(Object.entries(counts));
}

/** The tables that hold fewer rows than before, but for those that were said to lose them. */
export async function lostRows(
  engine: Engine,
  planted: RowCounts,
  mayLose: (table: string) => boolean,
): Promise<string[]> {
  if (planted.size === 0) return [];
  const left = await countRows(engine);
  const lost = [...planted].filter(([table, count]) => (left.get(table) ?? 0) < count && !mayLose(table));
  return sortByText(
    lost.map(([table]) => table),
    (table) => table,
  );
}
