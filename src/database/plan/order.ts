import { UserError } from '../../core/errors.ts';
import { appendTo } from '../../core/multimap.ts';
import { compareText, stronglyConnectedComponents } from '../../core/order.ts';
import type { Difference } from '../diff.ts';
import type { ObjectId } from '../model/database-model.ts';
import type { RuleContext } from '../rules/rule.ts';
import { rankOf, ruleOf } from '../rules/rules.ts';
import { contextOf, type Decisions, decideFates, type PlanInput } from './fates.ts';
import { type Action, type ActionGraph, actionKey, buildGraph, waitKey } from './graph.ts';

/** Actions in an order that works, each with the actions that happen inside it. */
export interface OrderedActions {
  readonly decisions: Decisions;
  readonly steps: readonly OrderedAction[];
}

export interface OrderedAction {
  readonly action: Action;
  readonly inside: readonly OrderedAction[];
}

/**
 * Finds an order. Where statements wait for each other in a circle, parts are taken out of their wholes
 * (a foreign key out of its CREATE TABLE) or, failing that, an object is made anew instead of altered.
 */
export function orderActions(input: PlanInput, differences: readonly Difference[]): OrderedActions {
  const apart = new Set<string>();
  const spared = new Set<string>();
  const forced = new Set<ObjectId>();
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const decisions = decideFates(input, differences, forced);
    const context = contextOf(input, decisions);
    const graph = buildGraph(input, decisions, context, apart, spared);
    const wholes = new Wholes(graph);
    const cycles = stronglyConnectedComponents(wholes.keys, wholes.before).filter(({ length }) => length > 1);
    if (cycles.length === 0) return { decisions, steps: sequence(graph, wholes, context) };
    for (const cycle of cycles) loosen(new Set(cycle), { graph, wholes, context, apart, spared, forced });
  }
  throw unorderable([]);
}

/** Each round takes at least one part out or forces one object; real schemas need two or three. */
const MAX_ROUNDS = 200;

/** The graph with every part drawn together with its whole. */
class Wholes {
  readonly keys: readonly string[];
  readonly #graph: ActionGraph;
  readonly #before = new Map<string, Set<string>>();

  constructor(graph: ActionGraph) {
    this.#graph = graph;
    this.keys = [...graph.actions.keys()].filter((key) => !graph.inside.has(key));
    for (const key of this.keys) this.#before.set(key, new Set());
    for (const [key, earlier] of graph.before) {
      const whole = this.of(key);
      for (const first of earlier) {
        const firstWhole = this.of(first);
        if (firstWhole !== whole) this.#before.get(whole)?.add(firstWhole);
      }
    }
  }

  of(key: string): string {
    let whole = key;
    for (let next = this.#graph.inside.get(whole); next !== undefined; next = this.#graph.inside.get(whole))
      whole = next;
    return whole;
  }

  readonly before = (key: string): ReadonlySet<string> => this.#before.get(key) ?? new Set();
}

interface Round {
  readonly graph: ActionGraph;
  readonly wholes: Wholes;
  readonly context: RuleContext;
  readonly apart: Set<string>;
  readonly spared: Set<string>;
  readonly forced: Set<ObjectId>;
}

/** Changes what the next round starts from, so that this circle is broken. */
function loosen(cycle: ReadonlySet<string>, { graph, wholes, context, apart, spared, forced }: Round): void {
  const crossing = partsInCycle(cycle, graph, wholes);
  const separable = crossing.filter(({ object }) => ruleOf(object.kind).takesParts !== true);
  const chosen = separable.length > 0 ? separable : crossing;
  if (chosen.length > 0) {
    for (const { key } of chosen) apart.add(key);
    return;
  }
  const waits = sparedWaits(cycle, graph, context);
  if (waits.length > 0) {
    for (const wait of waits) spared.add(wait);
    return;
  }
  const altered = [...cycle]
    .flatMap((key) => graph.actions.get(key) ?? [])
    .filter(({ verb }) => verb === 'alter');
  const victim = altered.sort((left, right) => rankOf(right.object.kind) - rankOf(left.object.kind))[0];
  if (victim === undefined) throw unorderable([...cycle]);
  forced.add(victim.id);
}

/** Waits in the circle that the one who waits can do without. */
function sparedWaits(cycle: ReadonlySet<string>, { actions }: ActionGraph, context: RuleContext): string[] {
  return [...cycle].flatMap((key) => {
    const action = actions.get(key);
    const { spares } = action === undefined ? {} : ruleOf(action.object.kind);
    if (action?.verb !== 'create' || spares === undefined) return [];
    return action.object.follows.flatMap((id) => {
      const followed = actions.get(actionKey('create', id));
      if (followed === undefined || !cycle.has(followed.key)) return [];
      return spares(action.object, followed.object, context) ? [waitKey(followed.key, key)] : [];
    });
  });
}

/** Parts through which the circle runs: they wait for, or are waited for by, another member of it. */
function partsInCycle(
  cycle: ReadonlySet<string>,
  { actions, before, inside }: ActionGraph,
  wholes: Wholes,
): Action[] {
  const parts = new Set<string>();
  for (const [key, earlier] of before) {
    const whole = wholes.of(key);
    if (!cycle.has(whole)) continue;
    for (const first of earlier) {
      const firstWhole = wholes.of(first);
      if (firstWhole === whole || !cycle.has(firstWhole)) continue;
      if (inside.has(key)) parts.add(key);
      if (inside.has(first)) parts.add(first);
    }
  }
  return [...parts].flatMap((key) => actions.get(key) ?? []);
}

function unorderable(cycle: readonly string[]): UserError {
  const names = cycle.length === 0 ? '' : `: ${[...cycle].sort().join(', ')}`;
  return new UserError('DB020', `no order of statements was found${names}`, {
    help: 'Make the change in two steps, each with its own target schema.',
  });
}

/** Kahn's algorithm with a fixed choice among what is ready: removals last, else the order of the rules. */
function sequence(graph: ActionGraph, wholes: Wholes, context: RuleContext): OrderedAction[] {
  const sorted = wholes.keys.flatMap((key) => graph.actions.get(key) ?? []).sort(byPreference(context));
  const place = new Map(sorted.map(({ key }, at) => [key, at]));
  const waiting = new Map(wholes.keys.map((key) => [key, wholes.before(key).size]));
  const after = new Map<string, string[]>();
  for (const key of wholes.keys) {
    for (const first of wholes.before(key)) appendTo(after, first, key);
  }
  const ready = new Heap();
  for (const { key } of sorted) if (waiting.get(key) === 0) ready.push(place.get(key) ?? 0);
  const parts = partsByWhole(graph);
  const steps: OrderedAction[] = [];
  for (let at = ready.pop(); at !== undefined; at = ready.pop()) {
    const action = sorted[at];
    if (action === undefined) break;
    steps.push(nest(action, parts));
    for (const next of after.get(action.key) ?? []) {
      const left = (waiting.get(next) ?? 0) - 1;
      waiting.set(next, left);
      if (left === 0) ready.push(place.get(next) ?? 0);
    }
  }
  return steps;
}

function partsByWhole({ actions, inside }: ActionGraph): ReadonlyMap<string, readonly Action[]> {
  const parts = new Map<string, Action[]>();
  for (const [key, whole] of inside) {
    const action = actions.get(key);
    if (action !== undefined) appendTo(parts, whole, action);
  }
  return parts;
}

function nest(action: Action, parts: ReadonlyMap<string, readonly Action[]>): OrderedAction {
  const own = [...(parts.get(action.key) ?? [])].sort(byPosition);
  return { action, inside: own.map((part) => nest(part, parts)) };
}

const positionOf = ({ object }: Action): number => Number(object.details['position'] ?? 0);

const byPosition = (left: Action, right: Action): number =>
  rankOf(left.object.kind) - rankOf(right.object.kind) ||
  positionOf(left) - positionOf(right) ||
  compareText(left.id, right.id);

function byPreference(context: RuleContext): (left: Action, right: Action) => number {
  const phase = ({ verb, id, object }: Action): number => {
    if (verb !== 'drop') return 1;
    const isFirst =
      context.fate(id) === 'replace' || ruleOf(object.kind).dropsFirst?.(object, context) === true;
    return isFirst ? 0 : 2;
  };
  const rank = ({ verb, object }: Action): number => (verb === 'drop' ? -1 : 1) * rankOf(object.kind);
  return (left, right) =>
    phase(left) - phase(right) || rank(left) - rank(right) || compareText(left.key, right.key);
}

/** A binary heap of numbers, smallest first. */
class Heap {
  readonly #items: number[] = [];

  push(value: number): void {
    const items = this.#items;
    let at = items.push(value) - 1;
    for (let up = (at - 1) >> 1; at > 0 && (items[up] ?? 0) > value; up = (at - 1) >> 1) {
      items[at] = items[up] ?? 0;
      at = up;
    }
    items[at] = value;
  }

  pop(): number | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (top === undefined || last === undefined || items.length === 0) return top;
    let at = 0;
    for (let child = 1; child < items.length; child = 2 * at + 1) {
      if ((items[child + 1] ?? Number.POSITIVE_INFINITY) < (items[child] ?? 0)) child += 1;
      if ((items[child] ?? 0) >= last) break;
      items[at] = items[child] ?? 0;
      at = child;
    }
    items[at] = last;
    return top;
  }
}
