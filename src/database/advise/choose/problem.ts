import { SqlFailure } from '../../engines/engine.ts';
import type { Built, PredictedPlan, WhatIf } from '../whatif/what-if.ts';

/** A statement that the planner can be asked about. */
export interface PlannedWorkloadStatement {
  readonly sql: string;
  readonly calls: number;
  readonly totalMs: number | undefined;
  /** Tables it names, by oid. */
  readonly tables: ReadonlySet<number>;
  /** Columns it reads, as `table/column`. */
  readonly columns: ReadonlySet<string>;
  readonly base: PredictedPlan;
}

/** What to choose from, and what it is good for. Costs are remembered: a statement is planned once for each set that concerns it. */
export class Problem {
  readonly #whatIf: WhatIf;
  readonly #known = new Map<string, PredictedPlan>();
  readonly statements: readonly PlannedWorkloadStatement[];
  readonly candidates: readonly Built[];
  /** Milliseconds that keeping a candidate up to date took over the workload. */
  readonly writeMs: (built: Built) => number;
  planned = 0;

  constructor(
    whatIf: WhatIf,
    statements: readonly PlannedWorkloadStatement[],
    candidates: readonly Built[],
    writeMs: (built: Built) => number,
  ) {
    this.#whatIf = whatIf;
    this.statements = statements;
    this.candidates = candidates;
    this.writeMs = writeMs;
  }

  /** Whether a candidate can make any difference to a statement. */
  concerns({ candidate }: Built, statement: PlannedWorkloadStatement): boolean {
    if (!statement.tables.has(candidate.table)) return false;
    const [first] = candidate.keys;
    return first?.column === undefined || statement.columns.has(`${candidate.table}/${first.column}`);
  }

  /** The plan of a statement with these candidates and no others. */
  async plan(at: number, chosen: readonly Built[]): Promise<PredictedPlan> {
    const statement = this.statements[at];
    if (statement === undefined) throw new RangeError(`no statement ${at}`);
    const relevant = chosen.filter((built) => this.concerns(built, statement)).map(({ name }) => name);
    if (relevant.length === 0) return statement.base;
    const key = `${at} ${relevant.sort().join(' ')}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    await this.#whatIf.switchTo(new Set(relevant));
    const plan = await this.#planOrBase(statement);
    this.planned += 1;
    this.#known.set(key, plan);
    return plan;
  }

  async #planOrBase(statement: PlannedWorkloadStatement): Promise<PredictedPlan> {
    try {
      return await this.#whatIf.plan(statement.sql);
    } catch (error) {
      if (error instanceof SqlFailure) return statement.base;
      throw error;
    }
  }

  /**
   * How much better the workload is with a choice: 0 is as before, more is better. Where times were measured
   * it is the share of them that would be saved, less the writes. Otherwise it is by what factor the costs fall, the
   * geometric mean over the statements, and the share of all costs that is saved: the one alone would rather make a
   * quick statement quicker than mend the slowest, the other would see nothing but the slowest.
   */
  async gain(chosen: readonly Built[]): Promise<number> {
    let sum = 0;
    for (const [at, statement] of this.statements.entries()) {
      const { cost } = await this.plan(at, chosen);
      sum += this.#worth(statement, cost);
    }
    const writes = chosen.reduce((total, built) => total + this.writeMs(built), 0);
    return sum - (this.#measuredMs() > 0 ? writes / this.#measuredMs() : 0);
  }

  #worth({ base, totalMs }: PlannedWorkloadStatement, cost: number): number {
    const measured = this.#measuredMs();
    if (measured > 0) return ((totalMs ?? 0) / measured) * (1 - cost / base.cost);
    return Math.log(base.cost / cost) / this.statements.length + (base.cost - cost) / this.#costs();
  }

  #base: number | undefined;

  #costs(): number {
    this.#base ??= this.statements.reduce((sum, { base }) => sum + base.cost, 0);
    return Math.max(this.#base, Number.MIN_VALUE);
  }

  #measured: number | undefined;

  #measuredMs(): number {
    this.#measured ??= this.statements.reduce((sum, { totalMs = 0 }) => sum + totalMs, 0);
    return this.#measured;
  }
}
