// From what was seen to reasons: a pure function, so that every case can be tried without a service.
import { type Decomposition, decompose, type Parts } from './decompose.ts';
import type { Evidence } from './evidence.ts';
import type { Claim, Context, Reason, Remainder, Rule, Taken } from './reason.ts';
import { connectionPerRequest } from './reasons/connection-per-request.ts';
import { largePayload } from './reasons/large-payload.ts';
import { lockWait } from './reasons/lock-wait.ts';
import { missingIndex } from './reasons/missing-index.ts';
import { nPlusOne } from './reasons/n-plus-one.ts';
import { oneAtATime } from './reasons/one-at-a-time.ts';
import { processor } from './reasons/processor.ts';
import { slowStatement } from './reasons/slow-statement.ts';
import { smallPool } from './reasons/small-pool.ts';
import { waitsElsewhere } from './reasons/waits-elsewhere.ts';

/** What a load test found out beyond figures. */
export interface Judgement {
  readonly decomposition: Decomposition;
  /** The greatest share first; empty for a healthy service. */
  readonly reasons: readonly Reason[];
}

/** Those that say more about the same time come first. */
const RULES: readonly Rule[] = [
  missingIndex,
  nPlusOne,
  lockWait,
  largePayload,
  connectionPerRequest,
  slowStatement,
  processor,
  waitsElsewhere,
];

/** A reason for less than this share of the time is not the reason. */
const LEAST_SHARE = 0.1;
/** Nor one that costs a request less than this, in milliseconds. */
const LEAST_MS = 1;

/** Judges; nothing is named that the evidence does not carry. */
export function judge(evidence: Evidence): Judgement {
  const decomposition = decompose(evidence);
  const byId = new Map(evidence.statements.map((one) => [one.id, one]));
  const context: Context = { evidence, decomposition, statement: (id) => byId.get(id) };
  const claimed = decomposition.parts.flatMap((parts, at) => {
    const operation = evidence.operations[at];
    if (operation === undefined || operation.requests === operation.failed) return [];
    const rest = remainderOf(parts, { operation, inflation: decomposition.inflation });
    return RULES.flatMap((rule) => rule(rest, context)).map((claim) => ({ claim, parts }));
  });
  // A queue that nothing explains is nobody's.
  const isUnknown = decomposition.queue === 'unknown';
  const knownMs = ({ loadMs, queue }: Parts): number => (isUnknown ? loadMs - queue : loadMs);
  const total = sum(decomposition.parts, (parts) => parts.weight * knownMs(parts));
  const queued = shareOutQueue(claimed, context);
  const own = claimed.map(({ claim, parts }, at): Reason => {
    const { code, evidence: figures, mend } = claim;
    const queuedMs = (queued.byClaim[at] ?? 0) / Math.max(parts.weight, 1e-9);
    const ms = takenMs(claim.takes) + queuedMs;
    const behind = queuedMs > 0.05 * parts.loadMs ? ', the queue behind it included,' : '';
    const of = isUnknown && parts.queue > 0.05 * parts.loadMs ? 'what is known of its time' : 'its time';
    const percent = Math.round(100 * share(ms, knownMs(parts)));
    const message = claim.message(`${percent} % of ${of}${behind}`);
    return {
      code,
      operation: parts.operation,
      share: share(parts.weight * ms, total),
      ms,
      message,
      evidence: figures,
      mend,
    };
  });
  const shared = queued.rules.map(({ ms, ...said }): Reason => ({ ...said, ms, share: share(ms, total) }));
  return {
    decomposition,
    reasons: [...own, ...shared]
      .filter((reason) => reason.share >= LEAST_SHARE && reason.ms >= LEAST_MS)
      .sort((one, other) => other.share - one.share),
  };
}

const share = (ms: number, total: number): number => (total > 0 ? Math.min(1, ms / total) : 0);

function remainderOf(
  parts: Parts,
  {
    operation,
    inflation,
  }: { readonly operation: Evidence['operations'][number]; readonly inflation: number },
): Remainder {
  const all = operation.statements.reduce((total, { ms }) => total + ms, 0) * inflation;
  const factor = all > 0 ? (parts.database / all) * inflation : 0;
  return {
    operation,
    loadMs: parts.loadMs,
    database: new Map(operation.statements.map(({ id, ms }) => [id, ms * factor])),
    lock: parts.lock,
    processor: parts.processor,
    transfer: parts.transfer,
    trips: parts.trips,
    elsewhere: parts.elsewhere,
  };
}

interface Claimed {
  readonly claim: Claim;
  readonly parts: Parts;
}

/** What the queue adds to each claim, over all requests, and the reasons that are the queue itself. */
interface SharedQueue {
  readonly byClaim: readonly number[];
  readonly rules: readonly Omit<Reason, 'share'>[];
}

/**
 * A queue is as long as what it waits for takes: it belongs to those who claim that. What is left of it is a reason
 * of its own only for what could be made larger, a pool, or for a way in that lets one request through at a time.
 */
function shareOutQueue(claimed: readonly Claimed[], context: Context): SharedQueue {
  const { parts, queue, isFull } = context.decomposition;
  const whole = sum(parts, (one) => one.weight * one.queue);
  const used = (one: Parts): number => one.weight * USES[queue](one);
  const all = sum(parts, used);
  const byClaim = claimed.map(({ claim, parts: own }) => {
    if (all === 0) return 0;
    // A pool would be mended by a larger one, unless what holds it can be made short or the database is at its limit.
    if (queue === 'connection' && !claim.holdsConnection) return 0;
    if (queue === 'connection' && claim.code === 'slow-statement' && !isFull) return 0;
    return Math.min(1, (own.weight * USES[queue](partsTaken(claim.takes))) / all) * whole;
  });
  const left = whole - byClaim.reduce((total, ms) => total + ms, 0);
  const rules =
    queue === 'connection' && isFull
      ? []
      : [smallPool, oneAtATime].flatMap((rule) => rule(left, context) ?? []);
  return { byClaim, rules };
}

type TakenParts = Pick<Parts, 'database' | 'lock' | 'processor' | 'transfer' | 'trips' | 'elsewhere'>;

/** What of a request's time stands in the way of the others. */
const USES: Readonly<Record<Decomposition['queue'], (parts: TakenParts) => number>> = {
  lock: ({ lock }) => lock,
  processor: (parts) => parts.processor,
  thread: ({ database, processor: cpu }) => database + cpu,
  connection: ({ database, trips, lock }) => database + trips + lock,
  turn: () => 0,
  opening: ({ processor: cpu, elsewhere }) => cpu + elsewhere,
  database: ({ database }) => database,
  transfer: ({ database, processor: cpu, transfer }) => database + cpu + transfer,
  machine: ({ database, processor: cpu }) => database + cpu,
  unknown: () => 0,
};

function partsTaken(takes: Taken): TakenParts {
  const { lock = 0, processor: cpu = 0, transfer = 0, trips = 0, elsewhere = 0 } = takes;
  const database = sum([...(takes.database ?? new Map<string, number>()).values()], (ms) => ms);
  return { database, lock, processor: cpu, transfer, trips, elsewhere };
}

const takenMs = (takes: Taken): number => sum(Object.values(partsTaken(takes)), (ms) => ms);

const sum = <T>(list: readonly T[], of: (one: T) => number): number =>
  list.reduce((total, one) => total + of(one), 0);
