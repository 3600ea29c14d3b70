import type { Hazard } from '../hazards.ts';
import type { Effects, Plan, PlannedStatement } from './plan.ts';

/** Puts what was measured beside each statement, and lets it overrule what the rules only supposed. */
export function withEffects(plan: Plan, effects: ReadonlyMap<PlannedStatement, Effects>): Plan {
  const segments = plan.segments.map((segment) => ({
    ...segment,
    statements: segment.statements.map((statement) => {
      const seen = effects.get(statement);
      return seen === undefined
        ? statement
        : { ...statement, hazards: measured(statement, seen), effects: seen };
    }),
  }));
  return { ...plan, segments };
}

const MEASURED: readonly Hazard[] = ['table-rewrite', 'blocking-scan'];

function measured({ hazards }: PlannedStatement, { locks, rewrites, scans }: Effects): readonly Hazard[] {
  const exclusive = locks.filter(({ lock }) => lock === 'ACCESS EXCLUSIVE').map(({ table }) => table);
  const isScan = scans.some((table) => exclusive.includes(table) && !rewrites.includes(table));
  const seen: Hazard[] = [
    ...(isScan ? (['blocking-scan'] as const) : []),
    ...(rewrites.length > 0 ? (['table-rewrite'] as const) : []),
  ];
  return [...hazards.filter((hazard) => !MEASURED.includes(hazard)), ...seen].sort();
}
