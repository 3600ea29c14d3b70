import { type ExplainedRun, type LoadOptions, type LoadResult, runExplained } from '../../../load/index.ts';
import type { Host } from '../../host.ts';
import { snapshotFile } from '../db/snapshot.ts';

/** What is wanted of a run beside its options. */
export interface Wanted {
  /** `--db`. */
  readonly database: string | undefined;
  readonly onPhase: ((phase: string) => void) | undefined;
  /** The load itself. */
  readonly run: () => Promise<LoadResult>;
}

/** The run, and with a database its explanation. Errors: as the run and runExplained. */
export async function runMaybeExplained(
  host: Host,
  options: LoadOptions,
  { database, onPhase, run }: Wanted,
): Promise<Pick<ExplainedRun, 'result'> & Partial<ExplainedRun>> {
  if (database === undefined) return { result: await run() };
  const snapshot = snapshotFile(host.env);
  const explain = {
    database,
    run,
    ...(snapshot === undefined ? {} : { snapshot }),
    ...(onPhase === undefined ? {} : { onPhase }),
  };
  return runExplained(options, explain, host.signal);
}
