import type { Engine } from './engines/engine.ts';
import { inspect } from './inspect/inspect.ts';
import type { DatabaseModel } from './model/database-model.ts';
import { fingerprint } from './model/fingerprint.ts';
import type { Plan, PlannedStatement } from './plan/plan.ts';
import { freeRenames, type Rename, type RenameRequest, requestedRenames } from './plan/renames.ts';

/** The source as it is once the renames are done, from where the rest is planned. */
export interface RenamedSource {
  readonly model: DatabaseModel;
  readonly renames: readonly Rename[];
}

/**
 * Has PostgreSQL do the renames and reads what came of them: every view, default and constraint that
 * named the object names it anew, which no text of ours could do. Leaves the database as it was.
 */
export async function renameInSource(
  engine: Engine,
  source: DatabaseModel,
  target: DatabaseModel,
  requests: readonly RenameRequest[],
): Promise<RenamedSource> {
  const asked = requestedRenames(source, requests);
  if (asked.length === 0 && freeRenames(source, target).length === 0) return { model: source, renames: [] };
  await engine.run('BEGIN');
  try {
    const between = asked.length === 0 ? source : await renamed(engine, asked);
    const free = freeRenames(between, target);
    const model = free.length === 0 ? between : await renamed(engine, free);
    return { model, renames: [...asked, ...free] };
  } finally {
    await engine.run('ROLLBACK');
  }
}

async function renamed(engine: Engine, renames: readonly Rename[]): Promise<DatabaseModel> {
  await engine.run(renames.map(({ sql }) => sql).join(';\n'));
  return inspect(engine);
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
