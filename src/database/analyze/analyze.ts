import type { Diagnostic } from '../../core/diagnostic.ts';
import { UserError } from '../../core/errors.ts';
import { loadGrammar } from '../advise/workload/parse-statement.ts';
import { workloadOfText } from '../advise/workload/read-workload.ts';
import type { Workload } from '../advise/workload/workload.ts';
import { type Engine, SqlFailure } from '../engines/engine.ts';
import { openEmbedded } from '../engines/pglite.ts';
import { connect } from '../engines/postgres.ts';
import { openScratch, readingSchema } from '../scratch.ts';
import { loadStatements } from '../sources/load.ts';
import { nameOfLocation, type SchemaLocation } from '../sources/location.ts';
import { readSchema } from '../sources/schema.ts';
import { analyzeSchema } from './analyze-schema.ts';
import { boundedEngine, type Clock } from './bounded-engine.ts';
import type { Catalog } from './facts/catalog.ts';
import type { Finding } from './finding.ts';
import { explainStatement } from './live/explain.ts';
import type { LiveFacts } from './live/live-facts.ts';
import { nPlusOne, nPlusOneOfTrace } from './live/n-plus-one.ts';
import { withQueryTimes } from './live/query-times.ts';
import { readLive } from './live/read-live.ts';
import { readTrace } from './live/read-trace.ts';
import { slowFindings } from './live/statements.ts';
import { LIVE_RULES } from './live-rules.ts';
import { LOCK_NOT_AVAILABLE } from './mend/around-views.ts';

/** A text that the user named, with the name for messages. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

export interface AnalyzeRequest {
  readonly location: SchemaLocation;
  /** A server to make the scratch on instead of the embedded one, for schema files. */
  readonly scratchUrl: string | undefined;
  readonly snapshot: string | undefined;
  /** How long all of it may take on a running database, and one statement in a scratch. */
  readonly budgetMs: number;
  readonly now: Clock;
  /** Statements that the database is used with: SQL or a server's log. */
  readonly queries: NamedText | undefined;
  /** Statements per request. */
  readonly trace: NamedText | undefined;
  readonly signal?: AbortSignal;
}

export interface Analysis {
  readonly source: string;
  /** `PostgreSQL 16.4`. */
  readonly engine: string;
  /** Whether a running database was read, with rows and statistics. */
  readonly isLive: boolean;
  readonly catalog: Catalog;
  readonly findings: readonly Finding[];
  readonly notes: readonly Diagnostic[];
}

/** Judges a database, or the schema in files. A running one is only read. Errors: DB001, DB010, DB011, DB013, DB080, DB082. */
export async function analyze(request: AnalyzeRequest): Promise<Analysis> {
  await loadGrammar();
  const { location, budgetMs, signal } = request;
  const options = signal === undefined ? { budgetMs } : { budgetMs, signal };
  if (location.kind === 'server') {
    const engine = await connect({ url: location.url, ...options });
    return closing(engine, () => analyzeRunning(engine, request));
  }
  if (location.kind === 'embedded') {
    const engine = await openEmbedded(location.folder, options);
    return closing(engine, () => analyzeRunning(engine, request));
  }
  return analyzeFiles(request, options);
}

async function closing<T>(engine: Engine, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await engine.close();
  }
}

async function analyzeFiles(
  request: AnalyzeRequest,
  options: { readonly budgetMs: number; readonly signal?: AbortSignal },
): Promise<Analysis> {
  const { location, queries, trace } = request;
  const schema = await readSchema(location, options);
  const scratch = await openScratch(request, schema);
  try {
    return await readingSchema(scratch, schema, async (engine, autocommit) => {
      const left = await loadStatements(engine, schema.statements, {
        extensions: scratch.extensions,
        autocommit,
      });
      const { catalog, findings } = await analyzeSchema(engine);
      const workload = queries === undefined ? undefined : workloadOfText(queries.name, queries.text);
      return {
        source: schema.name,
        engine: scratch.name,
        isLive: false,
        catalog,
        findings: [...findings, ...statementFindings(workload, catalog), ...traceFindings(trace, catalog)],
        notes: [...schema.notes, ...left, ...(workload?.notes ?? []).map(noteOf)],
      };
    });
  } finally {
    await scratch.close();
  }
}

/** What statements show without a database that runs them. */
function statementFindings(workload: Workload | undefined, catalog: Catalog): Finding[] {
  if (workload === undefined) return [];
  const live: LiveFacts = { ...NOTHING, workload };
  return LIVE_RULES.filter(({ code }) => code === 'unindexed-container').flatMap((rule) =>
    findingsOf(rule, rule.find(live, catalog)),
  );
}

const NOTHING: LiveFacts = {
  tables: [],
  indexes: [],
  nulls: [],
  sessions: [],
  slots: [],
  replicas: [],
  database: undefined,
  settings: new Map(),
  workload: undefined,
  notes: [],
};

async function analyzeRunning(raw: Engine, request: AnalyzeRequest): Promise<Analysis> {
  const { location, now, budgetMs, queries, trace } = request;
  const engine = boundedEngine(raw, now, budgetMs);
  await engine.run(
    "SET default_transaction_read_only = on; SET lock_timeout = '1s'; SET max_parallel_workers_per_gather = 0; SET client_min_messages = error; SET standard_conforming_strings = on",
  );
  try {
    const { catalog, findings } = await analyzeUnlocked(engine);
    const read = await readLive(engine);
    const workload = queries === undefined ? read.workload : workloadOfText(queries.name, queries.text);
    const live: LiveFacts = { ...read, workload };
    const ruled = LIVE_RULES.flatMap((rule) => findingsOf(rule, rule.find(live, catalog)));
    const slow = await explained(engine, workload);
    const all = [
      ...withQueryTimes(findings, workload, catalog),
      ...ruled,
      ...slow,
      ...traceFindings(trace, catalog),
    ];
    return {
      source: nameOfLocation(location),
      engine: `PostgreSQL ${Math.floor(engine.version / 10_000)}.${engine.version % 10_000}`,
      isLive: true,
      catalog,
      findings: all,
      notes: [
        ...catalog.facts.locked.map((name) => `${name} is locked against everybody, so it was not judged`),
        ...read.notes,
        ...(workload?.notes ?? []),
      ].map(noteOf),
    };
  } catch (error) {
    if (error instanceof SqlFailure && error.state === '57014') {
      throw new UserError('DB080', `the analysis took more than ${budgetMs / 1000} s`, {
        help: 'Raise --budget, or analyse a dump of the schema instead.',
        cause: error,
      });
    }
    throw error;
  }
}

/** Tables that are locked against everybody are left out; one that is locked between that question and the next means asking again. */
async function analyzeUnlocked(engine: Engine, rounds = 5): ReturnType<typeof analyzeSchema> {
  try {
    return await analyzeSchema(engine);
  } catch (error) {
    const isLocked = error instanceof SqlFailure && error.state === LOCK_NOT_AVAILABLE;
    if (!isLocked) throw error;
    if (rounds > 1) return analyzeUnlocked(engine, rounds - 1);
    throw new UserError(
      'DB080',
      'a table was locked against everybody each time that its description was read',
      {
        help: 'Try again when nobody alters the schema, or analyse a dump of it instead.',
        cause: error,
      },
    );
  }
}

/** The statements that took longest, planned on the database as long as there is time. */
async function explained(
  engine: ReturnType<typeof boundedEngine>,
  workload: Workload | undefined,
): Promise<Finding[]> {
  const statements = [...(workload?.statements ?? [])]
    .sort((left, right) => (right.totalMs ?? 0) - (left.totalMs ?? 0))
    .slice(0, workload?.source === 'pg_stat_statements' ? 20 : 100);
  const list = [];
  for (const statement of statements) {
    // Half of what is left at most, so that one slow statement leaves something for the others.
    if (engine.left() < 500) break;
    const one = await explainStatement(engine, statement, {
      timeoutMs: Math.min(engine.left() / 2, 5000),
      lockTimeoutMs: 500,
    });
    if (one !== undefined) list.push(one);
  }
  const total = (workload?.statements ?? []).reduce((sum, { totalMs = 0 }) => sum + totalMs, 0);
  return slowFindings(list, total);
}

function traceFindings(trace: NamedText | undefined, catalog: Catalog): Finding[] {
  if (trace === undefined) return [];
  return findingsOf(nPlusOne, nPlusOneOfTrace(readTrace(trace.name, trace.text), catalog));
}

function findingsOf(
  rule: (typeof LIVE_RULES)[number],
  found: ReturnType<(typeof LIVE_RULES)[number]['find']>,
): Finding[] {
  return found.map(({ severity = rule.severity, evidence = {}, ...rest }) => ({
    code: rule.code,
    severity,
    evidence,
    ...rest,
  }));
}

const noteOf = (message: string): Diagnostic => ({ code: 'DB081', severity: 'info', message });
