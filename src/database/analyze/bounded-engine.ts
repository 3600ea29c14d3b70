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
  const prepare = async (): Promise<void> => {
    const rest = Math.floor(left());
    if (rest <= 0) throw overBudget(budgetMs);
    await engine.run(`SET statement_timeout = ${rest}`);
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
