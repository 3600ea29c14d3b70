import { SqlFailure } from '../engines/engine.ts';
import type { Session } from '../engines/session.ts';
import type { RehearsedFile, RehearsedStatement } from './rehearse.ts';

interface PlanNode {
  readonly 'Plan Rows': number;
  readonly 'Node Type': string;
  readonly Plans?: readonly PlanNode[];
}

/** What the planner has an opinion on. */
const EXPLAINED = /^\s*(?:INSERT|UPDATE|DELETE|MERGE|SELECT|WITH)\b/i;

/**
 * How many rows statements would read or change, by the planner of the database itself and its own
 * statistics: EXPLAIN runs nothing. A statement about what an earlier one makes is left without.
 */
export async function withEstimates(
  session: Session,
  files: readonly RehearsedFile[],
): Promise<RehearsedFile[]> {
  const result: RehearsedFile[] = [];
  for (const file of files) {
    const statements: RehearsedStatement[] = [];
    for (const statement of file.statements) {
      const estimate = EXPLAINED.test(statement.sql) ? await estimated(session, statement.sql) : undefined;
      statements.push(estimate === undefined ? statement : { ...statement, estimate });
    }
    result.push({ ...file, statements });
  }
  return result;
}

async function estimated(session: Session, sql: string): Promise<number | undefined> {
  try {
    await session.run('BEGIN READ ONLY');
    const [row] = await session.rows<{ 'QUERY PLAN': readonly { Plan: PlanNode }[] }>(
      `EXPLAIN (FORMAT JSON) ${sql}`,
    );
    const plan = row?.['QUERY PLAN'][0]?.Plan;
    return plan === undefined ? undefined : rowsOf(plan);
  } catch (error) {
    if (error instanceof SqlFailure) return undefined;
    throw error;
  } finally {
    await session.run('ROLLBACK').catch(() => undefined);
  }
}

/** A change itself returns nothing; what is below it says how many rows it is about. */
const rowsOf = (plan: PlanNode): number =>
  plan['Node Type'] === 'ModifyTable' ? (plan.Plans?.[0]?.['Plan Rows'] ?? 0) : plan['Plan Rows'];
