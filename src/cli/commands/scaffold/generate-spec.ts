import { resolve } from 'node:path';
import { UserError } from '../../../core/errors.ts';
import { generateSpec, planSpec, type SpecRequest } from '../../../scaffold/index.ts';
import type { FlagValues, Invocation, Outcome } from '../../command.ts';
import { type SpecReport, specDocument, specText } from '../../render/generate-spec.ts';
import { showDiagnostics } from './show-diagnostics.ts';
import type { scaffoldFlags } from './spec.ts';

/** Writes the document of a folder of routes, or says what it would be. */
export async function generateSpecOf({
  host,
  positionals: [folder],
  flags,
  common,
}: Invocation<typeof scaffoldFlags>): Promise<Outcome> {
  if (folder === undefined) {
    throw new UserError('SCF061', 'no folder of routes is given', {
      kind: 'usage',
      help: 'Usage: senior-backend scaffold ROUTES_DIR --generate-spec -o openapi.yaml',
    });
  }
  const { output = './openapi.yaml' } = flags;
  const mode = modeOf(flags);
  const request: SpecRequest = {
    path: resolve(host.cwd, folder),
    shown: folder.replace(/[\\/]+$/, '') || folder,
    output: resolve(host.cwd, output),
    shownOutput: output,
    ...(flags.framework === undefined ? {} : { framework: flags.framework }),
    ...(flags['openapi-version'] === undefined ? {} : { version: flags['openapi-version'] }),
  };
  const written = await (mode === 'write' ? generateSpec(request) : planSpec(request));
  showDiagnostics(host, written.diagnostics, common);
  const report: SpecReport = { ...written, routes: folder, output, mode };
  return {
    exit: mode === 'check' && written.action !== 'unchanged' ? 'refused' : 'ok',
    document: specDocument(report),
    text: specText(report, common.verbose),
  };
}

const modeOf = (flags: FlagValues<typeof scaffoldFlags>): SpecReport['mode'] =>
  flags.check ? 'check' : flags['dry-run'] ? 'dry-run' : 'write';
