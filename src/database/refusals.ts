import type { SchemaDiff } from './diff-schemas.ts';
import { type Hazard, REFUSED } from './hazards.ts';
import { SMALL_BYTES, type TableSizes } from './lint/sizes.ts';
import type { Effects, PlannedStatement } from './plan/plan.ts';

/** The tables that make a hazard as bad as they are large, by what was measured. */
const WORKED_ON: Partial<Readonly<Record<Hazard, (effects: Effects) => readonly string[]>>> = {
  'table-rewrite': ({ rewrites }) => rewrites,
  'blocking-refresh': ({ rewrites }) => rewrites,
  'blocking-scan': ({ scans }) => scans,
  'blocking-build': ({ builds }) => builds,
  'work-under-lock': ({ rewrites, builds, scans }) => [...rewrites, ...builds, ...scans],
};

/** The hazards of a plan that stop it, but for those on tables that are known to be small where they are in use. */
export function refusedHazards({ plan, sizes }: SchemaDiff, allowed: readonly Hazard[]): readonly Hazard[] {
  return REFUSED.filter(
    (hazard) => !allowed.includes(hazard) && refusedStatements({ plan, sizes }, hazard).length > 0,
  );
}

/** The statements for which a hazard stops the plan. */
export function refusedStatements(
  { plan, sizes }: Pick<SchemaDiff, 'plan' | 'sizes'>,
  hazard: Hazard,
): readonly PlannedStatement[] {
  return plan.segments
    .flatMap((segment) => segment.statements)
    .filter((statement) => statement.hazards.includes(hazard) && !isSmall(statement, hazard, sizes));
}

/** Whether all that a statement works on takes milliseconds; nothing that was not measured is. */
function isSmall({ effects }: PlannedStatement, hazard: Hazard, sizes: TableSizes | undefined): boolean {
  const tables = effects === undefined ? [] : (WORKED_ON[hazard]?.(effects) ?? []);
  if (sizes === undefined || tables.length === 0) return false;
  return tables.every((table) => (sizes.get(table)?.bytes ?? Number.POSITIVE_INFINITY) < SMALL_BYTES);
}
