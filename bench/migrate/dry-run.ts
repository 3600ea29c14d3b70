// Compares what --dry-run says of every corpus pair with what the real run then does, and the checksums
// of catalog, rows and sequences before and after the dry run.
//   node bench/run.mjs bench/migrate/dry-run.ts [--only NAME]
// Needs ../shared/corpus/postgres.
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { diffModels } from '../../src/database/diff.ts';
import { connect } from '../../src/database/engines/postgres.ts';
import { inspect } from '../../src/database/inspect/inspect.ts';
import { checksumsOf, withoutAutovacuum } from '../../test/support/checksums.ts';
import { corpusPairs } from '../../test/support/database.ts';
import { ALLOW_ALL, openLab, start } from '../../test/support/migrate-lab.ts';
import { startPostgres } from '../../test/support/postgres-server.ts';

const { values } = parseArgs({ options: { only: { type: 'string' } } });

interface DryRun {
  readonly live: boolean;
  readonly files: readonly {
    readonly statements: readonly {
      readonly sql: string;
      readonly rewrites: readonly string[];
      readonly fails: boolean;
      readonly reason?: string;
    }[];
    readonly differences: readonly { readonly id: string; readonly action: string }[];
  }[];
}

const FILES = `SELECT format('%I.%I', n.nspname, c.relname) AS name, c.relfilenode::int8::text AS file, c.oid::int8::text AS oid
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'm') AND c.oid >= 16384`;

async function look(url: string) {
  const engine = await connect({ url, budgetMs: 120_000 });
  try {
    const files = await engine.rows<{ name: string; file: string; oid: string }>(FILES);
    return { files, model: await inspect(engine) };
  } finally {
    await engine.close();
  }
}

const server = await startPostgres();
await withoutAutovacuum(server.url());
console.log(
  '| pair | statements | dry run unchanged | fails as said | schema differs as said (objects) | tables written anew as said |\n| --- | ---: | --- | --- | --- | --- |',
);
let wrong = 0;
for (const { name, older, newer } of corpusPairs()) {
  if (values.only !== undefined && !name.includes(values.only)) continue;
  const database = name.replaceAll(/\W/g, '_').toLowerCase();
  try {
    const lab = await openLab(server, database, { older, newer, rows: 3 });
    if (lab === undefined) continue;
    const url = server.url(database);
    const [sums, before] = [await checksumsOf(url), await look(url)];
    const dry = await start('migrate', lab.folder, '--connection', url, '--dry-run', '--json', ...ALLOW_ALL)
      .ended;
    const isUnchanged = isDeepStrictEqual(await checksumsOf(url), sums);
    const said = JSON.parse(dry.stdout) as DryRun;
    const real = await start('migrate', lab.folder, '--connection', url, ...ALLOW_ALL).ended;
    const after = await look(url);
    const statements = said.files.flatMap((file) => file.statements);
    const fails = statements.filter((statement) => statement.fails);
    const isEnd = fails.length > 0 === (real.exit !== 0);
    const differences = diffModels(before.model, after.model)
      .map(({ id, action }) => `${action} ${id}`)
      .sort();
    const foretold = said.files
      .flatMap((file) => file.differences.map(({ id, action }) => `${action} ${id}`))
      .sort();
    const isSame = isDeepStrictEqual(differences, foretold);
    const filesBefore = new Map(before.files.map(({ oid, file }) => [oid, file]));
    const rewritten = after.files
      .filter(({ oid, file }) => (filesBefore.get(oid) ?? file) !== file)
      .map(({ name: table }) => table)
      .sort();
    const expected = [...new Set(statements.flatMap(({ rewrites }) => rewrites))]
      .filter((table) => after.files.some((file) => file.name === table))
      .sort();
    const isRewritten = isDeepStrictEqual(rewritten, expected);
    if (!isUnchanged || !isEnd || (real.exit === 0 && !(isSame && isRewritten))) {
      wrong += 1;
      console.error(name, {
        isUnchanged,
        exit: real.exit,
        fails: fails.slice(0, 3),
        isSame,
        rewritten,
        expected,
      });
      console.error(
        real.exit === 0
          ? differences.filter((id) => !foretold.includes(id)).slice(0, 10)
          : real.stdout.slice(0, 600),
      );
      console.error(foretold.filter((id) => !differences.includes(id)).slice(0, 10));
    }
    const word = (is: boolean): string => (is ? 'yes' : 'NO');
    const done = real.exit === 0;
    console.log(
      `| ${name} | ${statements.length} | ${word(isUnchanged)} | ${word(isEnd)} | ${done ? `${word(isSame)} (${differences.length})` : '-'} | ${done ? `${word(isRewritten)} (${rewritten.length})` : '-'} |`,
    );
    lab.remove();
  } catch (error) {
    console.log(
      `| ${name} | | | | ${String(error instanceof Error ? error.message : error).slice(0, 100)} | |`,
    );
  }
}
console.log(`\n${wrong} pairs not as said.`);
await server.stop();
if (wrong > 0) process.exitCode = 1;
