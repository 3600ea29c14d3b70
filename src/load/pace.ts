// When requests are sent. Times are in milliseconds from the start of the run.

/**
 * `closed`: each connection sends its next request when it has its answer, so a slow server slows the
 * test down; `ramp` spreads the opening of the connections. `open`: requests are due by the clock alone,
 * whatever the server does; `segments` say how many.
 */
export type Pace =
  | { readonly kind: 'closed'; readonly ramp: number }
  | { readonly kind: 'open'; readonly segments: readonly Segment[]; readonly share: Share };

/** A stretch of time in which the rate, in requests per second, goes evenly from one value to another. */
export interface Segment {
  readonly duration: number;
  readonly from: number;
  readonly to: number;
}

/** Which of the requests are one client's own: the first, and each `of`th from there. */
interface Share {
  readonly first: number;
  readonly of: number;
  /** What is shared, when it is not all requests of the run but those of one machine. */
  readonly window?: Window;
}

/** Of each `of` requests of the run, the `width` from `first` on: one machine's part, as large as its capacity. */
export interface Window {
  readonly first: number;
  readonly of: number;
  readonly width: number;
}

/** Tells a client when it owes the next request. */
export interface Pacer {
  /** The time at which the next request was due, when it is due at `now`; otherwise NaN. */
  due(now: number): number;
  /** The request that `due` told of was begun. */
  advance(): void;
  /** Milliseconds from `now` to the next request; Infinity when there is none to wait for. */
  wait(now: number): number;
  /** How many requests are due at `now` and not begun. */
  backlog(now: number): number;
}

/** Always due, at once. */
const CLOSED_PACER: Pacer = {
  due: (now) => now,
  advance: () => {},
  wait: () => Number.POSITIVE_INFINITY,
  backlog: () => 0,
};

export function createPacer(pace: Pace): Pacer {
  return pace.kind === 'closed' ? CLOSED_PACER : openPacer(pace.segments, pace.share);
}

function openPacer(segments: readonly Segment[], share: Share): Pacer {
  let begun = 0;
  let next = dueTime(segments, indexOf(share, 0));
  return {
    due: (now) => (next <= now ? next : Number.NaN),
    advance: () => {
      begun += 1;
      next = dueTime(segments, indexOf(share, begun));
    },
    wait: (now) => Math.max(0, next - now),
    backlog: (now) => Math.max(0, ownOf(share, Math.ceil(requestsUntil(segments, now))) - begun),
  };
}

/** Where the client's own request number `nth` stands among all of the run. */
function indexOf({ first, of, window }: Share, nth: number): number {
  const own = first + nth * of;
  if (window === undefined) return own;
  return Math.floor(own / window.width) * window.of + window.first + (own % window.width);
}

/** How many of the run's first `count` requests are the client's own. */
function ownOf({ first, of, window }: Share, count: number): number {
  return Math.ceil((inWindow(window, count) - first) / of);
}

function inWindow(window: Window | undefined, count: number): number {
  if (window === undefined) return count;
  const begun = Math.min(window.width, Math.max(0, (count % window.of) - window.first));
  return Math.floor(count / window.of) * window.width + begun;
}

/** The whole length of the segments. @internal */
export function totalDuration(segments: readonly Segment[]): number {
  return segments.reduce((sum, { duration }) => sum + duration, 0);
}

/** When request number `index` (from 0) is due: the time at which the area under the rate reaches it. @internal */
export function dueTime(segments: readonly Segment[], index: number): number {
  let start = 0;
  let before = 0;
  for (const segment of segments) {
    const area = areaOf(segment);
    if (index < before + area) return start + timeOfArea(segment, index - before);
    before += area;
    start += segment.duration;
  }
  return Number.POSITIVE_INFINITY;
}

function requestsUntil(segments: readonly Segment[], time: number): number {
  let left = time;
  let area = 0;
  for (const segment of segments) {
    if (left < segment.duration) return area + areaUntil(segment, left);
    area += areaOf(segment);
    left -= segment.duration;
  }
  return area;
}

const areaOf = ({ duration, from, to }: Segment): number => ((from + to) / 2) * (duration / 1000);

const areaUntil = ({ duration, from, to }: Segment, time: number): number =>
  (from + ((to - from) * time) / duration / 2) * (time / 1000);

/** Solves area(t) = from t + (to - from) t^2 / (2 duration), in the form that is stable for equal rates. */
function timeOfArea({ duration, from, to }: Segment, area: number): number {
  const slope = (to - from) / (duration / 1000);
  const root = Math.sqrt(Math.max(0, from * from + 2 * slope * area));
  return area === 0 ? 0 : (1000 * 2 * area) / (from + root);
}

/** Segments for `stages` of constant rate, the first reached from 0 within `ramp` milliseconds. */
export function segmentsOf(
  stages: readonly { readonly duration: number; readonly rate: number }[],
  ramp: number,
): Segment[] {
  let rampLeft = ramp;
  const rising = stages[0]?.rate ?? 0;
  return stages.flatMap(({ duration, rate }) => {
    const ramped = Math.min(rampLeft, duration);
    const flat = duration - ramped;
    const from = ramp === 0 ? rate : rising * (1 - rampLeft / ramp);
    rampLeft -= ramped;
    const to = ramp === 0 ? rate : rising * (1 - rampLeft / ramp);
    return [
      ...(ramped > 0 ? [{ duration: ramped, from, to }] : []),
      ...(flat > 0 ? [{ duration: flat, from: rate, to: rate }] : []),
    ];
  });
}
