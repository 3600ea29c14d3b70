import type { Hazard } from './hazards.ts';
import { type Observation, stopsWriters } from './trace.ts';

/** A hazard that was seen to happen, and to which tables. */
export interface MeasuredHazard {
  readonly hazard: Hazard;
  readonly tables: readonly string[];
}

/**
 * The hazards that an execution shows: what was read, written anew or indexed while others had to wait.
 * A lock that an earlier statement of the transaction took counts as much as one of its own.
 */
export function measuredHazards(seen: Observation): readonly MeasuredHazard[] {
  const { rewrites, builds, scans } = seen.effects;
  const isView = (table: string): boolean => seen.materializedViews.has(table);
  // Nobody writes the rows of a materialized view, so only what stops readers counts.
  const isHeld = (table: string): boolean =>
    isView(table) ? seen.held.get(table) === 'ACCESS EXCLUSIVE' : stopsWriters(seen.held.get(table));
  const written = rewrites.filter(isHeld);
  const read = scans.filter((table) => isHeld(table) && !rewrites.includes(table) && !builds.includes(table));
  const found: readonly MeasuredHazard[] = [
    { hazard: 'table-rewrite', tables: written.filter((table) => !isView(table)) },
    { hazard: 'blocking-refresh', tables: written.filter(isView) },
    { hazard: 'blocking-build', tables: builds.filter(isHeld) },
    { hazard: 'blocking-scan', tables: read },
    { hazard: 'work-under-lock', tables: waiting(seen, [...rewrites, ...builds, ...scans]) },
  ];
  return found.filter(({ tables }) => tables.length > 0);
}

/** Tables that earlier statements keep locked while this one works on others. */
function waiting({ heldBefore }: Observation, worked: readonly string[]): readonly string[] {
  if (worked.length === 0) return [];
  return [...heldBefore]
    .filter(([table, lock]) => lock === 'ACCESS EXCLUSIVE' && !worked.includes(table))
    .map(([table]) => table)
    .sort();
}
