import { resolve } from 'node:path';
import { UserError } from '../../../core/errors.ts';
import { hasDrifted, planServer, scaffoldServer } from '../../../scaffold/index.ts';
import type { CommandRun, FlagValues, Outcome } from '../../command.ts';
import type { Host } from '../../host.ts';
import { scaffoldDocument, scaffoldText } from '../../render/scaffold.ts';
import { showDiagnostics } from './show-diagnostics.ts';
import type { Source, SourceOptions } from './source.ts';
import type { scaffoldFlags } from './spec.ts';

export const run: CommandRun<typeof scaffoldFlags> = async ({
  host,
  positionals,
  flags,
  common,
}): Promise<Outcome> => {
  refuseContradictions(flags);
  if (flags['generate-spec']) {
    // Loads what reads sources only when they are read.
    const { generateSpecOf } = await import('./generate-spec.ts');
    return generateSpecOf({ host, positionals, flags, common });
  }
  const { framework = 'express', output = './generated' } = flags;
  const mode = flags.check ? 'check' : flags['dry-run'] ? 'dry-run' : 'write';
  const options: SourceOptions = {
    framework,
    typesOnly: flags['types-only'],
    project: flags.project,
    errors: flags.errors,
    validateResponses: flags['validate-responses'],
    force: flags.force,
    allowRefs: flags['allow-refs'],
    allowNetwork: flags['allow-network'],
  };
  const source = await sourceOf(host, positionals, flags);
  const generate = mode === 'write' ? source.write : source.plan;
  const written = await generate(resolve(host.cwd, output), options);
  const request = {
    spec: source.shown,
    output,
    framework,
    project: flags.project,
    mode,
  } as const;
  showDiagnostics(host, written.diagnostics, common);
  return {
    exit: mode === 'check' && hasDrifted(written) ? 'refused' : 'ok',
    document: scaffoldDocument(written, request),
    text: scaffoldText(written, request, common.verbose),
  };
};

/** Flags that each ask for something that the other one leaves out. */
function refuseContradictions(flags: FlagValues<typeof scaffoldFlags>): void {
  if (flags['generate-spec']) refuseBeside(flags);
  if (!flags.project || !flags['types-only']) return;
  throw new UserError('CLI004', '--project and --types-only exclude each other', {
    kind: 'usage',
    help: 'Leave one of them out.',
  });
}

/** A document from code has nothing of a server. */
function refuseBeside(flags: FlagValues<typeof scaffoldFlags>): void {
  const others = {
    'from-db': flags['from-db'] !== undefined,
    project: flags.project,
    'types-only': flags['types-only'],
  };
  const [other] = Object.entries(others).find(([, given]) => given) ?? [];
  if (other === undefined) return;
  throw new UserError('CLI004', `--generate-spec and --${other} exclude each other`, {
    kind: 'usage',
    help: 'Leave one of them out.',
  });
}

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
