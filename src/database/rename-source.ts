import { UserError } from '../core/errors.ts';
import { type Engine, SqlFailure } from './engines/engine.ts';
import { inspect } from './inspect/inspect.ts';
import type { DatabaseModel } from './model/database-model.ts';
import { fingerprint } from './model/fingerprint.ts';
import type { Plan, PlannedStatement } from './plan/plan.ts';
import { freeRenames, type Rename, type RenameRequest, requestedRenames } from './plan/renames.ts';
import { type Kept, type Preservation, preservation } from './preserve.ts';

/** The source as it is once the renames are done, from where the rest is planned. */
export interface RenamedSource {
  readonly model: DatabaseModel;
  readonly renames: readonly Rename[];
  /** The source with nothing but the asked renames done: what is gone from it may be a rename too. */
  readonly asked: DatabaseModel;
  /** What was renamed instead of being dropped. */
  readonly kept: readonly Kept[];
}

export interface RenameOptions {
  readonly renames: readonly RenameRequest[];
  /** Whether what would be dropped with its rows is renamed away. */
  readonly preserve: boolean;
}

const NOTHING_KEPT: Preservation = { renames: [], kept: [] };

/**
 * Has PostgreSQL do the renames and reads what came of them: every view, default and constraint that
 * named the object names it anew, which no text of ours could do. Leaves the database as it was.
 * Errors: DB025 when a rename that was asked for cannot be done.
 */
export async function renameInSource(
  engine: Engine,
  source: DatabaseModel,
  target: DatabaseModel,
  { renames: requests, preserve }: RenameOptions,
): Promise<RenamedSource> {
  const asked = requestedRenames(source, requests);
  await engine.run('BEGIN');
  try {
    const between = asked.length === 0 ? source : await renamed(engine, asked).catch(refused);
    const { renames: away, kept } = preserve ? preservation(between, target) : NOTHING_KEPT;
    const without = away.length === 0 ? between : await renamed(engine, away);
    const free = freeRenames(without, target);
    const model = free.length === 0 ? without : await renamed(engine, free);
    return { model, renames: [...asked, ...away, ...free], asked: between, kept };
  } finally {
    await engine.run('ROLLBACK');
  }
}

async function renamed(engine: Engine, renames: readonly Rename[]): Promise<DatabaseModel> {
  await engine.run(renames.map(({ sql }) => sql).join(';\n'));
  return inspect(engine);
}

/** PostgreSQL's word is all there is to say of a name that is taken. */
function refused(error: unknown): never {
  if (!(error instanceof SqlFailure)) throw error;
  throw new UserError('DB025', `cannot rename: ${error.message}`, { kind: 'usage' });
}

const statementsOf = (renames: readonly Rename[], side: 'sql' | 'reverse'): PlannedStatement[] =>
  renames.map((rename) => ({ sql: rename[side], objects: [rename.id], hazards: [] }));

/** The plan behind the renames, which come first. */
export function renameFirst(plan: Plan, source: DatabaseModel, renames: readonly Rename[]): Plan {
  if (renames.length === 0) return plan;
  const statements = statementsOf(renames, 'sql');
  return {
    ...plan,
    from: fingerprint(source),
    segments: [{ transactional: true, statements }, ...plan.segments],
  };
}

/** The way back, with the old names given back in the end. */
export function renameLast(plan: Plan, source: DatabaseModel, renames: readonly Rename[]): Plan {
  if (renames.length === 0) return plan;
  const statements = statementsOf([...renames].reverse(), 'reverse');
  return {
    ...plan,
    to: fingerprint(source),
    segments: [...plan.segments, { transactional: true, statements }],
  };
}
