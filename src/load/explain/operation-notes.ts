import type { LoneAnswer } from '../client/lone-client.ts';
import type { OperationEvidence, PageEvidence, StatementUse } from './evidence.ts';
import type { Cost } from './meter.ts';

/** What is written down of an operation while it is probed. */
export interface OperationNotes {
  readonly name: string;
  readonly answers: LoneAnswer[];
  failed: number;
  readonly cost: Cost[];
  readonly pages: PageEvidence[];
  pageParameter: string | undefined;
  sent: readonly number[];
  json: { readonly ms: number; readonly lists: readonly number[] } | undefined;
}

export const startNotes = (name: string): OperationNotes => ({
  name,
  answers: [],
  failed: 0,
  cost: [],
  pages: [],
  pageParameter: undefined,
  sent: [],
  json: undefined,
});

/** The notes divided by the requests that they are of. Its weight and its time under load are not known yet. */
export function summariseNotes(notes: OperationNotes): OperationEvidence {
  const { name, answers, failed, cost, pages, pageParameter, json } = notes;
  const requests = answers.length + failed;
  const times = answers.map(({ lastByteMs }) => lastByteMs);
  const transfers = answers.map(({ firstByteMs, lastByteMs }) => lastByteMs - firstByteMs);
  const perRequest = (values: readonly (number | undefined)[]): number | undefined =>
    values.length === 0 || values.includes(undefined)
      ? undefined
      : values.reduce<number>((sum, value) => sum + (value ?? 0), 0) / Math.max(requests, 1);
  return {
    name,
    weight: 0,
    requests,
    failed,
    meanMs: meanOf(times),
    quietMs: quartile(times),
    transferMs: quartile(transfers),
    bytes: meanOf(answers.map(({ bytes }) => bytes)),
    jsonMs: json?.ms ?? 0,
    lists: json?.lists ?? [],
    sent: notes.sent,
    cpuMs: perRequest(cost.map(({ cpuMs }) => cpuMs)),
    cpuWaitMs: perRequest(cost.map(({ cpuWaitMs }) => cpuWaitMs)),
    statements: dividedBy(
      cost.flatMap(({ statements }) => statements),
      requests,
    ),
    pages,
    pageParameter,
    loadMs: undefined,
  };
}

/** Uses of the same statement added up, for one request. */
export function dividedBy(uses: readonly StatementUse[], requests: number): StatementUse[] {
  const sums = new Map<string, StatementUse>();
  for (const { id, calls, ms, rows } of uses) {
    const known = sums.get(id) ?? { id, calls: 0, ms: 0, rows: 0 };
    sums.set(id, { id, calls: known.calls + calls, ms: known.ms + ms, rows: known.rows + rows });
  }
  const count = Math.max(requests, 1);
  return [...sums.values()].map(({ id, calls, ms, rows }) => ({
    id,
    calls: calls / count,
    ms: ms / count,
    rows: rows / count,
  }));
}

const meanOf = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

function quartile(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor((sorted.length - 1) / 4)] ?? 0;
}
