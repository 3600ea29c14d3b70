import type { PlannedFile } from '../core/file-changes.ts';
import type { SchemaDiff } from './diff-schemas.ts';
import type { Hazard } from './hazards.ts';
import { nameOfPlan } from './plan/name.ts';
import type { Plan, PlannedStatement } from './plan/plan.ts';
import { renderPlan } from './plan/render.ts';

/** A migration and its rollback, named but not yet written. */
export interface MigrationFiles {
  readonly migration: PlannedFile;
  readonly rollback: PlannedFile;
}

/** Names and renders both files; `at` is the moment of writing, which is in the names and nowhere else. */
export function migrationFiles(diff: SchemaDiff, at: Date): MigrationFiles {
  const base = `${timestamp(at)}_${nameOfPlan(diff.plan, diff.source, diff.target)}`;
  const proof = `proved on ${diff.engine}: forward, back, forward again`;
  const migration = renderPlan(diff.plan, {
    title: `Migration; the way back is in ${base}_rollback.sql`,
    from: diff.from,
    to: diff.to,
    proof,
    remarks: [...irreversible(diff.plan), ...keptAway(diff)],
  });
  const rollback = renderPlan(diff.rollback, {
    title: `Rollback of ${base}.sql`,
    from: diff.to,
    to: diff.from,
    proof,
    remarks: [...irreversible(diff.plan), ...givenBack(diff), ...discarded(diff.rollback)],
  });
  return {
    migration: { path: `${base}.sql`, content: migration, owner: 'user' },
    rollback: { path: `${base}_rollback.sql`, content: rollback, owner: 'user' },
  };
}

/** 20260131T120000Z would not be accepted by every runner; digits alone are. */
function timestamp(at: Date): string {
  return at.toISOString().replaceAll(/\D/g, '').slice(0, 14);
}

/** The statements of a plan that carry a hazard. */
export function statementsWith(plan: Plan, hazard: Hazard): PlannedStatement[] {
  const statements = plan.segments.flatMap((segment) => segment.statements);
  return statements.filter(({ hazards }) => hazards.includes(hazard));
}

const lossesOf = (plan: Plan): string[] =>
  statementsWith(plan, 'data-loss').map(({ sql }) => sql.split('\n')[0] ?? '');

const irreversible = (plan: Plan): string[] =>
  lossesOf(plan).map((sql) => `The rollback brings back the object but not the data lost by: ${sql}`);

const discarded = (rollback: Plan): string[] =>
  lossesOf(rollback).map((sql) => `This rollback discards what was stored since the migration: ${sql}`);

const keptAway = ({ kept }: SchemaDiff): string[] =>
  kept.map(({ from, to, drop }) => `Kept instead of dropped: ${from} is now ${to}; for good: ${drop};`);

const givenBack = ({ kept }: SchemaDiff): string[] =>
  kept.map(({ from, to }) => `${to} gets its name ${from} back, with what was stored in it.`);
