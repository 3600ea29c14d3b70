import { parseStatement } from '../../advise/workload/parse-statement.ts';
import { readUses } from '../../advise/workload/read-uses.ts';
import type { WorkloadStatement } from '../../advise/workload/workload.ts';
import type { Catalog } from '../facts/catalog.ts';
import type { Finding, FindingObject } from '../finding.ts';
import type { LiveRule } from './live-rule.ts';

/** A statement whose reading was planned, and perhaps run, on the database itself. */
export interface ExplainedStatement {
  readonly statement: WorkloadStatement;
  /** Why it was only planned, or not even that; undefined when it was run with EXPLAIN ANALYZE. */
  readonly notRun: string | undefined;
  /** Milliseconds that EXPLAIN ANALYZE measured. */
  readonly ms: number | undefined;
  /** What the planner expects finding its rows to cost; undefined when that could not be planned. */
  readonly cost: number | undefined;
  /** Tables that it reads whole, with the rows that were filtered out. */
  readonly scans: readonly { readonly table: string; readonly rows: number }[];
  /** Blocks from the cache and from outside of it. */
  readonly blocks: { readonly hit: number; readonly read: number } | undefined;
}

const objectOf = ({ sql }: WorkloadStatement): FindingObject => ({
  kind: 'statement',
  name: sql.replaceAll(/\s+/g, ' ').trim().slice(0, 200),
});

const round = (value: number): number => (value < 100 ? Math.round(value * 100) / 100 : Math.round(value));

/** The part of a rule that the table of findings shows; statements are found by `slowFindings`. */
export const slowStatement: LiveRule = {
  code: 'slow-statement',
  severity: 'warning',
  title: 'A statement takes most of the time',
  why: 'What the database does all day is what these statements ask of it; nothing else pays as much.',
  find: () => [],
};

/** A statement whose mean is this slow, or that takes this share of all the time. */
const SLOW_MS = 100;
const MUCH = 0.1;

/** One finding for each slow statement, with what EXPLAIN saw. */
export function slowFindings(explained: readonly ExplainedStatement[], totalMs: number): Finding[] {
  return explained
    .filter(({ statement, ms }) => {
      const mean = (statement.totalMs ?? ms ?? 0) / Math.max(statement.calls, 1);
      return (
        mean >= SLOW_MS ||
        (ms ?? 0) >= SLOW_MS ||
        (totalMs > 1000 && (statement.totalMs ?? 0) / totalMs >= MUCH)
      );
    })
    .map((one) => ({
      code: slowStatement.code,
      severity: slowStatement.severity,
      object: objectOf(one.statement),
      message: messageOf(one, totalMs),
      evidence: evidenceOf(one),
      fix: {
        steps: [],
        transactional: true,
        caution: 'Run db suggest-indexes with the same statements: it proves which index would mend it.',
      },
    }));
}

function messageOf({ statement, ms }: ExplainedStatement, totalMs: number): string {
  const { calls } = statement;
  if (statement.totalMs === undefined) return `takes ${round(ms ?? 0)} ms`;
  const share = totalMs > 0 ? ` (${Math.round((statement.totalMs / totalMs) * 100)} % of all time)` : '';
  return `takes ${round(statement.totalMs / Math.max(calls, 1))} ms on average, ${calls} times: ${round(statement.totalMs)} ms${share}`;
}

function evidenceOf({ ms, cost, scans, blocks, notRun, statement }: ExplainedStatement): Finding['evidence'] {
  return {
    calls: statement.calls,
    ...(statement.totalMs === undefined
      ? {}
      : { 'average ms': round(statement.totalMs / Math.max(statement.calls, 1)) }),
    ...(ms === undefined ? {} : { 'measured ms': round(ms) }),
    ...(cost === undefined ? {} : { cost: round(cost) }),
    ...(scans.length === 0
      ? {}
      : { 'reads whole': scans.map(({ table, rows }) => `${table} (${rows} rows)`).join(', ') }),
    ...(blocks === undefined ? {} : { 'blocks from cache': blocks.hit, 'blocks from outside': blocks.read }),
    ...(notRun === undefined ? {} : { [cost === undefined ? 'not planned' : 'only planned']: notRun }),
  };
}

export const unindexedContainer: LiveRule = {
  code: 'unindexed-container',
  severity: 'warning',
  title: 'A jsonb, array or text-search column is searched without GIN',
  why: 'Every row is opened and searched.',
  find: (live, catalog) => containerFindings(live.workload?.statements ?? [], catalog),
};

/** Columns that statements search with @>, &&, ? or @@, and that no GIN or GiST index holds. */
function containerFindings(
  statements: readonly WorkloadStatement[],
  catalog: Catalog,
): ReturnType<LiveRule['find']> {
  const seen = new Map<string, { table: number; column: string; calls: number; ms: number }>();
  for (const { sql, calls, totalMs = 0 } of statements) {
    const parsed = parseStatement(sql);
    for (const use of parsed === undefined ? [] : readUses(catalog, parsed.tree)) {
      for (const { column, test } of use.special) {
        if (column === undefined || !['contains', 'matches', 'overlaps'].includes(test)) continue;
        const key = `${use.table}/${column}`;
        const known = seen.get(key) ?? { table: use.table, column, calls: 0, ms: 0 };
        seen.set(key, { ...known, calls: known.calls + calls, ms: known.ms + totalMs });
      }
    }
  }
  return [...seen.values()].flatMap(({ table, column, calls, ms }) => {
    const fact = catalog.table(table);
    const own = catalog.columnsOf(table).find(({ name }) => name === column);
    const isHeld = catalog
      .indexesOf(table)
      .some(
        ({ method, keys }) =>
          !['btree', 'hash'].includes(method) && keys.some((key) => key.column === own?.number),
      );
    if (fact === undefined || own === undefined || isHeld) return [];
    if (!own.isArray && !['jsonb', 'tsvector'].includes(own.base)) return [];
    const quoted = catalog.quote(column);
    const name = catalog.quote(catalog.freshName(fact.schema, `${fact.name}_${column}_idx`));
    return [
      {
        object: { kind: 'column' as const, name: catalog.columnName(own) },
        message: `${catalog.columnName(own)} is searched ${calls} times without a GIN index`,
        evidence: { calls, ...(ms > 0 ? { 'total ms': round(ms) } : {}), rows: Math.max(fact.rows, 0) },
        fix: {
          steps: [
            {
              sql: `CREATE INDEX CONCURRENTLY ${name} ON ${fact.sql} USING gin (${quoted})`,
              locks: `SHARE UPDATE EXCLUSIVE on ${fact.sql}`,
            },
          ],
          transactional: false,
        },
      },
    ];
  });
}
