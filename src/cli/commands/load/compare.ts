import { UserError } from '../../../core/errors.ts';
import { type CompareResult, parseBaseline, runAgainstBaseline, runCompare } from '../../../load/index.ts';
import type { Invocation } from '../../command.ts';
import { currentEnvironment } from '../../environment.ts';
import { comparePage } from '../../render/html/compare.ts';
import { compareDocument, renderCompare } from '../../render/load-compare.ts';
import { progressLine, showCompare, showLoad } from '../../render/load-progress.ts';
import { styleFor } from '../../render/style.ts';
import { type LoadFlags, readInput, readOptions } from './options.ts';
import type { Report } from './report.ts';

/** `--compare`: two URLs, or a URL and a saved report. Exit `refused` for a regression that is to fail. */
export async function runComparison(invocation: Invocation<LoadFlags>): Promise<Report> {
  const { host, flags, common } = invocation;
  if (flags.threshold.length > 0 || flags['expect-rate-limit'] || flags.junit !== undefined) {
    throw usage('--threshold, --expect-rate-limit and --junit are about one target', 'Leave out --compare.');
  }
  if (flags.db !== undefined) throw usage('--db explains one target', 'Leave out --compare, or --db.');
  if (flags.curl !== undefined || flags.har !== undefined || flags.spec !== undefined)
    throw usage('--curl, --har and --spec are about one target', 'Leave out --compare.');
  if (flags.cluster !== undefined) throw usage('--cluster is about one target', 'Leave out --compare.');
  const result = await measure(invocation);
  const regressed = result.comparison.verdict === 'worse' && flags['fail-on-regression'];
  const nothing = result.comparison.baseline.answered + result.comparison.candidate.answered === 0;
  return {
    exit: regressed ? 'refused' : nothing ? 'failed' : 'ok',
    document: compareDocument(result),
    ...(flags.report === undefined ? {} : { page: comparePage(result) }),
    text: renderCompare(result, styleFor(host, 'stdout', common.color)),
  };
}

async function measure({ host, positionals, flags, common }: Invocation<LoadFlags>): Promise<CompareResult> {
  const [first = '', second, ...more] = positionals;
  if (second === undefined || more.length > 0) {
    throw usage(
      `--compare got ${positionals.length} targets`,
      'Give two URLs, or one URL and a saved report such as baseline.json.',
    );
  }
  const load = await readOptions(host, flags);
  const line = common.quiet || common.json ? undefined : progressLine(host);
  try {
    if (/^https?:/i.test(second)) {
      const until = flags.until === undefined ? {} : { until: parseShare(flags.until) };
      const options = { load, baselineUrl: first, candidateUrl: second, random: host.random, ...until };
      return await runCompare(options, host.signal, (state) => line?.show(showCompare(state)));
    }
    const baseline = parseBaseline((await readInput(host, second)).toString('utf8'), second);
    const options = { ...load, url: first, random: host.random };
    return await runAgainstBaseline(options, baseline, currentEnvironment(), host.signal, (state) =>
      line?.show(showLoad(state)),
    );
  } finally {
    line?.clear();
  }
}

function parseShare(text: string): number {
  const [, amount] = /^(\d+(?:\.\d+)?)\s*%$/.exec(text) ?? [];
  if (amount !== undefined && Number(amount) > 0) return Number(amount) / 100;
  throw usage(`--until is ${JSON.stringify(text)}`, 'Give a percentage such as 2%.');
}

const usage = (message: string, help: string): UserError =>
  new UserError('LOAD005', message, { kind: 'usage', help });
