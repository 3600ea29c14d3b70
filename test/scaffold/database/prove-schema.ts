import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readModel } from '../../../src/database/index.ts';
import { readSchema, type Schema } from '../../../src/database/sources/schema.ts';
import { databaseService } from '../../../src/scaffold/from-database.ts';
import type { FrameworkName } from '../../../src/scaffold/index.ts';
import { catalogOf } from '../../../src/scaffold/sources/postgres/catalog.ts';
import type { Resource } from '../../../src/scaffold/sources/postgres/resource.ts';
import { readResources } from '../../../src/scaffold/sources/postgres/resources.ts';
import { CORPUS } from '../../support/database.ts';
import { lintDocument } from '../../support/linter.ts';
import { askEverything, type EndToEnd, type Seeds } from './end-to-end.ts';
import type { Place } from './places.ts';
import { type CompiledService, compileServices, sourceOf, startService } from './service.ts';

/** A schema of the corpus as services, generated and compiled. */
export interface PreparedSchema {
  readonly name: string;
  readonly schema: Schema;
  readonly resources: readonly Resource[];
  readonly services: ReadonlyMap<FrameworkName, CompiledService>;
  /** What `@redocly/cli lint` finds wrong with the contract. */
  readonly lint: Awaited<ReturnType<typeof lintDocument>>;
}

/** What became of one schema as a service of one framework on one engine. */
export interface SchemaProof extends EndToEnd {
  readonly framework: FrameworkName;
  readonly engine: Place['engine'];
  readonly operations: number;
}

/** Reads a schema once, and generates and compiles its services together. Errors: what the compiler says. */
export async function prepareSchema(
  name: string,
  frameworks: readonly FrameworkName[],
): Promise<PreparedSchema> {
  const source = sourceOf(join(CORPUS, `${name}.sql`));
  const schema = await readSchema(source.location, { budgetMs: source.budgetMs });
  const read = await readModel(source);
  const resources = readResources(await catalogOf(read.model), source);
  const services = await compileServices(`corpus/${name}`, await databaseService(read, source), frameworks);
  const [first] = services.values();
  const contract = await readFile(join(first?.sources ?? '', 'openapi.yaml'), 'utf8');
  return { name, schema, resources, services, lint: await lintDocument(contract) };
}

/** Boots a service on a database that has rows, and asks it for every operation. */
export async function proveSchema(
  { resources, services }: PreparedSchema,
  framework: FrameworkName,
  place: Place,
  seeds: Seeds,
): Promise<SchemaProof> {
  const compiled = services.get(framework);
  if (compiled === undefined) throw new Error(`there is no service on ${framework}`);
  if (resources.some(({ rowSecurity }) => rowSecurity)) await actAsOwner(compiled);
  const service = await startService(compiled, place.backend);
  try {
    const found = await askEverything(service, place, resources, seeds);
    const operations = compiled.scaffold.model.operations.length;
    return { framework, engine: place.engine, operations, ...found };
  } finally {
    await service.stop();
  }
}

/** Without someone to act as, tables with row-level security answer 401. */
async function actAsOwner({ folder }: CompiledService): Promise<void> {
  const { useSessions } = await import(pathToFileURL(join(folder, 'data/session.js')).href);
  useSessions(() => ({ role: 'postgres', claims: {} }));
}
