// Runs the statements of every finding on every schema of the corpus, on a real server, and judges the schema again: the
// finding has to be gone. Findings that touch different tables are mended in one transaction, which is rolled back; where
// something fails or is still there, each of them is tried alone. CONCURRENTLY is taken out, as it stands in no transaction.
//   node bench/run.mjs bench/analyze/mends.ts [--schemas a,b] [--done FILE]: schemas in FILE are not done again, new ones are added
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadModule } from 'libpg-query';
import { analyzeSchema } from '../../src/database/analyze/analyze-schema.ts';
import type { Finding } from '../../src/database/analyze/finding.ts';
import type { Engine } from '../../src/database/engines/engine.ts';
import { openPostgresScratch } from '../../src/database/engines/postgres.ts';
import { loadStatements } from '../../src/database/sources/load.ts';
import { readSchema } from '../../src/database/sources/schema.ts';
import { CORPUS, corpusSchemas, file } from '../../test/support/database.ts';
import { judged } from '../../test/support/judged.ts';
import { benchServer } from '../advise/bench-server.ts';

const { values } = parseArgs({ options: { schemas: { type: 'string' }, done: { type: 'string' } } });
await loadModule();

const nameOf = ({ code, object }: Finding): string => `${code} ${object.name}`;
const bare = (sql: string): string => sql.replaceAll(' CONCURRENTLY', '');

/** What a mend touches: two that touch the same table may hide each other's failure. */
const touched = ({ fix }: Finding): string[] =>
  fix.steps.flatMap(({ sql }) =>
    [
      ...sql.matchAll(
        /(?:TABLE(?: ONLY)?|INDEX|VIEW|SEQUENCE|FUNCTION|TYPE|ON(?: ONLY)?) ((?:"[^"]+"|[\w$]+)\.(?:"[^"]+"|[\w$]+))/g,
      ),
    ].map(([, name = '']) => name),
  );

/** Groups in which no two findings touch the same. */
function apart(findings: readonly Finding[]): Finding[][] {
  const groups: { readonly taken: Set<string>; readonly members: Finding[] }[] = [];
  for (const finding of findings) {
    const names = touched(finding);
    const group = groups.find(
      ({ taken, members }) => members[0]?.code === finding.code && names.every((name) => !taken.has(name)),
    );
    if (group === undefined) groups.push({ taken: new Set(names), members: [finding] });
    else {
      for (const name of names) group.taken.add(name);
      group.members.push(finding);
    }
  }
  return groups.map(({ members }) => members);
}

/** Mends all of them together; says what went wrong. */
async function mended(engine: Engine, group: readonly Finding[]): Promise<string[]> {
  await engine.run('BEGIN');
  try {
    for (const { fix } of group) for (const { sql } of fix.steps) await engine.run(bare(sql));
    const left = await judged(engine);
    return group
      .filter((finding) => left.has(nameOf(finding)))
      .map((finding) => `still there: ${nameOf(finding)}`);
  } catch (error) {
    return [`${group.map(nameOf).join(', ')}: ${String(error)}`];
  } finally {
    await engine.run('ROLLBACK');
  }
}

async function failuresOf(engine: Engine, findings: readonly Finding[]): Promise<string[]> {
  const failures: string[] = [];
  for (const group of apart(findings)) {
    const wrong = await mended(engine, group);
    if (wrong.length === 0) continue;
    if (group.length === 1) failures.push(...wrong);
    else for (const finding of group) failures.push(...(await mended(engine, [finding])));
  }
  return failures;
}

const done = values.done !== undefined && existsSync(values.done) ? readFileSync(values.done, 'utf8') : '';
const say = (line: string): void => {
  console.log(line);
  if (values.done !== undefined) appendFileSync(values.done, `${line}\n`);
};
const server = await benchServer();
const scratch = await openPostgresScratch({ url: server.url(), budgetMs: 300_000 });
for (const name of values.schemas?.split(',') ?? corpusSchemas()) {
  if (done.includes(`| ${name} |`)) continue;
  try {
    const schema = await readSchema(file(name.includes('/') ? name : `${CORPUS}/${name}.sql`), {
      budgetMs: 120_000,
    });
    const line = await scratch.reading(
      async (engine) => {
        await loadStatements(engine, schema.statements, { extensions: scratch.extensions, autocommit: true });
        const { findings } = await analyzeSchema(engine);
        const failures = await failuresOf(engine, findings);
        for (const failure of failures) console.error(`${name}: ${failure.slice(0, 400)}`);
        return `| ${name} | ${findings.length} | ${findings.length - failures.length} |`;
      },
      { autocommit: true },
    );
    say(line);
  } catch (error) {
    console.error(`${name}: ${String(error)}`);
  }
}
await scratch.close();
await server.stop();
