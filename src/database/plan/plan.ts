import { diffModels } from '../diff.ts';
import type { Hazard } from '../hazards.ts';
import type { DatabaseModel, DatabaseObject, ObjectId } from '../model/database-model.ts';
import { fingerprint } from '../model/fingerprint.ts';
import type { RuleContext, RuleStatement } from '../rules/rule.ts';
import { ruleOf } from '../rules/rules.ts';
import { withDefaultGrants } from './default-privileges.ts';
import { alterStatements, contextOf, type Decisions, type PlanInput } from './fates.ts';
import type { Verb } from './graph.ts';
import { type OrderedAction, type OrderedActions, orderActions } from './order.ts';
import { type Draft, LOCKS, segmentsOf } from './transactions.ts';

/** One statement of a plan. */
export interface PlannedStatement {
  readonly sql: string;
  /** Everything it makes, changes or removes. */
  readonly objects: readonly ObjectId[];
  readonly hazards: readonly Hazard[];
  /** Takes as long as a table is large, so that no time limit fits. */
  readonly long?: true;
  /** A query that counts the rows which would make it fail. */
  readonly preflight?: string;
  /** What it was seen to do to tables that were there before; absent when it could not be watched. */
  readonly effects?: Effects;
}

/** What a statement does to tables, as it was measured when the plan was proved. */
export interface Effects {
  /** Locks it takes beyond what the transaction holds already. */
  readonly locks: readonly { readonly table: string; readonly lock: string }[];
  /** Tables that it writes anew. */
  readonly rewrites: readonly string[];
  /** Tables of which it builds an index. */
  readonly builds: readonly string[];
  /** Tables that it reads from beginning to end. */
  readonly scans: readonly string[];
}

/** Statements that are committed together, or one that cannot be inside a transaction. */
export interface Segment {
  readonly transactional: boolean;
  readonly statements: readonly PlannedStatement[];
}

/** How to get from one state to another. */
export interface Plan {
  /** Fingerprint of the state it starts from. */
  readonly from: string;
  /** Fingerprint of the state it leads to. */
  readonly to: string;
  readonly segments: readonly Segment[];
  /** What was decided, for the report: created, dropped, altered, made anew. */
  readonly fates: Readonly<Record<Exclude<ReturnType<RuleContext['fate']>, 'keep'>, readonly ObjectId[]>>;
}

export interface PlanRequest extends PlanInput {
  /** The role that will run the statements, quoted: its default privileges apply to what is created. */
  readonly creator: string;
}

/** Plans the way from `source` to `target`. Errors: DB020 when there is no order of statements. */
export function planChange(request: PlanRequest): Plan {
  return {
    from: fingerprint(request.source),
    to: fingerprint(request.target),
    ...planStatements(request),
  };
}

/** The same for one who keeps no journal: what states have for a fingerprint takes longer than a small plan. */
export function planStatements(request: PlanRequest): Omit<Plan, 'from' | 'to'> {
  const { input, ordered } = withGrants(request);
  const { decisions, steps } = ordered;
  const context = contextOf(input, decisions);
  const awaited = awaitedIds(decisions, context);
  const drafts = steps.flatMap((step) => {
    const own = render(step, decisions, context);
    return awaited.has(step.action.id) ? own.map(inPlace) : own;
  });
  return { segments: segmentsOf(drafts), fates: fatesOf(decisions) };
}

/** The order of what is to be done, once it is known what is made and what that is granted without a word. */
function withGrants(request: PlanRequest): { readonly input: PlanInput; readonly ordered: OrderedActions } {
  const { source, online, destination, creator } = request;
  const order = (target: DatabaseModel): { readonly input: PlanInput; readonly ordered: OrderedActions } => {
    const input = { source, target, online, destination };
    return { input, ordered: orderActions(input, diffModels(source, target)) };
  };
  const first = order(request.target);
  const isMade = (id: ObjectId): boolean =>
    ['create', 'replace'].includes(first.ordered.decisions.get(id)?.fate ?? '');
  const target = withDefaultGrants(source, request.target, creator, isMade);
  return target === request.target ? first : order(target);
}

/** What something else that is made or altered needs cannot be put off. */
function awaitedIds(decisions: Decisions, { target }: RuleContext): ReadonlySet<ObjectId> {
  const waiting = [...decisions].filter(([, { fate }]) => fate !== 'drop').map(([id]) => id);
  return new Set(
    waiting.flatMap((id) => {
      const object = target.objects.get(id);
      return object === undefined ? [] : [...object.references, ...object.follows];
    }),
  );
}

function inPlace({ rule: { later: _later, ...rule }, ...draft }: Draft): Draft {
  return { ...draft, rule };
}

function fatesOf(decisions: Decisions): Plan['fates'] {
  const having = (wanted: string): ObjectId[] =>
    [...decisions]
      .filter(([, { fate }]) => fate === wanted)
      .map(([id]) => id)
      .sort();
  return {
    create: having('create'),
    drop: having('drop'),
    alter: having('alter'),
    replace: having('replace'),
  };
}

function render(step: OrderedAction, decisions: Decisions, context: RuleContext): Draft[] {
  const { action } = step;
  const hazards = action.verb === 'drop' ? [...dropHazards(step), ...goneHazards(step, context)] : [];
  const objects = idsOf(step);
  return WRITE[action.verb](step, decisions, context).map((rule) => ({
    rule,
    locks: objects.length * LOCKS[action.verb],
    statement: {
      sql: rule.sql,
      objects,
      hazards: [...new Set([...(rule.hazards ?? []), ...hazards])].sort(),
      ...(rule.long === undefined ? {} : { long: rule.long }),
      ...(rule.preflight === undefined ? {} : { preflight: rule.preflight }),
    },
  }));
}

const idsOf = ({ action, inside }: OrderedAction): ObjectId[] => [action.id, ...inside.flatMap(idsOf)];

/** What dropping an object takes along is lost with it. */
function dropHazards({ action, inside }: OrderedAction): Hazard[] {
  const own = ruleOf(action.object.kind).dropHazard?.(action.object);
  return [...(own === undefined ? [] : [own]), ...inside.flatMap(dropHazards)];
}

/** What follows from it alone: of what goes with its whole, the whole says it. */
function goneHazards({ action: { object } }: OrderedAction, context: RuleContext): Hazard[] {
  const isPartOfGone = object.owner !== undefined && context.fate(object.owner) === 'drop';
  const own = isPartOfGone ? undefined : ruleOf(object.kind).goneHazard?.(object, context);
  return own === undefined ? [] : [own];
}

type Write = (step: OrderedAction, decisions: Decisions, context: RuleContext) => readonly RuleStatement[];

const WRITE: Readonly<Record<Verb, Write>> = {
  drop: ({ action: { object } }, decisions, context) => {
    const rule = ruleOf(object.kind);
    const isDisplaced = decisions.get(object.id)?.fate === 'replace' && rule.displace !== undefined;
    if (isDisplaced) return [{ sql: rule.displace?.(object).drop ?? '' }];
    return rule.drop?.(object, context) ?? [{ sql: `DROP ${object.sqlName}` }];
  },
  away: ({ action: { object } }) => {
    const away = ruleOf(object.kind).displace?.(object).away;
    return away === undefined ? [] : [{ sql: away }];
  },
  create: (step, _decisions, context) => [
    ...ruleOf(step.action.object.kind).create(step.action.object, context, inlineParts(step, context)),
    ...ownerKept(step.action.object, context),
    ...step.inside.flatMap((part) => afterInline(part, context)),
  ],
  alter: ({ action: { id, object } }, decisions, context) => {
    const before = context.source.objects.get(id);
    const decision = decisions.get(id);
    if (before === undefined || decision === undefined) return [];
    const statements = alterStatements(before, object, decision, context);
    return statements === 'replace' ? [] : statements;
  },
};

/** What is made anew belongs to who had it before: views and functions may act with their owner's rights. */
function ownerKept({ id, sqlName, details }: DatabaseObject, { source }: RuleContext): RuleStatement[] {
  const role = source.objects.get(id)?.details['role'] ?? details['role'];
  const isThere = source.objects.has(id);
  return isThere && typeof role === 'string' ? [{ sql: `ALTER ${sqlName} OWNER TO ${role}` }] : [];
}

function inlineParts({ inside }: OrderedAction, context: RuleContext): string[] {
  return inside.flatMap((part) => {
    const { object } = part.action;
    const { createdBy, inline } = ruleOf(object.kind);
    if (createdBy?.(object, context).some((id) => ['create', 'replace'].includes(context.fate(id))) === true)
      return [];
    return inline?.(object, context, inlineParts(part, context)) ?? [];
  });
}

function afterInline(part: OrderedAction, context: RuleContext): readonly RuleStatement[] {
  const { object } = part.action;
  return [
    ...(ruleOf(object.kind).afterInline?.(object, context) ?? []),
    ...part.inside.flatMap((inner) => afterInline(inner, context)),
  ];
}
