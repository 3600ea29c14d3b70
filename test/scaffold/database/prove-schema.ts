import { join } from 'node:path';
import pg from 'pg';
import type { Engine } from '../../../src/database/engines/engine.ts';
import { connect } from '../../../src/database/engines/postgres.ts';
import { readModel } from '../../../src/database/index.ts';
import { loadStatements } from '../../../src/database/sources/load.ts';
import { readSchema } from '../../../src/database/sources/schema.ts';
import type { FrameworkName } from '../../../src/scaffold/index.ts';
import { catalogOf } from '../../../src/scaffold/sources/postgres/catalog.ts';
import { readResources } from '../../../src/scaffold/sources/postgres/resources.ts';
import { CORPUS } from '../../support/database.ts';
import type { PostgresServer } from '../../support/postgres-server.ts';
import { askEverything, type EndToEnd } from './end-to-end.ts';
import { compileService, sourceOf, startService } from './service.ts';

/** What became of one schema of the corpus as a service. */
export interface SchemaProof extends EndToEnd {
  readonly schema: string;
  readonly framework: FrameworkName;
  readonly operations: number;
}

const BUDGET_MS = 120_000;

/** Generates a service from a schema, compiles it, boots it on a real server and asks for every operation. */
export async function proveSchema(
  server: PostgresServer,
  schema: string,
  framework: FrameworkName,
): Promise<SchemaProof> {
  const source = sourceOf(join(CORPUS, `${schema}.sql`));
  const compiled = await compileService(schema, source, framework);
  const database = `${schema}_${framework}`;
  await server.create(database);
  const engine = await connect({ url: server.url(database), budgetMs: BUDGET_MS });
  const { statements } = await readSchema(source.location, { budgetMs: BUDGET_MS });
  await loadStatements(engine, statements, { extensions: await extensionsOf(engine), autocommit: true });
  await engine.close();
  const { model } = await readModel(source);
  const resources = readResources(await catalogOf(model), source);
  const direct = new pg.Client(server.url(database));
  await direct.connect();
  const service = await startService(compiled, server.url(database));
  try {
    const found = await askEverything(service, direct, resources);
    return { schema, framework, operations: compiled.scaffold.model.operations.length, ...found };
  } finally {
    await service.stop();
    await direct.end();
  }
}

async function extensionsOf(engine: Engine): Promise<Set<string>> {
  const rows = await engine.rows<{ name: string }>('SELECT name FROM pg_available_extensions');
  return new Set(rows.map(({ name }) => name));
}
