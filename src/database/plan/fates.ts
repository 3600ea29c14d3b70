import { appendTo } from '../../core/multimap.ts';
import type { Destination } from '../destination.ts';
import type { AttributeChange, Difference } from '../diff.ts';
import type { DatabaseModel, DatabaseObject, ObjectId } from '../model/database-model.ts';
import type { Change, Fate, RuleContext, RuleStatement } from '../rules/rule.ts';
import { ruleOf } from '../rules/rules.ts';

/** What is to happen to one object that does not stay as it is. */
export interface Decision {
  readonly fate: Exclude<Fate, 'keep'>;
  readonly changes: readonly AttributeChange[];
  /** The type behind it is made anew and it moves over. */
  readonly rebind: boolean;
}

export type Decisions = ReadonlyMap<ObjectId, Decision>;

/** What plans are made of: two states and how to write. */
export interface PlanInput {
  readonly source: DatabaseModel;
  readonly target: DatabaseModel;
  readonly online: boolean;
  readonly destination?: Destination | undefined;
}

/** The context rules are called with, once it is known what becomes of everything. */
export function contextOf(
  { source, target, online, destination }: PlanInput,
  decisions: Decisions,
): RuleContext {
  return { source, target, online, destination, fate: (id) => decisions.get(id)?.fate ?? 'keep' };
}

/**
 * Decides for every object whether it is created, dropped, altered or made anew, and draws in what
 * stands in the way: whatever needs an object that is made anew is made anew too, or moves over.
 * `forced` names objects that have to be made anew although their rule could alter them.
 */
export function decideFates(
  input: PlanInput,
  differences: readonly Difference[],
  forced: ReadonlySet<ObjectId>,
): Decisions {
  const decisions = new Map<ObjectId, Decision>();
  const context = contextOf(input, decisions);
  for (const difference of differences)
    decisions.set(difference.id, firstDecision(difference, context, forced));
  const dependents = dependentsIn(input.source);
  const parts = partsIn(input.source, context);
  const queue = [...decisions.keys()];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const remade = remadeFor(id, input, decisions, context);
    if (remade !== undefined) {
      decisions.set(remade, { fate: 'replace', changes: [], rebind: false });
      queue.push(remade);
    }
    for (const other of [...lostWith(id, parts, input, context), ...holdersOf(id, input, context)]) {
      decisions.set(other, { fate: 'replace', changes: [], rebind: false });
      queue.push(other);
    }
    for (const dependent of dependents.get(id) ?? []) {
      const next = drawnIn(dependent, id, input, decisions, context);
      if (next === undefined) continue;
      decisions.set(dependent, next);
      queue.push(dependent);
    }
  }
  return decisions;
}

/** What may go with something else, by what takes it along. */
function partsIn(
  source: DatabaseModel,
  context: RuleContext,
): ReadonlyMap<ObjectId, readonly DatabaseObject[]> {
  const parts = new Map<ObjectId, DatabaseObject[]>();
  for (const object of source.objects.values()) {
    for (const taker of ruleOf(object.kind).droppedBy?.(object, context) ?? []) {
      appendTo(parts, taker, object);
    }
  }
  return parts;
}

/** What goes with an object that is dropped, although it is to stay: it has to be made again. */
function lostWith(
  id: ObjectId,
  parts: ReadonlyMap<ObjectId, readonly DatabaseObject[]>,
  { target }: PlanInput,
  context: RuleContext,
): ObjectId[] {
  if (!['drop', 'replace'].includes(context.fate(id))) return [];
  const lost = (parts.get(id) ?? []).filter(
    (part) =>
      target.objects.has(part.id) &&
      context.fate(part.id) !== 'replace' &&
      ruleOf(part.kind).droppedBy?.(part, context).includes(id) === true,
  );
  return lost.map((part) => part.id);
}

/** What has to be made anew because it holds on to an object that goes. */
function holdersOf(id: ObjectId, { source, target }: PlanInput, context: RuleContext): ObjectId[] {
  const object = source.objects.get(id);
  if (object === undefined || !['drop', 'replace'].includes(context.fate(id))) return [];
  const holders = ruleOf(object.kind).heldBy?.(object, context) ?? [];
  return holders.filter(
    (holder) =>
      source.objects.has(holder) && target.objects.has(holder) && context.fate(holder) !== 'replace',
  );
}

/** What has to be made anew because this object is made or altered in a way that it does not let happen. */
function remadeFor(
  id: ObjectId,
  { source, target }: PlanInput,
  decisions: Decisions,
  context: RuleContext,
): ObjectId | undefined {
  const [before, after, decision] = [source.objects.get(id), target.objects.get(id), decisions.get(id)];
  if (after === undefined || decision === undefined || decision.fate === 'drop') return undefined;
  const rule = ruleOf(after.kind);
  const isAltered = before !== undefined && decision.fate === 'alter';
  const other = isAltered
    ? rule.remakes?.(changeOf(before, after, decision, context))
    : rule.needsAnew?.(after, context);
  const isThere = other !== undefined && source.objects.has(other) && target.objects.has(other);
  return isThere && decisions.get(other)?.fate !== 'replace' ? other : undefined;
}

function firstDecision(
  difference: Difference,
  context: RuleContext,
  forced: ReadonlySet<ObjectId>,
): Decision {
  const plain = { changes: [], rebind: false };
  if (difference.action === 'add') return { fate: 'create', ...plain };
  if (difference.action === 'remove') return { fate: 'drop', ...plain };
  const { before, after, changes } = difference;
  const decision = { fate: 'alter', changes, rebind: false } as const;
  const isAltered = !forced.has(after.id) && alterStatements(before, after, decision, context) !== 'replace';
  return isAltered ? decision : { ...decision, fate: 'replace' };
}

/** What a change of `cause` means for something that needs it; undefined when nothing new. */
function drawnIn(
  id: ObjectId,
  cause: ObjectId,
  { source, target }: PlanInput,
  decisions: Decisions,
  context: RuleContext,
): Decision | undefined {
  const [before, after] = [source.objects.get(id), target.objects.get(id)];
  const known = decisions.get(id);
  const decided = decisions.get(cause);
  if (before === undefined || after === undefined || known?.fate === 'replace' || decided === undefined)
    return undefined;
  const changes = known?.changes ?? [];
  const replaced: Decision = { fate: 'replace', changes, rebind: false };
  const rule = ruleOf(after.kind);
  if (decided.fate === 'alter') {
    const stands = rule.rebuilt?.(before) === true && disturbs(cause, decided, { source, target }, context);
    return stands ? replaced : undefined;
  }
  // What it needs goes away: either its own change lets go of it, or it has to go first.
  const letsGo = known !== undefined && !after.references.includes(cause);
  if (decided.fate === 'create' || letsGo) return undefined;
  const canMove = rule.rebinds?.(after) === true && ruleOf(kindOf(cause, target)).displace !== undefined;
  if (!canMove) return replaced;
  return known?.rebind === true ? undefined : { fate: 'alter', changes, rebind: true };
}

const kindOf = (id: ObjectId, { objects }: DatabaseModel): string => objects.get(id)?.kind ?? '';

function disturbs(
  id: ObjectId,
  decision: Decision,
  { source, target }: Pick<PlanInput, 'source' | 'target'>,
  context: RuleContext,
): boolean {
  const [before, after] = [source.objects.get(id), target.objects.get(id)];
  if (before === undefined || after === undefined) return false;
  const change = changeOf(before, after, decision, context);
  return ruleOf(after.kind).alter.some(
    (alteration) => alteration.disturbs?.(change) === true && touches(alteration.attributes, decision),
  );
}

const touches = (attributes: readonly string[], { changes, rebind }: Decision): boolean =>
  changes.some(({ name }) => attributes.includes(name)) || (rebind && attributes.includes(REBOUND));

/** The attribute through which an object moves over to a new version of a type. */
const REBOUND = 'type';

function changeOf(
  before: DatabaseObject,
  after: DatabaseObject,
  { rebind }: Decision,
  context: RuleContext,
): Change {
  return {
    before,
    after,
    context,
    rebind,
    from: (name) => before.attributes[name],
    to: (name) => after.attributes[name],
  };
}

/** The statements that alter an object in place, or `replace` when its rule has none for some change. */
export function alterStatements(
  before: DatabaseObject,
  after: DatabaseObject,
  decision: Decision,
  context: RuleContext,
): readonly RuleStatement[] | 'replace' {
  const { alter } = ruleOf(after.kind);
  const covered = new Set(alter.flatMap(({ attributes }) => attributes));
  if (decision.changes.some(({ name }) => !covered.has(name))) return 'replace';
  const change = changeOf(before, after, decision, context);
  const statements: RuleStatement[] = [];
  for (const { attributes, apply } of alter) {
    if (!touches(attributes, decision)) continue;
    const applied = apply(change);
    if (applied === 'replace') return 'replace';
    statements.push(...applied);
  }
  return statements;
}

/** Who needs whom in a state, turned round. */
function dependentsIn({ objects }: DatabaseModel): ReadonlyMap<ObjectId, readonly ObjectId[]> {
  const dependents = new Map<ObjectId, ObjectId[]>();
  for (const { id, references } of objects.values()) {
    for (const reference of references) {
      appendTo(dependents, reference, id);
    }
  }
  return dependents;
}
