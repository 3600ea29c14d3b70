// Requests that are told apart by name, so that each operation of a service has figures of its own.
import type { Header } from './request.ts';

/**
 * One request of a run, ready to be sent. Requests of one name are one operation: they share its weight and
 * are sent in turn.
 */
export interface NamedRequest {
  /** As in `GET /orders/{id}`. */
  readonly name: string;
  readonly method: string;
  /** Path and query, as they stand in the request line. */
  readonly path: string;
  readonly headers: readonly Header[];
  readonly body?: Uint8Array;
  /** How often the operation is sent, against the others; 0 leaves it out. */
  readonly weight: number;
  /** Sent at most once in a run: what it works on is gone then. */
  readonly once?: true;
}

/** In which order requests are sent: places in the list of requests. */
export interface Schedule {
  readonly order: readonly number[];
  /** So many at the start are sent once; what is behind them is sent again and again. */
  readonly once: number;
}

const LONGEST_CYCLE = 20_000;
const LONGEST_START = 50_000;
/** Weights are told apart to a hundredth. */
const WEIGHT_UNIT = 100;

interface Group {
  readonly weight: number;
  readonly places: readonly number[];
  readonly once: boolean;
  sent: number;
  credit: number;
}

/**
 * Mixes the operations evenly by weight (smooth weighted round robin, as nginx balances), so that no two of
 * one operation stand together when they need not. A cycle is as long as it takes to send every request of
 * every operation, up to 20,000.
 */
export function scheduleOf(requests: readonly NamedRequest[]): Schedule {
  const groups = groupsOf(requests);
  const lasting = groups.filter(({ once }) => !once);
  const start: number[] = [];
  const isDone = (): boolean => groups.every(({ once, sent, places }) => !once || sent === places.length);
  while (!isDone() && start.length < LONGEST_START) {
    start.push(nextOf(groups.filter(({ once, sent, places }) => !once || sent < places.length)));
  }
  for (const group of lasting) {
    group.sent = 0;
    group.credit = 0;
  }
  const cycle = Array.from({ length: cycleLength(lasting) }, () => nextOf(lasting));
  return { order: [...start, ...cycle], once: start.length };
}

function groupsOf(requests: readonly NamedRequest[]): Group[] {
  const places = new Map<string, number[]>();
  requests.forEach(({ name, weight }, at) => {
    if (weight <= 0) return;
    const known = places.get(name);
    if (known === undefined) places.set(name, [at]);
    else known.push(at);
  });
  return [...places.values()].map((list) => {
    const first = requests[list[0] as number] as NamedRequest;
    const weight = Math.max(1, Math.round(first.weight * WEIGHT_UNIT));
    return { weight, places: list, once: first.once === true, sent: 0, credit: 0 };
  });
}

function nextOf(groups: readonly Group[]): number {
  let best = groups[0] as Group;
  let all = 0;
  for (const group of groups) {
    group.credit += group.weight;
    all += group.weight;
    if (group.credit > best.credit) best = group;
  }
  best.credit -= all;
  const place = best.places[best.sent % best.places.length] as number;
  best.sent += 1;
  return place;
}

function cycleLength(groups: readonly Group[]): number {
  const common = groups.reduce((divisor, { weight }) => greatestDivisor(weight, divisor), 0);
  const once = groups.reduce((sum, { weight }) => sum + weight / common, 0);
  const turns = Math.max(0, ...groups.map(({ weight, places }) => (places.length * common) / weight));
  const most = Math.max(1, Math.floor(LONGEST_CYCLE / once));
  return Math.min(LONGEST_CYCLE, once * Math.min(most, Math.ceil(turns)));
}

const greatestDivisor = (one: number, other: number): number =>
  other === 0 ? one : greatestDivisor(other, one % other);
