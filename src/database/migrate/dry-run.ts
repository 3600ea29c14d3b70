import type { Diagnostic } from '../../core/diagnostic.ts';
import { UserError } from '../../core/errors.ts';
import { HAZARDS, type Hazard, REFUSED } from '../hazards.ts';
import { readTableSizes, type TableSizes } from '../lint/sizes.ts';
import { quoteName } from '../quote.ts';
import { nameOfLocation } from '../sources/location.ts';
import { readDatabase } from '../sources/schema.ts';
import type { RunContext } from './context.ts';
import { readStatistics } from './copy-statistics.ts';
import { withEstimates } from './estimate.ts';
import { runLive, whyNotLive, withLive } from './live.ts';
import { type Rehearsal, type Rehearsed, type RehearsedFile, rehearse } from './rehearse.ts';
import { resetSession } from './run-script.ts';

/** What a run would do. */
export interface DryRunReport {
  readonly database: string;
  /** The scratch that everything was run in. */
  readonly engine: string;
  /** Whether the scratch has the planner's statistics of the database. */
  readonly statistics: boolean;
  /** Whether everything was run on the database itself too, and rolled back. */
  readonly live: boolean;
  /** Why it was not. */
  readonly scratchOnly: string | undefined;
  readonly files: readonly RehearsedFile[];
  readonly sizes: TableSizes;
  readonly refused: readonly Hazard[];
  readonly notes: readonly Diagnostic[];
}

/** Runs scripts in a scratch that is built from the database as it is now, without touching it. */
export async function rehearseFor(
  run: RunContext,
  scripts: readonly Rehearsed[],
): Promise<{ readonly rehearsal: Rehearsal; readonly sizes: TableSizes }> {
  const { session, request, surroundings } = run;
  const schema = await readDatabase(nameOfLocation(request.database), session);
  // The names of the sizes are those that the scratch prints.
  await resetSession(session, run.limits);
  const sizes = await readTableSizes(session);
  const statistics = await readStatistics(session);
  const { scratchUrl, snapshot, budgetMs } = request;
  const rehearsal = await rehearse({ schema, sizes, statistics }, scripts, {
    scratchUrl,
    snapshot,
    budgetMs,
    signal: surroundings.signal,
    monotonic: surroundings.monotonic,
  });
  return { rehearsal, sizes };
}

/** Runs everything and keeps nothing: in a scratch, and where it can be undone on the database itself. */
export async function dryRun(run: RunContext, scripts: readonly Rehearsed[]): Promise<DryRunReport> {
  const { rehearsal, sizes } = await rehearseFor(run, scripts);
  const texts = scripts.map(({ script }) => script);
  const isBegun = scripts.some(({ reached }) => reached > 0);
  const why = isBegun ? 'it was begun already' : await whyNotLive(run, texts, rehearsal, sizes);
  const live = why === undefined ? await runLive(run, texts) : undefined;
  await resetSession(run.session, run.limits);
  const stopped = live?.stopped;
  return {
    database: nameOfLocation(run.request.database),
    engine: rehearsal.engine,
    statistics: rehearsal.hasStatistics,
    live: live !== undefined && stopped === undefined,
    scratchOnly: why ?? stopped,
    files: await withEstimates(
      run.session,
      live === undefined ? rehearsal.files : withLive(rehearsal.files, live),
    ),
    sizes,
    refused: !hasTables(sizes, run) ? [] : refusedIn(rehearsal.files, run.request.allow),
    notes: rehearsal.notes,
  };
}

/** The hazards that stop these files until they are allowed. */
export function refusedIn(files: readonly RehearsedFile[], allow: readonly Hazard[]): Hazard[] {
  const findings = files.flatMap(({ statements }) => statements.flatMap((statement) => statement.findings));
  const refused = findings.filter(({ grade, hazard }) => grade === 'refused' && !allow.includes(hazard));
  return [...new Set(refused.map(({ hazard }) => hazard))].sort();
}

/** Stops before anything is run when a hazard was not allowed. Errors: DB023. */
export async function failOnHazards(run: RunContext, scripts: readonly Rehearsed[]): Promise<void> {
  if (REFUSED.every((hazard) => run.request.allow.includes(hazard))) return;
  // A database without a table has nothing that could be lost or kept waiting.
  if (!hasTables(await readTableSizes(run.session), run)) return;
  const { rehearsal } = await rehearseFor(run, scripts);
  failOnRefused(rehearsal.files, run.request.allow);
}

function failOnRefused(files: readonly RehearsedFile[], allow: readonly Hazard[]): void {
  const refused = refusedIn(files, allow);
  if (refused.length === 0) return;
  const diagnostics = files.flatMap(({ path, statements }) =>
    statements.flatMap(({ sql, line, findings }) =>
      findings
        .filter(({ grade, hazard }) => grade === 'refused' && refused.includes(hazard))
        .map(
          ({ hazard, about, safeWay }): Diagnostic => ({
            code: 'DB023',
            severity: 'error',
            message: `${hazard}${about === '' ? '' : ` (${about})`}: ${HAZARDS[hazard].meaning}`,
            location: {
              file: path,
              ...(line === undefined ? {} : { line }),
              statement: sql.split('\n')[0] ?? '',
            },
            help: safeWay ?? HAZARDS[hazard].safeWay,
          }),
        ),
    ),
  );
  throw new UserError('DB023', `nothing was run: ${refused.join(', ')} not allowed`, {
    kind: 'refused',
    help: `See with --dry-run what it does; to go on all the same: --allow ${refused.join(',')}`,
    diagnostics,
  });
}

/** Whether there is a table besides the journal's own. */
function hasTables(sizes: TableSizes, { request }: RunContext): boolean {
  const own = [`${request.journal}.migrations`, `${quoteName(request.journal)}.migrations`];
  return [...sizes.keys()].some((name) => !own.includes(name));
}
