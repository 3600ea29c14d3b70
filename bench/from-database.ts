// Every schema of the corpus as a service: generated, compiled, linted, booted on PostgreSQL and on PGlite with each
// framework, and asked for every operation: npm run bench:from-db -- [--fresh] [--schemas a,b]. A run that was cut short
// goes on where it was, unless --fresh. Writes bench/results/from-database.md once all schemas are there.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FRAMEWORKS, type FrameworkName } from '../src/scaffold/index.ts';
import { onPGlite, onServer, type Place } from '../test/scaffold/database/places.ts';
import { type PreparedSchema, prepareSchema, proveSchema } from '../test/scaffold/database/prove-schema.ts';
import { corpusSchemas } from '../test/support/database.ts';
import { startPostgres } from '../test/support/postgres-server.ts';
import { ROOT } from '../test/support/repository.ts';
import { page, type SchemaLine } from './from-database/page.ts';
import { keptLines } from './kept-lines.ts';

const { values: flags } = parseArgs({
  options: { fresh: { type: 'boolean', default: false }, schemas: { type: 'string' } },
});
const wanted = flags.schemas?.split(',') ?? corpusSchemas();
const frameworks = Object.keys(FRAMEWORKS) as FrameworkName[];
const server = await startPostgres();
const kept = keptLines<SchemaLine>('from-database', flags);

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

async function proveOn(prepared: PreparedSchema, open: () => Promise<Place>): Promise<SchemaLine['proofs']> {
  const place = await open();
  try {
    const proofs = await proveSchema(prepared, place);
    return proofs.map((proof) => ({ ...proof, verdicts: [...proof.verdicts] }));
  } finally {
    await place.close();
  }
}

async function lineOf(name: string): Promise<SchemaLine> {
  const before = cpuSeconds();
  const prepared = await prepareSchema(name, frameworks);
  const { resources, lint, schema } = prepared;
  const proofs = [
    ...(await proveOn(prepared, () => onServer(server, name, schema))),
    ...(await proveOn(prepared, () => onPGlite(schema))),
  ];
  return { name, tables: resources.length, lint, proofs, cpuSeconds: cpuSeconds() - before };
}

const lines: SchemaLine[] = [];
for (const name of wanted) {
  const known = kept.find(name);
  try {
    const line = known ?? (await lineOf(name));
    if (known === undefined) kept.keep(name, line);
    lines.push(line);
    for (const { framework, engine, failures, rowless, operations } of line.proofs) {
      console.log(
        `${name} on ${framework} and ${engine}: ${operations} operations, ${failures.length} failed`,
      );
      for (const failure of failures.slice(0, 5)) console.log(`  ${failure.slice(0, 500)}`);
      if (framework === 'express')
        for (const text of rowless) console.log(`  no rows in ${text.slice(0, 200)}`);
    }
    for (const problem of line.lint.errors.slice(0, 5)) console.log(`  lint: ${problem}`);
  } catch (error) {
    console.log(`${name}: ${error instanceof Error ? error.message.slice(0, 1500) : String(error)}`);
  }
}
await server.stop();
if (flags.schemas === undefined && lines.length === wanted.length)
  writeFileSync(join(ROOT, 'bench', 'results', 'from-database.md'), page(lines));
console.log(page(lines));
