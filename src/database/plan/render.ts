import { HAZARDS, type Hazard, UNCOUNTED } from '../hazards.ts';
import type { Effects, Plan, PlannedStatement, Segment } from './plan.ts';

/** What the head of a file says about the plan in it. */
export interface PlanHead {
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly proof: string;
  readonly remarks: readonly string[];
}

/** A plan as a file for psql or any runner that sends it as it is. The same plan is always the same text. */
export function renderPlan(plan: Plan, head: PlanHead): string {
  const lines = [
    `-- ${head.title}`,
    `-- from: ${head.from} (fingerprint ${plan.from})`,
    `-- to:   ${head.to} (fingerprint ${plan.to})`,
    `-- ${head.proof}`,
    ...head.remarks.map((remark) => `-- ${remark}`),
    '',
    '-- A statement that cannot get its lock gives up instead of making everybody wait behind it.',
    "SET lock_timeout = '5s';",
    '-- So does one that should be done at once and is not.',
    `SET statement_timeout = '${AT_ONCE}';`,
    '-- Functions may name what a later statement makes.',
    'SET check_function_bodies = off;',
  ];
  return `${[...lines, ...plan.segments.flatMap(renderSegment)].join('\n')}\n`;
}

/** How long a statement may run that only changes the catalog. */
const AT_ONCE = '1min';

function renderSegment({ transactional, statements }: Segment): string[] {
  if (!transactional) {
    const body = statements.flatMap(renderStatement);
    const limit = `SET statement_timeout = '${AT_ONCE}';`;
    return ['', '-- Cannot run inside a transaction.', 'SET statement_timeout = 0;', ...body, limit];
  }
  let isLimited = true;
  const body = statements.flatMap((statement) => {
    if (isLong(statement) !== isLimited) return renderStatement(statement);
    isLimited = !isLimited;
    return [
      `SET LOCAL statement_timeout = ${isLimited ? `'${AT_ONCE}'` : '0'};`,
      ...renderStatement(statement),
    ];
  });
  return ['', 'BEGIN;', ...body, 'COMMIT;'];
}

/** What takes as long as a table is large must not be stopped halfway: it would only be begun again. */
function isLong({ long, effects, hazards }: PlannedStatement): boolean {
  const { rewrites = [], builds = [], scans = [] } = effects ?? {};
  const isWork = rewrites.length + builds.length + scans.length > 0;
  return long === true || isWork || hazards.some((hazard) => LONG.has(hazard));
}

const LONG: ReadonlySet<Hazard> = new Set(['may-fail', 'table-rewrite', 'blocking-scan', 'blocking-build']);

const effectLines = ({ locks, scans }: Effects): string[] => [
  ...locks.map(({ table, lock }) => `-- locks ${table} ${lock}`),
  ...scans.map((table) => `-- reads all of ${table}`),
];

function renderStatement({ sql, hazards, preflight, effects }: PlannedStatement): string[] {
  return [
    ...(effects === undefined ? [] : effectLines(effects)),
    ...hazards.map((hazard) => `-- ${hazard}: ${HAZARDS[hazard].meaning}`),
    ...(preflight === undefined ? [] : [`-- rows that would make it fail: ${preflight};`]),
    ...(preflight === undefined && hazards.includes('may-fail') ? [`-- ${UNCOUNTED}`] : []),
    `${sql};`,
  ];
}
