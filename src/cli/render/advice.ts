import { counted } from '../../core/names.ts';
import type { IndexAdvice, MigrationFiles } from '../../database/index.ts';
import { columns } from './columns.ts';
import { neutral, neutralLine } from './neutral.ts';
import type { Style } from './style.ts';

/** What `db suggest-indexes` found and wrote. */
export interface AdviceReport {
  readonly advice: IndexAdvice;
  readonly files: MigrationFiles | undefined;
  /** Where the files were written, as the user wrote it. */
  readonly folder: string | undefined;
}

const MEGABYTE = 1_048_576;
/** Statements that change most are shown; the others are in --json. */
const SHOWN = 25;

/** The advice for people; without a folder to write to, the migration follows. */
export function renderAdvice(report: AdviceReport, style: Style): string {
  const { advice, files, folder } = report;
  return [
    style('bold', headline(advice)),
    ...basis(advice),
    ...suggestionLines(advice),
    ...statementLines(advice),
    ...dropLines(advice),
    ...proofLines(advice),
    ...(files === undefined
      ? []
      : folder === undefined
        ? ['', neutral(files.migration.content.trimEnd()), '', neutral(files.rollback.content.trimEnd())]
        : [files.migration, files.rollback].map(({ path }) => `Wrote ${folder.replace(/\/+$/, '')}/${path}`)),
  ].join('\n');
}

function headline({ suggestions, source, advice }: IndexAdvice): string {
  const total = suggestions.reduce((sum, { bytes }) => sum + bytes, 0);
  const factor = meanFactor(advice.statements);
  if (suggestions.length === 0) return `${neutralLine(source)}: no index would help`;
  return `${neutralLine(source)}: ${counted(suggestions.length, 'index', 'indexes')}, about ${size(total)}, cost falls by a factor of ${factor.toFixed(2)} (geometric mean)`;
}

function meanFactor(statements: IndexAdvice['advice']['statements']): number {
  if (statements.length === 0) return 1;
  const sum = statements.reduce(
    (total, { before, after }) => total + Math.log(before / Math.max(after, 0.01)),
    0,
  );
  return Math.exp(sum / statements.length);
}

const size = (bytes: number): string =>
  bytes >= MEGABYTE ? `${(bytes / MEGABYTE).toFixed(1)} MB` : `${Math.ceil(bytes / 1024)} kB`;

function basis({ advice, workload, isMeasured }: IndexAdvice): string[] {
  const sizes = isMeasured
    ? 'statistics and sizes of the database'
    : 'assumed sizes: 100,000 rows in each table';
  return [
    `${counted(advice.statements.length, 'statement')} from ${neutralLine(workload)}; ${counted(advice.candidates, 'candidate')} planned ${advice.planned} times with the ${sizes}`,
  ];
}

function suggestionLines({ suggestions, advice }: IndexAdvice): string[] {
  return suggestions.flatMap(({ sql, bytes, writes }, at) => {
    const users = advice.statements.filter(({ uses }) => uses.includes(at)).length;
    const cost = writes > 0 ? `; ${Math.round(writes)} rows written so far would each have gone into it` : '';
    return [
      '',
      `  ${neutralLine(sql)}`,
      `    about ${size(bytes)}, used by ${counted(users, 'statement')}${cost}; built with SHARE UPDATE EXCLUSIVE`,
    ];
  });
}

function statementLines({ advice }: IndexAdvice): string[] {
  const better = advice.statements.filter(({ before, after }) => after < before * 0.99);
  const sorted = [...better].sort((left, right) => right.before / right.after - left.before / left.after);
  if (sorted.length === 0) return [];
  const rows = sorted
    .slice(0, SHOWN)
    .map(({ sql, before, after, calls }) => [
      `  ${before.toFixed(0)}`,
      after.toFixed(0),
      `${(before / Math.max(after, 0.01)).toFixed(1)}x`,
      String(calls),
      neutralLine(sql).slice(0, 90),
    ]);
  return ['', ...columns([['  before', 'after', 'factor', 'calls', 'statement (planner cost)'], ...rows])];
}

function dropLines({ drops }: IndexAdvice): string[] {
  if (drops.length === 0) return [];
  return [
    '',
    'Would not be missed (--drops lets the migration remove them):',
    ...drops.map(({ name, reason }) => `  ${neutralLine(name)}: ${neutralLine(reason)}`),
  ];
}

function proofLines({ diff }: IndexAdvice): string[] {
  if (diff === undefined) return [];
  return [
    '',
    diff.proof.proved
      ? `Proved on ${diff.engine}: forward, back, forward again.`
      : `Not proved on ${diff.engine} (DB022): nothing was written.`,
  ];
}
