import { fingerprintSync, parseSync } from 'libpg-query';
import { readRows } from '../../analyze/facts/read-facts.ts';
import { type Engine, SqlFailure } from '../../engines/engine.ts';
import { isServerLog, readLog } from './server-log.ts';
import type { Workload, WorkloadStatement } from './workload.ts';

const STATEMENTS = (schema: string): string => `
  SELECT s.query AS sql, sum(s.calls)::float8 AS calls, sum(s.total_exec_time)::float8 AS "totalMs", sum(s.rows)::float8 AS rows
  FROM ${schema}.pg_stat_statements s WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND s.query NOT LIKE '%pg_stat_statements%' AND s.query <> '<insufficient privilege>'
  GROUP BY s.query ORDER BY sum(s.total_exec_time) DESC LIMIT 500`;

const HIDDEN = (schema: string): string => `
  SELECT count(*)::int AS count FROM ${schema}.pg_stat_statements s
  WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND s.query = '<insufficient privilege>'`;

/** The 500 statements that took longest, from pg_stat_statements; nothing where the extension is not there or not loaded. */
export async function readServerWorkload(engine: Engine): Promise<Workload | undefined> {
  const [found] = await engine.rows<{ schema: string }>(
    "SELECT quote_ident(n.nspname) AS schema FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'",
  );
  if (found === undefined) return undefined;
  try {
    const statements = await readRows<WorkloadStatement>(engine, STATEMENTS(found.schema));
    const [hidden] = await readRows<{ count: number }>(engine, HIDDEN(found.schema));
    const notes =
      (hidden?.count ?? 0) === 0
        ? []
        : [
            `${hidden?.count} statements of other roles are hidden from this one: GRANT pg_read_all_stats shows them`,
          ];
    return { source: 'pg_stat_statements', statements: statements.filter(isOfUsers), notes };
  } catch (error) {
    if (error instanceof SqlFailure) return undefined;
    throw error;
  }
}

/** What tools and the server itself ask of the catalog says nothing about the schema. */
const isOfUsers = ({ sql }: WorkloadStatement): boolean =>
  !/\b(?:pg_catalog\.|information_schema\.|pg_stat|pg_class\b|pg_namespace\b)/i.test(sql) &&
  /^\s*(?:\/\*[\s\S]*?\*\/\s*)*(?:select|with|insert|update|delete|merge|values|table)\b/i.test(sql);

/**
 * Statements of a file: SQL with semicolons, or a server's log with log_min_duration_statement, where each
 * line's time counts. Same statements with other values are one. Call loadGrammar() first.
 */
export function workloadOfText(name: string, text: string): Workload {
  if (isServerLog(text)) return merged(name, readLog(text), []);
  const { statements, notes } = splitSql(text);
  return merged(
    name,
    statements.map((sql) => ({ sql, calls: 1, totalMs: undefined, rows: undefined })),
    notes,
  );
}

function splitSql(text: string): { readonly statements: string[]; readonly notes: string[] } {
  try {
    const bytes = Buffer.from(text);
    const found = (parseSync(text).stmts ?? []).map(({ stmt_location: start = 0, stmt_len: length }) =>
      bytes
        .subarray(start, length === undefined ? bytes.length : start + length)
        .toString()
        .trim(),
    );
    return { statements: found, notes: [] };
  } catch {
    // One statement that is not SQL must not take the others with it.
    const parts = text
      .split(/;\s*(?:\n|$)/)
      .map((part) => part.trim())
      .filter((part) => part !== '');
    const good = parts.filter(isSql);
    return {
      statements: good,
      notes: parts
        .filter((part) => !good.includes(part))
        .map((part) => `not SQL: ${part.replaceAll(/\s+/g, ' ').slice(0, 100)}`),
    };
  }
}

function isSql(text: string): boolean {
  try {
    return (parseSync(text).stmts ?? []).length > 0;
  } catch {
    return false;
  }
}

/** What a statement is without its values; the text itself where the grammar does not take it. */
export function fingerprintOf(sql: string): string {
  try {
    return fingerprintSync(sql);
  } catch {
    return sql;
  }
}

/** Keeps the slowest example of each statement: its values are real. */
function merged(
  source: string,
  statements: readonly WorkloadStatement[],
  notes: readonly string[],
): Workload {
  const groups = new Map<string, WorkloadStatement[]>();
  for (const statement of statements) {
    const key = fingerprintOf(statement.sql);
    groups.set(key, [...(groups.get(key) ?? []), statement]);
  }
  return { source, notes, statements: [...groups.values()].map(sumOf) };
}

/** So many other texts of a statement are kept. */
const VARIANTS = 20;

function sumOf(group: readonly WorkloadStatement[]): WorkloadStatement {
  const [slowest] = [...group].sort((left, right) => (right.totalMs ?? 0) - (left.totalMs ?? 0));
  const texts = new Set(group.map(({ sql }) => sql).filter((sql) => sql !== slowest?.sql));
  const isMeasured = group.some(({ totalMs }) => totalMs !== undefined);
  return {
    ...(slowest ?? { sql: '' }),
    sql: slowest?.sql ?? '',
    calls: group.reduce((sum, { calls }) => sum + calls, 0),
    totalMs: isMeasured ? group.reduce((sum, { totalMs = 0 }) => sum + totalMs, 0) : undefined,
    rows: undefined,
    ...(texts.size === 0 ? {} : { variants: [...texts].slice(0, VARIANTS) }),
  };
}
