import { loadModule, parseSync } from 'libpg-query';
import { isTree, type Tree } from './tree.ts';

/** A statement as PostgreSQL's grammar reads it. */
export interface ParsedStatement {
  /** What can be planned: the text with `interval $1` written as `$1::interval`. */
  readonly sql: string;
  /** `SelectStmt`, `UpdateStmt` ... */
  readonly node: string;
  /** The statement under its kind, as libpg-query has it. */
  readonly tree: Tree;
}

/** Loads the grammar, which everything here that parses needs once. */
export const loadGrammar = (): Promise<void> => loadModule();

/** Parses one statement; nothing for what is none, or more than one. */
export function parseStatement(text: string): ParsedStatement | undefined {
  const sql = withCasts(text).replace(/;\s*$/, '');
  try {
    const [only, ...others] = parseSync(sql).stmts ?? [];
    if (others.length > 0 || !isTree(only?.stmt)) return undefined;
    const [node = ''] = Object.keys(only.stmt);
    return { sql, node, tree: only.stmt };
  } catch {
    return undefined;
  }
}

/** pg_stat_statements writes `interval $1` for `interval '1 day'`, which the grammar does not take. */
function withCasts(text: string): string {
  return text
    .replaceAll(/\b(interval|date|time|timestamp|timestamptz)\s+(\$\d+)/gi, '$2::$1')
    .replaceAll(/\$(\d+)::(\w+)\s+(year|month|day|hour|minute|second)\b/gi, '$$$1::$2');
}

/** Statements that an index could help: those that find rows. */
export const FINDING: ReadonlySet<string> = new Set(['SelectStmt', 'UpdateStmt', 'DeleteStmt', 'InsertStmt']);
