import { counted } from '../../../core/names.ts';
import type { StatusLine, StatusReport } from '../../../database/index.ts';

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
