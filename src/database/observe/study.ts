import { advise } from '../advise/advise.ts';
import { nameIndexes } from '../advise/name-indexes.ts';
import { readLiveParts } from '../advise/read-live-parts.ts';
import { loadGrammar, parseStatement } from '../advise/workload/parse-statement.ts';
import type { WorkloadStatement } from '../advise/workload/workload.ts';
import { explainStatement } from '../analyze/live/explain.ts';
import type { ExplainedStatement } from '../analyze/live/statements.ts';
import { openCopy } from '../engines/pglite.ts';
import { nameOfLocation, type SchemaLocation } from '../sources/location.ts';
import { openLocation } from '../sources/open-location.ts';
import { readSchema } from '../sources/schema.ts';

type StudyLocation = Extract<SchemaLocation, { kind: 'server' | 'copy' }>;

/** A server, or a copy of the data of an embedded database with the name of that. */
type StudiedDatabase = { readonly url: string } | { readonly copy: string; readonly name: string };

export interface StudyRequest {
  readonly database: StudiedDatabase;
  /** What to look into, with the calls and the time that it took. */
  readonly statements: readonly WorkloadStatement[];
  /** The file that keeps an initialised scratch between runs. */
  readonly snapshot: string | undefined;
  /** For one statement, and for each step of the index advice. */
  readonly budgetMs: number;
  readonly signal?: AbortSignal;
}

/** What the planner says of a statement. Costs are its own, in units of one sequential block. */
export interface StudiedStatement {
  readonly sql: string;
  /** Tables that it reads from beginning to end, with their rows; those of 1,000 and more. */
  readonly scans: ExplainedStatement['scans'];
  readonly cost: number | undefined;
  /** Indexes that would make its plan cheaper, as CREATE INDEX; undefined when none was found. */
  readonly mend:
    | { readonly before: number; readonly after: number; readonly indexes: readonly string[] }
    | undefined;
}

export interface Study {
  readonly statements: readonly StudiedStatement[];
  /** What could not be looked into. */
  readonly notes: readonly string[];
}

/** How long a lock is waited for. */
const LOCK_MS = 500;
const MOST_INDEXES = 5;
const MOST_BLOCKS = 131_072;

/**
 * Explains statements on the database that they were run on, and looks for indexes in a copy without rows.
 * Nothing is written: what may change something is only planned. Errors: DB001.
 */
export async function studyStatements(request: StudyRequest): Promise<Study> {
  const { database, budgetMs, signal } = request;
  if ('url' in database) return studyAt({ kind: 'server', url: database.url }, request);
  const engine = await openCopy(database.copy, { budgetMs, ...(signal === undefined ? {} : { signal }) });
  try {
    // Nobody else collects statistics where the database is embedded.
    await engine.run('ANALYZE');
    return await studyAt({ kind: 'copy', engine, name: database.name }, request);
  } finally {
    await engine.close();
  }
}

async function studyAt(location: StudyLocation, request: StudyRequest): Promise<Study> {
  await loadGrammar();
  const notes: string[] = [];
  const explained = await explainAll(location, request);
  const mends = await adviseAll(location, request).catch((error: unknown) => {
    notes.push(`indexes were not looked for: ${error instanceof Error ? error.message : String(error)}`);
    return new Map<string, StudiedStatement['mend']>();
  });
  return {
    notes,
    statements: request.statements.map(({ sql }, at) => ({
      sql,
      scans: explained[at]?.scans ?? [],
      cost: explained[at]?.cost,
      mend: mends.get(sql),
    })),
  };
}

async function explainAll(
  location: StudyLocation,
  { statements, budgetMs, signal }: StudyRequest,
): Promise<(ExplainedStatement | undefined)[]> {
  const engine = await openLocation(location, { budgetMs, ...(signal === undefined ? {} : { signal }) });
  try {
    const found: (ExplainedStatement | undefined)[] = [];
    for (const statement of statements)
      found.push(await explainStatement(engine, statement, { timeoutMs: budgetMs, lockTimeoutMs: LOCK_MS }));
    return found;
  } finally {
    await engine.close();
  }
}

async function adviseAll(
  location: StudyLocation,
  request: StudyRequest,
): Promise<Map<string, StudiedStatement['mend']>> {
  const { statements, snapshot, budgetMs, signal } = request;
  const options = signal === undefined ? { budgetMs } : { budgetMs, signal };
  const schema = await readSchema(location, options);
  const { statistics, searchPath } = await readLiveParts({ location, values: true }, options);
  const advice = await advise({
    ...options,
    schema,
    snapshot,
    statistics,
    searchPath,
    workload: { source: nameOfLocation(location), statements, notes: [] },
    limits: { indexes: MOST_INDEXES, blocks: MOST_BLOCKS },
    // What was written long ago says nothing about what this run asks.
    writes: new Map(),
    unused: new Set(),
  });
  const suggestions = nameIndexes(advice);
  const parsed = new Map(statements.map(({ sql }) => [planned(sql), sql]));
  return new Map(
    advice.statements.map(({ sql, before, after, uses }) => [
      parsed.get(sql) ?? sql,
      uses.length === 0
        ? undefined
        : { before, after, indexes: uses.flatMap((at) => suggestions[at]?.sql ?? []) },
    ]),
  );
}

/** The text that is planned is not always the one that was asked about. */
const planned = (sql: string): string => parseStatement(sql)?.sql ?? sql;
