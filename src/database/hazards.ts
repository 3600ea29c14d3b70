/** What is known of one kind of hazard. */
export interface HazardEntry {
  /** One sentence: why a statement that carries it may hurt. */
  readonly meaning: string;
  readonly safeWay: string;
  /**
   * Whether it stops the plan until it is named: what it does cannot be taken back, or it makes others
   * wait for as long as a table is large, or programs that are running fail.
   */
  readonly refused: boolean;
}

/**
 * Why a statement may hurt, by the name that `--allow` takes. The union of what squawk, strong_migrations,
 * eugene, pg-schema-diff, pgschema and the style guides of large sites name; docs/database.md says which
 * of theirs is which of these.
 */
export const HAZARDS = {
  'data-loss': {
    meaning: 'Rows, columns, values or sequence positions are gone afterwards.',
    safeWay: 'Keep a copy (--preserve-data), or stop using the object first and drop it in a later release.',
    refused: true,
  },
  cascade: {
    meaning: 'It takes along objects that it does not name.',
    safeWay: 'Drop what depends on it by name first, without CASCADE.',
    refused: true,
  },
  'table-rewrite': {
    meaning: 'The whole table is written anew under a lock that stops readers and writers.',
    safeWay: 'Add a new column, fill it in batches, then switch over.',
    refused: true,
  },
  'blocking-scan': {
    meaning: 'The whole table is read under a lock that stops writers, or readers too.',
    safeWay: 'Add the constraint NOT VALID and validate it in a later transaction.',
    refused: true,
  },
  'blocking-build': {
    meaning: 'An index is built while writers of the table wait.',
    safeWay: 'Build it with CREATE INDEX CONCURRENTLY, and make a constraint of it with USING INDEX.',
    refused: true,
  },
  'blocking-refresh': {
    meaning: 'Readers of the materialized view wait until it is filled.',
    safeWay: 'Give the view a unique index and refresh it CONCURRENTLY.',
    refused: true,
  },
  'work-under-lock': {
    meaning: 'Rows are read or written while an earlier statement of the transaction holds a table locked.',
    safeWay: 'Commit before the work, so that the lock is held only for a moment.',
    refused: true,
  },
  'stale-results': {
    meaning:
      'Indexes, checks, generated columns or partitions go by what a function gave before it was changed.',
    safeWay:
      'Give the new behaviour to a function of another name, or REINDEX CONCURRENTLY, check and write anew what goes by it.',
    refused: true,
  },
  renames: {
    meaning: 'Programs that are running still use the old name.',
    safeWay: 'Add the new name beside the old one, move the programs over, then drop the old one.',
    refused: true,
  },
  'may-fail': {
    meaning: 'It fails when existing rows do not fit.',
    safeWay: 'Run the query given with the statement first and mend the rows it counts.',
    refused: false,
  },
  'depends-on-zone': {
    meaning: 'What the values become depends on the time zone of the session that runs it.',
    safeWay: "Name the zone: USING column AT TIME ZONE '...', or SET TimeZone before the statement.",
    refused: false,
  },
  'required-column': {
    meaning: 'Programs that say nothing of the column can no longer insert.',
    safeWay: 'Give it a default, or make it NOT NULL once every program fills it.',
    refused: false,
  },
  'type-change': {
    meaning: 'Programs read another type than the one they were written for.',
    safeWay: 'Make sure that every program reads both types, or add a new column instead.',
    refused: false,
  },
  'breaks-clients': {
    meaning: 'A view, function or type that programs may use is gone or has another shape.',
    safeWay: 'Keep the old one beside the new one until no program uses it.',
    refused: false,
  },
  'weaker-rules': {
    meaning: 'The database no longer refuses what it refused before.',
    safeWay: 'Make sure that no program relies on the constraint; adding it again may fail.',
    refused: false,
  },
  'changes-access': {
    meaning: 'Who may see or change rows, or what happens when they do, is different from now on.',
    safeWay: 'Try it with the role that the programs use before it is released.',
    refused: false,
  },
  'many-locks': {
    meaning: 'One transaction holds several tables locked, which can deadlock with programs.',
    safeWay: 'Change one table per transaction.',
    refused: false,
  },
  'no-lock-timeout': {
    meaning: 'It waits for its lock as long as it takes, and everybody else waits behind it.',
    safeWay: "Begin with SET lock_timeout = '5s' and try again when it fails.",
    refused: false,
  },
  'unbounded-write': {
    meaning: 'Every row is written in one statement, which holds its row locks until it is committed.',
    safeWay: 'Write in batches of some thousand rows and commit after each.',
    refused: false,
  },
  'invalid-index': {
    meaning: 'An index that a failed build left invalid is taken for the wanted one.',
    safeWay: 'Drop the index IF EXISTS first, then build it without IF NOT EXISTS.',
    refused: false,
  },
  'sequence-restart': {
    meaning: 'Numbers that were given before may be given again.',
    safeWay: 'Set it to the largest number in use.',
    refused: false,
  },
  'long-name': {
    meaning: 'PostgreSQL cuts names behind 63 bytes without saying so.',
    safeWay: 'Choose a shorter name.',
    refused: false,
  },
} as const satisfies Readonly<Record<string, HazardEntry>>;

export type Hazard = keyof typeof HAZARDS;

/** The safe way of `may-fail` where no query says which rows those are. */
export const UNCOUNTED =
  'No query counts those rows: try it on a copy of the database first, and mend what it refuses.';

/** The hazards that stop a plan until they are named. */
export const REFUSED: readonly Hazard[] = (Object.keys(HAZARDS) as Hazard[]).filter(
  (name) => HAZARDS[name].refused,
);
