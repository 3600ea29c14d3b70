// Who gets how much of a run: by capacity, and so that the shares add up to the whole.
import { UserError } from '../../core/errors.ts';
import type { Window } from '../pace.ts';

/** One worker's part. */
export interface Share {
  /** Of the whole, 0 to 1. */
  readonly part: number;
  readonly connections: number;
  readonly requests?: number;
  readonly window: Window;
}

/** Shares connections, requests and due times. Errors: LOAD005 when there are too few for each to get one. */
export function shareOut(
  capacities: readonly number[],
  whole: { readonly connections: number; readonly requests?: number | undefined },
): Share[] {
  const divisor = capacities.reduce(greatestCommonDivisor, 0);
  const widths = capacities.map((capacity) => capacity / divisor);
  const of = widths.reduce((sum, width) => sum + width, 0);
  const connections = split('connections', whole.connections, widths);
  const requests = whole.requests === undefined ? [] : split('requests', whole.requests, widths);
  let first = 0;
  return widths.map((width, at) => {
    const window = { first, of, width };
    first += width;
    return {
      part: width / of,
      connections: connections[at] ?? 0,
      ...(requests[at] === undefined ? {} : { requests: requests[at] }),
      window,
    };
  });
}

/** Each gets one, and of the rest as much as it is worth; what does not divide goes to the largest remainders. */
function split(what: string, whole: number, widths: readonly number[]): number[] {
  const rest = whole - widths.length;
  if (rest < 0) {
    throw new UserError('LOAD005', `${whole} ${what} cannot be shared by ${widths.length} workers`, {
      kind: 'usage',
      help: `Give at least ${widths.length}, or take fewer workers.`,
    });
  }
  const sum = widths.reduce((total, width) => total + width, 0);
  const wanted = widths.map((width) => Math.max(1, (whole * width) / sum));
  const parts = wanted.map((part) => Math.floor(part));
  const order = [...widths.keys()].sort((left, right) => fraction(wanted[right]) - fraction(wanted[left]));
  let missing = whole - parts.reduce((total, part) => total + part, 0);
  for (let at = 0; missing > 0; at = (at + 1) % order.length, missing -= 1) add(parts, order[at], 1);
  // Those that were lifted to one took it from the others.
  for (; missing < 0; missing += 1) add(parts, parts.indexOf(Math.max(...parts)), -1);
  return parts;
}

const fraction = (value = 0): number => value - Math.floor(value);

function add(parts: number[], at: number | undefined, amount: number): void {
  if (at !== undefined) parts[at] = (parts[at] ?? 0) + amount;
}

const greatestCommonDivisor = (left: number, right: number): number =>
  right === 0 ? left : greatestCommonDivisor(right, left % right);
