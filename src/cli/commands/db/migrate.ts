import { migrate, migrationStatus } from '../../../database/index.ts';
import type { CommandRun } from '../../command.ts';
import { journalRequest } from './journal-request.ts';
import { migrateDocument, renderMigrate, renderStatus, statusDocument } from './migrate-report.ts';
import type { DB_MIGRATE_FLAGS } from './migrate-spec.ts';

/** Where migrations are when no path is given. */
export const DEFAULT_FOLDER = 'migrations';

export const run: CommandRun<typeof DB_MIGRATE_FLAGS> = async ({ host, positionals, flags, common }) => {
  const request = journalRequest(host, positionals[0] ?? DEFAULT_FOLDER, flags, common);
  if (flags.status) {
    const report = await migrationStatus(request);
    return { exit: 'ok', document: statusDocument(report), text: renderStatus(report) };
  }
  const report = await migrate({ ...request, to: flags.to, baseline: flags.baseline });
  for (const note of report.notes) request.surroundings.report({ kind: 'note', note });
  return { exit: EXITS[report.status], document: migrateDocument(report), text: renderMigrate(report) };
};

const EXITS = { applied: 'ok', nothing: 'ok', failed: 'failed', interrupted: 'interrupted' } as const;
