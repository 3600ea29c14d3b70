import { type Catalog, catalogOf } from '../analyze/facts/catalog.ts';
import { readFacts } from '../analyze/facts/read-facts.ts';
import { SqlFailure } from '../engines/engine.ts';
import { PGLITE_EXTENSIONS } from '../engines/pglite-extensions.ts';
import { openRowless } from '../engines/pglite.ts';
import { loadStatements } from '../sources/load.ts';
import type { Schema } from '../sources/schema.ts';
import { candidateId, type Candidate } from './candidates/candidate.ts';
import { type Estimates, estimatesFrom } from './candidates/estimate.ts';
import { candidatesFor } from './candidates/generate.ts';
import { chooseIndexes, type Limits } from './choose/greedy.ts';
import { type PlannedWorkloadStatement, Problem } from './choose/problem.ts';
import { type Built, type PredictedPlan, WhatIf } from './whatif/what-if.ts';
import type { PlannerStatistics } from './whatif/statistics.ts';
import { FINDING, loadGrammar, parseStatement } from './workload/parse-statement.ts';
import { readUses } from './workload/read-uses.ts';
import type { TableUse } from './workload/table-use.ts';
import type { Workload, WorkloadStatement } from './workload/workload.ts';

export interface AdviseInput {
  readonly schema: Schema;
  readonly statistics: PlannerStatistics;
  readonly workload: Workload;
  readonly searchPath: string;
  readonly limits: Limits;
  /** Rows written over the workload, by table: `schema.name`. */
  readonly writes: ReadonlyMap<string, number>;
  readonly snapshot: string | undefined;
  readonly budgetMs: number;
  readonly signal?: AbortSignal;
}

/** One statement before and after. */
export interface StatementVerdict {
  readonly sql: string;
  readonly calls: number;
  readonly totalMs: number | undefined;
  readonly before: number;
  readonly after: number;
  /** Positions in `chosen` of the indexes it would use. */
  readonly uses: readonly number[];
}

export interface Advice {
  readonly catalog: Catalog;
  readonly estimates: Estimates;
  readonly chosen: readonly Built[];
  readonly statements: readonly StatementVerdict[];
  readonly candidates: number;
  readonly planned: number;
  readonly notes: readonly string[];
}

/** Milliseconds to bring one more index up to date for one row, measured on B-trees that are in memory. */
const WRITE_MS = 0.02;

/** Chooses indexes for a workload in a copy of the database that has no rows. */
export async function advise(input: AdviseInput): Promise<Advice> {
  await loadGrammar();
  const { schema, budgetMs, snapshot, signal } = input;
  const extensions = new Set([...schema.extensions, ...WANTED]);
  const engine = await openRowless({ extensions, budgetMs, snapshot, ...(signal === undefined ? {} : { signal }) });
  try {
    await loadStatements(engine, schema.statements, { extensions: PGLITE_EXTENSIONS, autocommit: true });
    const trigrams = await hasTrigrams(engine);
    const catalog = catalogOf(await readFacts(engine));
    const whatIf = new WhatIf(engine, catalog, input.statistics);
    await whatIf.start(input.searchPath);
    return await choose(whatIf, catalog, input, trigrams);
  } finally {
    await engine.close();
  }
}

const WANTED: readonly string[] = [];

async function hasTrigrams(engine: { rows<Row>(sql: string): Promise<Row[]> }): Promise<boolean> {
  const found = await engine.rows("SELECT FROM pg_catalog.pg_extension WHERE extname = 'pg_trgm'");
  return found.length > 0;
}

interface ReadStatement {
  readonly statement: PlannedWorkloadStatement;
  readonly uses: readonly TableUse[];
}

async function choose(whatIf: WhatIf, catalog: Catalog, input: AdviseInput, trigrams: boolean): Promise<Advice> {
  const estimates = estimatesFrom(catalog, input.statistics);
  const notes: string[] = [...input.workload.notes];
  const read: ReadStatement[] = [];
  for (const statement of input.workload.statements) {
    const one = await readStatement(whatIf, catalog, statement, notes);
    if (one !== undefined) read.push(one);
  }
  const wanted = candidatesOf(read, catalog, estimates, trigrams);
  const built = await whatIf.build(wanted, estimates.candidateBlocks);
  const writeMs = ({ candidate }: Built): number => {
    const table = catalog.table(candidate.table);
    return (input.writes.get(`${table?.schema}.${table?.name}`) ?? 0) * WRITE_MS;
  };
  const problem = new Problem(whatIf, read.map(({ statement }) => statement), built, writeMs);
  const chosen = await chooseIndexes(problem, input.limits);
  return {
    catalog,
    estimates,
    chosen,
    statements: await verdicts(problem, chosen),
    candidates: built.length,
    planned: problem.planned,
    notes,
  };
}

async function readStatement(
  whatIf: WhatIf,
  catalog: Catalog,
  { sql, calls, totalMs }: WorkloadStatement,
  notes: string[],
): Promise<ReadStatement | undefined> {
  const parsed = parseStatement(sql);
  if (parsed === undefined || !FINDING.has(parsed.node)) {
    if (parsed === undefined) notes.push(`not a statement that can be parsed: ${headOf(sql)}`);
    return undefined;
  }
  const uses = readUses(catalog, parsed.tree);
  if (uses.length === 0) return undefined;
  let base: PredictedPlan;
  try {
    base = await whatIf.plan(parsed.sql);
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    notes.push(`cannot be planned (${error.message}): ${headOf(sql)}`);
    return undefined;
  }
  const columns = new Set(uses.flatMap((use) => [...use.read].map((column) => `${use.table}/${column}`)));
  const tables = new Set(uses.map(({ table }) => table));
  return { statement: { sql: parsed.sql, calls, totalMs, tables, columns, base }, uses };
}

const headOf = (sql: string): string => sql.replaceAll(/\s+/g, ' ').slice(0, 100);

function candidatesOf(
  read: readonly ReadStatement[],
  catalog: Catalog,
  estimates: Estimates,
  trigrams: boolean,
): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const { uses } of read) {
    for (const use of uses) {
      const candidates = candidatesFor(use, { catalog, ...estimates, hasTrigrams: trigrams });
      for (const candidate of candidates) found.set(candidateId(candidate), candidate);
    }
  }
  return [...found.values()];
}

async function verdicts(problem: Problem, chosen: readonly Built[]): Promise<StatementVerdict[]> {
  const list: StatementVerdict[] = [];
  for (const [at, { sql, calls, totalMs, base }] of problem.statements.entries()) {
    const after = await problem.plan(at, chosen);
    const uses = chosen.flatMap(({ name }, position) => (after.indexes.has(name) ? [position] : []));
    list.push({ sql, calls, totalMs, before: base.cost, after: after.cost, uses });
  }
  return list;
}
