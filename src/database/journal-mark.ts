/** The comment by which a journal is known, whatever its schema is called: comparisons leave that schema out. */
export const JOURNAL_MARK = 'journal of senior-backend: which migrations were applied';
