// Loads schemas of the corpus into servers of every major and compares each with its own file, which the embedded
// PostgreSQL 18 reads: nothing may differ. Prints a table. Needs ../shared/corpus/postgres.
//   node bench/run.mjs bench/database/versions.ts [--major 13] [--only NAME]
import { parseArgs } from 'node:util';
import { connect } from '../../src/database/engines/postgres.ts';
import { loadStatements } from '../../src/database/sources/load.ts';
import { readSchema } from '../../src/database/sources/schema.ts';
import { CORPUS, corpusSchemas, diffLocations, file } from '../../test/support/database.ts';
import { MAJORS, startMajor } from '../../test/support/postgres-majors.ts';

const { values } = parseArgs({ options: { major: { type: 'string' }, only: { type: 'string' } } });
const majors = values.major === undefined ? MAJORS : [Number(values.major)];
const schemas = corpusSchemas().filter((name) => values.only === undefined || name.includes(values.only));
const BUDGET = { budgetMs: 120_000 };

/** What the comparison says; undefined when the schema itself cannot be loaded by that major. */
async function compare(url: string, name: string): Promise<string | undefined> {
  const from = file(`${CORPUS}/${name}.sql`);
  const engine = await connect({ url, ...BUDGET });
  try {
    const { statements } = await readSchema(from, BUDGET);
    await loadStatements(engine, statements, { extensions: undefined, autocommit: true });
  } catch (error) {
    return `cannot be loaded: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`;
  } finally {
    await engine.close();
  }
  const { plan } = await diffLocations({ kind: 'server', url }, from, {});
  const changes = plan.segments.flatMap(({ statements }) => statements.map(({ sql }) => sql));
  return changes.length === 0
    ? 'equal'
    : `${changes.length} differences, such as ${changes[0]?.slice(0, 300)}`;
}

console.log('| major | equal | not |\n| --- | ---: | --- |');
for (const major of majors) {
  const server = await startMajor(major);
  const verdicts: string[] = [];
  for (const name of schemas) {
    await server.create(name);
    const verdict = await compare(server.url(name), name).catch((error: unknown) => String(error));
    if (verdict !== 'equal') verdicts.push(`${name}: ${verdict}`);
    await server.drop(name).catch(() => undefined);
  }
  await server.stop();
  console.log(
    `| ${major} | ${schemas.length - verdicts.length} of ${schemas.length} | ${verdicts.join('; ')} |`,
  );
}
