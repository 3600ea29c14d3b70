import type { AttributeValue, DatabaseModel, DatabaseObject, ObjectId } from './model/database-model.ts';
import { canonical } from './model/fingerprint.ts';

/** One attribute that differs. */
export interface AttributeChange {
  readonly name: string;
  readonly from: AttributeValue | undefined;
  readonly to: AttributeValue | undefined;
}

/** What is different between two states, object by object. It knows nothing of kinds. */
export type Difference =
  | { readonly id: ObjectId; readonly action: 'add'; readonly after: DatabaseObject }
  | { readonly id: ObjectId; readonly action: 'remove'; readonly before: DatabaseObject }
  | {
      readonly id: ObjectId;
      readonly action: 'set';
      readonly before: DatabaseObject;
      readonly after: DatabaseObject;
      readonly changes: readonly AttributeChange[];
    };

/** Everything that has to change for `source` to become `target`, in the order of the ids. */
export function diffModels(source: DatabaseModel, target: DatabaseModel): Difference[] {
  const removed = [...source.objects.values()].filter(({ id }) => !target.objects.has(id));
  const others = [...target.objects.values()].flatMap((after): Difference[] => {
    const before = source.objects.get(after.id);
    if (before === undefined) return [{ id: after.id, action: 'add', after }];
    if (before === after) return [];
    const changes = changedAttributes(before, after);
    return changes.length === 0 ? [] : [{ id: after.id, action: 'set', before, after, changes }];
  });
  return [...removed.map((before): Difference => ({ id: before.id, action: 'remove', before })), ...others];
}

function changedAttributes(before: DatabaseObject, after: DatabaseObject): AttributeChange[] {
  const names = new Set([...Object.keys(before.attributes), ...Object.keys(after.attributes)]);
  return [...names].sort().flatMap((name) => {
    const [from, to] = [before.attributes[name], after.attributes[name]];
    return canonical(from) === canonical(to) ? [] : [{ name, from, to }];
  });
}
