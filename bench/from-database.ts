// Every schema of the corpus as a service: generated, compiled, booted on PostgreSQL, asked for every operation.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { FRAMEWORKS, type FrameworkName } from '../src/scaffold/index.ts';
import { proveSchema, type SchemaProof } from '../test/scaffold/database/prove-schema.ts';
import { corpusSchemas } from '../test/support/database.ts';
import { startPostgres } from '../test/support/postgres-server.ts';

const { values } = parseArgs({
  options: {
    schemas: { type: 'string' },
    frameworks: { type: 'string' },
    output: { type: 'string', default: 'bench/results/from-database.md' },
  },
});
const schemas = values.schemas?.split(',') ?? corpusSchemas();
const frameworks = (values.frameworks?.split(',') ?? Object.keys(FRAMEWORKS)) as FrameworkName[];

const server = await startPostgres();
const lines: SchemaProof[] = [];
for (const schema of schemas)
  for (const framework of frameworks) {
    const line = await proveSchema(server, schema, framework);
    lines.push(line);
    const { succeeded, refused, withoutRows, failures } = line;
    console.error(
      `${schema} on ${framework}: ${line.operations} operations; ${succeeded} done, ${refused} refused by the schema, ${withoutRows} without rows, ${failures.length} failed`,
    );
    for (const failure of failures.slice(0, 8)) console.error(`  ${failure.slice(0, 400)}`);
  }
await server.stop();
writeFileSync(values.output, page());
console.log(page());

function page(): string {
  const rows = lines.map(
    (line) =>
      `| ${[line.schema, line.framework, line.operations, line.succeeded, line.refused, line.withoutRows, line.failures.length].join(' | ')} |`,
  );
  return [
    '# Databases as services',
    '',
    'Every schema of the corpus was generated, type-checked strictly, booted on PostgreSQL 18 and asked for every operation',
    'on real rows. `refused`: the schema itself forbids it for these rows, and the same statement by hand fails too.',
    '`without rows`: the checks of the schema refuse our sample rows. Written by `npm run bench:from-db`.',
    '',
    '| schema | framework | operations | done | refused | without rows | failed |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
