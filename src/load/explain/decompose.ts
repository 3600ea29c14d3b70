// Where the time of a request goes. All times are milliseconds a request.
import type { Evidence, LoadEvidence, OperationEvidence, SessionEvidence } from './evidence.ts';

/**
 * What a request queues for behind other requests; `machine`: for processors that others use, too; `thread`: for the one
 * that the service shares with its embedded database.
 */
export type Queue =
  | 'lock'
  | 'processor'
  | 'thread'
  | 'connection'
  | 'opening'
  | 'database'
  | 'transfer'
  | 'machine'
  | 'turn'
  | 'unknown';

/** The mean time of an operation's request under load, in parts that add up to it. */
export interface Parts {
  readonly operation: string;
  readonly weight: number;
  readonly loadMs: number;
  /** Statements executing, without waits for locks. */
  readonly database: number;
  readonly lock: number;
  readonly processor: number;
  readonly transfer: number;
  /** To the database and back, for each statement. */
  readonly trips: number;
  /** Neither of these while the request is alone: somebody else's answer, or a timer. */
  readonly elsewhere: number;
  /** What the load adds beyond all of these. */
  readonly queue: number;
}

export interface Decomposition {
  readonly parts: readonly Parts[];
  /** What they queue for, as far as the evidence tells. */
  readonly queue: Queue;
  /** How much longer statements take under load than alone, without locks. */
  readonly inflation: number;
  /** Whether connections are held by statements that take far longer than alone: the database can do no more. */
  readonly isFull: boolean;
  /** Requests that are being worked on at a time: the rate times what one takes alone (Little's law). */
  readonly parallel: number;
}

/** Requests of nobody take this long: the way to a server on the same machine, and timers that are not exact. */
const UNEXPLAINED_MS = 1.5;

/** Splits what was measured. Pure: the same evidence gives the same parts. */
export function decompose(evidence: Evidence): Decomposition {
  const { operations, load } = evidence;
  const alone = weighted(operations, databaseOf);
  // Operations that could not be sent alone have statements of their own.
  const known = new Set(operations.flatMap(({ statements }) => statements.map(({ id }) => id)));
  const underLoad = load.statements.reduce((sum, { id, ms }) => sum + (known.has(id) ? ms : 0), 0);
  const lock = evidence.source === 'none' ? lockMs(load) : Math.min(lockMs(load), underLoad);
  const inflation = alone > 0 && load.requests > 0 ? Math.max(0, underLoad - lock) / alone : 1;
  const processorAlone = weighted(operations, ({ cpuMs = 0 }) => cpuMs);
  const heat = load.cpuMs === undefined || processorAlone === 0 ? 1 : load.cpuMs / processorAlone;
  const quiet = weighted(operations, ({ quietMs }) => quietMs);
  const parallel = (load.perSecond * quiet) / 1000;
  const parts = operations.map((operation) => {
    const loadMs = operation.loadMs ?? operation.meanMs;
    const own = {
      database: databaseOf(operation) * inflation,
      lock: lock * shareOfLocks(evidence, operation),
      processor: (operation.cpuMs ?? 0) * heat,
      transfer: operation.transferMs,
      ...restOf(operation, evidence),
    };
    const { name, weight } = operation;
    return { operation: name, weight, loadMs, ...fitted(own, loadMs) };
  });
  const executing = Math.max(0, underLoad - lock);
  const isSlowed = inflation >= FULL;
  return {
    parts,
    inflation,
    isFull: isSlowed && executing >= EXECUTING * heldMs(load),
    parallel,
    queue:
      load.requests === 0
        ? 'unknown'
        : queueOf(evidence, {
            parallel,
            isSlowed: isSlowed && executing >= MUCH * load.meanMs,
            ...kindOf(evidence, alone, quiet),
          }),
  };
}

const weighted = (operations: readonly OperationEvidence[], of: (one: OperationEvidence) => number): number =>
  operations.reduce((sum, one) => sum + one.weight * of(one), 0);

const databaseOf = ({ statements }: OperationEvidence): number =>
  statements.reduce((sum, { ms }) => sum + ms, 0);

/** Sessions in the wait at a time, over requests in a time. */
const lockMs = ({ sessions, perSecond }: LoadEvidence): number =>
  sessions === undefined || perSecond === 0 ? 0 : (sessions.lockWaiting * 1000) / perSecond;

/** Of the waits for locks: by the statements that were seen waiting, else by the time in the database. */
function shareOfLocks({ load, operations }: Evidence, operation: OperationEvidence): number {
  const waits = load.locks.filter(({ id }) => id !== undefined);
  const all = waits.reduce((sum, { waiting }) => sum + waiting, 0);
  const callsOf = (one: OperationEvidence, id: string | undefined): number =>
    one.statements.find((statement) => statement.id === id)?.calls ?? 0;
  const known = waits.filter(({ id }) => operations.some((one) => callsOf(one, id) > 0));
  if (all === 0 || known.length === 0) {
    const total = weighted(operations, databaseOf);
    return total === 0 ? 1 : databaseOf(operation) / total;
  }
  const share = known.reduce((sum, { id, waiting }) => {
    const calls = weighted(operations, (one) => callsOf(one, id));
    return sum + (waiting / all) * (callsOf(operation, id) / calls);
  }, 0);
  return share;
}

/**
 * What is left of the quicker requests when they were alone. Where the processor cannot be seen, it is in there,
 * too; then only what does not grow with the load counts.
 */
function restOf(
  operation: OperationEvidence,
  { roundTripMs, load }: Evidence,
): { readonly trips: number; readonly elsewhere: number } {
  const { quietMs, meanMs, transferMs, cpuMs = 0, cpuWaitMs = 0, statements } = operation;
  const calls = statements.reduce((sum, one) => sum + one.calls, 0);
  // The quicker requests are those that had to wait for less than the mean.
  const wait = meanMs > 0 ? cpuWaitMs * Math.min(1, quietMs / meanMs) : cpuWaitMs;
  const rest = Math.max(0, quietMs - databaseOf(operation) - cpuMs - wait - transferMs);
  const trips = Math.min(rest, calls * roundTripMs);
  const isKnown = operation.cpuMs !== undefined || isFlat(load, quietMs);
  return { trips, elsewhere: isKnown ? Math.max(0, rest - trips - UNEXPLAINED_MS) : 0 };
}

/** Whether so many requests at once take hardly longer than one. */
const isFlat = ({ concurrency, perSecond }: LoadEvidence, quietMs: number): boolean =>
  concurrency > 1 && (perSecond * quietMs) / 1000 >= 0.5 * concurrency;

type Own = Pick<Parts, 'database' | 'lock' | 'processor' | 'transfer' | 'trips' | 'elsewhere'>;

/** Statements that run side by side take less than their sum: parts never exceed the whole. */
function fitted(own: Own, loadMs: number): Own & { readonly queue: number } {
  const sum = Object.values(own).reduce((total, ms) => total + ms, 0);
  const factor = sum > loadMs && sum > 0 ? loadMs / sum : 1;
  return {
    database: own.database * factor,
    lock: own.lock * factor,
    processor: own.processor * factor,
    transfer: own.transfer * factor,
    trips: own.trips * factor,
    elsewhere: own.elsewhere * factor,
    queue: Math.max(0, loadMs - sum * factor),
  };
}

/** Statements that take this much longer under load share a database, or a machine, that can do no more ... */
const FULL = 2;
/** Of a request's time: a database that is slowed down is where it waits. */
const MUCH = 0.1;
/** ... unless what holds connections is something else. */
const EXECUTING = 0.3;

/** Connections in use at a time, over requests in a time. */
const heldMs = ({ sessions, perSecond }: LoadEvidence): number =>
  sessions === undefined || perSecond === 0
    ? 0
    : ((sessions.active + sessions.idleInTransaction) * 1000) / perSecond;

/** A thread that is busy so much of the time has a queue in front of it ... */
const BUSY = 0.8;
/** ... when it runs so much of it; otherwise the machine is what is busy. */
const RUNNING = 0.3;
/** One that runs so much is why connections are held, whatever they are held for. */
const MOSTLY_RUNNING = 0.5;
/** A pool of which so much is in use at any moment has none to give at most moments: between statements they look idle. */
const IN_USE = 0.35;
/** Fewer sessions at work than this are an idle database. */
const IDLE = 0.5;
/** And a thread that runs, or is ready to, less than this. */
const IDLE_THREAD = 0.6;
/** One that computes, and is ready to so much of the time, waits for a processor. */
const READY = 0.4;
/** Bytes of an answer. */
const MUCH_MOVED = 100_000;

/** Of a request alone: so much in statements, and no more waiting for anything else. */
const MOSTLY_STATEMENTS = 0.2;
const LITTLE_ELSE = 0.2;
/** Of what a request alone does: a connection that is held for computing waits for a processor, not for a pool. */
const COMPUTING = 0.4;
/** Of a request alone: waiting for a processor that others have. */
const STARVED = 0.5;
const MOSTLY_TRIPS = 0.5;

/** What a request does while it holds a connection. */
function kindOf(
  evidence: Evidence,
  alone: number,
  quiet: number,
): Pick<Known, 'isOfStatements' | 'isComputing' | 'isStarved' | 'asks'> {
  const { operations, load } = evidence;
  const rest = (part: 'trips' | 'elsewhere'): number =>
    weighted(operations, (one) => restOf(one, evidence)[part]);
  const elsewhere = rest('elsewhere');
  // On a machine that others keep busy even a way within it takes its time; it is a wait where it is most of the time.
  const trips = rest('trips') >= MOSTLY_TRIPS * quiet ? rest('trips') : 0;
  const computing = load.cpuMs === undefined ? 0 : weighted(operations, ({ cpuMs = 0 }) => cpuMs);
  return {
    isOfStatements: alone >= MOSTLY_STATEMENTS * quiet && elsewhere <= LITTLE_ELSE * quiet,
    isComputing: computing > COMPUTING * (computing + alone + elsewhere + trips),
    isStarved: isStarved(operations),
    asks: operations.some(({ statements }) => statements.length > 0),
  };
}

/** Whether requests, when they were alone, mostly waited for a processor that something else had. */
export const isStarved = (operations: readonly OperationEvidence[]): boolean =>
  weighted(operations, ({ cpuWaitMs = 0 }) => cpuWaitMs) >
  STARVED * weighted(operations, ({ meanMs }) => meanMs);

/** Requests at a time that are one: how long it takes alone is not exact where others keep the machine busy. */
const ONE = 1.5;

interface Known {
  readonly parallel: number;
  readonly isSlowed: boolean;
  readonly isOfStatements: boolean;
  readonly isComputing: boolean;
  readonly isStarved: boolean;
  /** Whether requests ask the database at all. */
  readonly asks: boolean;
}

function queueOf({ load, operations, embedded }: Evidence, known: Known): Queue {
  const { parallel, isSlowed, isComputing, isStarved } = known;
  const { sessions, busiest, concurrency, cpuMs = 0, perSecond } = load;
  const running = (cpuMs * perSecond) / 1000;
  const isBusy = busiest !== undefined && busiest >= BUSY;
  if (isLocked(load)) return 'lock';
  if (isBusy && embedded) return 'thread';
  if (isBusy && running >= MOSTLY_RUNNING) return 'processor';
  if (isChurning(load)) return 'opening';
  if (sessions !== undefined) {
    if (!isComputing && isExhausted(sessions, concurrency, parallel)) return 'connection';
    if (!isBusy && isSingle(sessions, concurrency, known)) return 'connection';
  }
  if (isSlowed) return 'database';
  // Where much is moved, those who read it may be what is waited for.
  if (weighted(operations, ({ bytes }) => bytes) >= MUCH_MOVED) return 'transfer';
  if (isBusy) return running >= RUNNING ? 'processor' : 'machine';
  // Nobody waits for a turn to compute but for a processor.
  if (isComputing && (busiest ?? 0) >= READY) return 'machine';
  const isIdle = (sessions?.active ?? 0) < IDLE && (busiest ?? 0) < IDLE_THREAD;
  // Who comes one after the other needs one connection.
  const isOne = busiest === undefined || sessions === undefined || sessions.most <= 1 || !known.asks;
  return isIdle && isOne && !isStarved && parallel <= ONE && concurrency > 2 ? 'turn' : 'unknown';
}

/** Most of those that hold connections wait for locks. */
function isLocked({ sessions }: LoadEvidence): boolean {
  if (sessions === undefined) return false;
  const { active, idleInTransaction, lockWaiting } = sessions;
  return lockWaiting >= 0.5 && lockWaiting >= 0.4 * (active + idleInTransaction);
}

/** So many times the sessions that are there at a time come and go. */
const TURNOVER = 4;
const LEAST_DIFFERENT = 8;
/** A session that lives as long as a few requests is opened for them. */
const LIFETIME = 3;

/** Whether sessions are opened for single requests. */
export function isChurning({ sessions, meanMs }: LoadEvidence): boolean {
  if (sessions === undefined) return false;
  const { different, most, age } = sessions;
  return different >= LEAST_DIFFERENT && different >= TURNOVER * most && age <= LIFETIME * meanMs + 50;
}

/**
 * One connection for all: on a machine that others keep busy it looks idle while who uses it waits for a processor, but
 * a pool that could would have opened a second.
 */
const isSingle = ({ different }: SessionEvidence, concurrency: number, known: Known): boolean =>
  different === 1 && concurrency > 2 && known.parallel <= ONE && known.isOfStatements;

/** So many requests for one connection: where fewer would do, the machine may be why they are not more at a time. */
const MANY_TIMES = 3;

/** All connections that there are go round among more requests. */
function isExhausted(
  { most, active, idleInTransaction }: SessionEvidence,
  concurrency: number,
  parallel: number,
): boolean {
  if (most === 0 || concurrency <= most) return false;
  if (active + idleInTransaction >= IN_USE * most) return true;
  // Or they are held by requests that ask nothing of them at the moment, and the others wait.
  return concurrency >= MANY_TIMES * most && most > 1 && parallel >= 0.65 * most && parallel <= 1.2 * most;
}
