// A sequence of requests that one user sends one after the other, as plain data that crosses threads.
import type { Row } from '../feeder.ts';
import type { Header } from '../request.ts';

/** What every user of a run does, again and again. */
export interface Scenario {
  readonly steps: readonly Step[];
  /** Values for `{{name}}`: one row for each time through the steps, in turn. */
  readonly rows: readonly Row[];
  /** Keep the cookies of answers and send them back. */
  readonly cookies: boolean;
  /** Each time through the steps is a new visitor, without the cookies of the one before. */
  readonly newVisitors: boolean;
  /** So many redirects of one request are followed, on the same origin; 0: none. */
  readonly follow: number;
  /** What the Host header says, and where redirects may lead. */
  readonly authority: string;
  readonly origin: string;
}

/** One request. Texts may hold `{{name}}` of a row or of a capture of an earlier step. */
export interface Step {
  readonly name: string;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: readonly Header[];
  readonly body?: string | Uint8Array;
  /** The statuses that are a success of this step, when not the run's. */
  readonly expect?: readonly number[];
  readonly captures: readonly Capture[];
}

/** Where a value is found in an answer. */
export interface Capture {
  readonly name: string;
  readonly from:
    | { readonly kind: 'json'; readonly pointer: readonly string[] }
    | { readonly kind: 'header'; readonly header: string }
    | { readonly kind: 'regex' }
    | { readonly kind: 'status' };
  /** Applied to the body, or to what was found; its first group, or all of it, is the value. */
  readonly pattern?: string;
}
