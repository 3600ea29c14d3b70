import type { Location } from '../../core/diagnostic.ts';
import type { Destination } from '../destination.ts';
import type { Engine, SqlFailure } from '../engines/engine.ts';
import { HAZARDS, type Hazard, UNCOUNTED } from '../hazards.ts';
import { type MeasuredHazard, measuredHazards } from '../measured.ts';
import type { Effects } from '../plan/plan.ts';
import { ensureRoles } from '../sources/load.ts';
import { mentionsOf } from '../sources/mentions.ts';
import { type SourceFile, type Statement, splitStatements } from '../sources/statements.ts';
import { type Observation, stopsWriters } from '../trace.ts';
import { contextOf } from './context.ts';
import { deltaFindings } from './delta-rules.ts';
import { compareFacts, type Fact, type Facts } from './facts.ts';
import { type Finding, isSameRule } from './finding.ts';
import { safeWayFor } from './safe-ways.ts';
import { seenFindings } from './seen-rules.ts';
import { type Execution, Session } from './session.ts';
import { SMALL_BYTES, type TableSize, type TableSizes } from './sizes.ts';
import { statementFindings } from './statement-rules.ts';
import { supposedFindings } from './supposed.ts';
import { NOT_RUN, unmeasuredReason } from './unmeasured.ts';
import { writeFindings } from './whole-writes.ts';
import { zoneFindings } from './zone-rule.ts';

export interface LintOptions {
  /**
   * A scratch that holds a copy of the schema before the file. The file is applied to it, so that the
   * next file of a folder can be linted with the same engine.
   */
  readonly engine: Engine;
  /** How large the tables are where they are in use; undefined: every table counts as large. */
  readonly sizes?: TableSizes | undefined;
  /** What is known of the server that the file is for; undefined: it is like the scratch. */
  readonly destination?: Destination;
  /** Whether the engine holds the real schema; without it a name that is not there is no mistake. */
  readonly hasSchema: boolean;
  /** Whether the runner puts the whole file into one transaction. */
  readonly oneTransaction?: boolean;
  /** Whether the runner sets lock_timeout itself. */
  readonly setsLockTimeout?: boolean;
  /** What was there before the first file of a run that applies several; undefined: before this file. */
  readonly first?: Facts;
}

/** How a finding is taken: it stops the file, it is said, or it is only mentioned. */
export type Grade = 'refused' | 'warned' | 'noted';

export interface GradedFinding extends Finding {
  readonly safeWay: string;
  readonly grade: Grade;
  /** The largest of its tables, where a live database was asked. */
  readonly size?: TableSize & { readonly table: string };
}

/** One statement of a hand-written file and everything that is known of it. */
export interface LintedStatement {
  readonly text: string;
  /** The name of its node in PostgreSQL's grammar, such as `AlterTableStmt`. */
  readonly node: string;
  readonly location: Location;
  /** Whether it can be inside a transaction; what could not be run is believed to. */
  readonly transactional: boolean;
  /** What it did to tables that were there before the file; absent when it was not run. */
  readonly effects?: Effects;
  readonly findings: readonly GradedFinding[];
  /** What PostgreSQL said, when the statement cannot work. */
  readonly failure?: { readonly message: string; readonly state: string };
  /** Why it was not run, so that its findings are only those of its kind. */
  readonly unmeasured?: string;
}

/**
 * Checks the statements of one hand-written file: each is run in the scratch and watched, and what it
 * made of the catalog is judged by the same hazards as a plan. Errors: DB010 for what is not SQL.
 */
export async function lintFile(file: SourceFile, options: LintOptions): Promise<LintedStatement[]> {
  const statements = await splitStatements(file);
  const { engine } = options;
  const { roles, createdRoles } = mentionsOf(statements);
  await ensureRoles(engine, [...roles, ...createdRoles]);
  const session = new Session(engine);
  await session.begin(options.oneTransaction === true, options.destination ?? {});
  const linted: LintedStatement[] = [];
  let before = await session.facts();
  const { first = before } = options;
  for (const statement of statements) {
    const { result, after } = await lintOne(statement, { session, first, before, options });
    linted.push(result);
    before = after;
  }
  const { leftOpen } = await session.end();
  const judged = linted.map((statement) => withoutRemade(statement, before));
  return leftOpen ? judged.map(leftOpenBy(judged)) : judged;
}

/** psql and most runners roll back what nobody commits. */
function leftOpenBy(statements: readonly LintedStatement[]): (statement: LintedStatement) => LintedStatement {
  const last = statements.findLast(({ text }) => /^(?:BEGIN|START)\b/i.test(text));
  const failure = { message: 'the file ends without committing the transaction that begins here', state: '' };
  return (statement) => (statement === last ? { ...statement, failure } : statement);
}

interface Step {
  readonly session: Session;
  readonly first: Facts;
  readonly before: Facts;
  readonly options: LintOptions;
}

async function lintOne(
  statement: Statement,
  step: Step,
): Promise<{ readonly result: LintedStatement; readonly after: Facts }> {
  const { session, before, options } = step;
  const reason = NOT_RUN[statement.node];
  if (reason !== undefined) return { result: supposed(statement, reason, true), after: before };
  const isControl = statement.node === 'TransactionStmt';
  const execution = isControl ? await session.control(statement) : await session.run(statement);
  if (execution.failure !== undefined) {
    return { result: failed(statement, execution, execution.failure, options), after: before };
  }
  const after = UNSEEN.has(statement.node) ? before : await session.facts();
  const findings = isControl ? [] : await findingsOf(statement, execution, step, after);
  const { text, node, location } = statement;
  const { transactional, seen } = execution;
  const result: LintedStatement = {
    text,
    node,
    location,
    transactional,
    ...(seen === undefined ? {} : { effects: seen.effects }),
    findings: findings.map((finding) => graded(statement, finding, step)),
  };
  return { result, after };
}

function failed(
  statement: Statement,
  { transactional }: Execution,
  failure: SqlFailure,
  { hasSchema }: LintOptions,
): LintedStatement {
  const reason = unmeasuredReason(statement, failure, hasSchema);
  if (reason !== undefined) return supposed(statement, reason, transactional);
  const { text, node, location } = statement;
  const { message, state } = failure;
  return { text, node, location, transactional, findings: [], failure: { message, state } };
}

/** Nothing is known of the tables' sizes either, so every supposition counts. */
function supposed(statement: Statement, unmeasured: string, transactional: boolean): LintedStatement {
  const { text, node, location } = statement;
  const findings = supposedFindings(statement).map((finding) => ({
    ...finding,
    grade: gradeOf(finding.hazard),
    safeWay: waysOf(statement, finding),
  }));
  return { text, node, location, transactional, findings, unmeasured };
}

async function findingsOf(
  statement: Statement,
  { seen, writes = [] }: Execution,
  { first, before, options }: Step,
  after: Facts,
): Promise<readonly Finding[]> {
  const context = contextOf(statement, first, before, compareFacts(before, after), {
    version: options.destination?.version ?? options.engine.version,
  });
  const used = seen === undefined ? undefined : ofTables(seen, context.isOldTable);
  const measured = used === undefined ? [] : lockFindings(statement, used);
  const isPatient = options.setsLockTimeout !== true && (await waitsForever(options.engine));
  const locks = used === undefined ? [] : strongLocks(used, context.lostTables);
  return distinct([
    ...deltaFindings(context),
    ...statementFindings(statement, context),
    ...writeFindings(statement, writes, context),
    ...measured,
    ...(used === undefined ? [] : seenFindings(statement, context, used)),
    ...(used === undefined ? [] : await zoneFindings(options.engine, context, used)),
    ...(isPatient && locks.length > 0
      ? [{ hazard: 'no-lock-timeout', about: locks.join(', '), tables: locks } as const]
      : []),
  ]);
}

/** What was seen of some tables alone: an earlier file of the run may have made the others. */
function ofTables(seen: Observation, isMeant: (table: string) => boolean): Observation {
  const { locks, rewrites, builds, scans } = seen.effects;
  const effects = {
    locks: locks.filter(({ table }) => isMeant(table)),
    rewrites: rewrites.filter(isMeant),
    builds: builds.filter(isMeant),
    scans: scans.filter(isMeant),
  };
  const held = new Map([...seen.held].filter(([table]) => isMeant(table)));
  const heldBefore = new Map([...seen.heldBefore].filter(([table]) => isMeant(table)));
  return { ...seen, effects, held, heldBefore };
}

function distinct(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((finding) => [`${finding.hazard} ${finding.about}`, finding])).values()];
}

/** Statements that leave the catalog as it is. */
const UNSEEN: ReadonlySet<string> = new Set(['VariableSetStmt', 'VariableShowStmt', 'VacuumStmt']);

/** TRUNCATE begins a new file without reading or writing a row. */
const NEW_FILE_ONLY: ReadonlySet<string> = new Set(['TruncateStmt']);

function lockFindings({ node }: Statement, seen: Observation): readonly Finding[] {
  const hazards = measuredHazards(seen)
    .filter(({ hazard }) => !(hazard === 'table-rewrite' && NEW_FILE_ONLY.has(node)))
    .flatMap((found) =>
      found.hazard === 'blocking-scan' ? scanFindings(node, found, seen) : [plain(found)],
    );
  const earlier = [...seen.heldBefore].filter(([, lock]) => stopsWriters(lock)).map(([table]) => table);
  const own = seen.effects.locks.filter(({ table, lock }) => stopsWriters(lock) && !earlier.includes(table));
  const many = [...earlier, ...own.map(({ table }) => table)].sort();
  const isMany = earlier.length > 0 && own.length > 0;
  return isMany ? [...hazards, { hazard: 'many-locks', about: many.join(', '), tables: many }] : hazards;
}

const plain = ({ hazard, tables }: MeasuredHazard): Finding => ({ hazard, about: tables.join(', '), tables });

/** Statements that may be many in one, which are watched as one. */
const BLOCKS: ReadonlySet<string> = new Set(['DoStmt', 'CallStmt', 'SelectStmt']);

/** A table that is read by a block that also locks it may have been read before: only the sum of both is seen. */
function scanFindings(node: string, found: MeasuredHazard, { heldBefore }: Observation): readonly Finding[] {
  const isUnknown = (table: string): boolean => BLOCKS.has(node) && !stopsWriters(heldBefore.get(table));
  const [certain, unknown] = [
    found.tables.filter((table) => !isUnknown(table)),
    found.tables.filter(isUnknown),
  ];
  return [
    ...(certain.length === 0 ? [] : [plain({ ...found, tables: certain })]),
    ...(unknown.length === 0 ? [] : [{ ...plain({ ...found, tables: unknown }), ...inOneBlock(unknown) }]),
  ];
}

const inOneBlock = (tables: readonly string[]): Pick<Finding, 'about' | 'safeWay'> => ({
  about: `${tables.join(', ')}, if it is read behind the lock: one block does both, and their order is not seen`,
  safeWay:
    'Read in a transaction of its own before the block, which keeps its locks until it ends; a constraint in it: NOT VALID first.',
});

/** Tables of the file's start whose users now wait; those of a table that is gone did before it went. */
function strongLocks({ effects }: Observation, lost: readonly string[]): readonly string[] {
  const taken = effects.locks.filter(({ lock }) => stopsWriters(lock)).map(({ table }) => table);
  return [...new Set([...taken, ...lost])].sort();
}

async function waitsForever(engine: Engine): Promise<boolean> {
  const [row] = await engine.rows<{ wait: string }>(
    "SELECT pg_catalog.current_setting('lock_timeout') AS wait",
  );
  return row?.wait === '0';
}

/** Hazards that are as bad as the table is large. */
const GROWS: ReadonlySet<Hazard> = new Set([
  'table-rewrite',
  'blocking-scan',
  'blocking-build',
  'blocking-refresh',
  'work-under-lock',
  'unbounded-write',
]);

const waysOf = (statement: Statement, { hazard, preflight, safeWay }: Finding): string =>
  safeWay ??
  safeWayFor(statement, hazard) ??
  (hazard === 'may-fail' && preflight === undefined ? UNCOUNTED : HAZARDS[hazard].safeWay);

const gradeOf = (hazard: Hazard): Grade => (HAZARDS[hazard].refused ? 'refused' : 'warned');

function graded(statement: Statement, finding: Finding, { before, first, options }: Step): GradedFinding {
  const known = finding.tables.flatMap((table) => sizeOf(table, before, first, options.sizes) ?? []);
  const [largest] = known.sort((left, right) => right.bytes - left.bytes);
  const isSmall =
    largest !== undefined && known.length === finding.tables.length && largest.bytes < SMALL_BYTES;
  const grade = isSmall && GROWS.has(finding.hazard) ? 'noted' : gradeOf(finding.hazard);
  const safeWay = waysOf(statement, finding);
  return { ...finding, grade, safeWay, ...(largest === undefined ? {} : { size: largest }) };
}

/** A table may have had another name when the sizes were read. */
function sizeOf(
  table: string,
  before: Facts,
  first: Facts,
  sizes: TableSizes | undefined,
): (TableSize & { readonly table: string }) | undefined {
  if (sizes === undefined) return undefined;
  const key = [...before.values()].find(({ kind, name }) => kind === 'relation' && name === table)?.key ?? '';
  const size = sizes.get(first.get(key)?.name ?? table);
  return size === undefined ? undefined : { table, ...size };
}

/** Whether one is the other made again, with the same columns, result and grants. */
function isLike(left: Fact, right: Fact): boolean {
  const shape = ({ kind, name, of, is: { index: _index, ...is } }: Fact): string =>
    JSON.stringify([kind, name, of, is]);
  return shape(left) === shape(right) || isSameRule(left, right);
}

/** Takes out what the file makes again later on. */
function withoutRemade(statement: LintedStatement, last: Facts): LintedStatement {
  const isRemade = ({ unlessMade, unlessNamed }: Finding): boolean =>
    [...last.values()].some(
      (fact) =>
        (unlessMade !== undefined && isLike(fact, unlessMade)) ||
        (fact.kind === 'relation' && fact.name === unlessNamed),
    );
  return { ...statement, findings: statement.findings.filter((finding) => !isRemade(finding)) };
}
