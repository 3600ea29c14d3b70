// What coordinator and worker say to each other. Everything is said again until it has been understood, and understood
// once: a message that comes twice, late or out of turn changes nothing.
import type { Histogram } from '../histogram.ts';
import { FINE_BITS } from '../histogram.ts';
import type { LoadOptions } from '../settings.ts';
import type { Tally } from '../tally.ts';
import { optionsShape } from './options.ts';
import { ID_FORM, MOST_MESSAGE_BYTES, MOST_WORKERS } from './protocol.ts';
import { flag, number, object, oneOf, type Shape, type Shaped, text, variant, whole } from './shape.ts';
import { histogramShape, tallyShape } from './tally-data.ts';

const id = text(32, ID_FORM);
const clockTime = number(0, 1e15);
const words = text(1000);

/** A piece of what is too large for one message. */
const part = object({
  index: whole(0, 100_000),
  of: whole(1, 100_000),
  data: text(MOST_MESSAGE_BYTES),
});
const ack = object({ index: whole(0, 100_000) });

/** A coordinator looks for workers. */
export const CALL = object({ run: id });

/** To all workers of a run. */
export const TO_ALL = variant({
  beat: object({ phase: oneOf('gathering', 'running', 'stopping', 'over') }),
});

/** To one worker. */
export const TO_WORKER = variant({
  /** It takes part; what time is it there? */
  clock: object({ sample: whole(0, 1e9) }),
  /** It does not take part. */
  declined: object({ why: words }),
  job: part,
  ack,
  /** The moment to begin, on the worker's own clock. */
  start: object({ at: clockTime }),
});

const progress = object({
  elapsedSeconds: number(0, 1e9),
  requests: whole(0, Number.MAX_SAFE_INTEGER),
  failed: whole(0, Number.MAX_SAFE_INTEGER),
  /** Of the successful requests so far. */
  latencies: histogramShape(FINE_BITS),
});

/** What a worker says of itself. */
export const PHASES = ['joining', 'ready', 'refused', 'waiting', 'running', 'done', 'gone'] as const;

/** To the coordinator. */
export const TO_COORDINATOR = variant({
  join: object({
    name: text(100),
    version: text(50),
    capacity: whole(1, 10_000),
    cores: whole(1, 100_000),
    /** It is at work for another run. */
    busy: flag,
  }),
  clock: object({ sample: whole(0, 1e9), monotonic: clockTime, wall: clockTime }),
  beat: object(
    { phase: oneOf(...PHASES) },
    {
      refusal: object({ code: text(20), message: words }),
      crew: object({ engine: oneOf('net', 'io_uring'), threads: whole(1, 100_000) }),
      progress,
    },
  ),
  ack,
  result: part,
});

export type ToCoordinator = Shaped<typeof TO_COORDINATOR>;
export type ToWorker = Shaped<typeof TO_WORKER>;
export type ToAll = Shaped<typeof TO_ALL>;
export type Phase = (typeof PHASES)[number];

/** What a worker has to do. */
export interface Job {
  readonly options: LoadOptions;
  /** Its requests in the open model: of each `of` those from `first`, `width` of them. */
  readonly window: { readonly first: number; readonly of: number; readonly width: number };
  /** Which of the workers it is: rows of data and what is sent once are dealt out by it. */
  readonly place: { readonly index: number; readonly of: number };
}

const MOST_SHARES = 1e8;

export const JOB: Shape<Job> = object({
  options: optionsShape,
  window: object({
    first: whole(0, MOST_SHARES),
    of: whole(1, MOST_SHARES),
    width: whole(1, MOST_SHARES),
  }),
  place: object({ index: whole(0, MOST_WORKERS), of: whole(1, MOST_WORKERS) }),
});

/** What a worker hands back. */
export interface WorkerResult {
  readonly tally: Tally;
  /** When it began, on its own clock. */
  readonly startedAt: number;
  /** Why it ended before its time. */
  readonly left?: 'stopped here' | 'the coordinator was silent' | undefined;
  /** Why its token could not be renewed during the run. */
  readonly tokenProblem?: string | undefined;
}

export const RESULT: Shape<WorkerResult> = object(
  { tally: tallyShape, startedAt: clockTime },
  { left: oneOf('stopped here', 'the coordinator was silent'), tokenProblem: words },
);

/** What was counted until a worker was heard of last. */
export interface WorkerProgress {
  readonly elapsedSeconds: number;
  readonly requests: number;
  readonly failed: number;
  readonly latencies: Histogram;
}
