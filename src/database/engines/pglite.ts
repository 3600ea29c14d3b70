import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { UserError } from '../../core/errors.ts';
import { lockFolder } from './embedded-lock.ts';
import { type Engine, type Scratch, SqlFailure, type SqlFailureParts } from './engine.ts';
import { PGLITE_EXTENSIONS, pgliteModules } from './pglite-extensions.ts';

export interface PGliteOptions {
  /** SQL names of the extensions that will be created; only these are loaded. */
  readonly extensions: Iterable<string>;
  /** The file that keeps an initialised data folder between runs; undefined: initialise every time. */
  readonly snapshot: string | undefined;
  /** A data folder to open instead of a scratch in memory. */
  readonly folder?: string;
  /** A tar file of a data folder to open in memory instead. */
  readonly copy?: string;
  /** About how many statements of schemas will be run; undefined when it may be any number. */
  readonly statements?: number;
  /** How long one statement may run, in milliseconds. */
  readonly budgetMs: number;
  readonly signal?: AbortSignal;
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: SqlFailureParts & { readonly message: string; readonly code?: string };
}

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

/** A file of a relation, as pg_relation_filepath names it, and the size it is to have. */
export interface FileSize {
  readonly path: string;
  readonly blocks: number;
  /** Levels above the leaves, of a B-tree whose pages were not read since it was made. */
  readonly height?: number;
}

/** An engine in which relations can be made to look as large as they are elsewhere. */
export interface RowlessEngine extends Engine {
  resize(files: readonly FileSize[]): Promise<void>;
  /** The rows of a statement whose $1 stand for no value, such as EXPLAIN (GENERIC_PLAN). */
  unboundRows<Row>(sql: string): Promise<Row[]>;
}

/** Optimising WebAssembly costs a second, which fewer statements than these do not earn back. */
const BRIEF = 1500;

/** PGlite in a thread that ends when a statement exceeds its budget or the user interrupts. */
class PGliteEngine implements RowlessEngine {
  version = 0;
  readonly #worker: Worker;
  readonly #budgetMs: number;
  readonly #pending = new Map<number, Pending>();
  #last = 0;
  #ended: Error | undefined;
  readonly #unlock: (() => Promise<void>) | undefined;

  constructor(options: PGliteOptions, unlock?: () => Promise<void>) {
    this.#unlock = unlock;
    this.#budgetMs = options.budgetMs;
    this.#worker = new Worker(new URL('./pglite-thread.js', import.meta.url), {
      workerData: {
        snapshot: options.snapshot,
        folder: options.folder,
        copy: options.copy,
        brief: (options.statements ?? Infinity) < BRIEF,
        extensions: pgliteModules(options.extensions),
      },
    });
    this.#worker.on('message', (answer: Answer) => this.#settle(answer));
    this.#worker.on('error', (error) => this.#end(error));
    options.signal?.addEventListener('abort', () => this.#end(new Error('interrupted')), { once: true });
  }

  /** Resolves when the thread has said that its database is there. */
  async start(): Promise<void> {
    await this.#wait(0, START_BUDGET_MS);
    const [row] = await this.rows<{ version: string }>(
      "SELECT current_setting('server_version_num') AS version",
    );
    this.version = Number(row?.version);
  }

  async rows<Row>(sql: string): Promise<Row[]> {
    return (await this.#ask('rows', sql)) as Row[];
  }

  async run(sql: string): Promise<void> {
    await this.#ask('run', sql);
  }

  async unboundRows<Row>(sql: string): Promise<Row[]> {
    return (await this.#ask('unbound', sql)) as Row[];
  }

  async resize(files: readonly FileSize[]): Promise<void> {
    await this.#ask('resize', JSON.stringify(files));
  }

  /** Runs a COPY from `/dev/blob` with these rows in it. */
  async copyIn(sql: string, rows: string): Promise<void> {
    await this.#ask('copy', sql, rows);
  }

  async close(): Promise<void> {
    this.#ended ??= new Error('closed');
    await this.#worker.terminate();
    await this.#unlock?.();
  }

  #ask(method: 'rows' | 'run' | 'unbound' | 'resize' | 'copy', sql: string, rows?: string): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    this.#last += 1;
    const answer = this.#wait(this.#last, this.#budgetMs);
    this.#worker.postMessage({ id: this.#last, method, sql, rows });
    return answer;
  }

  #wait(id: number, budgetMs: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#end(overBudget(budgetMs)), budgetMs);
      this.#pending.set(id, { resolve, reject, timer });
    });
  }

  #settle({ id, result, error }: Answer): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    clearTimeout(pending.timer);
    if (error === undefined) pending.resolve(result);
    else pending.reject(failureOf(error));
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#pending.clear();
    void this.#worker.terminate();
  }
}

/** Initialising a data folder takes 5 s of CPU; a loaded machine may need many times that. */
const START_BUDGET_MS = 180_000;

function overBudget(budgetMs: number): UserError {
  return new UserError(
    'DB003',
    `a statement ran for more than ${budgetMs / 1000} s in the scratch database`,
    {
      help: 'Remove the statement that does the work, or raise --budget.',
    },
  );
}

function failureOf({ message, code, position, detail, hint }: NonNullable<Answer['error']>): SqlFailure {
  const at = position === undefined ? undefined : Number(position);
  return new SqlFailure(message, { state: code, position: at, detail, hint });
}

async function startEngine(options: PGliteOptions, unlock?: () => Promise<void>): Promise<PGliteEngine> {
  const engine = new PGliteEngine(options, unlock);
  try {
    await engine.start();
  } catch (error) {
    await engine.close();
    throw error;
  }
  return engine;
}

/** A database without rows, in memory, to plan in. */
export async function openRowless(options: PGliteOptions): Promise<RowlessEngine> {
  return startEngine(options);
}

/**
 * Opens a database that PGlite keeps in a folder, as the application that owns it does; with `make` a
 * folder that is not there becomes one. Errors: DB001, DB075 when another process has it open.
 */
export async function openEmbedded(
  folder: string,
  options: Pick<PGliteOptions, 'budgetMs' | 'signal'> & { readonly make?: boolean },
): Promise<PGliteEngine> {
  if (options.make !== true && !existsSync(folder)) {
    throw new UserError('DB001', `cannot open pglite:${folder}: there is no such folder`, { kind: 'usage' });
  }
  const unlock = await lockFolder(folder);
  const extensions = [...PGLITE_EXTENSIONS].filter((name) => name !== PRELOADED || isPreloaded(folder));
  return startEngine({ ...options, folder, snapshot: undefined, extensions }, unlock);
}

/**
 * PGlite writes what it has to load at the start into the folder's configuration, and whoever opens the folder without
 * it from then on fails: it is loaded only where the folder's owner did so before.
 */
const PRELOADED = 'pg_stat_statements';

function isPreloaded(folder: string): boolean {
  const file = join(folder, 'postgresql.conf');
  if (!existsSync(file)) return false;
  return /^\s*shared_preload_libraries\s*=.*pg_stat_statements/m.test(readFileSync(file, 'utf8'));
}

/** Opens an empty database that is gone when it is closed. */
export function openInMemory(
  options: Pick<PGliteOptions, 'budgetMs' | 'signal' | 'snapshot'>,
): Promise<PGliteEngine> {
  return startEngine({ ...options, extensions: PGLITE_EXTENSIONS });
}

/** Opens a copy of a data folder, as PGlite dumps it, in memory. Nothing comes back from it. */
export function openCopy(
  file: string,
  options: Pick<PGliteOptions, 'budgetMs' | 'signal'>,
): Promise<PGliteEngine> {
  return startEngine({ ...options, copy: file, snapshot: undefined, extensions: PGLITE_EXTENSIONS });
}

/**
 * A scratch in this process. PGlite has one connection and one database, so states that allow it are
 * read inside a transaction that is rolled back; the others get an instance of their own.
 */
export async function openPGliteScratch(options: PGliteOptions): Promise<Scratch> {
  let clean: PGliteEngine | undefined = await startEngine(options);
  const version = clean.version;
  const open = new Set<PGliteEngine>([clean]);
  const take = async (): Promise<PGliteEngine> => {
    const engine = clean ?? (await startEngine(options));
    open.add(engine);
    return engine;
  };
  const drop = async (engine: PGliteEngine): Promise<void> => {
    open.delete(engine);
    await engine.close();
  };
  return {
    name: `PGlite ${Math.floor(version / 10_000)}.${version % 10_000}`,
    extensions: PGLITE_EXTENSIONS,
    reading: async (read, { autocommit }) => {
      const engine = await take();
      clean = undefined;
      try {
        if (autocommit) return await read(engine, true);
        await engine.run('BEGIN');
        const result = await read(engine, false);
        await engine.run('ROLLBACK');
        await engine.run('RESET ALL');
        clean = engine;
        return result;
      } finally {
        if (clean !== engine) await drop(engine);
      }
    },
    close: async () => {
      await Promise.all([...open].map(drop));
    },
  };
}
