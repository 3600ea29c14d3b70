import { UserError } from '../../../core/errors.ts';
import type { LoadOptions, LoadProgress, LoadResult, SampledAnswer } from '../../../load/index.ts';
import type { FlagValues, Invocation, Outcome } from '../../command.ts';
import { currentEnvironment } from '../../environment.ts';
import type { ExitName } from '../../exit-codes.ts';
import type { Host } from '../../host.ts';
import type { ContractReport } from '../../render/contract.ts';
import { loadPage } from '../../render/html/load.ts';
import { githubAnnotations, junitReport } from '../../render/junit.ts';
import { loadDocument, renderLoad } from '../../render/load.ts';
import { progressLine, showLoad } from '../../render/load-progress.ts';
import { styleFor } from '../../render/style.ts';
import { runHereOrThere } from './cluster.ts';
import { runComparison } from './compare.ts';
import type { ContractRun } from './contract/read.ts';
import { runMaybeExplained } from './explained.ts';
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
  const { options: asked, leftOut } = await readTarget(host, given, flags);
  const contract = await contractOf(host, asked, flags);
  const options = contract?.options ?? asked;
  const line = common.quiet || common.json ? undefined : progressLine(host);
  const metrics = flags.otlp === undefined ? undefined : await openMetrics(flags.otlp, options.url);
  if (leftOut > 0 && !common.quiet && !common.json)
    host.stderr.write(`${leftOut} recorded requests to other hosts are left out\n`);
  const show = (state: LoadProgress): void => {
    line?.show(showLoad(state));
    metrics?.progress(state);
  };
  const watched = line !== undefined || metrics !== undefined;
  const take = contract === undefined ? undefined : (sample: SampledAnswer) => contract.check.take(sample);
  const { result: measured, explanation } = await runMaybeExplained(host, options, {
    database: flags.db,
    onPhase: line === undefined ? undefined : (phase) => line.show(`${phase} ...`),
    run: () => runHereOrThere({ host, flags, common }, options, watched ? show : undefined, take),
  }).finally(() => {
    line?.clear();
    metrics?.stop();
  });
  const found = contract === undefined ? undefined : { ...contract, ...contract.check.finish(measured) };
  const result = flags['expect-contract'] ? withContractCheck(measured, found) : measured;
  const unsent = await metrics?.finish(result);
  if (unsent !== undefined) host.stderr.write(`The last metrics were not taken: ${unsent}\n`);
  if (host.env['GITHUB_ACTIONS'] === 'true') annotate(host, result);
  return {
    exit: exitOf(result),
    ...(flags.report === undefined ? {} : { page: loadPage(result, { contract: found, explanation }) }),
    ...(flags.junit === undefined ? {} : { junit: junitReport(result.settings.url, result.checks) }),
    document: loadDocument(result, currentEnvironment(), { contract: reported(found), explanation }),
    text: renderLoad(result, {
      style: styleFor(host, 'stdout', common.color),
      verbose: common.verbose,
      contract: found,
      explanation,
    }),
  };
}

/** What --spec asks for; what makes requests of it is loaded when it is asked. */
async function contractOf(
  host: Host,
  options: LoadOptions,
  flags: FlagValues<LoadFlags>,
): Promise<ContractRun | undefined> {
  if (flags.spec !== undefined) {
    const { readContractRun } = await import('./contract/read.ts');
    return readContractRun(host, flags.spec, options, flags);
  }
  if (flags.mix === undefined && !flags['expect-contract']) return undefined;
  throw usage('--mix and --expect-contract are about a contract', 'Add --spec openapi.yaml.');
}

const reported = (found: ContractReport | undefined): ContractReport | undefined =>
  found === undefined
    ? undefined
    : {
        title: found.title,
        checked: found.checked,
        breaches: found.breaches,
        leftOut: found.leftOut,
        notes: found.notes,
      };

function withContractCheck(result: LoadResult, found: ContractReport | undefined): LoadResult {
  const { checked = 0, breaches = [] } = found ?? {};
  const check = {
    text: 'answers keep the contract',
    met: checked > 0 && breaches.length === 0,
    actual: `${checked} were read, ${breaches.length} kinds of breaches found`,
  };
  return { ...result, checks: [...result.checks, check] };
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
