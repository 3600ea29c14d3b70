import { SqlFailure } from '../engines/engine.ts';
import type { TableSizes } from '../lint/sizes.ts';
import { type Observation, stopsWriters, Tracer } from '../trace.ts';
import type { Rehearsal, RehearsedFile, RehearsedStatement } from './rehearse.ts';
import type { Means } from './run-script.ts';
import type { Script, ScriptStatement } from './script.ts';
import { cutSegments } from './segments.ts';

/** What came of running everything on the database itself in a transaction that is rolled back. */
export interface LiveRun {
  /** By file and statement, as far as it came. */
  readonly seen: readonly (readonly LiveStatement[])[];
  /** Why it was not done, or not to the end. */
  readonly stopped: string | undefined;
}

export interface LiveStatement {
  readonly milliseconds: number;
  readonly observation: Observation | undefined;
  readonly failure: string | undefined;
}

/**
 * Statements that leave no trace when they are rolled back. Not among them: whatever reads or writes rows
 * or runs a program, because sequences do not roll back and programs may reach outside.
 */
const TRACELESS: ReadonlySet<string> = new Set([
  'AlterDefaultPrivilegesStmt',
  'AlterDomainStmt',
  'AlterEnumStmt',
  'AlterExtensionStmt',
  'AlterFunctionStmt',
  'AlterObjectSchemaStmt',
  'AlterOwnerStmt',
  'AlterPolicyStmt',
  'AlterSeqStmt',
  'AlterStatsStmt',
  'AlterTableStmt',
  'AlterTypeStmt',
  'CommentStmt',
  'CompositeTypeStmt',
  'CreateCastStmt',
  'CreateDomainStmt',
  'CreateEnumStmt',
  'CreateFunctionStmt',
  'CreatePolicyStmt',
  'CreateRangeStmt',
  'CreateSchemaStmt',
  'CreateSeqStmt',
  'CreateStatsStmt',
  'CreateStmt',
  'CreateTrigStmt',
  'DefineStmt',
  'DropStmt',
  'GrantStmt',
  'IndexStmt',
  'LockStmt',
  'RenameStmt',
  'ReplicaIdentityStmt',
  'RuleStmt',
  'TransactionStmt',
  'TruncateStmt',
  'VariableSetStmt',
  'ViewStmt',
]);

/** A table above this is neither read nor written anew for a rehearsal: 64 MB. */
const LARGE_BYTES = 64 * 1024 * 1024;

/** Why these files are not tried on the database itself; undefined when they are. */
export async function whyNotLive(
  { session }: Pick<Means, 'session'>,
  scripts: readonly Script[],
  { files }: Rehearsal,
  sizes: TableSizes,
): Promise<string | undefined> {
  const statements = scripts.flatMap((script) => script.statements);
  const alone = scripts.flatMap((script) => cutSegments(script)).find(({ kind }) => kind === 'alone');
  if (alone !== undefined) return `${wordsOf(alone.steps[0]?.statement)} cannot run inside a transaction`;
  const other = statements.find(({ node }) => !TRACELESS.has(node));
  if (other !== undefined) return `${wordsOf(other)} may leave traces that a rollback does not remove`;
  const calling = statements.find(({ tree }) => /"sval":"(?:next|set)val"/.test(JSON.stringify(tree)));
  if (calling !== undefined) return 'sequences do not roll back';
  const large = largeTable(files, sizes);
  if (large !== undefined) return `${large} is too large to be kept locked for a rehearsal`;
  const [programs] = await session.rows<{ name: string }>(PROGRAMS);
  return programs === undefined
    ? undefined
    : `${programs.name} may leave traces that a rollback does not remove`;
}

/** Event triggers run with every statement; functions of users may run where rows are checked or filled. */
const PROGRAMS = `
  SELECT 'the event trigger ' || pg_catalog.quote_ident(evtname) AS name FROM pg_catalog.pg_event_trigger WHERE evtenabled <> 'D'
  UNION ALL SELECT 'the function ' || p.oid::regprocedure::text FROM pg_catalog.pg_proc p
    WHERE p.oid >= 16384 AND p.provolatile = 'v' AND p.prosrc ~* '\\m(nextval|setval|dblink|lo_create|pg_notify)\\M'
      AND EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.refclassid = 'pg_catalog.pg_proc'::regclass AND d.refobjid = p.oid
        AND d.classid IN ('pg_catalog.pg_constraint'::regclass, 'pg_catalog.pg_attrdef'::regclass, 'pg_catalog.pg_class'::regclass))
  LIMIT 1`;

function largeTable(files: readonly RehearsedFile[], sizes: TableSizes): string | undefined {
  const worked = files.flatMap(({ statements }) =>
    statements.flatMap(({ effects }) => [
      ...(effects?.rewrites ?? []),
      ...(effects?.scans ?? []),
      ...(effects?.builds ?? []),
    ]),
  );
  return worked.find((table) => (sizes.get(table)?.bytes ?? 0) > LARGE_BYTES);
}

const wordsOf = (statement: ScriptStatement | undefined): string =>
  /^\s*\w+(?:\s+\w+){0,2}/.exec(statement?.text ?? '')?.[0] ?? 'a statement';

/** The share of lock_timeout for which a lock may be held; the rest is for the way to the server. */
const SHARE = 0.8;

/**
 * Runs everything in one transaction and rolls it back. A lock is never held for longer than
 * lock_timeout: each statement gets what is left of it, and the server ends the transaction by itself
 * should we not come back.
 */
export async function runLive(means: Means, scripts: readonly Script[]): Promise<LiveRun> {
  const { session, limits } = means;
  const tracer = new Tracer(session);
  await tracer.begin();
  const idle = Math.max(1, Math.round(limits.lockTimeoutMs * (1 - SHARE)));
  await session.run(
    `BEGIN; SET LOCAL idle_in_transaction_session_timeout = ${idle}; SET LOCAL lock_timeout = ${Math.ceil(limits.lockTimeoutMs / 2)}`,
  );
  try {
    await tracer.startTransaction();
    return await new LiveRunner(means, tracer).run(scripts);
  } finally {
    await session.run('ROLLBACK').catch(() => undefined);
  }
}

class LiveRunner {
  readonly #means: Means;
  readonly #tracer: Tracer;
  /** When the first lock was taken that others wait for. */
  #lockedAt: number | undefined;

  constructor(means: Means, tracer: Tracer) {
    this.#means = means;
    this.#tracer = tracer;
  }

  async run(scripts: readonly Script[]): Promise<LiveRun> {
    const seen: LiveStatement[][] = [];
    for (const script of scripts) {
      const file: LiveStatement[] = [];
      seen.push(file);
      const steps = cutSegments(script).flatMap((segment) => segment.steps);
      for (const { statement } of steps) {
        const stopped = await this.#statement(statement, file);
        if (stopped !== undefined) return { seen, stopped };
      }
    }
    return { seen, stopped: undefined };
  }

  async #statement(statement: ScriptStatement, file: LiveStatement[]): Promise<string | undefined> {
    const { session, limits, surroundings } = this.#means;
    // What the file says about waiting would undo what is promised here.
    if (/^\s*SET\s.*(?:lock_timeout|statement_timeout)/is.test(statement.text)) {
      file.push({ milliseconds: 0, observation: undefined, failure: undefined });
      return undefined;
    }
    const begun = surroundings.monotonic();
    const held = this.#lockedAt === undefined ? 0 : begun - this.#lockedAt;
    const left = Math.floor(limits.lockTimeoutMs * SHARE - held);
    if (left <= 0) return TOO_LONG;
    const isTimed = session.pid !== undefined;
    if (isTimed) await session.run(`SET LOCAL statement_timeout = ${left}`);
    try {
      const observation = await this.#tracer.run(statement.text);
      if ([...observation.held.values()].some(stopsWriters)) this.#lockedAt ??= begun;
      file.push({ milliseconds: surroundings.monotonic() - begun, observation, failure: undefined });
      return undefined;
    } catch (error) {
      if (!(error instanceof SqlFailure)) throw error;
      if (CUT_SHORT.has(error.state)) return TOO_LONG;
      const detail = error.detail === undefined ? '' : ` (${error.detail})`;
      file.push({
        milliseconds: surroundings.monotonic() - begun,
        observation: undefined,
        failure: `${error.message}${detail}`,
      });
      return `it fails: ${error.message}`;
    }
  }
}

const TOO_LONG = 'a table would have been kept locked for longer than lock_timeout';

/** query_canceled, lock_not_available, unsafe_new_enum_value_usage: says nothing against the statement. */
const CUT_SHORT: ReadonlySet<string> = new Set(['57014', '55P03', '55P04']);

/** Puts what was seen on the database itself in the place of what was seen in the scratch. */
export function withLive(files: readonly RehearsedFile[], { seen }: LiveRun): RehearsedFile[] {
  return files.map((file, at) => ({
    ...file,
    statements: file.statements.map((statement, index): RehearsedStatement => {
      const live = seen[at]?.[index];
      if (live === undefined) return statement;
      const { milliseconds, observation, failure } = live;
      if (failure !== undefined)
        return { ...statement, where: 'live', milliseconds, fails: true, reason: failure };
      const effects = observation?.effects ?? statement.effects;
      return { ...statement, where: 'live', milliseconds, effects, fails: false, reason: undefined };
    }),
  }));
}
