import { kebabCase } from '../../core/names.ts';
import type { DatabaseModel, DatabaseObject, ObjectId } from '../model/database-model.ts';
import { rankOf } from '../rules/rules.ts';
import type { Plan } from './plan.ts';

const VERBS = [
  ['create', 'add'],
  ['drop', 'drop'],
  ['replace', 'change'],
  ['alter', 'change'],
] as const;

/** `add_users_email`, `drop_orders_and_3_more`: what the plan is mostly about, as part of a file name. */
export function nameOfPlan({ fates }: Plan, source: DatabaseModel, target: DatabaseModel): string {
  const wholes = new Set([...fates.create, ...fates.drop, ...fates.replace]);
  const changed = VERBS.flatMap(([fate, verb]) =>
    fates[fate].flatMap((id) => {
      const object = target.objects.get(id) ?? source.objects.get(id);
      return object === undefined || isPart(object, wholes) ? [] : [{ verb, object }];
    }),
  );
  const [first, ...others] = changed.sort((left, right) => weight(left.object) - weight(right.object));
  if (first === undefined) return 'no_change';
  const more = others.length === 0 ? '' : `_and_${others.length}_more`;
  const name = wordsOf(first.object.id);
  return `${first.verb}_${name.slice(0, 60).replace(/_+$/, '')}${more}`;
}

/** What its owner's own creation or removal already says. */
const isPart = ({ owner }: DatabaseObject, wholes: ReadonlySet<ObjectId>): boolean =>
  owner !== undefined && wholes.has(owner);

/** Tables before what they are made of, and before everything else. */
const weight = ({ kind }: DatabaseObject): number => (kind === MAIN ? -1 : rankOf(kind));
const MAIN = 'table';

/** `column:public.users.email` as `users_email`: the schema that everything is in says nothing. */
function wordsOf(id: ObjectId): string {
  const name = id.slice(id.indexOf(':') + 1).replace(/\(.*$/s, '');
  return kebabCase(name.replaceAll('public.', '')).replaceAll('-', '_') || 'schema';
}
