import { type Engine, SqlFailure } from '../engines/engine.ts';
import { FIRST_USER_OID } from '../inspect/area.ts';
import { quoteText } from '../quote.ts';

interface TableStatistics {
  readonly schema: string;
  readonly name: string;
  readonly pages: number;
  readonly tuples: number;
}

interface ColumnStatistics {
  readonly schema: string;
  readonly name: string;
  readonly column: string;
  readonly inherited: boolean;
  /** Name and value of what is known, the values as texts. */
  readonly known: Readonly<Record<string, string | null>>;
}

const TABLES = `
  SELECT n.nspname AS schema, c.relname AS name, c.relpages AS pages, c.reltuples::float8 AS tuples
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'm', 'p', 'i') AND c.oid >= ${FIRST_USER_OID} AND c.reltuples >= 0 AND n.nspname !~ '^pg_'`;

/** Fields of pg_stats and the types under which PostgreSQL takes them back. */
const FIELDS: Readonly<Record<string, string>> = {
  null_frac: 'real',
  avg_width: 'integer',
  n_distinct: 'real',
  most_common_vals: 'text',
  most_common_freqs: 'real[]',
  histogram_bounds: 'text',
  correlation: 'real',
};

const COLUMNS = `
  SELECT schemaname AS schema, tablename AS name, attname AS "column", inherited,
    json_build_object(${Object.keys(FIELDS)
      .map((field) => `'${field}', ${field}::text`)
      .join(', ')}) AS known
  FROM pg_catalog.pg_stats WHERE schemaname !~ '^pg_' AND schemaname <> 'information_schema'`;

/** Statements that give a copy of a schema the planner's statistics. */
export type Statistics = readonly string[];

/** Reads what the planner knows of a database; only tables that the role may read have column statistics. */
export async function readStatistics(engine: Engine): Promise<Statistics> {
  const tables = await list<TableStatistics>(engine, TABLES);
  const columns = await list<ColumnStatistics>(engine, COLUMNS);
  return [...tables.map(ofTable), ...columns.map(ofColumn)];
}

async function list<Row>(engine: Engine, sql: string): Promise<readonly Row[]> {
  const [answer] = await engine.rows<{ rows: string }>(
    `SELECT coalesce(json_agg(q), '[]')::text AS rows FROM (${sql}) q`,
  );
  return JSON.parse(answer?.rows ?? '[]');
}

const named = (schema: string, name: string): string =>
  `'schemaname', ${quoteText(schema)}, 'relname', ${quoteText(name)}`;

const ofTable = ({ schema, name, pages, tuples }: TableStatistics): string =>
  `SELECT pg_catalog.pg_restore_relation_stats(${named(schema, name)}, 'relpages', ${pages}::integer, 'reltuples', ${tuples}::real)`;

function ofColumn({ schema, name, column, inherited, known }: ColumnStatistics): string {
  const values = Object.entries(known).flatMap(([field, value]) =>
    value === null ? [] : [`'${field}', ${quoteText(value)}::${FIELDS[field] ?? 'text'}`],
  );
  return `SELECT pg_catalog.pg_restore_attribute_stats(${named(schema, name)}, 'attname', ${quoteText(column)}, 'inherited', ${inherited}${['', ...values].join(', ')})`;
}

/** One round trip for each would be the largest part. */
const BATCH = 100;

/** Gives them to the copy. A scratch before PostgreSQL 18 cannot take them; returns whether it could. */
export async function restoreStatistics(engine: Engine, statistics: Statistics): Promise<boolean> {
  if (engine.version < 180_000) return false;
  for (let at = 0; at < statistics.length; at += BATCH) {
    const batch = statistics.slice(at, at + BATCH);
    if (await succeeds(engine, batch.join(';\n'))) continue;
    // Something that the scratch does not have; the others are taken all the same.
    for (const statement of batch) await succeeds(engine, statement);
  }
  return true;
}

async function succeeds(engine: Engine, sql: string): Promise<boolean> {
  try {
    await engine.run(sql);
    return true;
  } catch (error) {
    if (error instanceof SqlFailure) return false;
    throw error;
  }
}
