import { counted } from '../../../core/names.ts';
import type { Applied, MigrateReport, Surroundings } from '../../../database/index.ts';
import type { Outcome } from '../../command.ts';
import { renderLocation } from '../../render/diagnostics.ts';

/** What both commands hand back. */
export function migrateOutcome(report: MigrateReport, { report: tell }: Surroundings): Outcome {
  for (const note of report.notes) tell({ kind: 'note', note });
  return { exit: EXITS[report.status], document: migrateDocument(report), text: renderMigrate(report) };
}

const EXITS = { applied: 'ok', nothing: 'ok', failed: 'failed', interrupted: 'interrupted' } as const;

/** The `--json` document of `db migrate` and `db rollback`: schemas/db-migrate.schema.json. */
function migrateDocument({ status, database, migrations, left, failure, notes }: MigrateReport): object {
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
function renderMigrate(report: MigrateReport): string {
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
