import type { DatabaseObject, ObjectId } from '../model/database-model.ts';
import type { RuleContext } from './rule.ts';

interface Inherited {
  readonly id: ObjectId;
  /** The object that links the two tables. */
  readonly link: ObjectId;
}

function inheritedOf({ details }: DatabaseObject): readonly Inherited[] {
  const inherits = details['inherits'];
  return Array.isArray(inherits) ? (inherits as readonly unknown[] as readonly Inherited[]) : [];
}

/**
 * The same column or check of the tables that this one's was and is linked to: what happens to them
 * happens here by itself. A table that is only about to be linked has to have everything beforehand.
 */
export function arrivals(object: DatabaseObject, { source, fate }: RuleContext): readonly ObjectId[] {
  const { owner } = object;
  if (owner === undefined || !source.objects.has(owner) || fate(owner) === 'replace') return [];
  return inheritedOf(object)
    .filter(({ link }) => source.objects.has(link) && fate(link) === 'keep')
    .map(({ id }) => id);
}

/** Whether it is its partitioned parent's too: then it is never the partition's own, and does not outlive the parent's. */
export const isOfPartition = (object: DatabaseObject): boolean =>
  inheritedOf(object).some(({ link }) => link.startsWith('partition:'));

/** Whether a table that inherits it keeps it for itself: ONLY leaves it there. */
export function outlivedByHeirs({ details }: DatabaseObject, { target, fate }: RuleContext): boolean {
  const heirs = details['heirs'];
  return (
    Array.isArray(heirs) &&
    heirs.some(
      (id) => typeof id === 'string' && target.objects.has(id) && ['keep', 'alter'].includes(fate(id)),
    )
  );
}

/** Whether it does not outlive the change as it is. */
export const isGone = ({ id }: DatabaseObject, { fate }: RuleContext): boolean =>
  ['drop', 'replace'].includes(fate(id));
