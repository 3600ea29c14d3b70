// How far a worker's clocks are from ours, as NTP finds it (RFC 5905, 8): of several exchanges, the one with the shortest
// way tells the most.

/** One question and its answer. All in milliseconds. */
export interface ClockSample {
  readonly askedAt: number;
  readonly answeredAt: number;
  /** Our wall clock when we asked. */
  readonly wallAsked: number;
  /** The worker's clocks when it answered. */
  readonly monotonic: number;
  readonly wall: number;
}

export interface ClockOffset {
  /** What to add to a time of our own steady clock to have the worker's. */
  readonly monotonic: number;
  /** How far the worker's wall clock is ahead of ours. */
  readonly wall: number;
  /** Neither is further off than this: half of the way there and back. */
  readonly uncertainty: number;
}

/** The offset of the best sample; undefined without any. */
export function clockOffset(samples: readonly ClockSample[]): ClockOffset | undefined {
  const way = ({ askedAt, answeredAt }: ClockSample): number => answeredAt - askedAt;
  const [best] = [...samples].sort((left, right) => way(left) - way(right));
  if (best === undefined) return undefined;
  const half = way(best) / 2;
  return {
    monotonic: best.monotonic - (best.askedAt + half),
    wall: best.wall - (best.wallAsked + half),
    uncertainty: half,
  };
}
