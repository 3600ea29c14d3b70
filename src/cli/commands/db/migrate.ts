import { migrate, migrateDry, migrationStatus } from '../../../database/index.ts';
import type { CommandRun } from '../../command.ts';
import { dryRunOutcome } from './dry-run-report.ts';
import { DEFAULT_FOLDER, journalRequest } from './journal-request.ts';
import { migrateOutcome } from './migrate-report.ts';
import type { DB_MIGRATE_FLAGS } from './migrate-spec.ts';
import { renderStatus, statusDocument } from './status-report.ts';

export const run: CommandRun<typeof DB_MIGRATE_FLAGS> = async ({ host, positionals, flags, common }) => {
  const journal = journalRequest(host, positionals[0] ?? DEFAULT_FOLDER, flags, common);
  if (flags.status) {
    const report = await migrationStatus(journal);
    return { exit: 'ok', document: statusDocument(report), text: renderStatus(report) };
  }
  const request = { ...journal, to: flags.to, baseline: flags.baseline };
  return flags['dry-run']
    ? dryRunOutcome(await migrateDry(request), request.surroundings)
    : migrateOutcome(await migrate(request), request.surroundings);
};
