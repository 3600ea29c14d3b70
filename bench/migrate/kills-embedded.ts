// Kills `db migrate` on a folder of PGlite with SIGKILL inside each of its statements, runs it again, and opens the folder
// anew to see what is there.
//   node bench/run.mjs bench/migrate/kills-embedded.ts [--after 150]
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { openEmbedded } from '../../src/database/engines/pglite.ts';
import { ALLOW_ALL, start } from '../../test/support/migrate-lab.ts';

const { values } = parseArgs({ options: { after: { type: 'string', default: '150' } } });
const folder = mkdtempSync(join(tmpdir(), 'migrate-embedded-'));
const files = join(folder, 'migrations');
mkdirSync(files);
writeFileSync(
  join(files, '1.sql'),
  'CREATE TABLE kept (i integer); INSERT INTO kept SELECT generate_series(1, 1000);',
);
const CHANGES = `CREATE TABLE log (i integer, t text);
INSERT INTO log SELECT i, repeat('x', 200) FROM generate_series(1, 60000) i;
CREATE INDEX CONCURRENTLY log_i ON log (i);
UPDATE log SET t = t || 'y';
CREATE UNIQUE INDEX CONCURRENTLY log_unique ON log (i);
ALTER TABLE kept ADD COLUMN t text DEFAULT 'there';`;

/** Those of CHANGES. */
const STATEMENTS = 6;

const line = (data: string): string[] => ['migrate', files, '--connection', `pglite:${data}`, ...ALLOW_ALL];

async function stateOf(data: string): Promise<unknown> {
  const engine = await openEmbedded(data, { budgetMs: 60_000 });
  try {
    return await engine.rows(`SELECT (SELECT count(*)::int FROM kept WHERE t = 'there') AS kept,
      (SELECT count(*)::int FROM log WHERE t LIKE '%y' AND t NOT LIKE '%yy') AS log,
      (SELECT count(*)::int FROM pg_index WHERE NOT indisvalid) AS invalid,
      (SELECT string_agg(name || ' ' || state || ' ' || reached, ', ' ORDER BY id) FROM senior_backend.migrations) AS journal`);
  } finally {
    await engine.close();
  }
}

const [base, unkilled] = [join(folder, 'base'), join(folder, 'unkilled')];
await start(...line(base)).ended;
cpSync(base, unkilled, { recursive: true });
writeFileSync(join(files, '2.sql'), CHANGES);
await start(...line(unkilled)).ended;
const wanted = await stateOf(unkilled);
console.log(`Unkilled: ${JSON.stringify(wanted)}\n`);
console.log('| killed in statement | next run | same state after opening it anew |\n| ---: | --- | --- |');
let wrong = 0;
for (let statement = 1; statement <= STATEMENTS; statement += 1) {
  const data = join(folder, `killed${statement}`);
  cpSync(base, data, { recursive: true });
  const running = start(...line(data), '--verbose');
  // The line is written when the statement begins.
  while (running.child.exitCode === null && !running.stderr().includes(`  ${statement}/${STATEMENTS} `))
    await new Promise((done) => setTimeout(done, 5));
  await new Promise((done) => setTimeout(done, Number(values.after)));
  running.child.kill('SIGKILL');
  const { exit } = await running.ended;
  const next = await start(...line(data)).ended;
  const isSame = isDeepStrictEqual(await stateOf(data), wanted);
  if (next.exit !== 0 || !isSame) wrong += 1;
  const said = `${next.stdout}${next.stderr}`.trim().split('\n')[0]?.slice(0, 120);
  console.log(
    `| ${exit === null ? statement : `${statement}: over already`} | ${said} | ${isSame ? 'yes' : 'NO'} |`,
  );
  rmSync(data, { recursive: true, force: true });
}
rmSync(folder, { recursive: true, force: true });
if (wrong > 0) process.exitCode = 1;
