// What a report says of the machines that a run was made with.
import { percentile } from '../histogram.ts';
import { progressOf } from '../progress.ts';
import type { StatusRule } from '../tally.ts';
import type { Check } from '../threshold.ts';
import type { Member } from './member.ts';
import { CLOCK_WARNING } from './protocol.ts';

/** What was counted on one worker. Latencies are of successful requests, in milliseconds. */
interface WorkerCount {
  readonly total: number;
  readonly failed: number;
  readonly p50: number;
  readonly p99: number;
}

/** One worker and its part in a run. */
export interface WorkerReport {
  readonly name: string;
  readonly version: string;
  /** `left`: it stopped before its time, and handed over what it had counted. */
  readonly state: 'finished' | 'left' | 'lost';
  /** Why it left or was lost. */
  readonly why?: string;
  /** Seconds from the start until it left, or until what is known of a lost one. */
  readonly after?: number;
  readonly capacity: number;
  /** Of the load, 0 to 1. */
  readonly share: number;
  readonly connections: number;
  readonly engine?: string;
  readonly threads?: number;
  /** Whether `requests` are part of the totals: those of a lost worker are not. */
  readonly counted: boolean;
  readonly requests: WorkerCount;
  /** Milliseconds by which its wall clock is ahead of the coordinator's, and how far off that may be. */
  readonly clock: { readonly offset: number; readonly uncertainty: number };
  /** Milliseconds from the agreed moment to its start. */
  readonly startedLate?: number;
}

/** The machines of a run. */
export interface ClusterReport {
  /** Host and port of the NATS server. */
  readonly server: string;
  readonly encrypted: boolean;
  readonly workers: readonly WorkerReport[];
  readonly lost: number;
  /** Milliseconds between the first start and the last. */
  readonly startSpread: number;
  /** Messages that were not read: of others, late, or said twice. */
  readonly ignoredMessages: number;
  readonly notes: readonly string[];
}

/** What happened to the whole of it. */
export interface ClusterFacts {
  readonly server: string;
  readonly encrypted: boolean;
  /** On our own clock. */
  readonly startAt: number;
  readonly ignoredMessages: number;
  readonly notes: readonly string[];
  readonly isExpected: StatusRule;
}

export function clusterReport(members: readonly Member[], facts: ClusterFacts): ClusterReport {
  const { server, encrypted, ignoredMessages } = facts;
  const workers = members.map((member) => workerReport(member, facts));
  const starts = workers.flatMap(({ startedLate }) => startedLate ?? []);
  return {
    server,
    encrypted,
    workers,
    lost: workers.filter(({ state }) => state === 'lost').length,
    startSpread: starts.length === 0 ? 0 : Math.max(...starts) - Math.min(...starts),
    ignoredMessages,
    notes: [...facts.notes, ...clockNotes(workers), ...versionNotes(workers)],
  };
}

function workerReport(member: Member, facts: ClusterFacts): WorkerReport {
  const { name, version, capacity, share, crew, offset, result } = member;
  const end = endOf(member, facts);
  return {
    name,
    version,
    ...end,
    capacity,
    share: share?.part ?? 0,
    connections: share?.connections ?? 0,
    ...(crew === undefined ? {} : crew),
    counted: result !== undefined,
    requests: countOf(member, facts.isExpected),
    clock: { offset: offset?.wall ?? 0, uncertainty: offset?.uncertainty ?? 0 },
    ...(result === undefined || offset === undefined
      ? {}
      : { startedLate: result.startedAt - offset.monotonic - facts.startAt }),
  };
}

function endOf(
  { result, lostWhy, progress, lostAt }: Member,
  { startAt }: ClusterFacts,
): Pick<WorkerReport, 'state' | 'why' | 'after'> {
  if (result === undefined) {
    const after = progress?.elapsedSeconds ?? Math.max(0, ((lostAt ?? startAt) - startAt) / 1000);
    return { state: 'lost', why: lostWhy ?? 'its result did not come', after };
  }
  if (result.left === undefined) return { state: 'finished' };
  return { state: 'left', why: result.left, after: result.tally.elapsed / 1000 };
}

function countOf({ result, progress }: Member, isExpected: StatusRule): WorkerCount {
  if (result !== undefined) {
    const { requests, failed, p50, p99 } = progressOf(result.tally, isExpected, 0);
    return { total: requests, failed, p50, p99 };
  }
  if (progress === undefined) return { total: 0, failed: 0, p50: 0, p99: 0 };
  const { requests, failed, latencies } = progress;
  const at = (percent: number): number => percentile(latencies, percent) / 1000;
  return { total: requests, failed, p50: at(50), p99: at(99) };
}

function clockNotes(workers: readonly WorkerReport[]): string[] {
  return workers
    .filter(({ clock }) => Math.abs(clock.offset) - clock.uncertainty > CLOCK_WARNING)
    .map(
      ({ name, clock }) =>
        `the clock of ${name} is ${(Math.abs(clock.offset) / 1000).toFixed(1)} s ` +
        `${clock.offset > 0 ? 'ahead' : 'behind'}; the run did not go by it, its logs do`,
    );
}

function versionNotes(workers: readonly WorkerReport[]): string[] {
  const versions = [...new Set(workers.map(({ version }) => version))].sort();
  return versions.length < 2 ? [] : [`the workers run different versions: ${versions.join(', ')}`];
}

/** The load was the one that was asked for only if every worker was there to its end. */
export function clusterChecks({ workers }: ClusterReport): Check[] {
  const missing = workers.filter(({ state }) => state !== 'finished');
  if (missing.length === 0) return [];
  const actual = missing.map(({ name, state, after = 0, why = '' }) =>
    state === 'lost'
      ? `${name} was lost after ${after.toFixed(1)} s (${why})`
      : `${name} left after ${after.toFixed(1)} s (${why})`,
  );
  return [{ text: 'every worker stays to the end', met: false, actual: actual.join('; ') }];
}
