import { counted } from '../../../core/names.ts';
import {
  describeSize,
  type GradedFinding,
  HAZARDS,
  type Hazard,
  type LintedStatement,
  type LintReport,
} from '../../../database/index.ts';
import type { Paint, Style } from '../../render/style.ts';

/** What `db diff --lint` found, and what of it was allowed by name. */
export interface LintVerdict {
  readonly report: LintReport;
  readonly allowed: readonly Hazard[];
  /** Hazards that stop the file, each once. */
  readonly refused: readonly Hazard[];
  readonly passed: boolean;
}

const statementsOf = (report: LintReport): readonly LintedStatement[] =>
  report.files.flatMap(({ statements }) => statements);

/** Nothing refused that was not allowed, and nothing that cannot work. */
export function judge(report: LintReport, allowed: readonly Hazard[]): LintVerdict {
  const statements = statementsOf(report);
  const found = statements.flatMap(({ findings }) => findings);
  const refused = found.filter(({ grade, hazard }) => grade === 'refused' && !allowed.includes(hazard));
  const names = [...new Set(refused.map(({ hazard }) => hazard))].sort();
  const works = statements.every(({ failure }) => failure === undefined);
  return { report, allowed, refused: names, passed: names.length === 0 && works };
}

const PAINTS: Readonly<Record<GradedFinding['grade'], Paint>> = {
  refused: 'red',
  warned: 'yellow',
  noted: 'dim',
};

/** The report for people: each statement that has something to it, with file and line. */
export function renderLint(verdict: LintVerdict, style: Style): string {
  const said = new Set<string>();
  const blocks = statementsOf(verdict.report).flatMap((statement) => {
    const lines = [
      ...failureLines(statement, style),
      ...statement.findings.flatMap((finding) => findingLines(finding, verdict, style, said)),
      ...unmeasuredLines(statement, style),
    ];
    return lines.length === 0 ? [] : [[heading(statement), ...lines].join('\n')];
  });
  return [...blocks, summary(verdict)].join('\n\n');
}

function heading({ location, text }: LintedStatement): string {
  const line = text.split('\n')[0] ?? '';
  return `${location.file}:${location.line} ${line.length > 90 ? `${line.slice(0, 87)}...` : line}`;
}

const failureLines = ({ failure }: LintedStatement, style: Style): string[] =>
  failure === undefined ? [] : [`  ${style('red', 'cannot work')} (DB040): ${failure.message}`];

const unmeasuredLines = ({ unmeasured }: LintedStatement, style: Style): string[] =>
  unmeasured === undefined ? [] : [`  ${style('cyan', 'not measured')} (DB041): ${unmeasured}`];

/** What a hazard means, and each safe way of it, is said once, or it would bury the rest. */
function findingLines(
  { hazard, grade, about, preflight, size, safeWay }: GradedFinding,
  { allowed }: LintVerdict,
  style: Style,
  said: Set<string>,
): string[] {
  const word = grade === 'refused' && allowed.includes(hazard) ? 'allowed' : grade;
  const paint = word === 'allowed' ? 'dim' : PAINTS[grade];
  const weight = size === undefined ? '' : ` (${size.table}: ${describeSize(size)})`;
  const lines = [HAZARDS[hazard].meaning, `safe way: ${safeWay}`].filter(
    (line) => !said.has(`${hazard} ${line}`),
  );
  for (const line of lines) said.add(`${hazard} ${line}`);
  return [
    `  ${style(paint, `${word} ${hazard}`)} ${about}${weight}`,
    ...lines.map((line) => `    ${line}`),
    ...(preflight === undefined ? [] : [`    rows that would make it fail: ${preflight}`]),
  ];
}

function summary({ report, refused, passed }: LintVerdict): string {
  const statements = statementsOf(report);
  const findings = statements.flatMap((statement) => statement.findings);
  const count = (grade: GradedFinding['grade']): number =>
    findings.filter((finding) => finding.grade === grade).length;
  const failures = statements.filter(({ failure }) => failure !== undefined).length;
  const unmeasured = statements.filter((statement) => statement.unmeasured !== undefined).length;
  const sizes = report.sized
    ? 'Tables below 8 MB are only noted.'
    : 'No live database was asked how large its tables are, so each counts as large.';
  return [
    `${counted(statements.length, 'statement')} of ${counted(report.files.length, 'file')} on ${report.engine}: ` +
      `${count('refused')} refused, ${count('warned')} warned of, ${count('noted')} noted, ` +
      `${failures} that cannot work, ${unmeasured} not measured. ${sizes}`,
    ...(passed ? [] : [refusal(refused)]),
  ].join('\n');
}

const refusal = (refused: readonly Hazard[]): string =>
  refused.length === 0
    ? 'Refused (DB040): a statement cannot work.'
    : `Refused (DB023). To go on all the same: ${refused.map((hazard) => `--allow ${hazard}`).join(' ')}`;
