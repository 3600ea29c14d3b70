import type { Diagnostic } from '../core/diagnostic.ts';
import type { Scratch } from './engines/engine.ts';
import { type LintedStatement, lintFile } from './lint/lint.ts';
import { sizesAt } from './lint/live-sizes.ts';
import type { TableSizes } from './lint/sizes.ts';
import { openScratch } from './scratch.ts';
import { readSourceFiles } from './sources/files.ts';
import { loadStatements } from './sources/load.ts';
import type { SchemaLocation } from './sources/location.ts';
import { mentionsOf } from './sources/mentions.ts';
import { readSchema } from './sources/schema.ts';
import { type SourceFile, splitStatements } from './sources/statements.ts';

export interface LintRequest {
  /** Files and folders of hand-written SQL, in the order in which they are to run. */
  readonly paths: readonly string[];
  /** The folder that relative paths start from. */
  readonly root: string | undefined;
  /** The schema before the first file; undefined when nobody said. A live server's table sizes weigh in. */
  readonly from: SchemaLocation | undefined;
  readonly oneTransaction: boolean;
  readonly scratchUrl: string | undefined;
  readonly snapshot: string | undefined;
  readonly budgetMs: number;
  readonly signal?: AbortSignal;
}

/** Every file with its statements, in the order in which they were run. */
export interface LintReport {
  readonly engine: string;
  readonly files: readonly { readonly path: string; readonly statements: readonly LintedStatement[] }[];
  /** Whether table sizes of a live database weighed in. */
  readonly sized: boolean;
  readonly notes: readonly Diagnostic[];
}

/** Checks hand-written SQL in a scratch that holds the schema it is for. Errors: DB001, DB010, DB011, DB013. */
export async function lintFiles(request: LintRequest): Promise<LintReport> {
  const { budgetMs, signal, paths, root, from } = request;
  const options = signal === undefined ? { budgetMs } : { budgetMs, signal };
  const files = (await Promise.all(paths.map((path) => readSourceFiles(path, root)))).flat();
  const statements = (await Promise.all(files.map((file) => splitStatements(file)))).flat();
  const schema = from === undefined ? undefined : await readSchema(from, options);
  const sizes = await sizesAt(from, options);
  const extensions = new Set([...(schema?.extensions ?? []), ...mentionsOf(statements).extensions]);
  const scratch = await openScratch(request, {
    extensions,
    statements: [...statements, ...(schema?.statements ?? [])],
  });
  try {
    const left = { files, schema, sizes, oneTransaction: request.oneTransaction };
    return await lintInScratch(scratch, left);
  } finally {
    await scratch.close();
  }
}

interface LintInput {
  readonly files: readonly SourceFile[];
  readonly schema: Awaited<ReturnType<typeof readSchema>> | undefined;
  readonly sizes: TableSizes | undefined;
  readonly oneTransaction: boolean;
}

function lintInScratch(
  scratch: Scratch,
  { files, schema, sizes, oneTransaction }: LintInput,
): Promise<LintReport> {
  const { extensions } = scratch;
  return scratch.reading(
    async (engine): Promise<LintReport> => {
      const left =
        schema === undefined
          ? []
          : await loadStatements(engine, schema.statements, { extensions, autocommit: true });
      const linted: LintReport['files'][number][] = [];
      for (const file of files) {
        const statements = await lintFile(file, {
          engine,
          sizes,
          hasSchema: schema !== undefined,
          oneTransaction,
          destination: { version: schema?.version, timeZone: schema?.timeZone },
        });
        linted.push({ path: file.path, statements });
      }
      const notes = [...(schema?.notes ?? []), ...left];
      return { engine: scratch.name, files: linted, sized: sizes !== undefined, notes };
    },
    { autocommit: true },
  );
}
