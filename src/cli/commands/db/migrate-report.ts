import { counted } from '../../../core/names.ts';
import type { Applied, MigrateReport, StatusLine, StatusReport } from '../../../database/index.ts';
import { renderLocation } from '../../render/diagnostics.ts';

/** The `--json` document of `db migrate` and `db rollback`: schemas/db-migrate.schema.json. */
export function migrateDocument({
  status,
  database,
  migrations,
  left,
  failure,
  notes,
}: MigrateReport): object {
  return {
    version: 1,
    status,
    database,
    migrations,
    left,
    ...(failure === undefined ? {} : { failure }),
    diagnostics: notes,
  };
}

/** The report for people. */
export function renderMigrate(report: MigrateReport): string {
  const { status, migrations, failure, left, database } = report;
  if (status === 'nothing') return `Nothing to do: ${database} has everything.`;
  const lines = migrations.map(renderApplied);
  if (failure === undefined) return lines.join('\n');
  const place = renderLocation(failure.location);
  return [
    ...lines,
    `${failure.code}: ${failure.message}`,
    ...(place === undefined ? [] : [`  at ${place}`]),
    ...(failure.help === undefined ? [] : [`  ${failure.help}`]),
    ...(left.length === 0 ? [] : [`Not begun: ${left.join(', ')}`]),
  ].join('\n');
}

function renderApplied({ name, status, statements, reached, resumedAt, milliseconds }: Applied): string {
  if (status === 'baseline') return `Recorded ${name} without running it.`;
  const done = status === 'rolled back' ? 'Rolled back' : 'Applied';
  const from = resumedAt > 0 ? `, going on behind statement ${resumedAt}` : '';
  if (status === 'applied' || status === 'rolled back') {
    return `${done} ${name}: ${counted(statements, 'statement')}${from}, ${(milliseconds / 1000).toFixed(1)} s`;
  }
  const how = status === 'interrupted' ? 'Stopped' : 'Failed';
  return `${how} in ${name}: ${reached} of ${counted(statements, 'statement')} done and recorded`;
}

/** The `--json` document of `db migrate --status`. */
export function statusDocument({ database, lines }: StatusReport): object {
  return { version: 1, status: 'status', database, migrations: lines, diagnostics: [] };
}

/** The table for people. */
export function renderStatus({ database, lines }: StatusReport): string {
  const width = Math.max(...lines.map(({ name }) => name.length));
  const pending = lines.filter(({ status }) => status === 'pending').length;
  return [
    ...lines.map((line) => `${line.name.padEnd(width)}  ${renderLine(line)}`),
    `${database}: ${pending} pending`,
  ].join('\n');
}

function renderLine({
  status,
  reached,
  statements,
  finishedAt,
  appliedBy,
  milliseconds,
}: StatusLine): string {
  if (status === 'pending') return 'pending';
  if (status === 'interrupted' || status === 'rolling back') {
    return `${status}, ${reached} of ${counted(statements, 'statement')} done`;
  }
  return `${status} ${finishedAt ?? ''} by ${appliedBy ?? ''}, ${((milliseconds ?? 0) / 1000).toFixed(1)} s`;
}
