/** Why a statement may hurt, by the name that `--allow` takes. */
export const HAZARDS = {
  'data-loss': {
    meaning: 'Rows, columns or sequence positions are gone afterwards.',
    safeWay: 'Keep a copy, or stop using the object first and drop it in a later release.',
  },
  'may-fail': {
    meaning: 'It fails when existing rows do not fit.',
    safeWay: 'Run the query given with the statement first and mend the rows it counts.',
  },
  'table-rewrite': {
    meaning: 'The whole table is written anew under a lock that stops readers and writers.',
    safeWay: 'Add a new column, fill it in batches, then switch over.',
  },
  'blocking-scan': {
    meaning: 'The whole table is read under a lock that stops readers and writers.',
    safeWay: 'Add the constraint NOT VALID and validate it in a later transaction.',
  },
} as const;

export type Hazard = keyof typeof HAZARDS;

/** The hazards that stop a plan until they are named. */
export const REFUSED: readonly Hazard[] = ['data-loss'];
