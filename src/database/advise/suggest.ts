import type { Diagnostic } from '../../core/diagnostic.ts';
import type { NamedText } from '../analyze/analyze.ts';
import { diffRead, type SchemaDiff } from '../diff-schemas.ts';
import type { SchemaLocation } from '../sources/location.ts';
import { readSchema, type Schema } from '../sources/schema.ts';
import { splitStatements } from '../sources/statements.ts';
import { type Advice, advise } from './advise.ts';
import type { Drop } from './choose/drops.ts';
import { nameIndexes, type Suggestion } from './name-indexes.ts';
import { readLiveParts } from './read-live-parts.ts';
import { loadGrammar } from './workload/parse-statement.ts';
import { workloadOfText } from './workload/read-workload.ts';

export interface SuggestRequest {
  readonly location: SchemaLocation;
  readonly queries: NamedText | undefined;
  readonly maxIndexes: number;
  /** Bytes of all suggested indexes together. */
  readonly maxBytes: number;
  /** Whether the migration also removes the indexes that would not be missed. */
  readonly withDrops: boolean;
  /** Whether sample values of the database's statistics are read. */
  readonly values: boolean;
  readonly snapshot: string | undefined;
  readonly budgetMs: number;
  readonly signal?: AbortSignal;
}

export interface IndexAdvice {
  readonly source: string;
  /** Where the statements are from. */
  readonly workload: string;
  /** Whether the workload is only what the schema makes likely. */
  readonly isDeclared: boolean;
  /** Whether sizes and statistics are those of a database, or assumed. */
  readonly isMeasured: boolean;
  readonly advice: Advice;
  readonly suggestions: readonly Suggestion[];
  readonly drops: readonly Drop[];
  /** The change, planned and proved as db diff does it; undefined when there is nothing to change. */
  readonly diff: SchemaDiff | undefined;
  readonly notes: readonly Diagnostic[];
}

/** Finds, proves and writes down the indexes that help a workload most. A running database is only read. */
export async function suggestIndexes(request: SuggestRequest): Promise<IndexAdvice> {
  await loadGrammar();
  const { location, budgetMs, signal, snapshot, queries } = request;
  const options = signal === undefined ? { budgetMs } : { budgetMs, signal };
  const schema = await readSchema(location, options);
  const live = await readLiveParts(request, options);
  const workload = queries === undefined ? live.workload : workloadOfText(queries.name, queries.text);
  const given = workload !== undefined && workload.statements.length > 0 ? workload : undefined;
  const advice = await advise({
    ...options,
    schema,
    snapshot,
    statistics: live.statistics,
    workload: given,
    searchPath: live.searchPath,
    limits: { indexes: request.maxIndexes, blocks: Math.floor(request.maxBytes / 8192) },
    writes: live.writes,
    unused: live.unused,
  });
  const suggestions = nameIndexes(advice);
  const drops = advice.drops;
  const change = [
    ...suggestions.map(({ sql }) => sql),
    ...(request.withDrops ? drops.map(({ name }) => `DROP INDEX ${name}`) : []),
  ];
  const diff = change.length === 0 ? undefined : await prove(schema, change, request);
  return {
    source: schema.name,
    workload: given?.source ?? 'foreign keys and text-search columns of the schema',
    isDeclared: given === undefined,
    isMeasured: live.statistics !== undefined,
    advice,
    suggestions,
    drops,
    diff,
    notes: [...schema.notes, ...notesOf(advice, given === undefined)],
  };
}

function notesOf(advice: Advice, isDeclared: boolean): Diagnostic[] {
  const said = advice.notes.map((message): Diagnostic => ({ code: 'DB081', severity: 'info', message }));
  if (!isDeclared) return said;
  const message = 'no statements are known: only foreign keys and text-search columns were looked at';
  return [...said, { code: 'DB085', severity: 'warning', message }];
}

/** The same machinery as db diff: planned online, run forward, back and forward again. */
async function prove(
  schema: Schema,
  change: readonly string[],
  request: SuggestRequest,
): Promise<SchemaDiff> {
  const { budgetMs, snapshot, signal } = request;
  const added = await splitStatements({
    path: 'suggested indexes',
    text: change.map((sql) => `${sql};\n`).join(''),
  });
  const to: Schema = {
    ...schema,
    name: `${schema.name} with the suggested indexes`,
    statements: [...schema.statements, ...added],
    notes: [],
  };
  return diffRead(schema, to, {
    scratchUrl: undefined,
    snapshot,
    renames: [],
    preserve: false,
    online: true,
    budgetMs,
    ...(signal === undefined ? {} : { signal }),
  });
}
