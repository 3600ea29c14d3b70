import type { Decomposition } from './decompose.ts';
import type { Evidence, OperationEvidence, StatementEvidence } from './evidence.ts';

export type ReasonCode =
  | 'missing-index'
  | 'slow-statement'
  | 'n-plus-one'
  | 'repeated-statement'
  | 'lock-wait'
  | 'small-pool'
  | 'connection-per-request'
  | 'processor'
  | 'large-payload'
  | 'waits-elsewhere'
  | 'one-at-a-time';

/** Why a service is slow, with the evidence for it. */
export interface Reason {
  readonly code: ReasonCode;
  /** The operation; undefined when all of them suffer. */
  readonly operation: string | undefined;
  /** Of the time that all requests took, less what could not be attributed; 0 to 1. */
  readonly share: number;
  /** Milliseconds of the mean request of that operation, or of all. */
  readonly ms: number;
  readonly message: string;
  /** Figures by what they are of. */
  readonly evidence: Readonly<Record<string, string | number>>;
  readonly mend: { readonly text: string; readonly command?: string; readonly sql?: readonly string[] };
}

/** What of an operation's time a reason answers for; milliseconds a request. */
export interface Taken {
  readonly database?: ReadonlyMap<string, number>;
  readonly lock?: number;
  readonly processor?: number;
  readonly transfer?: number;
  readonly trips?: number;
  readonly elsewhere?: number;
}

/** A reason that one operation's own time gives, before the queue is shared out. */
export interface Claim extends Omit<Reason, 'share' | 'ms' | 'operation' | 'message'> {
  /** `part` says how much of the operation's time it is, the queue behind it included. */
  readonly message: (part: string) => string;
  readonly takes: Taken;
  /** Whether less of it would also shorten how long a connection is held. */
  readonly holdsConnection: boolean;
}

/** What is left to be explained of one operation. Rules take from it in turn. */
export interface Remainder {
  readonly operation: OperationEvidence;
  readonly loadMs: number;
  /** By statement. */
  readonly database: Map<string, number>;
  lock: number;
  processor: number;
  transfer: number;
  trips: number;
  elsewhere: number;
}

/** Looks at one operation and claims what it can prove. */
export type Rule = (rest: Remainder, context: Context) => Claim[];

export interface Context {
  readonly evidence: Evidence;
  readonly decomposition: Decomposition;
  readonly statement: (id: string) => StatementEvidence | undefined;
}

/** A statement on one line, as messages show it. */
export const shortened = (sql: string, most = 160): string => {
  const line = sql.replaceAll(/\s+/g, ' ').trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
};

/** A figure with as many digits as it deserves. */
export const figure = (value: number): number =>
  value >= 100 ? Math.round(value) : Number(value.toPrecision(value >= 10 ? 3 : 2));
