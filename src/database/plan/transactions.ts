import type { RuleStatement } from '../rules/rule.ts';
import type { Verb } from './graph.ts';
import type { PlannedStatement, Segment } from './plan.ts';

/** A statement with what decides about its transaction. */
export interface Draft {
  readonly statement: PlannedStatement;
  readonly rule: RuleStatement;
  /** About how many locks it leaves behind until its transaction ends. */
  readonly locks: number;
}

/**
 * Locks held for each object of a statement, rounded up from what pg_locks showed for plans of the corpus: 0.5 to 0.7
 * for what is made, 1.1 to 1.6 for what is dropped, where types, triggers and toast tables count too.
 */
export const LOCKS: Readonly<Record<Verb, number>> = { create: 0.75, drop: 1.6, away: 1.6, alter: 1.6 };

/**
 * Locks that one transaction may hold: three quarters of what PostgreSQL keeps room for in all sessions together by
 * default, max_locks_per_transaction * max_connections = 64 * 100. Beyond it, it runs out of shared memory:
 * https://www.postgresql.org/docs/current/runtime-config-locks.html
 */
const ROOM = 4800;

/** Cuts the statements into transactions: as few as the statements and the locks they hold allow. */
export function segmentsOf(drafts: readonly Draft[]): Segment[] {
  const segments: Segment[] = [];
  let open: PlannedStatement[] = [];
  let held = 0;
  const close = (): void => {
    if (open.length > 0) segments.push({ transactional: true, statements: open });
    open = [];
    held = 0;
  };
  const inOrder = [
    ...drafts.filter(({ rule }) => rule.later !== true),
    ...drafts.filter(({ rule }) => rule.later === true),
  ];
  for (const { rule, statement, locks } of inOrder) {
    if (rule.outside === true || rule.later === true || held + locks > ROOM) close();
    if (rule.outside === true) {
      segments.push({ transactional: false, statements: [statement] });
      continue;
    }
    open.push(statement);
    held += locks;
    if (rule.commits === true || rule.later === true) close();
  }
  close();
  return segments;
}
