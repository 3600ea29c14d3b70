import type { FactChange } from './facts.ts';
import { type DeltaContext, type Finding, listIn } from './finding.ts';

/** Tables that a partition, or an heir, no longer belongs to: who reads or writes its rows through them finds none. */
export function leftParents({ before, after }: FactChange, { delta }: DeltaContext): readonly Finding[] {
  const renamed = new Map(
    delta.changed
      .filter((other) => other.after.kind === 'relation')
      .map((other) => [other.before.name, other.after.name]),
  );
  const left = listIn(before, 'parents').filter(
    (parent) =>
      !listIn(after, 'parents').includes(renamed.get(parent) ?? parent) &&
      !delta.removed.some(({ kind, name }) => kind === 'relation' && name === parent),
  );
  return left.map((parent) => ({
    hazard: 'changes-access',
    about: `rows of ${after.name}, which ${parent} no longer shows`,
    tables: [],
    safeWay: 'Make sure that no program reads those rows, or writes such ones, through the other table.',
  }));
}
