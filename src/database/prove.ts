import { type Destination, enterZone } from './destination.ts';
import { type Difference, diffModels } from './diff.ts';
import { type Engine, SqlFailure } from './engines/engine.ts';
import { inspect } from './inspect/inspect.ts';
import type { DatabaseModel } from './model/database-model.ts';
import type { Plan, PlannedStatement } from './plan/plan.ts';
import { type Observation, Tracer } from './trace.ts';
import { lostRows, type RowCounts } from './witness-rows.ts';

/** Whether a step failed on the rows that were put there: data exceptions and broken constraints. */
export const failedOnRows = ({ steps }: Proof): boolean => /^2[23]/.test(steps.at(-1)?.failed?.state ?? '');

/** One thing that was shown, or not: a plan was run and what it led to was compared. */
export interface ProofStep {
  readonly name: 'forward' | 'back' | 'forward again';
  /** The statement that failed, if one did. */
  readonly failed?: {
    readonly statement: PlannedStatement;
    readonly message: string /** SQLSTATE. */;
    readonly state: string;
  };
  /** What is different from where the plan was to lead. */
  readonly differences: readonly Difference[];
  /** Tables whose rows, put there beforehand, are gone although no statement was said to lose them. */
  readonly lost: readonly string[];
}

export interface Proof {
  readonly proved: boolean;
  readonly steps: readonly ProofStep[];
}

export interface ProofInput {
  readonly source: DatabaseModel;
  /** The source behind its renames: a statement may be about a table by either name. */
  readonly renamed: DatabaseModel;
  readonly target: DatabaseModel;
  readonly plan: Plan;
  readonly rollback: Plan;
  /** Plans are run under its time zone, and read under the scratch's own. */
  readonly destination?: Destination;
  /** The rows that are there before. */
  readonly planted: RowCounts;
}

/** A proof, and what statements were seen to do to existing tables on the way. */
export interface Proved {
  readonly proof: Proof;
  readonly effects: ReadonlyMap<PlannedStatement, Observation>;
}

/**
 * Runs the plan in a database that is in the source's state and compares what it leads to with the
 * target; then the rollback, compared with the source; then the plan again. Stops at the first that fails.
 */
export async function prove(
  engine: Engine,
  { source, renamed, target, plan, rollback, destination = {}, planted }: ProofInput,
): Promise<Proved> {
  const effects = new Map<PlannedStatement, Observation>();
  const wanted = [
    { name: 'forward', run: plan, from: [source, renamed], goal: target, watched: true },
    { name: 'back', run: rollback, from: [target, renamed], goal: source, watched: true },
    { name: 'forward again', run: plan, from: [source, renamed], goal: target, watched: false },
  ] as const;
  const doomed = new Set([plan, rollback].flatMap(({ fates }) => [...fates.drop, ...fates.replace]));
  const mayLose = (table: string): boolean =>
    doomed.has(`table:${table}`) || !target.objects.has(`table:${table}`);
  const steps: ProofStep[] = [];
  for (const { name, run, from, goal, watched } of wanted) {
    await engine.run('RESET search_path; SET check_function_bodies = off');
    await enterZone(engine, destination);
    const failed = await runPlan(engine, run, watched ? { existing: from, effects } : undefined);
    await engine.run('RESET TimeZone');
    const differences = failed === undefined ? diffModels(await inspect(engine), goal) : [];
    const lost = failed === undefined ? await lostRows(engine, planted, mayLose) : [];
    steps.push({ name, ...(failed === undefined ? {} : { failed }), differences, lost });
    if (failed !== undefined || differences.length > 0 || lost.length > 0)
      return { proof: { proved: false, steps }, effects };
  }
  return { proof: { proved: true, steps }, effects };
}

/** What to watch statements for, and where to note it. */
interface Watch {
  readonly existing: readonly DatabaseModel[];
  readonly effects: Map<PlannedStatement, Observation>;
}

async function runPlan(engine: Engine, plan: Plan, watch: Watch | undefined): Promise<ProofStep['failed']> {
  const tracer = new Tracer(engine);
  if (watch !== undefined) await tracer.begin();
  let undisturbed = true;
  for (const { transactional, statements } of plan.segments) {
    const parts = batches(statements, transactional ? watch : undefined);
    const isWatched = parts.some(({ watched }) => watched);
    if (transactional) await engine.run('BEGIN');
    if (isWatched) await tracer.startTransaction({ undisturbed });
    const failed = await runParts(engine, parts, tracer, watch);
    if (transactional) await engine.run(failed === undefined ? 'COMMIT' : 'ROLLBACK');
    if (failed !== undefined) return failed;
    // Once it was told of everything, only what is not watched can change what it knows.
    undisturbed = (undisturbed || isWatched) && parts.every(({ watched }) => watched);
  }
  return undefined;
}

async function runParts(
  engine: Engine,
  parts: readonly Batch[],
  tracer: Tracer,
  watch: Watch | undefined,
): Promise<ProofStep['failed']> {
  for (const part of parts) {
    const failed = await runBatch(engine, part, tracer, watch);
    if (failed !== undefined) return failed;
  }
  return undefined;
}

/** Statements that are sent together: the watched ones alone, the others in as few messages as possible. */
interface Batch {
  readonly watched: boolean;
  readonly statements: readonly PlannedStatement[];
}

function batches(statements: readonly PlannedStatement[], watch: Watch | undefined): Batch[] {
  const result: { watched: boolean; statements: PlannedStatement[] }[] = [];
  for (const statement of statements) {
    const watched = watch !== undefined && touchesExisting(statement, watch.existing);
    const last = result.at(-1);
    const joins = last !== undefined && !watched && !last.watched && last.statements.length < BATCH;
    if (joins) last.statements.push(statement);
    else result.push({ watched, statements: [statement] });
  }
  return result;
}

const BATCH = 100;

/** Whether a statement is about something, or a part of something, that is there before the plan. */
function touchesExisting({ objects }: PlannedStatement, existing: readonly DatabaseModel[]): boolean {
  const isThere = (id: string): boolean => existing.some((model) => model.objects.has(id));
  return objects.some((id) => isThere(id) || isThere(ownerTable(id)));
}

/** The table in `constraint:c on public.t`, `column:public.t.c` and their kin, by the shape of the id alone. */
function ownerTable(id: string): string {
  const name = id.slice(id.indexOf(':') + 1);
  const on = name.lastIndexOf(' on ');
  return `table:${on < 0 ? name.slice(0, name.lastIndexOf('.')) : name.slice(on + 4)}`;
}

async function runBatch(
  engine: Engine,
  { watched, statements }: Batch,
  tracer: Tracer,
  watch: Watch | undefined,
): Promise<ProofStep['failed']> {
  const [first] = statements;
  if (first === undefined) return undefined;
  const [only, text] = [statements.length === 1, statements.map(({ sql }) => sql).join(';\n')];
  try {
    if (watched) watch?.effects.set(first, await tracer.run(first.sql));
    else await engine.run(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    const { message, state } = error;
    return { statement: only ? first : culprit(statements, error), message, state };
  }
}

/** The statement of a batch at which PostgreSQL stopped, as far as the error says where. */
function culprit(statements: readonly PlannedStatement[], { position }: SqlFailure): PlannedStatement {
  let end = 0;
  for (const statement of statements) {
    end += statement.sql.length + 2;
    if (position !== undefined && position <= end) return statement;
  }
  return { sql: statements.map(({ sql }) => sql).join(';\n'), objects: [], hazards: [] };
}
