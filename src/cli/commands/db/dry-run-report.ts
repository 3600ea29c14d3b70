import { counted } from '../../../core/names.ts';
import {
  type DryRunReport,
  describeSize,
  type RehearsedFile,
  type RehearsedStatement,
  type Surroundings,
} from '../../../database/index.ts';
import type { Outcome } from '../../command.ts';

/** What `--dry-run` of both commands hands back: 3 when the run would be refused, 1 when it would fail. */
export function dryRunOutcome(report: DryRunReport, { report: tell }: Surroundings): Outcome {
  for (const note of report.notes) tell({ kind: 'note', note });
  const fails = report.files.some(({ statements }) => statements.some((statement) => statement.fails));
  const exit = fails ? 'failed' : report.refused.length > 0 ? 'refused' : 'ok';
  return { exit, document: document(report, exit), text: render(report) };
}

function document(report: DryRunReport, exit: string): object {
  const { database, engine, statistics, live, scratchOnly, files, refused, notes } = report;
  return {
    version: 1,
    status: 'dry-run',
    outcome: exit,
    database,
    engine,
    statistics,
    live,
    ...(scratchOnly === undefined ? {} : { scratchOnly }),
    refused,
    files: files.map(({ name, path, statements, differences }) => ({
      name,
      path,
      statements: statements.map((statement) => statementDocument(statement, report)),
      differences: differences.map((difference) => ({
        id: difference.id,
        action: difference.action,
        ...(difference.action === 'set' ? { changes: difference.changes } : {}),
      })),
    })),
    diagnostics: notes,
  };
}

function statementDocument(
  {
    sql,
    line,
    where,
    transactional,
    milliseconds,
    effects,
    findings,
    reason,
    fails,
    estimate,
  }: RehearsedStatement,
  { sizes }: DryRunReport,
): object {
  const worked = [...(effects?.rewrites ?? []), ...(effects?.scans ?? []), ...(effects?.builds ?? [])];
  const tables = [...new Set(worked)].flatMap((table) => {
    const size = sizes.get(table);
    return size === undefined ? [] : [{ table, rows: size.rows ?? null, bytes: size.bytes }];
  });
  return {
    sql,
    ...(line === undefined ? {} : { line }),
    where,
    transactional,
    ...(milliseconds === undefined ? {} : { milliseconds: Math.round(milliseconds * 10) / 10 }),
    locks: effects?.locks ?? [],
    rewrites: effects?.rewrites ?? [],
    scans: effects?.scans ?? [],
    builds: effects?.builds ?? [],
    tables,
    ...(estimate === undefined ? {} : { estimate }),
    hazards: findings.map(({ hazard, about, grade }) => ({ hazard, about, grade })),
    fails,
    ...(reason === undefined ? {} : { reason }),
  };
}

function render(report: DryRunReport): string {
  const { files, refused, live, scratchOnly, engine, database } = report;
  if (files.length === 0) return `Nothing to do: ${database} has everything.`;
  const where = live
    ? `Run in a transaction on ${database} that was rolled back, and in a scratch (${engine}).`
    : `Run only in a scratch (${engine}) built from ${database}: ${scratchOnly}.`;
  return [
    ...files.flatMap((file) => renderFile(file, report)),
    where,
    'Nothing was changed.',
    ...(refused.length === 0 ? [] : [`A run would be refused until --allow ${refused.join(',')}`]),
  ].join('\n');
}

function renderFile({ path, statements, differences }: RehearsedFile, report: DryRunReport): string[] {
  return [
    `${path}: ${counted(statements.length, 'statement')}`,
    ...statements.flatMap((statement) => renderStatement(statement, report)),
    `  the schema then differs in ${counted(differences.length, 'object')}`,
    ...differences.slice(0, SHOWN).map(({ id, action }) => `    ${MARKS[action]} ${id.replace(':', ' ')}`),
    ...(differences.length > SHOWN ? [`    ... and ${differences.length - SHOWN} more`] : []),
    '',
  ];
}

const SHOWN = 20;
const MARKS = { add: '+', remove: '-', set: '~' } as const;

function renderStatement(statement: RehearsedStatement, { sizes }: DryRunReport): string[] {
  const { sql, line, where, milliseconds, effects, findings, reason, fails, estimate } = statement;
  const size = (table: string): string => {
    const found = sizes.get(table);
    return found === undefined ? table : `${table} (${describeSize(found)})`;
  };
  const time = where === 'live' && milliseconds !== undefined ? `, ${milliseconds.toFixed(1)} ms` : '';
  return [
    `  ${line === undefined ? '' : `${line}: `}${firstLine(sql)}`,
    `      ${where}${time}${fails ? `, FAILS: ${reason}` : reason === undefined ? '' : `: ${reason}`}`,
    ...(effects?.locks ?? []).map(({ table, lock }) => `      locks ${table} ${lock}`),
    ...(effects?.rewrites ?? []).map((table) => `      writes anew ${size(table)}`),
    ...(effects?.builds ?? []).map((table) => `      builds an index on ${size(table)}`),
    ...(effects?.scans ?? []).map((table) => `      reads all of ${size(table)}`),
    ...(estimate === undefined
      ? []
      : [`      about ${estimate.toLocaleString('en-US')} rows, the planner expects`]),
    ...findings.map(
      ({ hazard, about, grade }) => `      ${hazard}${about === '' ? '' : ` (${about})`}: ${grade}`,
    ),
  ];
}

function firstLine(sql: string): string {
  const line = sql.split('\n')[0] ?? '';
  return line.length > 100 ? `${line.slice(0, 97)}...` : line;
}
