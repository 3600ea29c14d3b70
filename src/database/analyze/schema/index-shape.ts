import type { IndexFact, IndexKey } from '../facts/facts.ts';

/** What a key is of, without its order. */
export const termOf = (key: IndexKey): string =>
  `${key.column}|${key.expression ?? ''}|${key.operatorClass}|${key.collation}`;

/** Everything that makes a key another one. */
export const keyOf = (key: IndexKey): string => `${termOf(key)}|${key.option}`;

export const keysOf = (index: IndexFact): string[] => index.keys.map(keyOf);

/** Whether `head` is how `whole` begins. */
export const startsWith = (whole: readonly string[], head: readonly string[]): boolean =>
  head.every((item, at) => whole[at] === item);

/** Whether every column that one index holds beside its keys is in the other somewhere. */
export const holdsIncluded = (whole: IndexFact, part: IndexFact): boolean =>
  part.included.every(
    (column) => whole.included.includes(column) || whole.keys.some((key) => key.column === column),
  );

/** Whether something other than queries needs the index: a constraint, a foreign key, replication or CLUSTER. */
export const isNeeded = (index: IndexFact): boolean =>
  index.constraint !== 0 || index.isReferenced || index.isReplicaIdentity || index.isClustered;

/** Indexes that stand on their own: valid ones that are not a partition's part of another. */
export const comparable = (indexes: readonly IndexFact[]): IndexFact[] =>
  indexes.filter((index) => index.isValid && !index.isPart);
