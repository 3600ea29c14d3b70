import { UserError } from '../../core/errors.ts';
import { stronglyConnectedComponents } from '../../core/order.ts';
import { locationOf } from './place.ts';
import { compareRoutes, overlap, type Route, type RouteGroup } from './routes.ts';

export interface MountOrder {
  /** The groups in an order in which no route hides a more concrete one of another group, as far as there is one. */
  readonly groups: readonly RouteGroup[];
  /** Where there is none: for a route, the more concrete routes mounted after it that it must leave alone. */
  readonly hidden: ReadonlyMap<Route, readonly Route[]>;
}

/**
 * Decides in which order groups of routes are mounted. Within a group the routes are in matching
 * order already; between groups, the one with the more concrete route goes first, and where two
 * groups each have one, the route that would hide the other's makes an exception for it.
 */
export function mountOrder(groups: readonly RouteGroup[]): MountOrder {
  const groupOf = new Map(groups.flatMap((group) => group.routes.map((route) => [route, group] as const)));
  const pairs = hidingPairs(
    groups.flatMap(({ routes }) => routes),
    groupOf,
  );
  const before = new Map<RouteGroup, Set<RouteGroup>>();
  for (const { concrete, open } of pairs) {
    const [first, second] = [groupOf.get(concrete), groupOf.get(open)];
    if (first !== undefined && second !== undefined) {
      before.set(second, (before.get(second) ?? new Set()).add(first));
    }
  }
  const ordered = stronglyConnectedComponents(groups, (group) => before.get(group) ?? []).flat();
  const position = new Map(ordered.map((group, at) => [group, at]));
  const place = (route: Route): number => position.get(groupOf.get(route) ?? ordered[0] ?? NO_GROUP) ?? 0;
  const hidden = new Map<Route, Route[]>();
  for (const { concrete, open } of pairs) {
    if (place(concrete) > place(open)) hidden.set(open, [...(hidden.get(open) ?? []), concrete]);
  }
  return { groups: ordered, hidden };
}

const NO_GROUP: RouteGroup = { tag: '', routes: [] };

interface HidingPair {
  readonly concrete: Route;
  readonly open: Route;
}

/** Of real contracts, none has a thousand. */
const MAX_PAIRS = 100_000;

const tooManyPairs = ({ operation }: Route): UserError =>
  new UserError('SCF053', `more than ${MAX_PAIRS} pairs of paths of different tags match the same requests`, {
    help: 'Give operations whose paths overlap the same tag.',
    location: locationOf(operation.place),
  });

/** Pairs of routes of different groups and the same method that match a common path. */
function hidingPairs(routes: readonly Route[], groupOf: ReadonlyMap<Route, RouteGroup>): HidingPair[] {
  const pairs: HidingPair[] = [];
  for (const bucket of buckets(routes)) {
    const open = bucket.filter(({ operation }) => operation.path.includes('{'));
    for (const route of open) {
      for (const other of bucket) {
        if (groupOf.get(other) === groupOf.get(route) || compareRoutes(other, route) >= 0) continue;
        if (!overlap(route, other)) continue;
        if (pairs.length >= MAX_PAIRS) throw tooManyPairs(route);
        pairs.push({ concrete: other, open: route });
      }
    }
  }
  return pairs;
}

/**
 * Only routes of one method and length can match a common path, and only if their first segments
 * can: comparing those alone keeps this from growing with the square of a large document.
 */
function buckets(routes: readonly Route[]): Route[][] {
  const found = new Map<string, Route[]>();
  const anywhere = new Map<string, Route[]>();
  for (const route of routes) {
    const [first] = route.segments;
    const kind = `${route.operation.method} ${route.segments.length}`;
    const isText = first?.every((part) => 'text' in part) ?? true;
    const [table, key] = isText ? [found, `${kind} ${operationStart(route)}`] : [anywhere, kind];
    table.set(key, [...(table.get(key) ?? []), route]);
  }
  for (const [key, open] of anywhere) {
    for (const [other, bucket] of found) if (other.startsWith(`${key} `)) bucket.push(...open);
    if (open.length > 0) found.set(`${key} open`, open);
  }
  return [...found.values()];
}

const operationStart = ({ operation }: Route): string => operation.path.split('/')[1] ?? '';
