import { nameOfLocation, parseLocation } from '../../../database/index.ts';
import { type DatabaseSource, planFromDatabase, scaffoldFromDatabase } from '../../../scaffold/index.ts';
import type { FlagValues } from '../../command.ts';
import type { Host } from '../../host.ts';
import { locatedFrom } from '../db/located.ts';
import { snapshotFile } from '../db/snapshot.ts';
import type { Source } from './source.ts';
import type { scaffoldFlags } from './spec.ts';

/** One statement of a schema takes no longer. */
const BUDGET_MS = 120_000;

/** The tables of a database as what a server is generated from. */
export function databaseSource(
  host: Host,
  database: string,
  flags: FlagValues<typeof scaffoldFlags>,
): Source {
  const location = locatedFrom(host.cwd, parseLocation(database));
  const source: DatabaseSource = {
    location,
    scratchUrl: undefined,
    snapshot: snapshotFile(host.env),
    budgetMs: BUDGET_MS,
    signal: host.signal,
    schemas: listed(flags.schemas),
    tables: listed(flags.tables),
    exclude: listed(flags.exclude),
    readOnly: flags['read-only'],
  };
  return {
    shown: nameOfLocation(location),
    plan: (folder, options) => planFromDatabase(source, folder, options),
    write: (folder, options) => scaffoldFromDatabase(source, folder, options),
  };
}

/** A list may also be given in one word, with commas. */
const listed = (values: readonly string[]): string[] => values.flatMap((value) => value.split(','));
