import { type Destination, enterZone } from '../destination.ts';
import { type Engine, SqlFailure } from '../engines/engine.ts';
import { LOADING } from '../sources/session-settings.ts';
import type { Statement } from '../sources/statements.ts';
import { type Lock, type Observation, Tracer } from '../trace.ts';
import { FactReader } from './fact-reader.ts';
import type { Facts } from './facts.ts';
import { hasOption, nodeAt, nodesIn, wordIn } from './tree.ts';
import { isWrite, type TableWrite, tableWrites } from './whole-writes.ts';

/** What became of one statement of a file. */
export interface Execution {
  /** Whether it can be inside a transaction. */
  readonly transactional: boolean;
  readonly seen?: Observation;
  /** The tables whose rows it writes. */
  readonly writes?: readonly TableWrite[];
  readonly failure?: SqlFailure;
}

/** active_sql_transaction, and what CALL and DO answer when they want to commit. */
const REFUSES_TRANSACTION: readonly string[] = ['25001', '2D000'];

/**
 * Runs the statements of a file as a runner would: inside the transactions that the file itself begins,
 * else each in its own. A statement that fails leaves nothing behind, and the others are run all the same.
 */
export class Session {
  readonly #engine: Engine;
  readonly #tracer: Tracer;
  readonly #reader: FactReader;
  #open = false;
  /** Whether the open transaction is the runner's and not the file's. */
  #wrapped = false;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#tracer = new Tracer(engine);
    this.#reader = new FactReader(engine);
  }

  async begin(oneTransaction: boolean, destination: Destination): Promise<void> {
    await this.#engine.run('DISCARD ALL');
    await this.#engine.run(LOADING);
    await enterZone(this.#engine, destination);
    await this.#tracer.begin();
    if (oneTransaction) await this.#start();
    this.#wrapped = oneTransaction;
  }

  /** Commits what the runner would; says whether the file left a transaction of its own open. */
  async end(): Promise<{ readonly leftOpen: boolean }> {
    const leftOpen = this.#open && !this.#wrapped;
    if (this.#open) await this.#engine.run('COMMIT');
    this.#open = false;
    return { leftOpen };
  }

  /** Follows BEGIN, COMMIT and ROLLBACK of the file; savepoints are passed on. */
  async control({ tree, text }: Statement): Promise<Execution> {
    const kind = wordIn(tree, 'kind');
    if (kind === 'TRANS_STMT_BEGIN' || kind === 'TRANS_STMT_START') {
      // The inner COMMIT would end the outer transaction. A runner's own may be left and entered again.
      if (this.#open && !this.#wrapped)
        return { transactional: true, failure: new SqlFailure(NESTED, { state: '25001' }) };
      if (!this.#open) await this.#start();
    } else if (ENDS.includes(kind)) {
      if (this.#open) await this.#engine.run(kind === 'TRANS_STMT_COMMIT' ? 'COMMIT' : 'ROLLBACK');
      this.#open = false;
    } else if (this.#open) return this.#savepoint(text);
    else if (SAVEPOINTS.includes(kind)) return (await this.#alone(text)) ?? { transactional: true };
    return { transactional: true };
  }

  /** A savepoint of ours around one of the file's would take it along. */
  async #savepoint(text: string): Promise<Execution> {
    try {
      await this.#engine.run(text);
      return { transactional: true };
    } catch (failure) {
      if (!(failure instanceof SqlFailure)) throw failure;
      await this.#engine.run('ROLLBACK');
      await this.#start();
      return { transactional: true, failure };
    }
  }

  /** The catalog, with every name qualified and every moment in one zone, whatever the file has set. */
  async facts(): Promise<Facts> {
    const [enter, leave] = this.#open
      ? [
          'SAVEPOINT senior_backend_facts',
          'ROLLBACK TO SAVEPOINT senior_backend_facts; RELEASE SAVEPOINT senior_backend_facts',
        ]
      : ['BEGIN', 'ROLLBACK'];
    await this.#engine.run(`${enter}; SET LOCAL search_path = ''; SET LOCAL TimeZone = 'UTC'`);
    const facts = await this.#reader.read();
    await this.#engine.run(leave);
    return facts;
  }

  async run(statement: Statement): Promise<Execution> {
    if (this.#open) return this.#inside(statement);
    const alone = NEED_TRANSACTION.has(statement.node) ? await this.#alone(statement.text) : undefined;
    if (alone !== undefined) return alone;
    await this.#start();
    const execution = await this.#inside(statement);
    await this.#engine.run(execution.failure === undefined ? 'COMMIT' : 'ROLLBACK');
    this.#open = false;
    const refused = REFUSES_TRANSACTION.includes(execution.failure?.state ?? '');
    return refused ? this.#outside(statement) : execution;
  }

  /** What only works in a transaction, as it is run in none; undefined when PostgreSQL has something else against it. */
  async #alone(text: string): Promise<Execution | undefined> {
    try {
      await this.#engine.run(text);
      return { transactional: true };
    } catch (failure) {
      if (!(failure instanceof SqlFailure)) throw failure;
      const { state, message } = failure;
      if (state !== NO_TRANSACTION) return undefined;
      return { transactional: true, failure: new SqlFailure(`${message}; ${WRAPPED}`, { state }) };
    }
  }

  async #start(): Promise<void> {
    await this.#engine.run('BEGIN');
    await this.#tracer.startTransaction();
    this.#open = true;
  }

  async #inside(statement: Statement): Promise<Execution> {
    await this.#engine.run('SAVEPOINT senior_backend_lint');
    try {
      const writes = await this.#plannedWrites(statement);
      const seen = await this.#tracer.run(statement.text);
      await this.#engine.run('RELEASE SAVEPOINT senior_backend_lint');
      return { transactional: true, seen, writes };
    } catch (failure) {
      if (!(failure instanceof SqlFailure)) throw failure;
      await this.#engine.run('ROLLBACK TO SAVEPOINT senior_backend_lint');
      return { transactional: !REFUSES_TRANSACTION.includes(failure.state), failure };
    }
  }

  /** A plan takes the locks of its statement, which are given back before that is watched. */
  async #plannedWrites(statement: Statement): Promise<readonly TableWrite[]> {
    if (!isWrite(statement)) return [];
    await this.#engine.run('SAVEPOINT senior_backend_plan');
    const writes = await tableWrites(this.#engine, statement);
    await this.#engine.run(
      'ROLLBACK TO SAVEPOINT senior_backend_plan; RELEASE SAVEPOINT senior_backend_plan',
    );
    return writes;
  }

  async #outside(statement: Statement): Promise<Execution> {
    try {
      const seen = await this.#tracer.runOutside(statement.text, lockOf(statement));
      return { transactional: false, seen };
    } catch (failure) {
      if (!(failure instanceof SqlFailure)) throw failure;
      return { transactional: false, failure };
    }
  }
}

/** PostgreSQL's word for it, which is only a warning there. */
const NESTED = 'there is already a transaction in progress';

/** no_active_sql_transaction */
const NO_TRANSACTION = '25P01';

/** Some runners put a file into a transaction, psql does not. */
const WRAPPED = 'with a runner that puts each file into one, as db migrate does, say --one-transaction';

/** A cursor WITH HOLD works in none. */
const NEED_TRANSACTION: ReadonlySet<string> = new Set(['LockStmt', 'DeclareCursorStmt']);

const SAVEPOINTS: readonly string[] = [
  'TRANS_STMT_SAVEPOINT',
  'TRANS_STMT_RELEASE',
  'TRANS_STMT_ROLLBACK_TO',
];

const ENDS: readonly string[] = ['TRANS_STMT_COMMIT', 'TRANS_STMT_ROLLBACK'];

/** The lock of what cannot be inside a transaction: https://www.postgresql.org/docs/current/explicit-locking.html */
function lockOf({ node, tree }: Statement): Lock {
  const root = nodeAt({ tree }, 'tree');
  if (node === 'ClusterStmt') return 'ACCESS EXCLUSIVE';
  if (node === 'VacuumStmt') {
    return hasOption(nodesIn(root, 'options'), 'full') ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE';
  }
  if (node === 'ReindexStmt') {
    return hasOption(nodesIn(root, 'params'), 'concurrently') ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE';
  }
  return 'SHARE UPDATE EXCLUSIVE';
}
