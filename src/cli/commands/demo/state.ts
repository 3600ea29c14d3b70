import type { DryRunReport, IndexAdvice } from '../../../database/index.ts';
import type { Comparison, Explanation, LoadResult } from '../../../load/index.ts';
import type { Host } from '../../host.ts';
import type { ContractReport } from '../../render/contract.ts';

/** The service while it runs. */
export interface RunningService {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** One measurement of the service by its contract. */
export interface Measurement {
  readonly result: LoadResult;
  readonly contract: ContractReport;
  /** Of a database that can be watched from outside. */
  readonly explanation?: Explanation | undefined;
}

/** A statement that the service asked its database, as its own connection counted it. */
export interface CountedStatement {
  readonly sql: string;
  readonly calls: number;
  readonly milliseconds: number;
}

/** What the steps hand on to one another. */
export interface DemoState {
  readonly host: Host;
  readonly folder: string;
  /** The folder as the user wrote it. */
  readonly shownFolder: string;
  /** A database of the demo's own on a server; undefined: embedded in the service, kept in the folder. */
  readonly databaseUrl: string | undefined;
  /** Of each measurement, in seconds. */
  readonly duration: number;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
  /** Undo what outlives a step, last one first. */
  readonly stops: (() => Promise<void>)[];
  service?: RunningService;
  first?: Measurement;
  second?: Measurement;
  statements?: readonly CountedStatement[];
  advice?: IndexAdvice;
  /** The migration that is applied, below the folder. */
  migration?: string;
  rehearsal?: DryRunReport;
  comparison?: Comparison;
  wayBack?: DryRunReport;
}

/** One thing that the demo does and shows. What it returns goes into the `--json` document. */
export interface DemoStep {
  readonly title: string;
  readonly run: (state: DemoState) => Promise<object>;
}

/** What an earlier step left. A step that is missing is a fault of ours. */
export function leftBy<Key extends keyof DemoState>(state: DemoState, key: Key): NonNullable<DemoState[Key]> {
  const value = state[key];
  if (value === undefined || value === null) throw new Error(`no step of the demo left ${key}`);
  return value;
}
