import type { Engine } from '../../src/database/engines/engine.ts';

/** A column as far as filling it needs to know it. */
interface Column {
  readonly name: string;
  readonly type: string;
  readonly category: string;
  readonly length: number;
  readonly required: boolean;
}

/** A value for row `i`, by the letter of pg_type.typcategory, or by the type itself. */
const VALUES: Readonly<Record<string, string>> = {
  N: 'i',
  S: `'r' || i`,
  B: 'i % 2 = 0',
  D: `timestamp '2024-01-01' + i * interval '1 hour'`,
  A: `'{}'`,
  T: `i * interval '1 second'`,
  I: `'10.0.0.' || i`,
  uuid: `('00000000-0000-4000-8000-' || lpad(i::text, 12, '0'))`,
  json: `'{}'`,
  jsonb: `'{}'`,
  bytea: `decode(lpad(i::text, 8, '0'), 'hex')`,
};

const TABLES = `
  SELECT c.oid::int8::text AS oid, format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND c.oid >= 16384 AND n.nspname !~ '^pg_' AND n.nspname <> 'senior_backend' ORDER BY 2`;

const COLUMNS = (oid: string): string => `
  SELECT quote_ident(a.attname) AS name, format_type(a.atttypid, a.atttypmod) AS type, t.typcategory AS category,
    CASE WHEN a.atttypmod > 4 AND t.typcategory = 'S' THEN a.atttypmod - 4 ELSE 0 END AS length,
    a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AS required
  FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
  WHERE a.attrelid = ${oid} AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity <> 'a' ORDER BY a.attnum`;

/** Puts a few rows into every table that takes them; foreign keys are not looked at. Returns how many tables have some. */
export async function fillTables(engine: Engine, rows: number): Promise<number> {
  await engine.run('SET session_replication_role = replica');
  let filled = 0;
  for (const { oid, name } of await engine.rows<{ oid: string; name: string }>(TABLES)) {
    const columns = await engine.rows<Column>(COLUMNS(oid));
    const attempts = [columns, columns.filter(({ required }) => required)];
    for (const chosen of attempts) {
      if (!(await succeeds(engine, insertInto(name, chosen, rows)))) continue;
      filled += 1;
      break;
    }
  }
  return filled;
}

function insertInto(table: string, columns: readonly Column[], rows: number): string {
  if (columns.length === 0) return `INSERT INTO ${table} DEFAULT VALUES`;
  const values = columns.map(({ type, category, length }) => {
    const value = VALUES[type] ?? VALUES[category] ?? 'NULL';
    const cut = length > 0 ? `left((${value})::text, ${length})` : `(${value})`;
    return `${cut}::text::${type}`;
  });
  const names = columns.map(({ name }) => name).join(', ');
  return `INSERT INTO ${table} (${names}) SELECT ${values.join(', ')} FROM generate_series(1, ${rows}) i`;
}

async function succeeds(engine: Engine, sql: string): Promise<boolean> {
  return engine.run(sql).then(
    () => true,
    () => false,
  );
}

/** A moment of this year, which a default or a trigger has put there; rows that are filled in are of 2024. */
const NOW = `to_char(now(), 'YYYY') || '-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?([+-]\\d\\d)?'`;

/** How many rows each table holds, and a checksum of all of them whatever their order and columns, clocks apart. */
export async function rowsOf(engine: Engine): Promise<Readonly<Record<string, string>>> {
  const tables = await engine.rows<{ name: string }>(TABLES);
  if (tables.length === 0) return {};
  const counts = tables.map(
    ({ name }) =>
      `SELECT '${name.replaceAll("'", "''")}' AS name, count(*) || ' ' || coalesce(sum(hashtextextended(regexp_replace(t::text, ${NOW}, '', 'g'), 0)::numeric), 0) AS rows FROM ${name} t`,
  );
  const found = await engine.rows<{ name: string; rows: string }>(counts.join(' UNION ALL '));
  return Object.fromEntries(found.map(({ name, rows }) => [name, rows]));
}
