import type { Diagnostic } from '../core/diagnostic.ts';
import { UserError } from '../core/errors.ts';
import { type ModelRequest, type ReadModel, readModel } from '../database/index.ts';
import { dataHandlers } from './emit/data/data-handlers.ts';
import { printTablesFile } from './emit/data/tables-file.ts';
import { runtimeDataFiles } from './emit/runtime-files.ts';
import type { TagFiles } from './frameworks/framework.ts';
import { catalogOf } from './sources/postgres/catalog.ts';
import { writeContract } from './sources/postgres/contract.ts';
import { readResources } from './sources/postgres/resources.ts';
import type { Selection } from './sources/postgres/selection.ts';

/** A database, and which of its tables and views are served. */
export interface DatabaseSource extends ModelRequest, Selection {}

/** What a database gives besides what every contract does. */
export interface DatabaseService {
  /** The text of openapi.yaml. */
  readonly contract: string;
  readonly printTagHandlers: (tag: TagFiles) => string;
  /** The files below data/, by path. */
  readonly files: ReadonlyMap<string, string>;
  readonly notes: readonly Diagnostic[];
}

/** Reads a database and prints what serves it. Errors: DB001, DB010 to DB013, SCF060. */
export const readDatabase = async (source: DatabaseSource): Promise<DatabaseService> =>
  databaseService(await readModel(source), source);

/** Prints what serves a database that was read. Errors: SCF060. */
export async function databaseService(
  { name, model, notes }: ReadModel,
  source: Selection,
): Promise<DatabaseService> {
  const resources = readResources(await catalogOf(model), source);
  if (resources.length === 0)
    throw new UserError('SCF060', `${name} has no table or view to serve`, {
      help: 'Check --schemas, --tables and --exclude.',
    });
  const copied = await runtimeDataFiles();
  return {
    contract: writeContract(titleOf(name), resources),
    printTagHandlers: dataHandlers(resources),
    files: new Map([['data/tables.ts', printTablesFile(resources)], ...copied]),
    notes,
  };
}

/** The name of the file or the database alone: where it is, is nobody's business who reads the contract. */
const titleOf = (name: string): string =>
  (/([^/\\?]+?)(?:\.\w+)?[/\\]*(?:\?.*)?$/.exec(name)?.[1] ?? 'database').replace(/^pglite:/, '');
