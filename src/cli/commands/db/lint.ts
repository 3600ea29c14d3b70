import { UserError } from '../../../core/errors.ts';
import { lintFiles } from '../../../database/index.ts';
import type { Invocation, Outcome } from '../../command.ts';
import { renderDiagnostic } from '../../render/diagnostics.ts';
import { styleFor } from '../../render/style.ts';
import type { DB_DIFF_FLAGS } from './diff-spec.ts';
import { annotations } from './github.ts';
import { givenSource, hazardsOf } from './inputs.ts';
import { lintDocument } from './lint-document.ts';
import { judge, renderLint } from './lint-report.ts';
import { snapshotFile } from './snapshot.ts';

/** `db diff --lint`: checks hand-written SQL. Exit 3 when something is refused or cannot work. */
export async function lint(invocation: Invocation<typeof DB_DIFF_FLAGS>): Promise<Outcome> {
  const { host, positionals, flags, common } = invocation;
  refuseOthers(flags);
  const allowed = hazardsOf(flags.allow);
  const report = await lintFiles({
    paths: flags.lint,
    root: host.cwd === '' ? undefined : host.cwd,
    from: givenSource(host, positionals[0], flags.connection),
    oneTransaction: flags['one-transaction'],
    scratchUrl: flags.scratch,
    snapshot: snapshotFile(host.env),
    budgetMs: flags.budget * 1000,
    signal: host.signal,
  });
  const verdict = judge(report, allowed);
  if (!common.json && !common.quiet) {
    const style = styleFor(host, 'stderr', common.color);
    for (const note of report.notes) host.stderr.write(`${renderDiagnostic(note, style)}\n`);
  }
  // https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
  if (host.env['GITHUB_ACTIONS'] === 'true') {
    for (const line of annotations(verdict)) host.stderr.write(`${line}\n`);
  }
  return {
    exit: verdict.passed ? 'ok' : 'refused',
    document: lintDocument(verdict),
    text: renderLint(verdict, styleFor(host, 'stdout', common.color)),
  };
}

function refuseOthers(flags: Invocation<typeof DB_DIFF_FLAGS>['flags']): void {
  const others = [
    ...(flags.to === undefined ? [] : ['--to']),
    ...(flags.output === undefined ? [] : ['--output']),
    ...(flags.rename.length === 0 ? [] : ['--rename']),
  ];
  if (others.length === 0) return;
  throw new UserError('DB042', `--lint does not go with ${others.join(' and ')}`, {
    kind: 'usage',
    help: 'Usage: senior-backend db diff [FROM] --lint FILE; FROM or --connection is the schema before the file.',
  });
}
