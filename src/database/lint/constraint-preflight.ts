import { countDuplicates, countOrphans, countViolations } from '../preflight.ts';
import type { Fact } from './facts.ts';
import { listIn, textIn } from './finding.ts';

/** The preflight of a constraint that is checked against the rows there are. */
export function constraintPreflight(constraint: Fact): string | undefined {
  const table = constraint.of ?? '';
  const columns = listIn(constraint, 'columns');
  const byType: Readonly<Record<string, () => string>> = {
    c: () => countViolations(table, textIn(constraint, 'expression')),
    f: () =>
      countOrphans(table, columns, textIn(constraint, 'refersTo'), listIn(constraint, 'refersToColumns')),
    u: () => countDuplicates(table, columns, { nullsDistinct: constraint.is['nullsDistinct'] !== false }),
    p: () => countDuplicates(table, columns, { nullsDistinct: false }),
  };
  return byType[textIn(constraint, 'type')]?.();
}
