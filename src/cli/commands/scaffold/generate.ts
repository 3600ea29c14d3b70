import { resolve } from 'node:path';
import { UserError } from '../../../core/errors.ts';
import { hasDrifted, planServer, scaffoldServer } from '../../../scaffold/index.ts';
import type { CommandRun, Outcome } from '../../command.ts';
import { renderDiagnostic } from '../../render/diagnostics.ts';
import { scaffoldDocument, scaffoldText } from '../../render/scaffold.ts';
import { styleFor } from '../../render/style.ts';
import type { scaffoldFlags } from './spec.ts';

export const run: CommandRun<typeof scaffoldFlags> = async ({
  host,
  positionals,
  flags,
  common,
}): Promise<Outcome> => {
  const [spec = ''] = positionals;
  if (flags.project && flags['types-only']) {
    throw new UserError('CLI004', '--project and --types-only exclude each other', {
      kind: 'usage',
      help: 'Leave one of them out.',
    });
  }
  const mode = flags.check ? 'check' : flags['dry-run'] ? 'dry-run' : 'write';
  const written = await GENERATE[mode](
    { path: resolve(host.cwd, spec), shown: spec },
    resolve(host.cwd, flags.output),
    {
      framework: flags.framework,
      typesOnly: flags['types-only'],
      project: flags.project,
      errors: flags.errors,
      validateResponses: flags['validate-responses'],
      force: flags.force,
      allowRefs: flags['allow-refs'],
      allowNetwork: flags['allow-network'],
    },
  );
  const request = {
    spec,
    output: flags.output,
    framework: flags.framework,
    project: flags.project,
    mode,
  } as const;
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

/** What is done with the folder. */
const GENERATE = { write: scaffoldServer, check: planServer, 'dry-run': planServer } as const;

/** More findings than this are for --verbose and --json. */
const MAX_SHOWN = 5;
