import { type Difference, diffModels } from './diff.ts';
import { type Engine, SqlFailure } from './engines/engine.ts';
import { inspect } from './inspect/inspect.ts';
import type { DatabaseModel } from './model/database-model.ts';
import type { Plan, PlannedStatement, Segment } from './plan/plan.ts';

/** One thing that was shown, or not: a plan was run and what it led to was compared. */
export interface ProofStep {
  readonly name: 'forward' | 'back' | 'forward again';
  /** The statement that failed, if one did. */
  readonly failed?: { readonly statement: PlannedStatement; readonly message: string };
  /** What is different from where the plan was to lead. */
  readonly differences: readonly Difference[];
}

export interface Proof {
  readonly proved: boolean;
  readonly steps: readonly ProofStep[];
}

export interface ProofInput {
  readonly source: DatabaseModel;
  readonly target: DatabaseModel;
  readonly plan: Plan;
  readonly rollback: Plan;
}

/**
 * Runs the plan in a database that is in the source's state and compares what it leads to with the
 * target; then the rollback, compared with the source; then the plan again. Stops at the first that fails.
 */
export async function prove(engine: Engine, { source, target, plan, rollback }: ProofInput): Promise<Proof> {
  const wanted = [
    { name: 'forward', run: plan, goal: target },
    { name: 'back', run: rollback, goal: source },
    { name: 'forward again', run: plan, goal: target },
  ] as const;
  const steps: ProofStep[] = [];
  for (const { name, run, goal } of wanted) {
    const step = await proveStep(engine, name, run, goal);
    steps.push(step);
    if (!succeeded(step)) return { proved: false, steps };
  }
  return { proved: true, steps };
}

const succeeded = ({ failed, differences }: ProofStep): boolean =>
  failed === undefined && differences.length === 0;

async function proveStep(
  engine: Engine,
  name: ProofStep['name'],
  plan: Plan,
  goal: DatabaseModel,
): Promise<ProofStep> {
  await engine.run('RESET search_path; SET check_function_bodies = off');
  for (const segment of plan.segments) {
    const failed = await runSegment(engine, segment);
    if (failed !== undefined) return { name, failed, differences: [] };
  }
  return { name, differences: diffModels(await inspect(engine), goal) };
}

/** Runs a segment at once and, only when that fails, again one by one to find the statement. */
async function runSegment(
  engine: Engine,
  { statements, transactional }: Segment,
): Promise<ProofStep['failed']> {
  const whole = statements.map(({ sql }) => sql).join(';\n');
  try {
    await engine.run(transactional ? `BEGIN;\n${whole};\nCOMMIT` : whole);
    return undefined;
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    if (!transactional) return { statement: firstOf(statements), message: error.message };
    await engine.run('ROLLBACK');
    return findFailure(engine, statements, error);
  }
}

async function findFailure(
  engine: Engine,
  statements: readonly PlannedStatement[],
  known: SqlFailure,
): Promise<ProofStep['failed']> {
  await engine.run('BEGIN');
  try {
    for (const statement of statements) {
      try {
        await engine.run(statement.sql);
      } catch (error) {
        if (!(error instanceof SqlFailure)) throw error;
        return { statement, message: error.message };
      }
    }
    return { statement: firstOf(statements), message: known.message };
  } finally {
    await engine.run('ROLLBACK');
  }
}

function firstOf(statements: readonly PlannedStatement[]): PlannedStatement {
  return statements[0] ?? { sql: '', objects: [], hazards: [] };
}
