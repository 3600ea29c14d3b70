// Every schema of the corpus as a service: generated, compiled, linted, booted on PostgreSQL and on PGlite with each
// framework, and asked for every operation: npm run bench:from-db -- [--fresh] [--schemas a,b] [--frameworks koa]
// [--engines PGlite]. A run that was cut short, or of a part, is gone on from, unless --fresh. Writes bench/results/from-database.md once all schemas are there.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FRAMEWORKS, type FrameworkName } from '../src/scaffold/index.ts';
import { type Seeds, seedAll } from '../test/scaffold/database/end-to-end.ts';
import { onPGlite, onServer, type Place } from '../test/scaffold/database/places.ts';
import { type PreparedSchema, prepareSchema, proveSchema } from '../test/scaffold/database/prove-schema.ts';
import { corpusSchemas } from '../test/support/database.ts';
import { startPostgres } from '../test/support/postgres-server.ts';
import { ROOT } from '../test/support/repository.ts';
import { type ProofLine, page, type SchemaLine } from './from-database/page.ts';
import { keptLines } from './kept-lines.ts';

const { values: flags } = parseArgs({
  options: {
    fresh: { type: 'boolean', default: false },
    schemas: { type: 'string' },
    frameworks: { type: 'string' },
    engines: { type: 'string' },
  },
});
const wanted = flags.schemas?.split(',') ?? corpusSchemas();
const frameworks = (flags.frameworks?.split(',') ?? Object.keys(FRAMEWORKS)) as FrameworkName[];
const server = await startPostgres();
const keptSchemas = keptLines<SchemaLine>('from-database-schemas', flags);
const keptProofs = keptLines<ProofLine>('from-database-proofs', flags);

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

const OPEN: Readonly<
  Record<Place['engine'], (name: string, schema: PreparedSchema['schema']) => Promise<Place>>
> = {
  PostgreSQL: (name, schema) => onServer(server, name, schema),
  PGlite: (_name, schema) => onPGlite(schema),
};
const engines = (flags.engines?.split(',') ?? Object.keys(OPEN)) as Place['engine'][];
const keyOf = (name: string, engine: string, framework: string): string => `${name} ${engine} ${framework}`;

/** Proves what is not proved yet of one schema. */
async function proveAll(name: string): Promise<void> {
  const missing = engines.map((engine) => ({
    engine,
    frameworks: frameworks.filter((each) => keptProofs.find(keyOf(name, engine, each)) === undefined),
  }));
  if (missing.every((each) => each.frameworks.length === 0)) return;
  let before = cpuSeconds();
  const prepared = await prepareSchema(name, frameworks);
  const { resources, lint, schema } = prepared;
  let seeds: Seeds | undefined;
  for (const { engine, frameworks: left } of missing) {
    if (left.length === 0) continue;
    const place = await OPEN[engine](name, schema);
    seeds = await seedAll(place, resources, seeds);
    for (const framework of left) {
      const proof = await proveSchema(prepared, framework, place, seeds);
      const spent = cpuSeconds() - before;
      before = cpuSeconds();
      const line = { ...proof, verdicts: [...proof.verdicts], cpuSeconds: spent };
      keptProofs.keep(keyOf(name, engine, framework), line);
      console.log(
        `${name}, ${framework}, ${engine}: ${proof.operations} operations, ${proof.failures.length} failed`,
      );
      for (const failure of proof.failures.slice(0, 5)) console.log(`  ${failure.slice(0, 600)}`);
    }
    await place.close();
  }
  const rowless = [...(seeds ?? [])].flatMap(([table, rows]) =>
    rows instanceof Error ? [`${table}: ${rows.message}`] : [],
  );
  for (const text of [...rowless.map((each) => `no rows in ${each}`), ...lint.errors])
    console.log(`  ${text}`);
  keptSchemas.keep(name, { name, tables: resources.length, lint, rowless });
}

for (const name of wanted) {
  try {
    await proveAll(name);
  } catch (error) {
    console.log(`${name}: ${error instanceof Error ? error.message.slice(0, 1500) : String(error)}`);
  }
}
await server.stop();

const found = wanted
  .flatMap((name) => keptSchemas.find(name) ?? [])
  .map((line) => ({
    ...line,
    proofs: engines.flatMap((engine) =>
      frameworks.flatMap((framework) => keptProofs.find(keyOf(line.name, engine, framework)) ?? []),
    ),
  }));
const isWhole = [flags.schemas, flags.frameworks, flags.engines].every((part) => part === undefined);
if (isWhole && found.length === wanted.length)
  writeFileSync(join(ROOT, 'bench', 'results', 'from-database.md'), page(found));
console.log(page(found));
