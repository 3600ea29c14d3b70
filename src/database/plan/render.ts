import { HAZARDS } from '../hazards.ts';
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
    '-- Functions may name what a later statement makes.',
    'SET check_function_bodies = off;',
  ];
  return `${[...lines, ...plan.segments.flatMap(renderSegment)].join('\n')}\n`;
}

function renderSegment({ transactional, statements }: Segment): string[] {
  const body = statements.flatMap(renderStatement);
  return transactional
    ? ['', 'BEGIN;', ...body, 'COMMIT;']
    : ['', '-- Cannot run inside a transaction.', ...body];
}

const effectLines = ({ locks, scans }: Effects): string[] => [
  ...locks.map(({ table, lock }) => `-- locks ${table} ${lock}`),
  ...scans.map((table) => `-- reads all of ${table}`),
];

function renderStatement({ sql, hazards, preflight, effects }: PlannedStatement): string[] {
  return [
    ...(effects === undefined ? [] : effectLines(effects)),
    ...hazards.map((hazard) => `-- ${hazard}: ${HAZARDS[hazard].meaning}`),
    ...(preflight === undefined ? [] : [`-- rows that would make it fail: ${preflight};`]),
    `${sql};`,
  ];
}
