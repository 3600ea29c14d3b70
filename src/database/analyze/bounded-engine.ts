import { UserError } from '../../core/errors.ts';
import type { Engine } from '../engines/engine.ts';

/** Milliseconds that only grow. */
export type Clock = () => number;

/**
 * An engine that stops when the whole work has taken too long: each statement gets what is left. Errors: DB080
 * when nothing is left.
 */
export function boundedEngine(engine: Engine, now: Clock, budgetMs: number): Engine & { left(): number } {
  const end = now() + budgetMs;
  const left = (): number => end - now();
  let limit = Infinity;
  const prepare = async (): Promise<void> => {
    const rest = Math.floor(left());
    if (rest <= 0) throw overBudget(budgetMs);
    // A little less than what is left holds for the next statements too: saying it each time would double their number.
    if (limit <= rest && limit >= rest * 0.9) return;
    limit = Math.max(1, Math.floor(rest * 0.95));
    await engine.run(`SET statement_timeout = ${limit}`);
  };
  return {
    version: engine.version,
    left,
    rows: async (sql) => {
      await prepare();
      return engine.rows(sql);
    },
    run: async (sql) => {
      // A transaction has to be ended whatever the time is.
      if (!sql.startsWith('ROLLBACK')) await prepare();
      await engine.run(sql);
    },
    close: () => engine.close(),
  };
}

const overBudget = (budgetMs: number): UserError =>
  new UserError('DB080', `the analysis took more than ${budgetMs / 1000} s`, {
    help: 'Raise --budget, or analyse a dump of the schema instead.',
  });
