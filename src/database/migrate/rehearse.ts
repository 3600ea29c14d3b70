import type { Diagnostic } from '../../core/diagnostic.ts';
import { type Difference, diffModels } from '../diff.ts';
import type { Engine } from '../engines/engine.ts';
import { inspect } from '../inspect/inspect.ts';
import { type GradedFinding, type LintedStatement, lintFile } from '../lint/lint.ts';
import { Session } from '../lint/session.ts';
import type { TableSizes } from '../lint/sizes.ts';
import type { Effects } from '../plan/plan.ts';
import { openScratch, type ScratchChoice } from '../scratch.ts';
import { loadStatements } from '../sources/load.ts';
import { mentionsOf } from '../sources/mentions.ts';
import type { Schema } from '../sources/schema.ts';
import { restoreStatistics, type Statistics } from './copy-statistics.ts';
import type { Script } from './script.ts';
import { cutSegments } from './segments.ts';

/** One statement and what it does. */
export interface RehearsedStatement {
  readonly sql: string;
  readonly line: number | undefined;
  /** `live`: in a transaction that was rolled back. `not run`: see `reason`. */
  readonly where: 'live' | 'scratch' | 'not run';
  readonly transactional: boolean;
  /** What it took where it ran; a scratch holds no rows. */
  readonly milliseconds: number | undefined;
  readonly effects: Effects | undefined;
  /** How many rows the planner expects it to read or change. */
  readonly estimate?: number;
  readonly findings: readonly GradedFinding[];
  /** Why it could not be run at all, or what PostgreSQL said. */
  readonly reason: string | undefined;
  readonly fails: boolean;
}

/** One file, and what the schema becomes by it. */
export interface RehearsedFile {
  readonly name: string;
  readonly path: string;
  readonly statements: readonly RehearsedStatement[];
  readonly differences: readonly Difference[];
}

export interface Rehearsal {
  /** The scratch that was used. */
  readonly engine: string;
  readonly files: readonly RehearsedFile[];
  /** Whether the scratch has the statistics of the database. */
  readonly hasStatistics: boolean;
  readonly notes: readonly Diagnostic[];
}

/** What is known of the database that the scratch is a copy of. */
export interface Original {
  readonly schema: Schema;
  readonly sizes: TableSizes;
  readonly statistics: Statistics;
}

export interface Rehearsed {
  readonly name: string;
  readonly script: Script;
  readonly text: string;
  /** Statements that are done already. */
  readonly reached: number;
}

/**
 * Runs scripts in a scratch that holds a copy of the schema, watches every statement and reads what it
 * made of the catalog. The database itself is not touched.
 */
export async function rehearse(
  { schema, sizes, statistics }: Original,
  scripts: readonly Rehearsed[],
  choice: ScratchChoice & { readonly monotonic: () => number },
): Promise<Rehearsal> {
  const wanted = mentionsOf(scripts.flatMap(({ script }) => script.statements)).extensions;
  const scratch = await openScratch(choice, {
    ...schema,
    extensions: new Set([...schema.extensions, ...wanted]),
  });
  const { extensions } = scratch;
  try {
    return await scratch.reading(
      async (engine): Promise<Rehearsal> => {
        const left = await loadStatements(engine, schema.statements, { extensions, autocommit: true });
        const hasStatistics = await restoreStatistics(engine, statistics);
        const files: RehearsedFile[] = [];
        let before = await inspect(engine);
        // Nobody uses what an earlier file of the same run makes.
        const first = await new Session(engine).facts();
        for (const { name, script, text, reached } of scripts) {
          const timed = new TimedEngine(engine, choice.monotonic);
          const linted = await lintFile(
            { path: script.path, text: reached === 0 ? text : restOf(script, reached) },
            {
              engine: timed,
              sizes,
              hasSchema: true,
              oneTransaction: isOneTransaction(script),
              setsLockTimeout: true,
              first,
            },
          );
          const after = await inspect(engine);
          const statements = linted
            .filter(({ node }) => node !== 'TransactionStmt')
            .map((statement) => rehearsed(statement, timed));
          files.push({ name, path: script.path, statements, differences: diffModels(before, after) });
          before = after;
        }
        return { engine: scratch.name, files, hasStatistics, notes: left };
      },
      { autocommit: true },
    );
  } finally {
    await scratch.close();
  }
}

/** Whether everything is committed at once. */
function isOneTransaction(script: Script): boolean {
  const [first, ...others] = cutSegments(script);
  return others.length === 0 && first?.kind === 'transaction' && first.begin === 'BEGIN';
}

/** What is left of a script that was begun; its settings are made again. */
function restOf(script: Script, reached: number): string {
  const rest = cutSegments(script).flatMap(({ kind, begin, steps }) => {
    const left = steps.filter(({ index }) => kind === 'settings' || index >= reached);
    const texts = left.map(({ statement }) => `${statement.text};`);
    return kind === 'transaction' && texts.length > 0 ? [`${begin};`, ...texts, 'COMMIT;'] : texts;
  });
  return rest.join('\n');
}

function rehearsed(statement: LintedStatement, timed: TimedEngine): RehearsedStatement {
  const { text, location, transactional, effects, findings, failure, unmeasured } = statement;
  return {
    sql: text,
    line: location.line,
    where: unmeasured === undefined ? 'scratch' : 'not run',
    transactional,
    milliseconds: unmeasured === undefined ? timed.take(text) : undefined,
    effects,
    findings,
    reason: failure?.message ?? unmeasured,
    fails: failure !== undefined,
  };
}

/** Notes how long each statement took. */
class TimedEngine implements Engine {
  readonly #engine: Engine;
  readonly #monotonic: () => number;
  readonly #times = new Map<string, number[]>();

  constructor(engine: Engine, monotonic: () => number) {
    this.#engine = engine;
    this.#monotonic = monotonic;
  }

  get version(): number {
    return this.#engine.version;
  }

  /** The time of the next run of this text, in milliseconds. */
  take(sql: string): number | undefined {
    return this.#times.get(sql)?.shift();
  }

  rows<Row>(sql: string): Promise<Row[]> {
    return this.#engine.rows<Row>(sql);
  }

  async run(sql: string): Promise<void> {
    const begun = this.#monotonic();
    // What cannot be in a transaction fails first and is run again; only the run that ends counts.
    await this.#engine.run(sql);
    this.#times.set(sql, [...(this.#times.get(sql) ?? []), this.#monotonic() - begun]);
  }

  close(): Promise<void> {
    return this.#engine.close();
  }
}
