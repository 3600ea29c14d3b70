import { appendTo } from '../../core/multimap.ts';
import type { DatabaseModel, DatabaseObject, ObjectId } from '../model/database-model.ts';
import type { RuleContext } from '../rules/rule.ts';
import { ruleOf } from '../rules/rules.ts';
import type { Decisions, PlanInput } from './fates.ts';

/** `away` renames an old type out of the way; the others say what they do. */
export type Verb = 'drop' | 'away' | 'create' | 'alter';

/** One thing to be done to one object. */
export interface Action {
  readonly key: string;
  readonly verb: Verb;
  readonly id: ObjectId;
  /** The object as it is where the verb finds or leaves it. */
  readonly object: DatabaseObject;
}

/** Names one action's wait for another. */
export const waitKey = (first: string, second: string): string => `${first}\n${second}`;

/** Names what is done to one object. */
export const actionKey = (verb: Verb, id: ObjectId): string => `${verb} ${id}`;

/** Actions, what comes before what, and which action another one is a part of. */
export interface ActionGraph {
  readonly actions: ReadonlyMap<string, Action>;
  /** For each action the actions that come before it. */
  readonly before: ReadonlyMap<string, ReadonlySet<string>>;
  /** An action that happens inside another one: a column in its CREATE TABLE, an index with its table's DROP. */
  readonly inside: ReadonlyMap<string, string>;
}

/** Builds the graph. Actions named in `apart` are kept as statements of their own, waits in `spared` are left out. */
export function buildGraph(
  input: PlanInput,
  decisions: Decisions,
  context: RuleContext,
  apart: ReadonlySet<string>,
  spared: ReadonlySet<string>,
): ActionGraph {
  const actions = collectActions(input, decisions);
  const before = new Map([...actions.keys()].map((key) => [key, new Set<string>()]));
  const precede = (first: string, second: string): void => {
    if (first !== second && actions.has(first) && !spared.has(waitKey(first, second)))
      before.get(second)?.add(first);
  };
  for (const action of actions.values()) VERB_ORDER[action.verb](action, precede, { actions, context });
  orderNames(actions, precede, input);
  orderLast(actions, precede);
  const inside = new Map<string, string>();
  for (const { key, verb, object } of actions.values()) {
    const whole = apart.has(key) ? undefined : wholeOf(verb, object, actions, context);
    if (whole !== undefined) inside.set(key, whole);
  }
  return { actions, before, inside };
}

function collectActions({ source, target }: PlanInput, decisions: Decisions): Map<string, Action> {
  const actions = new Map<string, Action>();
  const add = (verb: Verb, object: DatabaseObject | undefined): void => {
    if (object === undefined) return;
    const key = actionKey(verb, object.id);
    actions.set(key, { key, verb, id: object.id, object });
  };
  for (const [id, { fate }] of decisions) {
    const [old, wanted] = [source.objects.get(id), target.objects.get(id)];
    if (fate === 'drop' || fate === 'replace') add('drop', old);
    if (fate === 'replace' && old !== undefined && ruleOf(old.kind).displace !== undefined) add('away', old);
    if (fate === 'create' || fate === 'replace') add('create', wanted);
    if (fate === 'alter') add('alter', wanted);
  }
  return actions;
}

type Precede = (first: string, second: string) => void;

interface OrderInput {
  readonly actions: ReadonlyMap<string, Action>;
  readonly context: RuleContext;
}

/** Whether dropping an object drops what it needs, so that neither waits for the other. */
function takesAlong({ id }: DatabaseObject, needed: ObjectId, context: RuleContext): boolean {
  const part = context.source.objects.get(needed);
  return part !== undefined && ruleOf(part.kind).droppedBy?.(part, context).includes(id) === true;
}

/** What an object follows, and what that follows. */
function followedBy(id: ObjectId, source: DatabaseModel, depth = 8): readonly ObjectId[] {
  const direct = depth === 0 ? [] : (source.objects.get(id)?.follows ?? []);
  return direct.flatMap((first) => [first, ...followedBy(first, source, depth - 1)]);
}

/** What comes before and after an action because of what its object needs. */
const VERB_ORDER: Readonly<Record<Verb, (action: Action, precede: Precede, input: OrderInput) => void>> = {
  drop: ({ key, id, object }, precede, { actions, context }) => {
    // What was renamed away is dropped when all has moved over, long after what it needs was renamed too.
    const isDisplaced = actions.has(actionKey('away', id));
    for (const holder of ruleOf(object.kind).freedBy?.(object, context) ?? [])
      precede(actionKey('drop', holder), key);
    for (const needed of object.references) {
      if (!takesAlong(object, needed, context)) precede(key, actionKey('drop', needed));
      if (isDisplaced) continue;
      precede(key, actionKey('away', needed));
      // A change of the parent's column is one of this table's too.
      for (const changed of [needed, ...followedBy(needed, context.source)])
        precede(key, actionKey('alter', changed));
    }
  },
  away: ({ key, id }, precede) => {
    precede(key, actionKey('create', id));
  },
  create: ({ key, id, object }, precede, { context: { source } }) => {
    for (const needed of [...object.references, ...object.follows]) {
      precede(actionKey('create', needed), key);
      precede(actionKey('alter', needed), key);
    }
    const old = source.objects.get(id);
    const isDisplaced = old !== undefined && ruleOf(old.kind).displace !== undefined;
    if (isDisplaced) precede(key, actionKey('drop', id));
    else precede(actionKey('drop', id), key);
  },
  alter: ({ key, id, object }, precede, { context: { source } }) => {
    for (const needed of object.references) {
      precede(actionKey('create', needed), key);
      precede(actionKey('alter', needed), key);
    }
    for (const first of object.follows) precede(actionKey('alter', first), key);
    for (const needed of source.objects.get(id)?.references ?? []) precede(key, actionKey('drop', needed));
  },
};

function orderLast(actions: ReadonlyMap<string, Action>, precede: Precede): void {
  const isLast = ({ object }: Action): boolean => ruleOf(object.kind).last === true;
  const last = [...actions.values()].filter(isLast);
  if (last.length === 0) return;
  const makers = [...actions.values()].filter((action) => action.verb === 'create' && !isLast(action));
  for (const { key } of last) for (const maker of makers) precede(maker.key, key);
}

/** A name has to be free before it is taken: names are resources like any other. */
function orderNames(actions: ReadonlyMap<string, Action>, precede: Precede, { source }: PlanInput): void {
  const freed = new Map<string, Action[]>();
  for (const action of actions.values()) {
    for (const name of namesFreed(action, actions, source)) appendTo(freed, name, action);
  }
  for (const action of actions.values()) {
    for (const name of namesTaken(action, source)) {
      for (const free of freed.get(name) ?? []) precede(free.key, action.key);
    }
  }
}

const namesOf = (object: DatabaseObject | undefined): readonly string[] =>
  object === undefined ? [] : (ruleOf(object.kind).names?.(object) ?? []);

function namesFreed(
  { verb, id, object }: Action,
  actions: ReadonlyMap<string, Action>,
  source: DatabaseModel,
): readonly string[] {
  if (verb === 'create') return [];
  const released = ruleOf(object.kind).releases?.(object) ?? [];
  if (verb === 'alter') return [...without(namesOf(source.objects.get(id)), namesOf(object)), ...released];
  const isLater = verb === 'drop' && actions.has(actionKey('away', id));
  return isLater ? [] : [...namesOf(object), ...released];
}

function namesTaken({ verb, id, object }: Action, source: DatabaseModel): readonly string[] {
  if (verb === 'alter') return without(namesOf(object), namesOf(source.objects.get(id)));
  return verb === 'create' ? [...namesOf(object), ...(ruleOf(object.kind).awaits?.(object) ?? [])] : [];
}

const without = (names: readonly string[], others: readonly string[]): readonly string[] =>
  names.filter((name) => !others.includes(name));

/** The action that brings this one about, if there is one. */
function wholeOf(
  verb: Verb,
  object: DatabaseObject,
  actions: ReadonlyMap<string, Action>,
  context: RuleContext,
): string | undefined {
  const rule = ruleOf(object.kind);
  const has = (id: ObjectId | undefined): id is ObjectId =>
    id !== undefined && actions.has(actionKey(verb, id));
  const mover = rule.movedBy?.(object, context).find((id) => actions.has(actionKey('alter', id)));
  if (mover !== undefined) return actionKey('alter', mover);
  if (verb === 'drop') {
    if (actions.has(actionKey('away', object.id)) || rule.dropsFirst?.(object, context) === true)
      return undefined;
    const takers = [object.owner, ...(rule.droppedBy?.(object, context) ?? [])];
    const taker = takers.find((id) => has(id) && !actions.has(actionKey('away', id)));
    return taker === undefined ? undefined : actionKey('drop', taker);
  }
  if (verb !== 'create') return undefined;
  const bringer = rule.createdBy?.(object, context).find(has);
  if (bringer !== undefined) return actionKey('create', bringer);
  const owner = object.owner === undefined ? undefined : context.target.objects.get(object.owner);
  if (owner === undefined || !has(owner.id) || ruleOf(owner.kind).takesParts !== true) return undefined;
  return rule.inline?.(object, context, []) === undefined ? undefined : actionKey('create', owner.id);
}
