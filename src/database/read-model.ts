import type { Diagnostic } from '../core/diagnostic.ts';
import { inspect } from './inspect/inspect.ts';
import type { DatabaseModel } from './model/database-model.ts';
import { openScratch, readingSchema } from './scratch.ts';
import { loadStatements } from './sources/load.ts';
import type { SchemaLocation } from './sources/location.ts';
import { readSchema } from './sources/schema.ts';

export interface ModelRequest {
  readonly location: SchemaLocation;
  /** A server to make a temporary database on; undefined: the embedded PostgreSQL. */
  readonly scratchUrl: string | undefined;
  /** The file that keeps the embedded PostgreSQL's initialised data folder between runs. */
  readonly snapshot: string | undefined;
  /** How long one statement may run, in milliseconds. */
  readonly budgetMs: number;
  readonly signal?: AbortSignal;
}

/** A schema as it was read, under the name that messages call it by. */
export interface ReadModel {
  readonly name: string;
  readonly model: DatabaseModel;
  readonly notes: readonly Diagnostic[];
}

/**
 * Reads a schema, wherever it is, into a model; a live database is only read. It is built in a scratch
 * first, so that the model does not depend on the version of the server. Errors: DB001, DB010 to DB013.
 */
export async function readModel(request: ModelRequest): Promise<ReadModel> {
  const { budgetMs, signal } = request;
  const options = signal === undefined ? { budgetMs } : { budgetMs, signal };
  const schema = await readSchema(request.location, options);
  const scratch = await openScratch(request, schema);
  try {
    return await readingSchema(scratch, schema, async (engine, autocommit) => {
      const { extensions } = scratch;
      const left = await loadStatements(engine, schema.statements, { extensions, autocommit });
      const model = await inspect(engine);
      return { name: schema.name, model, notes: [...schema.notes, ...left] };
    });
  } finally {
    await scratch.close();
  }
}
