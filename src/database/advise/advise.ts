import { type Catalog, catalogOf } from '../analyze/facts/catalog.ts';
import { readFacts } from '../analyze/facts/read-facts.ts';
import { SqlFailure } from '../engines/engine.ts';
import { openRowless } from '../engines/pglite.ts';
import { PGLITE_EXTENSIONS } from '../engines/pglite-extensions.ts';
import { loadStatements } from '../sources/load.ts';
import type { Schema } from '../sources/schema.ts';
import { assumedStatistics } from './assumed-statistics.ts';
import { type Candidate, candidateId } from './candidates/candidate.ts';
import { type Estimates, estimatesFrom } from './candidates/estimate.ts';
import { candidatesFor } from './candidates/generate.ts';
import { lastingConditions } from './candidates/lasting.ts';
import { type Drop, findDrops } from './choose/drops.ts';
import { chooseIndexes, type Limits } from './choose/greedy.ts';
import { type PlannedWorkloadStatement, Problem } from './choose/problem.ts';
import { declaredWorkload } from './declared-workload.ts';
import type { PlannerStatistics } from './whatif/statistics.ts';
import { type Built, type PredictedPlan, WhatIf } from './whatif/what-if.ts';
import { FINDING, loadGrammar, parseStatement } from './workload/parse-statement.ts';
import { readUses } from './workload/read-uses.ts';
import type { TableUse } from './workload/table-use.ts';
import type { Workload, WorkloadStatement } from './workload/workload.ts';

export interface AdviseInput {
  readonly schema: Schema;
  /** Undefined: no database tells, so sizes are assumed. */
  readonly statistics: PlannerStatistics | undefined;
  /** Undefined: only what the schema makes likely. */
  readonly workload: Workload | undefined;
  /** Undefined: public, then every other schema. */
  readonly searchPath: string | undefined;
  readonly limits: Limits;
  /** Rows written over the workload, by table: `schema.name`. */
  readonly writes: ReadonlyMap<string, number>;
  /** Indexes that no query has used, by qualified name. */
  readonly unused: ReadonlySet<string>;
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
  /** Existing indexes that none of the statements would miss. */
  readonly drops: readonly Drop[];
  /** Rows written that a candidate would have to follow. */
  readonly writesOf: (built: Built) => number;
}

/** Milliseconds to bring one more index up to date for one row, measured on B-trees that are in memory. */
const WRITE_MS = 0.02;

/** Chooses indexes for a workload in a copy of the database that has no rows. */
export async function advise(input: AdviseInput): Promise<Advice> {
  await loadGrammar();
  const { schema, budgetMs, snapshot, signal } = input;
  const engine = await openRowless({
    extensions: schema.extensions,
    budgetMs,
    snapshot,
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    await loadStatements(engine, schema.statements, { extensions: PGLITE_EXTENSIONS, autocommit: true });
    const trigrams = await hasTrigrams(engine);
    const catalog = catalogOf(await readFacts(engine));
    const statistics = input.statistics ?? assumedStatistics(catalog);
    const workload = input.workload ?? declaredWorkload(catalog);
    const whatIf = new WhatIf(engine, catalog, statistics);
    await whatIf.start(input.searchPath ?? everySchema(catalog));
    return await choose(whatIf, catalog, { ...input, statistics, workload }, trigrams);
  } finally {
    await engine.close();
  }
}

function everySchema(catalog: Catalog): string {
  const others = new Set(
    catalog.facts.tables.map(({ schema }) => schema).filter((schema) => schema !== 'public'),
  );
  return ['public', ...[...others].map((schema) => catalog.quote(schema))].join(', ');
}

interface ReadyInput extends AdviseInput {
  readonly statistics: PlannerStatistics;
  readonly workload: Workload;
}

async function hasTrigrams(engine: { rows<Row>(sql: string): Promise<Row[]> }): Promise<boolean> {
  const found = await engine.rows("SELECT FROM pg_catalog.pg_extension WHERE extname = 'pg_trgm'");
  return found.length > 0;
}

interface ReadStatement {
  readonly statement: PlannedWorkloadStatement;
  readonly uses: readonly TableUse[];
  /** What the same statement does with other values. */
  readonly others: readonly TableUse[];
}

async function choose(
  whatIf: WhatIf,
  catalog: Catalog,
  input: ReadyInput,
  trigrams: boolean,
): Promise<Advice> {
  const estimates = estimatesFrom(catalog, input.statistics);
  const notes: string[] = [...input.workload.notes];
  const read: ReadStatement[] = [];
  for (const statement of input.workload.statements) {
    const one = await readStatement(whatIf, catalog, statement, notes);
    if (one !== undefined) read.push(one);
  }
  const wanted = candidatesOf(read, catalog, estimates, trigrams);
  const built = await whatIf.build(wanted, estimates.candidateBlocks);
  const writesOf = ({ candidate }: Built): number => {
    const table = catalog.table(candidate.table);
    return input.writes.get(`${table?.schema}.${table?.name}`) ?? 0;
  };
  const writeMs = (built: Built): number => writesOf(built) * WRITE_MS;
  const problem = new Problem(
    whatIf,
    read.map(({ statement }) => statement),
    built,
    writeMs,
  );
  const chosen = await chooseIndexes(problem, input.limits);
  const drops = await findDrops({ whatIf, catalog, problem, chosen, unused: input.unused });
  return {
    drops,
    writesOf,
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
  { sql, calls, totalMs, variants = [] }: WorkloadStatement,
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
  const others = variants.flatMap((variant) => {
    const other = parseStatement(variant);
    return other === undefined ? [] : readUses(catalog, other.tree);
  });
  return { statement: { sql: parsed.sql, calls, totalMs, tables, columns, base }, uses, others };
}

const headOf = (sql: string): string => sql.replaceAll(/\s+/g, ' ').slice(0, 100);

function candidatesOf(
  read: readonly ReadStatement[],
  catalog: Catalog,
  estimates: Estimates,
  trigrams: boolean,
): Candidate[] {
  const found = new Map<string, Candidate>();
  const isLasting = lastingConditions(
    catalog,
    read.flatMap(({ uses, others }) => [...uses, ...others]),
  );
  for (const { uses } of read) {
    for (const use of uses) {
      const candidates = candidatesFor(use, { catalog, ...estimates, hasTrigrams: trigrams, isLasting });
      for (const candidate of candidates) found.set(candidateId(candidate), candidate);
    }
  }
  const written = new Set(
    read.flatMap(({ uses }) =>
      uses.flatMap(({ table, written: columns }) => [...columns].map((column) => `${table}/${column}`)),
    ),
  );
  // An index that only carries a column makes each change of it a change of the index, too (no heap-only tuple).
  return [...found.values()].filter(
    ({ table, include }) => !include.some((column) => written.has(`${table}/${column}`)),
  );
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
