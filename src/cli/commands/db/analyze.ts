import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { systemErrorCode, UserError } from '../../../core/errors.ts';
import {
  type Analysis,
  analyze,
  parseConnection,
  parseLocation,
  type SchemaLocation,
} from '../../../database/index.ts';
import type { CommandRun } from '../../command.ts';
import type { Host } from '../../host.ts';
import { renderAnalysis } from '../../render/analysis.ts';
import { renderDiagnostic } from '../../render/diagnostics.ts';
import { analysisPage } from '../../render/html/analysis.ts';
import { styleFor } from '../../render/style.ts';
import { analyzeDocument } from './analyze-document.ts';
import type { DB_ANALYZE_FLAGS } from './analyze-spec.ts';
import { namedText } from './named-text.ts';
import { snapshotFile } from './snapshot.ts';

export const run: CommandRun<typeof DB_ANALYZE_FLAGS> = async ({ host, positionals, flags, common }) => {
  const analysis = await analyze({
    location: locationOf(host, positionals[0], flags.connection),
    scratchUrl: flags.scratch,
    snapshot: snapshotFile(host.env),
    budgetMs: flags.budget * 1000,
    now: () => host.clock.monotonic(),
    queries: await namedText(host, flags.queries),
    trace: await namedText(host, flags.trace),
    signal: host.signal,
  });
  if (!common.json && !common.quiet) {
    const style = styleFor(host, 'stderr', common.color);
    for (const note of analysis.notes) host.stderr.write(`${renderDiagnostic(note, style)}\n`);
  }
  if (flags.report !== undefined) await writePage(host, flags.report, analysisPage(analysis));
  return {
    exit: isTooSevere(analysis, flags['fail-on']) ? 'refused' : 'ok',
    document: analyzeDocument(analysis),
    text: renderAnalysis(analysis, styleFor(host, 'stdout', common.color), common.verbose),
  };
};

function isTooSevere({ findings }: Analysis, failOn: 'warning' | 'error' | undefined): boolean {
  if (failOn === undefined) return false;
  const severe = failOn === 'error' ? ['error'] : ['error', 'warning'];
  return findings.some(({ severity }) => severe.includes(severity));
}

/** Paths are taken from where the command was called, and shown as they were written. Errors: DB084. */
export function locationOf(
  host: Host,
  file: string | undefined,
  connection: string | undefined,
): SchemaLocation {
  if (file === undefined && connection === undefined) {
    throw new UserError('DB084', 'nothing says what to analyse', {
      kind: 'usage',
      help: 'Name an SQL file or a folder, or give --connection.',
    });
  }
  const location = file === undefined ? parseConnection(connection ?? '') : parseLocation(file);
  if (location.kind !== 'files' || host.cwd === '') return location;
  return { ...location, root: host.cwd };
}

async function writePage(host: Host, file: string, page: string): Promise<void> {
  try {
    await writeFile(resolve(host.cwd, file), page);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    throw new UserError('DB083', `cannot write ${file}: the system answered ${code}`, { cause: error });
  }
}
