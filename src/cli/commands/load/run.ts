import { UserError } from '../../../core/errors.ts';
import type { LoadProgress, LoadResult } from '../../../load/index.ts';
import type { Invocation, Outcome } from '../../command.ts';
import { currentEnvironment } from '../../environment.ts';
import type { ExitName } from '../../exit-codes.ts';
import type { Host } from '../../host.ts';
import { loadPage } from '../../render/html/load.ts';
import { githubAnnotations, junitReport } from '../../render/junit.ts';
import { loadDocument, renderLoad } from '../../render/load.ts';
import { progressLine, showLoad } from '../../render/load-progress.ts';
import { styleFor } from '../../render/style.ts';
import { runHereOrThere } from './cluster.ts';
import { runComparison } from './compare.ts';
import { openMetrics } from './metrics.ts';
import type { LoadFlags } from './options.ts';
import { type Report, writeReports } from './report.ts';
import { readTarget } from './target.ts';

/** `senior-backend load`. Exit `refused` when a check was not met, `failed` when no request succeeded. */
export async function run(invocation: Invocation<LoadFlags>): Promise<Outcome> {
  const report = invocation.flags.compare ? await runComparison(invocation) : await runOne(invocation);
  await writeReports(invocation.host, invocation.flags, report);
  return report;
}

async function runOne({ host, positionals, flags, common }: Invocation<LoadFlags>): Promise<Report> {
  const [given, surplus] = positionals;
  if (surplus !== undefined) throw usage(`${JSON.stringify(surplus)} is a second target`, 'Add --compare.');
  if (flags.until !== undefined || flags['fail-on-regression']) {
    throw usage(
      '--until and --fail-on-regression are about two targets',
      'Add --compare and a second target.',
    );
  }
  const { options, leftOut } = await readTarget(host, given, flags);
  const line = common.quiet || common.json ? undefined : progressLine(host);
  const metrics = flags.otlp === undefined ? undefined : await openMetrics(flags.otlp, options.url);
  if (leftOut > 0 && !common.quiet && !common.json)
    host.stderr.write(`${leftOut} recorded requests to other hosts are left out\n`);
  const show = (state: LoadProgress): void => {
    line?.show(showLoad(state));
    metrics?.progress(state);
  };
  const watched = line !== undefined || metrics !== undefined;
  const result = await runHereOrThere({ host, flags, common }, options, watched ? show : undefined).finally(
    () => {
      line?.clear();
      metrics?.stop();
    },
  );
  const unsent = await metrics?.finish(result);
  if (unsent !== undefined) host.stderr.write(`The last metrics were not taken: ${unsent}\n`);
  if (host.env['GITHUB_ACTIONS'] === 'true') annotate(host, result);
  return {
    exit: exitOf(result),
    ...(flags.report === undefined ? {} : { page: loadPage(result) }),
    ...(flags.junit === undefined ? {} : { junit: junitReport(result.settings.url, result.checks) }),
    document: loadDocument(result, currentEnvironment()),
    text: renderLoad(result, { style: styleFor(host, 'stdout', common.color), verbose: common.verbose }),
  };
}

const usage = (message: string, help: string): UserError =>
  new UserError('LOAD005', message, { kind: 'usage', help });

function exitOf({ checks, requests }: LoadResult): ExitName {
  if (checks.some(({ met }) => !met)) return 'refused';
  return requests.successful === 0 && checks.length === 0 ? 'failed' : 'ok';
}

/** On standard error: standard output belongs to the report. */
function annotate(host: Host, { settings, checks }: LoadResult): void {
  for (const line of githubAnnotations(`Load test of ${settings.url}`, checks))
    host.stderr.write(`${line}\n`);
}
