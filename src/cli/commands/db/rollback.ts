import { rollBack, rollBackDry } from '../../../database/index.ts';
import type { CommandRun } from '../../command.ts';
import { dryRunOutcome } from './dry-run-report.ts';
import type { JOURNAL_FLAGS } from './journal-flags.ts';
import { DEFAULT_FOLDER, journalRequest } from './journal-request.ts';
import { migrateOutcome } from './migrate-report.ts';

export const run: CommandRun<typeof JOURNAL_FLAGS> = async ({ host, positionals, flags, common }) => {
  const request = journalRequest(host, positionals[0] ?? DEFAULT_FOLDER, flags, common);
  return flags['dry-run']
    ? dryRunOutcome(await rollBackDry(request), request.surroundings)
    : migrateOutcome(await rollBack(request), request.surroundings);
};
