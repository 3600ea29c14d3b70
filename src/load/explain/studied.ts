// What the statements of a run are, and plans of those that take long.
import { type Observer, type Study, studyStatements } from '../../database/index.ts';
import type { LoadEvidence, OperationEvidence, StatementEvidence, StatementUse } from './evidence.ts';
import type { Meter } from './meter.ts';

/** What is to be looked into. */
interface StudyInput {
  readonly operations: readonly OperationEvidence[];
  readonly load: LoadEvidence;
  readonly meter: Meter;
  /** Statements as they were sent, by their numbers. */
  readonly sent: ReadonlyMap<string, string>;
  readonly options: {
    readonly database: string;
    readonly snapshot?: string | undefined;
    readonly observer?: Observer;
  };
  readonly signal: AbortSignal;
}

interface Studied {
  readonly statements: StatementEvidence[];
  readonly notes: readonly string[];
}

/** Milliseconds. */
const STUDY_MS = 20_000;
/** Statements that take less of a request than this, in milliseconds and as a share of it, are not looked into. */
const WORTH_STUDYING_MS = 0.5;
const WORTH_STUDYING = 0.08;
const MOST_STUDIED = 12;

/** The texts of all statements that were seen, and plans of those that take long. Errors: DB001. */
export async function studied(input: StudyInput): Promise<Studied> {
  const { operations, load, meter } = input;
  const uses = [...operations.flatMap(({ statements }) => statements), ...load.statements];
  const ids = [...new Set(uses.map(({ id }) => id))];
  const texts = meter.substitute?.texts() ?? (await meter.observer.texts(ids));
  // What a session was seen with, or what the observer heard itself.
  const sent = meter.observer.sent?.() ?? input.sent;
  const asSent = (id: string): string | undefined => wholeOf(sent.get(id));
  const planned = (id: string): string => asSent(id) ?? texts.get(id) ?? '';
  const worth = worthStudying(operations).filter(({ id }) => isPlannable(texts.get(id) ?? ''));
  const bySql = new Map(worth.slice(0, MOST_STUDIED).map((use) => [planned(use.id), use]));
  const study = bySql.size > 0 ? await look(bySql, input) : { statements: [], notes: [] };
  const found = new Map(study.statements.map((one) => [one.sql, one]));
  return {
    notes: study.notes,
    statements: ids.flatMap((id): StatementEvidence[] => {
      const sql = texts.get(id);
      if (sql === undefined) return [];
      const { scans = [], cost, mend } = found.get(planned(id)) ?? {};
      return [{ id, sql, sent: asSent(id), verb: verbOf(sql), scans, cost, mend }];
    }),
  };
}

const worthStudying = (operations: readonly OperationEvidence[]): StatementUse[] =>
  operations
    .flatMap(({ statements, weight, quietMs }) =>
      statements.map((use) => ({ ...use, all: use.ms * weight, share: use.ms / Math.max(quietMs, 1e-9) })),
    )
    .filter(({ ms, share }) => ms >= WORTH_STUDYING_MS && share >= WORTH_STUDYING)
    .sort((one, other) => other.all - one.all);

async function look(
  bySql: ReadonlyMap<string, StatementUse>,
  { meter, options, signal }: StudyInput,
): Promise<Study> {
  const { embedded, name } = meter.observer;
  const statements = [...bySql].map(([sql, { calls, ms, rows }]) => ({
    sql,
    calls: Math.max(calls, 1),
    totalMs: ms,
    rows,
  }));
  const study = { statements, snapshot: options.snapshot, budgetMs: STUDY_MS, signal };
  if (embedded === undefined)
    return options.observer === undefined
      ? studyStatements({ ...study, database: { url: options.database } })
      : { statements: [], notes: [] };
  const copy = await embedded.copy();
  try {
    return await studyStatements({ ...study, database: { copy: copy.file, name } });
  } finally {
    await copy.release();
  }
}

/** Several statements in one text share a number with none of them. */
const wholeOf = (sent: string | undefined): string | undefined =>
  sent === undefined || /;\s*\S/.test(sent) ? undefined : sent;

const verbOf = (sql: string): string =>
  /^(?:\s|\/\*[\s\S]*?\*\/|--[^\n]*\n|\()*([a-z]+)/i.exec(sql)?.[1]?.toLowerCase() ?? '';

const isPlannable = (sql: string): boolean =>
  ['select', 'with', 'update', 'delete', 'insert'].includes(verbOf(sql));
