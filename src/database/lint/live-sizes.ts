import { connect } from '../engines/postgres.ts';
import type { SchemaLocation } from '../sources/location.ts';
import { readTableSizes, type TableSizes } from './sizes.ts';

/** The sizes of the tables where a schema is in use; nothing is known of files. Errors: DB001. */
export async function sizesAt(
  location: SchemaLocation | undefined,
  options: { readonly budgetMs: number; readonly signal?: AbortSignal },
): Promise<TableSizes | undefined> {
  if (location?.kind !== 'server') return undefined;
  const engine = await connect({ url: location.url, ...options });
  try {
    return await readTableSizes(engine);
  } finally {
    await engine.close();
  }
}
