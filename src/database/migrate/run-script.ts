import { SqlFailure } from '../engines/engine.ts';
import { ConnectionLost, type Session } from '../engines/session.ts';
import { type Attempt, IN_TRANSACTION, type JournalLine, recordAttempt, recordReached } from './journal.ts';
import { clearTheWay, lookBefore, settle } from './leftovers.ts';
import { waitsAlone } from './outside.ts';
import { Retries, type RetryLimits } from './retries.ts';
import { type Script, type ScriptStatement, statementChecksum } from './script.ts';
import { type Cuts, cutSegments, type Segment, type Step, setsSession } from './segments.ts';
import { failedAt, interruptedAt, placeOf, Stopped } from './stopped.ts';
import type { Surroundings } from './surroundings.ts';
import type { Watch } from './watch.ts';

/** What to run, and where it was left. */
export interface ScriptRun {
  readonly script: Script;
  readonly line: JournalLine;
  /** Writes the line when the first of it is done; undefined when there is one already. */
  readonly begin: string | undefined;
  /** How many statements are done. */
  readonly reached: number;
  readonly attempt: Attempt | null;
  /** What to do about a statement whose outcome cannot be seen. */
  readonly unseen: 'skip' | 'again' | undefined;
}

export interface RunLimits extends RetryLimits {
  /** How long one statement inside a transaction may run, in milliseconds; 0: no limit. */
  readonly statementTimeoutMs: number;
  /** Whether the limits were asked for, so that what a file sets does not count. */
  readonly overrule: ReadonlySet<string>;
}

/** The means of a run. */
export interface Means {
  readonly session: Session;
  readonly watch: Watch;
  readonly limits: RunLimits;
  readonly surroundings: Surroundings;
}

/** Something was learnt that the script has to be cut by. */
class Recut extends Error {
  readonly cuts: Cuts;
  constructor(cuts: Cuts) {
    super('to be cut differently');
    this.cuts = cuts;
  }
}

/** Runs a script from where it was left to its end. Errors: Stopped, with the journal telling how far it came. */
export async function runScript(means: Means, run: ScriptRun): Promise<void> {
  const runner = new ScriptRunner(means, run);
  let cuts: Cuts = { alone: new Set(run.attempt === null ? [] : [run.attempt.index]), afterEnum: false };
  for (;;) {
    try {
      await runner.run(cutSegments(run.script, cuts), cuts);
      return;
    } catch (error) {
      if (!(error instanceof Recut)) throw error;
      cuts = error.cuts;
    }
  }
}

class ScriptRunner {
  readonly #means: Means;
  readonly #work: ScriptRun;
  readonly #steps: readonly ScriptStatement[];
  readonly #resetRole: string;
  #reached: number;
  #begin: string | undefined;
  #attempt: Attempt | null;

  constructor(means: Means, work: ScriptRun) {
    this.#means = means;
    this.#work = work;
    this.#steps = cutSegments(work.script)
      .flatMap(({ steps }) => steps)
      .map(({ statement }) => statement);
    this.#resetRole = changesRole(this.#steps)
      ? 'SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL ROLE NONE; '
      : '';
    this.#reached = work.reached;
    this.#begin = work.begin;
    this.#attempt = work.attempt;
  }

  async run(segments: readonly Segment[], cuts: Cuts): Promise<void> {
    const last = segments.findLast(({ kind }) => kind !== 'settings');
    for (const segment of segments) {
      const end = (segment.steps.at(-1)?.index ?? -1) + 1;
      if (segment.kind === 'settings' || end <= this.#reached) await this.#set(segment);
      else if (segment.kind === 'alone') await this.#alone(segment, segment === last);
      else await this.#transaction(segment, segment === last, cuts);
    }
    // A file with nothing in it, or with settings alone, is done all the same.
    if (last === undefined) await this.#write(this.#record(this.#steps.length, true, '0'));
  }

  /** Settings last as long as the session, so they are made again when what followed them is not done. */
  async #set({ steps }: Segment): Promise<void> {
    for (const step of steps)
      if (setsSession(step.statement)) await this.#guarded(step, () => this.#send(step));
  }

  async #transaction(segment: Segment, isLast: boolean, cuts: Cuts): Promise<void> {
    const retries = new Retries(this.#means);
    for (;;) {
      let at: Step | undefined;
      const steps = segment.steps.filter(({ index }) => index >= this.#reached);
      const together = tailOf(steps);
      try {
        await this.#means.session.run(segment.begin);
        for (const step of steps.slice(0, steps.length - together.length)) {
          at = step;
          if (this.#means.surroundings.signal.aborted) throw interruptedAt(step);
          await this.#send(step);
        }
        const end = (segment.steps.at(-1)?.index ?? -1) + 1;
        await this.#finish(together, this.#record(end, isLast, IN_TRANSACTION), (step) => {
          at = step;
        });
        this.#done(end);
        return;
      } catch (error) {
        await this.#rollback(error, at);
        if (segment.begin === 'BEGIN') learn(error, at, cuts);
        await retries.againOrFail(error, at, this.#means.watch.blockers);
      }
    }
  }

  /**
   * Sends the end of a transaction, its record and COMMIT in one message: from the lock to its release, nobody waits for
   * us. COMMIT checks what was deferred, which may take its time.
   */
  async #finish(steps: readonly Step[], record: string, at: (step: Step) => void): Promise<void> {
    const { session, watch, limits, surroundings } = this.#means;
    const sent = steps.filter(({ statement }) => !isOverruled(statement, limits.overrule));
    let now: Step | undefined;
    const enter = (step: Step | undefined): void => {
      if (step === undefined) return;
      now = step;
      at(step);
      this.#tell(step);
    };
    enter(sent[0]);
    if (surroundings.signal.aborted) throw interruptedAt(now);
    const texts = [...sent.map(({ statement }) => statement.text), `${this.#resetRole}${record}`, 'COMMIT'];
    await watch.during(
      () => now?.statement.text ?? 'COMMIT',
      () => session.runAll(texts, (done) => enter(sent[done])),
    );
  }

  async #alone({ steps: [step] }: Segment, isLast: boolean): Promise<void> {
    if (step === undefined) return;
    const retries = new Retries(this.#means);
    for (;;) {
      const begun = this.#now();
      if (this.#means.surroundings.signal.aborted) throw interruptedAt(step);
      try {
        await this.#unlimited(step, async () => {
          if (await this.#takeUp(step)) return;
          await this.#announce(step);
          await this.#send(step);
        });
        const took = String(Math.round(this.#now() - begun));
        await this.#write(this.#record(step.index + 1, isLast, took));
        this.#done(step.index + 1);
        return;
      } catch (error) {
        if (this.#means.surroundings.signal.aborted) throw interruptedAt(step);
        if (error instanceof SqlFailure) await this.#unlimited(step, () => this.#tidy(step));
        await retries.againOrFail(error, step, this.#means.watch.blockers);
      }
    }
  }

  /** Finds out what became of an attempt that was not recorded. */
  async #takeUp(step: Step): Promise<boolean> {
    const { session } = this.#means;
    const removed = (index: string): void => this.#means.surroundings.report({ kind: 'rebuild', index });
    if (this.#attempt?.index !== step.index) {
      await clearTheWay(session, step.statement, removed);
      return false;
    }
    const outcome = await settle(session, step.statement, this.#attempt.before, removed);
    const decided = outcome === 'unknown' ? this.#work.unseen : outcome;
    if (decided === undefined) throw unseen(step);
    return decided === 'done' || decided === 'skip';
  }

  async #announce(step: Step): Promise<void> {
    const before = await lookBefore(this.#means.session, step.statement);
    const attempt = { index: step.index, before };
    const begin = this.#begin === undefined ? '' : `${this.#begin}; `;
    await this.#write(`${begin}${recordAttempt(this.#work.line, attempt)}`);
    this.#begin = undefined;
    this.#attempt = attempt;
  }

  /** After a failure: an index that is left invalid slows down every write and serves nobody. */
  async #tidy(step: Step): Promise<void> {
    if (this.#attempt?.index !== step.index) return;
    const { session, surroundings } = this.#means;
    try {
      await settle(session, step.statement, this.#attempt.before, (index) =>
        surroundings.report({ kind: 'rebuild', index }),
      );
    } catch (error) {
      // What could not be tidied now is tidied by the next run, which finds the announcement.
      if (!(error instanceof SqlFailure)) throw failedAt(step, error);
    }
  }

  /** Lifts the limits from work that blocks nobody, and puts them back as the file has them. */
  async #unlimited<T>({ statement }: Step, work: () => Promise<T>): Promise<T> {
    const { session } = this.#means;
    const names = ['statement_timeout', ...(waitsAlone(statement) ? ['lock_timeout'] : [])];
    const [was] = await session.rows<Record<string, string>>(
      `SELECT ${names.map((name) => `pg_catalog.current_setting('${name}') AS ${name}`).join(', ')}`,
    );
    await session.run(names.map((name) => `SET ${name} = 0`).join('; '));
    try {
      return await work();
    } finally {
      const back = names.map((name) => `SET ${name} = '${was?.[name] ?? '0'}'`).join('; ');
      await session.run(back).catch(() => undefined);
    }
  }

  async #send(step: Step): Promise<void> {
    const { session, watch, limits } = this.#means;
    const { statement } = step;
    if (isOverruled(statement, limits.overrule)) return;
    this.#tell(step);
    await watch.during(
      () => statement.text,
      () =>
        statement.rows === undefined
          ? session.run(statement.text)
          : session.copyIn(statement.text, statement.rows),
    );
  }

  #tell({ statement, index }: Step): void {
    const { report } = this.#means.surroundings;
    report({ kind: 'statement', index, count: this.#steps.length, sql: statement.text });
  }

  async #guarded(step: Step, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.#means.surroundings.signal.aborted) throw interruptedAt(step);
      throw failedAt(step, error);
    }
  }

  async #rollback(error: unknown, at: Step | undefined): Promise<void> {
    if (!(error instanceof ConnectionLost)) {
      await this.#means.session.run('ROLLBACK').catch((failure: unknown) => {
        if (failure instanceof SqlFailure) throw failure;
      });
    }
    if (this.#means.surroundings.signal.aborted) throw interruptedAt(at);
    if (error instanceof Stopped) throw error;
  }

  /** A line of the journal outside the script's transactions, in one of its own. */
  async #write(sql: string): Promise<void> {
    try {
      await this.#means.session.run(`BEGIN; ${this.#resetRole}${sql}; COMMIT`);
    } catch (error) {
      if (error instanceof SqlFailure) await this.#means.session.run('ROLLBACK');
      throw error;
    }
  }

  #record(to: number, isLast: boolean, milliseconds: string): string {
    const begin = this.#begin === undefined ? '' : `${this.#begin}; `;
    const checksum = statementChecksum(this.#steps.slice(0, to));
    const reached = {
      from: this.#reached,
      to: isLast ? this.#steps.length : to,
      checksum,
      isLast,
      milliseconds,
    };
    return `${begin}${recordReached(this.#work.line, reached)}`;
  }

  #done(reached: number): void {
    this.#reached = reached;
    this.#begin = undefined;
    this.#attempt = null;
  }

  #now(): number {
    return this.#means.surroundings.monotonic();
  }
}

/** How many statements are sent at once; what came before them is told one by one. */
const TOGETHER = 16;

/** The last statements of a transaction, as far as they need nothing but to be sent. */
function tailOf(steps: readonly Step[]): readonly Step[] {
  const lastCopy = steps.findLastIndex(({ statement }) => statement.rows !== undefined);
  return steps.slice(Math.max(lastCopy + 1, steps.length - TOGETHER));
}

const ROLE_SETTINGS: ReadonlySet<unknown> = new Set(['role', 'session_authorization']);

const changesRole = (statements: readonly ScriptStatement[]): boolean =>
  statements.some(
    ({ node, tree }) => node === 'VariableSetStmt' && ROLE_SETTINGS.has((tree as { name?: string }).name),
  );

function isOverruled({ node, tree }: ScriptStatement, overrule: ReadonlySet<string>): boolean {
  return node === 'VariableSetStmt' && overrule.has((tree as { name?: string }).name ?? '');
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: active_sql_transaction, unsafe_new_enum_value_usage */
function learn(error: unknown, at: Step | undefined, cuts: Cuts): void {
  if (!(error instanceof SqlFailure) || at === undefined) return;
  if (error.state === '25001' && !cuts.alone.has(at.index)) {
    throw new Recut({ ...cuts, alone: new Set([...cuts.alone, at.index]) });
  }
  if (error.state === '55P04' && !cuts.afterEnum) throw new Recut({ ...cuts, afterEnum: true });
}

function unseen(step: Step): Stopped {
  return new Stopped(
    {
      code: 'DB074',
      severity: 'error',
      message: 'the last run ended while this statement ran, and whether it had an effect cannot be seen',
      location: placeOf(step),
      help: 'Look, then go on with --resume skip or --resume again.',
    },
    {},
  );
}

/** Gives the session the role and settings that it was opened with, and the limits of the run. */
export async function resetSession(
  session: Session,
  { lockTimeoutMs, statementTimeoutMs }: RunLimits,
): Promise<void> {
  await session.run(
    `RESET SESSION AUTHORIZATION; RESET ALL; UNLISTEN *; CLOSE ALL; DEALLOCATE ALL; DISCARD TEMP;
     SET lock_timeout = ${lockTimeoutMs}; SET statement_timeout = ${statementTimeoutMs}; ${session.settings}`,
  );
}
