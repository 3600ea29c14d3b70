import type { Client } from 'pg';

interface ColumnToFill {
  readonly name: string;
  readonly type: string;
  readonly class: string;
  readonly base: string;
  readonly label: string | null;
  readonly nullable: boolean;
}

/** Values that fill a type to its limits, so that nothing narrower can hold them; several for checks to choose from. */
const VALUES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(?:smallint|integer|bigint)$/, ['1', '7', '0', '18', '100']],
  [/^(?:real|double precision)$/, ['1.2345678', '0.5', '50.5']],
  [/^money$/, ['12.34']],
  [/^numeric$/, ['1.23456789', '0.5', '50']],
  [/^boolean$/, ['true', 'false']],
  [/^date$/, ["'2024-02-03'"]],
  [/^timestamp with/, ["'2024-02-03 04:05:06.789012'"]],
  [/^time with/, ["'04:05:06.789012'"]],
  [/^interval/, ["'1 day 02:03:04.5'"]],
  [/^uuid$/, ["'3f2504e0-4f89-11d3-9a0c-0305e82c3301'"]],
  [/^jsonb?$/, [`'{"a": 1}'`, "'[]'"]],
  [/^bytea$/, [String.raw`'\x0102'`]],
  [/^(?:inet|cidr)$/, ["'10.0.0.1'"]],
  [/^(?:bit|bit varying)$/, ["'1'"]],
  [/^point$/, ["'(1,2)'"]],
  [/^tsvector$/, ["'a b'"]],
  [/^xml$/, ["'<a/>'"]],
  [/^oid$/, ['1']],
];

const TEXTS: readonly string[] = ['abcdefghij', 'a', 'a@b.co', 'active', 'A'];

function fillerOf(column: ColumnToFill, attempt: number): string {
  const { type, base, label } = column;
  if (label !== null) return `'${label.replaceAll("'", "''")}'`;
  if (attempt >= 5 && column.nullable) return 'NULL';
  const isArray = base.endsWith('[]');
  const element = base.replace(/\[\]$/, '');
  const bare = element.replace(/\(.*?\)/, '').replace(/\s+/g, ' ');
  const limit = Number(/\((\d+)/.exec(element)?.[1] ?? '');
  const scale = /^numeric\(\d+,(\d+)\)/.exec(element)?.[1];
  const listed = VALUES.find(([test]) => test.test(bare))?.[1];
  const text = TEXTS[attempt % TEXTS.length] ?? '';
  const plain = listed?.[attempt % listed.length] ?? `'${limit > 0 ? text.slice(0, limit) : text}'`;
  const value =
    scale === undefined || attempt > 0
      ? plain
      : `1${Number(scale) > 0 ? `.${'1'.repeat(Number(scale))}` : ''}`;
  return isArray ? `ARRAY[${value}]::${type}` : value;
}

/**
 * Puts one row into every table and moves every sequence. Foreign keys are not checked meanwhile.
 * The tables that took no row are handed back: nothing can be said about them.
 */
export async function fillTables(client: Client): Promise<readonly string[]> {
  await client.query('SET session_replication_role = replica; SET search_path = public');
  const tables = await client.query(
    `SELECT c.oid::int8 AS oid, n.nspname || '.' || c.relname AS shown, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND c.oid >= 16384 AND n.nspname !~ '^pg_|^information_schema$'`,
  );
  const empty: string[] = [];
  for (const { oid, name, shown } of tables.rows) {
    if (!(await fillTable(client, oid, name))) empty.push(shown);
  }
  const sequences = await client.query(
    "SELECT c.oid::regclass::text AS name FROM pg_class c WHERE c.relkind = 'S' AND c.oid >= 16384",
  );
  for (const { name } of sequences.rows) await client.query('SELECT nextval($1)', [name]);
  await client.query('SET session_replication_role = origin');
  return empty;
}

async function fillTable(client: Client, oid: string, name: string): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT quote_ident(a.attname) AS name, format_type(a.atttypid, a.atttypmod) AS type, t.typtype AS class, NOT a.attnotnull AS nullable,
       CASE t.typtype WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod) ELSE format_type(a.atttypid, a.atttypmod) END AS base,
       (SELECT enumlabel FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder LIMIT 1) AS label
     FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
     WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''`,
    [oid],
  );
  const columns: readonly ColumnToFill[] = rows;
  for (let attempt = 0; attempt < 6; attempt += 1) {
    const values = columns.map((column) => fillerOf(column, attempt));
    const filled = `INSERT INTO ${name} (${columns.map((column) => column.name).join(', ')}) OVERRIDING SYSTEM VALUE VALUES (${values.join(', ')})`;
    const sql = columns.length === 0 ? `INSERT INTO ${name} DEFAULT VALUES` : filled;
    try {
      await client.query(sql);
      return true;
    } catch {
      // The next attempt has other values.
    }
  }
  return false;
}

/** Every stored value and every position, under keys that stay when something is renamed. */
export async function storedValues(
  client: Client,
  types: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, Stored>> {
  const { rows } = await client.query(
    `SELECT c.oid || '/' || a.attnum AS key, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS table, quote_ident(a.attname) AS name,
       format_type(a.atttypid, a.atttypmod) AS type, c.relispartition AS part
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relkind = 'r' AND c.oid >= 16384 AND n.nspname !~ '^pg_|^information_schema$' AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''`,
  );
  const stored = new Map<string, Stored>();
  for (const { key, table, name, type } of rows) {
    const answer = await client.query(
      `SELECT string_agg(v, ',' ORDER BY v) AS v FROM (SELECT ${name}::text AS v FROM ONLY ${table}) q`,
    );
    const back = types.get(key);
    const cast = back === undefined || back === type ? undefined : await castBack(client, table, name, back);
    stored.set(key, { type, value: cast ?? answer.rows[0].v });
  }
  await countRows(client, stored);
  const sequences = await client.query(
    "SELECT c.oid::text AS key, c.oid::regclass::text AS name FROM pg_class c WHERE c.relkind = 'S' AND c.oid >= 16384",
  );
  for (const { key, name } of sequences.rows) {
    const { rows: at } = await client.query(`SELECT last_value::text || is_called::text AS v FROM ${name}`);
    stored.set(key, { type: 'sequence', value: at[0].v });
  }
  return stored;
}

/** A row is something even in a table without columns. */
async function countRows(client: Client, stored: Map<string, Stored>): Promise<void> {
  const { rows } = await client.query(
    `SELECT c.oid::text AS key, c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND c.oid >= 16384 AND n.nspname !~ '^pg_|^information_schema$'`,
  );
  for (const { key, name } of rows) {
    const answer = await client.query(`SELECT nullif(count(*), 0)::text AS v FROM ONLY ${name}`);
    stored.set(`${key}/rows`, { type: 'rows', value: answer.rows[0].v });
  }
}

export interface Stored {
  readonly type: string;
  readonly value: string | null;
}

/** The values in the type they had before; undefined when that type is gone or will not have them. */
async function castBack(
  client: Client,
  table: string,
  name: string,
  type: string,
): Promise<string | undefined> {
  for (const value of [`${name}::${type}::text`, `${name}::text::${type}::text`]) {
    try {
      const { rows } = await client.query(
        `SELECT string_agg(v, ',' ORDER BY v) AS v FROM (SELECT ${value} AS v FROM ONLY ${table}) q`,
      );
      return rows[0].v;
    } catch {
      // Not every type casts directly.
    }
  }
  return undefined;
}
