import { counted } from '../../../core/names.ts';
import {
  type Difference,
  describeSize,
  HAZARDS,
  type Hazard,
  type MigrationFiles,
  type PlannedStatement,
  type ProofStep,
  refusedStatements,
  type SchemaDiff,
} from '../../../database/index.ts';

/** What `db diff` found and did. */
export interface DiffReport {
  readonly diff: SchemaDiff;
  readonly status: 'unchanged' | 'proved' | 'refused' | 'unproved';
  readonly refused: readonly Hazard[];
  readonly files: MigrationFiles | undefined;
  /** Where the files were written, as the user wrote it. */
  readonly folder: string | undefined;
}

/** The report for people; without a folder to write to, the two files themselves. */
export function renderReport(report: DiffReport): string {
  return RENDER[report.status](report);
}

const RENDER: Readonly<Record<DiffReport['status'], (report: DiffReport) => string>> = {
  unchanged: ({ diff }) => `No difference between ${diff.from} and ${diff.to}. Nothing to do.`,
  proved: (report) => {
    const { files, folder } = report;
    if (files === undefined) return '';
    if (folder === undefined) return `${files.migration.content}\n${files.rollback.content}`.trimEnd();
    const wrote = [files.migration, files.rollback].map(
      ({ path }) => `Wrote ${folder.replace(/\/+$/, '')}/${path}`,
    );
    return [renderChanges(report), ...wrote].join('\n');
  },
  refused: (report) =>
    [renderChanges(report), '', ...report.refused.flatMap((hazard) => refusal(report, hazard))].join('\n'),
  unproved: (report) => {
    const last = report.diff.proof.steps.at(-1);
    return [renderChanges(report), '', ...(last === undefined ? [] : failure(last))].join('\n');
  },
};

/** What changes, in one line for each kind of fate and object, and whether it was proved. */
export function renderChanges({ diff }: DiffReport): string {
  const { fates, segments } = diff.plan;
  const statements = segments.reduce((count, segment) => count + segment.statements.length, 0);
  const lines = MARKS.flatMap(([fate, mark]) =>
    fates[fate].filter(isShown).map((id) => `  ${mark} ${id.replace(':', ' ')}`),
  );
  const shown =
    lines.length > SHOWN ? [...lines.slice(0, SHOWN), `  ... and ${lines.length - SHOWN} more`] : lines;
  const proof = diff.proof.proved
    ? `Proved on ${diff.engine}: forward, back, forward again.`
    : `Not proved on ${diff.engine} (DB022).`;
  const kept = diff.kept.map(({ from, to }) => `  = ${from} is kept as ${to}`);
  return [
    `${diff.from} -> ${diff.to}: ${counted(statements, 'statement')} in ${counted(segments.length, 'step')}`,
    ...shown,
    ...kept,
    proof,
  ].join('\n');
}

const MARKS = [
  ['create', '+'],
  ['drop', '-'],
  ['alter', '~'],
  ['replace', '!'],
] as const;

/** A change of a thousand objects is read in the file, not in the terminal. */
const SHOWN = 40;

/** Comments and grants follow their object; a report that lists them all hides the rest. */
const isShown = (id: string): boolean => !/^(?:comment|grant):/.test(id);

function refusal({ diff }: DiffReport, hazard: Hazard): string[] {
  const { meaning, safeWay } = HAZARDS[hazard];
  return [
    `Refused (DB023): ${hazard}. ${meaning}`,
    ...refusedStatements(diff, hazard).map(
      (statement) => `  ${statement.sql.split('\n')[0]}${weightOf(diff, statement)}`,
    ),
    `Safe way: ${safeWay}`,
    `Nothing was written. To go on all the same: --allow ${hazard}`,
  ];
}

/** How large the tables are that a statement works on, where a live database was asked. */
function weightOf({ sizes }: SchemaDiff, { effects }: PlannedStatement): string {
  const { rewrites = [], builds = [], scans = [] } = effects ?? {};
  const known = [...new Set([...rewrites, ...builds, ...scans])].flatMap((table) => {
    const size = sizes?.get(table);
    return size === undefined ? [] : [`${table}: ${describeSize(size)}`];
  });
  return known.length === 0 ? '' : ` (${known.join('; ')})`;
}

function failure({ name, failed, differences, lost }: ProofStep): string[] {
  if (failed !== undefined)
    return [`Going ${name}, this failed: ${failed.message}`, `  ${failed.statement.sql}`];
  return [
    `Going ${name} led elsewhere:`,
    ...differences.slice(0, SHOWN).map(describe),
    ...lost.map((table) => `  the rows of ${table} are gone`),
    'Nothing was written.',
  ];
}

function describe(difference: Difference): string {
  if (difference.action === 'add') return `  missing: ${difference.id}`;
  if (difference.action === 'remove') return `  left over: ${difference.id}`;
  const changes = difference.changes.map(
    ({ name, from, to }) => `${name} is ${JSON.stringify(from)}, not ${JSON.stringify(to)}`,
  );
  return `  ${difference.id}: ${changes.join('; ')}`;
}
