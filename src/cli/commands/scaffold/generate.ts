import { resolve } from 'node:path';
import { UserError } from '../../../core/errors.ts';
import { hasDrifted, planServer, scaffoldServer } from '../../../scaffold/index.ts';
import type { CommandRun, FlagValues, Outcome } from '../../command.ts';
import type { Host } from '../../host.ts';
import { renderDiagnostic } from '../../render/diagnostics.ts';
import { scaffoldDocument, scaffoldText } from '../../render/scaffold.ts';
import { styleFor } from '../../render/style.ts';
import type { Source, SourceOptions } from './source.ts';
import type { scaffoldFlags } from './spec.ts';

export const run: CommandRun<typeof scaffoldFlags> = async ({
  host,
  positionals,
  flags,
  common,
}): Promise<Outcome> => {
  const mode = flags.check ? 'check' : flags['dry-run'] ? 'dry-run' : 'write';
  const options: SourceOptions = {
    framework: flags.framework,
    typesOnly: flags['types-only'],
    errors: flags.errors,
    validateResponses: flags['validate-responses'],
    force: flags.force,
    allowRefs: flags['allow-refs'],
    allowNetwork: flags['allow-network'],
  };
  const source = await sourceOf(host, positionals, flags);
  const generate = mode === 'write' ? source.write : source.plan;
  const written = await generate(resolve(host.cwd, flags.output), options);
  const request = { spec: source.shown, output: flags.output, framework: flags.framework, mode } as const;
  const style = styleFor(host, 'stderr', common.color);
  const shown = written.diagnostics.filter(({ severity }) => common.verbose || severity !== 'info');
  if (!common.json && !common.quiet) {
    for (const diagnostic of shown.slice(0, common.verbose ? shown.length : MAX_SHOWN)) {
      host.stderr.write(`${renderDiagnostic(diagnostic, style)}\n`);
    }
    const left = shown.length - MAX_SHOWN;
    if (left > 0 && !common.verbose) host.stderr.write(`... and ${left} more; --verbose shows all.\n`);
  }
  return {
    exit: mode === 'check' && hasDrifted(written) ? 'refused' : 'ok',
    document: scaffoldDocument(written, request),
    text: scaffoldText(written, request, common.verbose),
  };
};

async function sourceOf(
  host: Host,
  [spec]: readonly string[],
  flags: FlagValues<typeof scaffoldFlags>,
): Promise<Source> {
  const database = flags['from-db'];
  if (database !== undefined && spec === undefined) {
    // Loads what reads databases only when one is read.
    const { databaseSource } = await import('./from-database.ts');
    return databaseSource(host, database, flags);
  }
  if (spec !== undefined && database === undefined) return documentSource(host, spec);
  const given =
    spec === undefined ? 'neither a document nor --from-db is' : 'both a document and --from-db are';
  throw new UserError('SCF061', `${given} given`, {
    kind: 'usage',
    help: 'Usage: senior-backend scaffold SPEC, or senior-backend scaffold --from-db DATABASE.',
  });
}

function documentSource(host: Host, spec: string): Source {
  const entry = { path: resolve(host.cwd, spec), shown: spec };
  return {
    shown: spec,
    plan: (folder, options) => planServer(entry, folder, options),
    write: (folder, options) => scaffoldServer(entry, folder, options),
  };
}

/** More findings than this are for --verbose and --json. */
const MAX_SHOWN = 5;
