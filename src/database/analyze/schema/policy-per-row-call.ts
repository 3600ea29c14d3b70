import { parseSync } from 'libpg-query';
import type { Catalog } from '../facts/catalog.ts';
import type { PolicyFact } from '../facts/facts.ts';
import { type Found, fixWith, type SchemaRule } from '../finding.ts';

/** A policy that asks the same question again for every row. */
export const policyPerRowCall: SchemaRule = {
  code: 'policy-per-row-call',
  severity: 'warning',
  title: 'A policy calls a function for every row',
  why: 'The function has one answer for the whole statement, but PostgreSQL asks it once per row; inside a SELECT of its own it is asked once.',
  find: (catalog) => catalog.facts.policies.flatMap((policy) => perRowCall(catalog, policy)),
};

function perRowCall(catalog: Catalog, policy: PolicyFact): Found[] {
  const table = catalog.table(policy.table);
  const using = callsIn(catalog, policy.using);
  const check = callsIn(catalog, policy.check);
  const calls = [...using, ...check];
  if (table === undefined || calls.length === 0) return [];
  const name = catalog.quote(policy.name);
  const parts = [
    using.length === 0 ? '' : ` USING (${wrapped(policy.using ?? '', using)})`,
    check.length === 0 ? '' : ` WITH CHECK (${wrapped(policy.check ?? '', check)})`,
  ];
  const names = [...new Set(calls.map(({ text }) => text))].join(', ');
  return [
    {
      object: { kind: 'policy', name: `${name} on ${table.sql}` },
      message: `the policy ${name} on ${table.sql} calls ${names} for every row`,
      evidence: { calls: names },
      fix: fixWith(
        `ALTER POLICY ${name} ON ${table.sql}${parts.join('')}`,
        `ACCESS EXCLUSIVE on ${table.sql}`,
      ),
    },
  ];
}

interface Call {
  /** Where it begins and ends, in bytes of the expression. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const HEAD = 'SELECT ';

/** Calls that depend on no row and stand in no SELECT of their own. The grammar is PostgreSQL's. */
function callsIn(catalog: Catalog, expression: string | null): Call[] {
  if (expression === null) return [];
  const bytes = Buffer.from(HEAD + expression);
  const tree = parsed(bytes.toString());
  const calls: Call[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      value.forEach(visit);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    const node = value as Record<string, unknown>;
    if (isOneAnswer(node)) return;
    const call = node['FuncCall'] as FuncCall | undefined;
    if (call !== undefined && isAsked(catalog, call)) {
      const start = call.location ?? 0;
      const end = endOfCall(bytes, start);
      calls.push({
        start: start - HEAD.length,
        end: end - HEAD.length,
        text: bytes.subarray(start, end).toString(),
      });
      return;
    }
    Object.values(node).forEach(visit);
  };
  visit(tree);
  return calls;
}

interface FuncCall {
  readonly funcname?: readonly { readonly String?: { readonly sval?: string } }[];
  readonly location?: number;
}

function parsed(text: string): unknown {
  try {
    const [only] = parseSync(text).stmts ?? [];
    return (only?.stmt as { SelectStmt?: unknown } | undefined)?.SelectStmt;
  } catch {
    // What an older server prints and the grammar no longer knows is not judged.
    return undefined;
  }
}

/** `(SELECT f())`: a subquery that reads nothing is computed once. */
function isOneAnswer(node: Record<string, unknown>): boolean {
  const link = node['SubLink'] as
    | { subLinkType?: string; subselect?: { SelectStmt?: Record<string, unknown> } }
    | undefined;
  return link?.subLinkType === 'EXPR_SUBLINK' && link.subselect?.SelectStmt?.['fromClause'] === undefined;
}

function isAsked(catalog: Catalog, call: FuncCall): boolean {
  const path = (call.funcname ?? []).map((part) => part.String?.sval ?? '');
  const name = path.at(-1) ?? '';
  const schema = path.length > 1 ? path[0] : 'pg_catalog';
  if (JSON.stringify(call).includes('"ColumnRef"')) return false;
  if (schema === 'pg_catalog') return name === 'current_setting';
  const known = catalog.facts.routines.filter(
    (routine) => routine.schema === schema && routine.name === name,
  );
  return known.length > 0 && known.every(({ volatility }) => volatility !== 'i');
}

/** Behind the parenthesis that closes the call; those in texts and quoted names do not count. */
function endOfCall(bytes: Buffer, start: number): number {
  let depth = 0;
  let quote = 0;
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (quote !== 0) {
      if (byte === quote) quote = 0;
    } else if (byte === 0x27 || byte === 0x22) quote = byte;
    else if (byte === 0x28) depth += 1;
    else if (byte === 0x29) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return bytes.length;
}

function wrapped(expression: string, calls: readonly Call[]): string {
  const bytes = Buffer.from(expression);
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text } of [...calls].sort((left, right) => left.start - right.start)) {
    parts.push(bytes.subarray(at, start).toString(), `(SELECT ${text})`);
    at = end;
  }
  return parts.join('') + bytes.subarray(at).toString();
}
