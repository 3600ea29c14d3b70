import { parseStatement } from '../../advise/workload/parse-statement.ts';
import { readUses } from '../../advise/workload/read-uses.ts';
import { fingerprintOf } from '../../advise/workload/read-workload.ts';
import type { TableUse } from '../../advise/workload/table-use.ts';
import type { WorkloadStatement } from '../../advise/workload/workload.ts';
import type { Catalog } from '../facts/catalog.ts';
import type { Found } from '../finding.ts';
import type { LiveRule } from './live-rule.ts';

/** A lookup of one row, or of the rows of one parent, again and again. */
export const nPlusOne: LiveRule = {
  code: 'n-plus-one',
  severity: 'warning',
  title: 'One statement for each row of another (N+1)',
  why: 'Each is quick, all together are not: every one costs a round trip. A join or = ANY($1) asks once.',
  find: (live, catalog) => fromStatistics(live.workload?.statements ?? [], catalog),
};

/** Fewer calls than this may as well be a page that people look at. */
const LEAST_CALLS = 1000;
const RATIO = 10;

interface Lookup {
  readonly statement: WorkloadStatement;
  readonly table: number;
  readonly column: string;
}

function fromStatistics(statements: readonly WorkloadStatement[], catalog: Catalog): Found[] {
  const reads = statements.flatMap((statement) => {
    const parsed = parseStatement(statement.sql);
    return parsed === undefined
      ? []
      : [{ statement, uses: readUses(catalog, parsed.tree), isSelect: parsed.node === 'SelectStmt' }];
  });
  return reads.flatMap(({ statement, uses, isSelect }) => {
    const lookup = isSelect ? lookupOf(statement, uses, catalog) : undefined;
    if (lookup === undefined || statement.calls < LEAST_CALLS) return [];
    const parents = reads.filter(
      (other) => other.isSelect && other.uses.some(({ table }) => leadsTo(catalog, table, lookup)),
    );
    const parent = likeliestParent(
      statement,
      parents.map((other) => other.statement),
    );
    return parent === undefined ? [] : [found(catalog, lookup, parent)];
  });
}

/** A SELECT from one table by equality with a key, or with a foreign key, that finds few rows. */
function lookupOf(
  statement: WorkloadStatement,
  uses: readonly TableUse[],
  catalog: Catalog,
): Lookup | undefined {
  const [use, ...others] = uses;
  if (use === undefined || others.length > 0 || use.ranged.size > 0 || use.special.length > 0)
    return undefined;
  const perCall = (statement.rows ?? 0) / Math.max(statement.calls, 1);
  for (const { keys, type } of catalog.constraintsOf(use.table)) {
    if (!['p', 'u', 'f'].includes(type)) continue;
    const columns = keys.map((number) => catalog.column(use.table, number)?.name ?? '');
    const isAsked = columns.length > 0 && columns.every((name) => use.equal.has(name));
    if (isAsked && perCall <= (type === 'f' ? 50 : 1.1))
      return { statement, table: use.table, column: columns.join(', ') };
  }
  return undefined;
}

/** Whether rows of a table carry, or are, the key that a lookup asks for. */
function leadsTo(catalog: Catalog, table: number, { table: child }: Lookup): boolean {
  const refers = (from: number, to: number): boolean =>
    catalog.constraintsOf(from).some(({ type, refTable }) => type === 'f' && refTable === to);
  return refers(table, child) || refers(child, table);
}

/** The statement that is called far less often and whose rows come nearest to the calls of the lookup. */
function likeliestParent(
  child: WorkloadStatement,
  others: readonly WorkloadStatement[],
): WorkloadStatement | undefined {
  const fewer = others.filter(
    (other) => other !== child && other.calls * RATIO <= child.calls && (other.rows ?? 0) > 0,
  );
  const distance = ({ rows }: WorkloadStatement): number => Math.abs(Math.log((rows ?? 1) / child.calls));
  const [best] = [...fewer].sort((left, right) => distance(left) - distance(right));
  return best !== undefined && distance(best) < Math.log(3) ? best : undefined;
}

const shortened = (sql: string): string => sql.replaceAll(/\s+/g, ' ').trim().slice(0, 200);

function found(catalog: Catalog, { statement, table, column }: Lookup, parent: WorkloadStatement): Found {
  const name = catalog.table(table)?.sql ?? '';
  const ratio = Math.round(statement.calls / Math.max(parent.calls, 1));
  return {
    object: { kind: 'statement', name: shortened(statement.sql) },
    message: `${name} is asked for by ${column} ${ratio} times for each call of its parent`,
    evidence: {
      calls: statement.calls,
      'calls of the parent': parent.calls,
      'rows of the parent': parent.rows ?? 0,
      ...(statement.totalMs === undefined ? {} : { 'total ms': Math.round(statement.totalMs) }),
      parent: shortened(parent.sql),
    },
    fix: {
      steps: [],
      transactional: true,
      caution: `Ask once: join ${name}, or ${column} = ANY($1) with all keys.`,
    },
  };
}

/** One statement of a request, as a trace tells it. */
export interface TracedStatement {
  readonly request: string;
  readonly sql: string;
  readonly ms: number | undefined;
}

/** The same statement so often in one request is a loop, not a page of several queries. */
const REPEATED = 5;

/** Statements that one request repeats with other values. Call loadGrammar() first. */
export function nPlusOneOfTrace(trace: readonly TracedStatement[], catalog: Catalog): Found[] {
  const worst = new Map<
    string,
    { sql: string; request: string; count: number; values: number; ms: number; requests: number }
  >();
  const requests = new Map<string, TracedStatement[]>();
  for (const traced of trace) requests.set(traced.request, [...(requests.get(traced.request) ?? []), traced]);
  for (const [request, statements] of requests) {
    const groups = new Map<string, TracedStatement[]>();
    for (const traced of statements) {
      const key = fingerprintOf(traced.sql);
      groups.set(key, [...(groups.get(key) ?? []), traced]);
    }
    for (const [key, group] of groups) {
      const [first] = group;
      const values = new Set(group.map(({ sql }) => sql)).size;
      // The same text again and again with parameters beside it is a loop too; with none it is a missing cache.
      const isLoop = values >= REPEATED || /\$\d/.test(first?.sql ?? '');
      if (group.length < REPEATED || first === undefined || !isLoop) continue;
      const known = worst.get(key);
      const ms = group.reduce((sum, one) => sum + (one.ms ?? 0), 0);
      const count = Math.max(group.length, known?.count ?? 0);
      worst.set(key, {
        sql: first.sql,
        request: group.length >= (known?.count ?? 0) ? request : (known?.request ?? request),
        count,
        values,
        ms: ms + (known?.ms ?? 0),
        requests: (known?.requests ?? 0) + 1,
      });
    }
  }
  return [...worst.values()].map(({ sql, request, count, ms, requests: times }) => {
    const parsed = parseStatement(sql);
    const uses = parsed === undefined ? [] : readUses(catalog, parsed.tree);
    const tables = [...new Set(uses.map(({ table }) => catalog.table(table)?.sql ?? ''))].join(', ');
    return {
      object: { kind: 'statement' as const, name: shortened(sql) },
      message: `${request} runs the same statement ${count} times with other values${tables === '' ? '' : `, on ${tables}`}`,
      evidence: {
        'times in one request': count,
        requests: times,
        ...(ms > 0 ? { 'total ms': Math.round(ms) } : {}),
      },
      fix: { steps: [], transactional: true, caution: 'Ask once: a join, or = ANY($1) with all keys.' },
    };
  });
}
