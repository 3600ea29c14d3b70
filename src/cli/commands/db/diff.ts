import { resolve } from 'node:path';
import { UserError } from '../../../core/errors.ts';
import {
  type DiffRequest,
  diffSchemas,
  HAZARDS,
  type Hazard,
  migrationFiles,
  parseConnection,
  parseLocation,
  parseRename,
  REFUSED,
  type SchemaDiff,
  type SchemaLocation,
  statementsWith,
} from '../../../database/index.ts';
import type { CommandRun, FlagValues } from '../../command.ts';
import { type Host, mayPrompt } from '../../host.ts';
import { renderDiagnostic } from '../../render/diagnostics.ts';
import { styleFor } from '../../render/style.ts';
import { diffDocument } from './diff-document.ts';
import { type DiffReport, renderChanges, renderReport } from './diff-report.ts';
import type { DB_DIFF_FLAGS } from './diff-spec.ts';
import { locatedFrom } from './located.ts';
import { snapshotFile } from './snapshot.ts';
import { writeMigration } from './write-migration.ts';

type Flags = FlagValues<typeof DB_DIFF_FLAGS>;

export const run: CommandRun<typeof DB_DIFF_FLAGS> = async ({ host, positionals, flags, common }) => {
  const allowed = hazardsOf(flags.allow);
  const diff = await diffAsking(host, requestOf(host, positionals, flags), common.json);
  const isChanged = diff.plan.segments.length > 0;
  const files = isChanged && diff.proof.proved ? migrationFiles(diff, new Date(host.clock.now())) : undefined;
  const refused = REFUSED.filter(
    (hazard) => !allowed.includes(hazard) && statementsWith(diff.plan, hazard).length > 0,
  );
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
    online: !flags.offline,
    budgetMs: flags.budget * 1000,
    signal: host.signal,
  };
}

function sourceOf(host: Host, file: string | undefined, connection: string | undefined): SchemaLocation {
  if (file !== undefined) return locatedFrom(host.cwd, parseLocation(file));
  if (connection !== undefined) return locatedFrom(host.cwd, parseConnection(connection));
  throw nothingToCompare('nothing says what to start from');
}

const nothingToCompare = (message: string): UserError =>
  new UserError('DB015', message, {
    kind: 'usage',
    help: 'Usage: senior-backend db diff FROM --to SCHEMA, or --connection URL instead of FROM.',
  });

function hazardsOf(names: readonly string[]): readonly Hazard[] {
  const known = Object.keys(HAZARDS);
  return names
    .flatMap((name) => name.split(','))
    .map((name) => {
      if (isHazard(name)) return name;
      throw new UserError('DB024', `there is no hazard ${JSON.stringify(name)}`, {
        kind: 'usage',
        help: `Hazards are ${known.join(', ')}.`,
      });
    });
}

const isHazard = (name: string): name is Hazard => Object.hasOwn(HAZARDS, name);
