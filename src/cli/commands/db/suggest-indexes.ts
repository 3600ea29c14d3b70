import { resolve } from 'node:path';
import { migrationFiles, suggestIndexes } from '../../../database/index.ts';
import type { CommandRun } from '../../command.ts';
import { renderAdvice } from '../../render/advice.ts';
import { renderDiagnostic } from '../../render/diagnostics.ts';
import { styleFor } from '../../render/style.ts';
import { locationOf } from './analyze.ts';
import { namedText } from './named-text.ts';
import { snapshotFile } from './snapshot.ts';
import { suggestDocument } from './suggest-document.ts';
import type { DB_SUGGEST_FLAGS } from './suggest-indexes-spec.ts';
import { writeMigration } from './write-migration.ts';

const MEGABYTE = 1_048_576;

export const run: CommandRun<typeof DB_SUGGEST_FLAGS> = async ({ host, positionals, flags, common }) => {
  const advice = await suggestIndexes({
    location: locationOf(host, positionals[0], flags.connection),
    queries: await namedText(host, flags.queries),
    maxIndexes: flags['max-indexes'],
    maxBytes: flags['max-size'] * MEGABYTE,
    withDrops: flags.drops,
    values: !flags['no-values'],
    snapshot: snapshotFile(host.env),
    budgetMs: flags.budget * 1000,
    signal: host.signal,
  });
  const { diff, notes } = advice;
  const isProved = diff === undefined || diff.proof.proved;
  const files = diff?.proof.proved ? migrationFiles(diff, new Date(host.clock.now())) : undefined;
  const folder = flags.output === undefined ? undefined : resolve(host.cwd, flags.output);
  if (folder !== undefined && files !== undefined)
    await writeMigration(folder, [files.migration, files.rollback]);
  if (!common.json && !common.quiet) {
    const style = styleFor(host, 'stderr', common.color);
    for (const note of [...notes, ...(diff?.notes ?? [])])
      host.stderr.write(`${renderDiagnostic(note, style)}\n`);
  }
  const report = { advice, files, folder: files === undefined ? undefined : flags.output };
  return {
    exit: isProved ? 'ok' : 'failed',
    document: suggestDocument(report),
    text: renderAdvice(report, styleFor(host, 'stdout', common.color)),
  };
};
