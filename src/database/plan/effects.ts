import type { Hazard } from '../hazards.ts';
import { measuredHazards } from '../measured.ts';
import type { Observation } from '../trace.ts';
import type { Plan, PlannedStatement } from './plan.ts';

/** Puts what was measured beside each statement, and lets it overrule what the rules only supposed. */
export function withEffects(plan: Plan, effects: ReadonlyMap<PlannedStatement, Observation>): Plan {
  const segments = plan.segments.map((segment) => ({
    ...segment,
    statements: segment.statements.map((statement) => {
      const seen = effects.get(statement);
      return seen === undefined
        ? statement
        : { ...statement, hazards: measured(statement, seen), effects: seen.effects };
    }),
  }));
  return { ...plan, segments };
}

/** What a rule can only suppose and execution shows. */
const MEASURED: readonly Hazard[] = ['table-rewrite', 'blocking-scan', 'blocking-build'];

function measured({ hazards }: PlannedStatement, seen: Observation): readonly Hazard[] {
  const found = measuredHazards(seen).map(({ hazard }) => hazard);
  // The zone that decides whether a table is written anew is not the scratch's.
  const isByZone = hazards.includes('depends-on-zone');
  const supposed = MEASURED.filter((hazard) => !(isByZone && hazard === 'table-rewrite'));
  return [...new Set([...hazards.filter((hazard) => !supposed.includes(hazard)), ...found])].sort();
}
