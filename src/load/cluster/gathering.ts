// Which workers a run takes, and when there are enough.
import { UserError } from '../../core/errors.ts';
import type { Member } from './member.ts';
import { LONGEST_WAY, MOST_WORKERS } from './protocol.ts';

/** How many workers a run wants, and how long it waits for them. */
export interface Wanted {
  /** Exactly so many; otherwise all that answer while there is a wait. */
  readonly workers?: number | undefined;
  /** Seconds; by default 30 for a number of workers, and 2 for any. */
  readonly joinWithin?: number | undefined;
}

export const joinPatience = ({ workers, joinWithin }: Wanted): number =>
  1000 * (joinWithin ?? (workers === undefined ? 2 : 30));

export const mostWorkers = ({ workers }: Wanted): number => Math.min(workers ?? MOST_WORKERS, MOST_WORKERS);

/** Enough have joined, and their clocks are known. */
export const isGathered = (members: readonly Member[], { workers }: Wanted, isTimeUp: boolean): boolean =>
  members.every(({ isMeasured }) => isMeasured) &&
  (workers === undefined ? isTimeUp && members.length > 0 : members.length >= workers);

/** Who else was heard. */
export interface Overheard {
  readonly busy: number;
  readonly strangers: readonly string[];
  readonly ignored: number;
}

/** Nobody, or too few. */
export function tooFew(members: readonly Member[], wanted: Wanted, heard: Overheard): UserError {
  const { workers } = wanted;
  const seconds = joinPatience(wanted) / 1000;
  const missing =
    workers === undefined ? 'no worker joined' : `${members.length} of ${workers} workers joined`;
  const hints = [
    ...heard.strangers,
    ...(heard.busy === 0 ? [] : ['a worker is busy with another run']),
    ...(heard.ignored === 0 ? [] : ['messages were heard that are not of this cluster key']),
  ];
  return new UserError('LOAD031', [`${missing} within ${seconds} s`, ...hints].join('; '), {
    help: 'Start them with: senior-backend load worker --cluster URL, with the same --cluster-key.',
  });
}

/** A start at one moment needs to know the clocks: half of the way there and back. Errors: LOAD033. */
export function refuseLongWays(members: readonly Member[]): void {
  const far = members.find(({ offset }) => (offset?.uncertainty ?? 0) > LONGEST_WAY / 2);
  if (far === undefined) return;
  throw new UserError(
    'LOAD033',
    `the way to ${far.name} and back takes ${(2 * (far.offset?.uncertainty ?? 0)).toFixed(0)} ms: no start can be agreed on`,
    { help: 'Use a NATS server that is nearer to it.' },
  );
}
