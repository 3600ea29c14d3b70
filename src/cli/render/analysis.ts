import type { Severity } from '../../core/diagnostic.ts';
import { counted } from '../../core/names.ts';
import { type Analysis, FINDINGS, type Finding } from '../../database/index.ts';
import { columns } from './columns.ts';
import { neutral, neutralLine } from './neutral.ts';
import type { Paint, Style } from './style.ts';

export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

const PAINTS: Readonly<Record<Severity, Paint>> = { error: 'red', warning: 'yellow', info: 'cyan' };

/** Without --verbose so many findings of one kind are shown; the others are counted. */
const SHOWN = 3;

/** The analysis for people: what there is, then what is wrong by severity, then what would mend most. */
export function renderAnalysis(analysis: Analysis, style: Style, verbose: boolean): string {
  const { source, engine, findings } = analysis;
  const counts = SEVERITIES.map((severity) =>
    counted(ofSeverity(findings, severity).length, NOUNS[severity]),
  );
  const lines = [
    style('bold', `${neutralLine(source)} (${engine}): ${counts.join(', ')}`),
    ...tableLines(analysis, verbose),
    ...SEVERITIES.flatMap((severity) =>
      codesOf(findings, severity).flatMap((code) => renderCode(analysis, { code, severity, style, verbose })),
    ),
    '',
    ...summaryLines(findings),
  ];
  return lines.join('\n');
}

const NOUNS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'hint' };

const ofSeverity = (findings: readonly Finding[], severity: Severity): Finding[] =>
  findings.filter((finding) => finding.severity === severity);

function codesOf(findings: readonly Finding[], severity: Severity): string[] {
  const present = new Set(ofSeverity(findings, severity).map(({ code }) => code));
  return FINDINGS.map(({ code }) => code).filter((code) => present.has(code));
}

interface CodeBlock {
  readonly code: string;
  readonly severity: Severity;
  readonly style: Style;
  readonly verbose: boolean;
}

function renderCode({ findings }: Analysis, { code, severity, style, verbose }: CodeBlock): string[] {
  const rule = FINDINGS.find((entry) => entry.code === code);
  const own = findings.filter((finding) => finding.code === code && finding.severity === severity);
  const shown = verbose ? own : own.slice(0, SHOWN);
  const rest = own.length - shown.length;
  return [
    '',
    `${style(PAINTS[severity], `${severity} ${code}`)} ${rule?.title}: ${own.length}`,
    `  ${rule?.why}`,
    ...shown.flatMap((finding) => renderFinding(finding, style)),
    ...(rest > 0 ? [`  ... and ${rest} more (--verbose shows all)`] : []),
  ];
}

function renderFinding({ message, evidence, fix }: Finding, style: Style): string[] {
  const figures = Object.entries(evidence).map(([name, value]) => `${name}: ${neutralLine(String(value))}`);
  return [
    `  - ${neutralLine(message)}`,
    ...(figures.length === 0 ? [] : [style('dim', `    ${figures.join('; ')}`)]),
    ...fix.steps.flatMap(({ sql, locks }) => [
      `      ${neutral(sql).replaceAll('\n', '\n      ')};${locks === undefined ? '' : style('dim', ` -- locks ${neutralLine(locks)}`)}`,
    ]),
    ...(fix.caution === undefined ? [] : [`    ${neutralLine(fix.caution)}`]),
  ];
}

function tableLines({ catalog, isLive }: Analysis, verbose: boolean): string[] {
  const tables = catalog.facts.tables.filter(
    ({ kind, isPartition }) => ['r', 'p'].includes(kind) && !isPartition,
  );
  const indexes = catalog.facts.indexes.length;
  const head = `${counted(tables.length, 'table')}, ${counted(catalog.facts.columns.length, 'column')}, ${counted(indexes, 'index', 'indexes')}`;
  if (!isLive) return [head];
  const largest = [...tables]
    .sort((left, right) => right.pages - left.pages)
    .slice(0, verbose ? tables.length : 10);
  const rows = largest.map(({ sql, rows: count, pages }) => [
    `  ${neutralLine(sql)}`,
    count < 0 ? 'never analysed' : `${Math.round(count)} rows`,
    `${Math.round(pages / 128)} MB`,
  ]);
  return [head, ...columns(rows)];
}

/** The report lines that the earlier tool had: missing indexes, N+1 risks, suggested migrations. */
function summaryLines(findings: readonly Finding[]): string[] {
  const missing = findings.filter(({ code }) => /^unindexed-/.test(code));
  const timed = missing.filter(({ evidence }) => evidence['average ms'] !== undefined);
  const loops = findings.filter(({ code }) => code === 'n-plus-one');
  const mendable = findings.filter(({ fix }) => fix.steps.length > 0);
  const times = timed
    .map(({ object, evidence }) => `${neutralLine(object.name)} ${evidence['average ms']} ms`)
    .slice(0, 5);
  return [
    `Missing indexes: ${missing.length}${times.length === 0 ? '' : ` (average query time: ${times.join(', ')})`}`,
    `N+1 risks: ${loops.length}`,
    `Suggested migrations: ${mendable.length} of ${findings.length} findings have the statements that mend them`,
  ];
}
