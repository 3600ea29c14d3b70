import { resolve } from 'node:path';
import { UserError } from '../../../core/errors.ts';
import {
  type DiffRequest,
  diffSchemas,
  type Hazard,
  migrationFiles,
  parseLocation,
  parseRename,
  refusedHazards,
  type SchemaDiff,
  type SchemaLocation,
} from '../../../database/index.ts';
import type { CommandRun, FlagValues } from '../../command.ts';
import { type Host, mayPrompt } from '../../host.ts';
import { renderDiagnostic } from '../../render/diagnostics.ts';
import { styleFor } from '../../render/style.ts';
import { diffDocument } from './diff-document.ts';
import { type DiffReport, renderChanges, renderReport } from './diff-report.ts';
import type { DB_DIFF_FLAGS } from './diff-spec.ts';
import { givenSource, hazardsOf } from './inputs.ts';
import { locatedFrom } from './located.ts';
import { snapshotFile } from './snapshot.ts';
import { writeMigration } from './write-migration.ts';

type Flags = FlagValues<typeof DB_DIFF_FLAGS>;

export const run: CommandRun<typeof DB_DIFF_FLAGS> = async (invocation) => {
  const { host, positionals, flags, common } = invocation;
  if (flags.lint.length > 0) return (await import('./lint.ts')).lint(invocation);
  const allowed = hazardsOf(flags.allow);
  const diff = await diffAsking(host, requestOf(host, positionals, flags), common.json);
  const isChanged = diff.plan.segments.length > 0;
  const files = isChanged && diff.proof.proved ? migrationFiles(diff, new Date(host.clock.now())) : undefined;
  const refused = refusedHazards(diff, allowed);
  const status = statusOf(isChanged, diff.proof.proved, refused);
  const folder = flags.output === undefined ? undefined : resolve(host.cwd, flags.output);
  const written = status === 'proved' && folder !== undefined && files !== undefined;
  if (written) await writeMigration(folder, [files.migration, files.rollback]);
  const report: DiffReport = { diff, status, refused, files, folder: written ? flags.output : undefined };
  const style = styleFor(host, 'stderr', common.color);
  if (!common.json && !common.quiet) {
    for (const note of diff.notes) host.stderr.write(`${renderDiagnostic(note, style)}\n`);
    if (status === 'proved' && !written) host.stderr.write(`${renderChanges(report)}\n`);
  }
  return { exit: EXITS[status], document: diffDocument(report), text: renderReport(report) };
};

/** At a terminal, what may be a rename is asked, and planned anew with the answers. */
async function diffAsking(host: Host, request: DiffRequest, isJson: boolean): Promise<SchemaDiff> {
  const diff = await diffSchemas(request);
  if (isJson || diff.likelyRenames.length === 0 || !mayPrompt(host)) return diff;
  const { askRenames } = await import('./ask-renames.ts');
  const said = await askRenames(diff.likelyRenames);
  return said.length === 0 ? diff : diffSchemas({ ...request, renames: [...request.renames, ...said] });
}

const EXITS = { unchanged: 'ok', proved: 'ok', refused: 'refused', unproved: 'failed' } as const;

function statusOf(isChanged: boolean, isProved: boolean, refused: readonly Hazard[]): DiffReport['status'] {
  if (!isChanged) return 'unchanged';
  if (!isProved) return 'unproved';
  return refused.length > 0 ? 'refused' : 'proved';
}

function requestOf(host: Host, positionals: readonly string[], flags: Flags): DiffRequest {
  if (flags.to === undefined) throw nothingToCompare('--to is missing: the schema as it should be');
  return {
    from: sourceOf(host, positionals[0], flags.connection),
    to: locatedFrom(host.cwd, parseLocation(flags.to)),
    scratchUrl: flags.scratch,
    snapshot: snapshotFile(host.env),
    renames: flags.rename.map(parseRename),
    preserve: flags['preserve-data'],
    online: !flags.offline,
    budgetMs: flags.budget * 1000,
    signal: host.signal,
  };
}

function sourceOf(host: Host, file: string | undefined, connection: string | undefined): SchemaLocation {
  const source = givenSource(host, file, connection);
  if (source === undefined) throw nothingToCompare('nothing says what to start from');
  return source;
}

const nothingToCompare = (message: string): UserError =>
  new UserError('DB015', message, {
    kind: 'usage',
    help: 'Usage: senior-backend db diff FROM --to SCHEMA, or --connection URL instead of FROM.',
  });
