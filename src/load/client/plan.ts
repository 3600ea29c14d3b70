import type { Pace } from '../pace.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Tally } from '../tally.ts';
import type { RawAnswer } from './answer-keeper.ts';
import type { Http2Plan } from './http2-session.ts';
import type { Endpoint } from './wire.ts';

/** Everything a client needs to know, in a form that crosses threads. Times are in milliseconds. */
export interface ClientPlan {
  readonly endpoint: Endpoint;
  /** The requests as bytes, sent in turn; at least one. */
  readonly list: readonly Uint8Array[];
  /** What each of them is issued with (see tag.ts); none: 0. */
  readonly tags: readonly number[];
  /** So many at the start of the list are sent once; the rest over and over. 0 when absent. */
  readonly once?: number;
  /** Answers are counted by operation. */
  readonly operations?: OperationPlan;
  /** The one to begin with; 0 when absent. */
  readonly firstOfList?: number;
  readonly connections: number;
  /** HTTP/1.1: requests sent on a connection without waiting for an answer; 1 when absent. */
  readonly pipeline?: number;
  /** Each connection is a user that goes through steps; `list` is then one empty request. */
  readonly scenario?: Scenario;
  /** Speak HTTP/2; they are then frames (see http2-request.ts). */
  readonly http2?: Http2Plan;
  readonly pace: Pace;
  /** How long requests are sent before what happens is counted. */
  readonly warmUp: number;
  /** How long it is counted. */
  readonly duration: number;
  /** Stop after this many requests; undefined: only `duration` ends the run. */
  readonly requests?: number;
  readonly timeout: number;
  /** The statuses that are a success, when they are not the usual ones. */
  readonly expectedStatuses?: readonly number[];
}

/** How operations are told apart. */
export interface OperationPlan {
  readonly count: number;
  /** So many answers of each are kept whole, spread over the run; 0: none. */
  readonly samples: number;
}

/** An answer as it came, for who holds it to a contract. */
export interface AnswerSample {
  /** The place of its operation. */
  readonly operation: number;
  readonly status: number;
  readonly answer: RawAnswer;
}

/** What a client shares with the outside while it runs. */
export interface ClientControl {
  /** Set to end the run at the next tick. */
  stopped: boolean;
  /** Set to send these requests, and this Authorization in scenarios, from the next tick on. */
  renewed?: Renewal | undefined;
  /** Called at most once every `PROGRESS_EVERY` milliseconds. */
  readonly onProgress?: (tally: Tally) => void;
  /** Given the answers that are kept. */
  readonly onSample?: (sample: AnswerSample) => void;
  /** Told the status line and headers of answers; costs a string each. Milliseconds from the start. */
  readonly onHead?: (status: number, head: string, at: number) => void;
}

/** What replaces the plan's own when a token is renewed. */
export interface Renewal {
  readonly list: readonly Uint8Array[];
  readonly authorization: string;
}
