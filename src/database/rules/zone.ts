const STAMP = 'timestamp without time zone';
const ZONED = 'timestamp with time zone';
const CLOCK = 'time without time zone';
const ZONED_CLOCK = 'time with time zone';
const TEXTS = ['text', 'character varying', 'character'];

/** Conversions in which PostgreSQL asks TimeZone: https://www.postgresql.org/docs/current/datatype-datetime.html */
const BY_ZONE: Readonly<Record<string, readonly string[]>> = {
  [STAMP]: [ZONED],
  [ZONED]: [STAMP, 'date', CLOCK, ZONED_CLOCK, ...TEXTS],
  date: [ZONED],
  [CLOCK]: [ZONED_CLOCK],
  // A text that names no zone is read as one of the session's.
  ...Object.fromEntries(TEXTS.map((text) => [text, [ZONED, ZONED_CLOCK]])),
};

const bare = (type: string): string => type.replace(/\(\d+\)/, '').replace(/\[\]$/, '');

/** Whether what the values of a column become depends on the session's time zone. */
export const zoneDecides = (from: string, to: string): boolean =>
  BY_ZONE[bare(from)]?.includes(bare(to)) === true;

/** Whether the table is written anew unless the session's time zone is UTC, where both look the same on disk. */
export const isSameUnderUtc = (from: string, to: string): boolean =>
  [from, to].map(bare).sort().join() === [STAMP, ZONED].sort().join() && !from.endsWith('[]');
