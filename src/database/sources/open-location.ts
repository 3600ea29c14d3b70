import type { Engine } from '../engines/engine.ts';
import { openEmbedded } from '../engines/pglite.ts';
import { connect } from '../engines/postgres.ts';
import type { SchemaLocation } from './location.ts';

/** A location that there is a database behind. */
type RunningLocation = Extract<SchemaLocation, { kind: 'server' | 'embedded' | 'copy' }>;

interface OpenOptions {
  readonly budgetMs: number;
  readonly signal?: AbortSignal;
}

/** A connection to the database of a location, as nobody has used it before. Errors: DB001, DB075. */
export async function openLocation(location: RunningLocation, options: OpenOptions): Promise<Engine> {
  if (location.kind === 'server') return connect({ url: location.url, ...options });
  if (location.kind === 'embedded') return openEmbedded(location.folder, options);
  await location.engine.run('RESET ALL');
  // Whoever opened it has more to do with it.
  return { ...unbound(location.engine), close: async () => undefined };
}

const unbound = (engine: Engine): Omit<Engine, 'close'> => ({
  version: engine.version,
  rows: (sql) => engine.rows(sql),
  run: (sql) => engine.run(sql),
});
