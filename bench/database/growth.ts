// CPU time and memory of `db diff pglite: --to schema.sql` for generated schemas of 10 to 10,000 tables, each with a key,
// a foreign key, a check, two indexes and every tenth with a view; and of a change of a tenth of the tables of 60.
// Each run is a process of its own that finds no cache. Prints a table.
//   npm run build && node bench/run.mjs bench/database/growth.ts [--from 1000] [--up-to 3000]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measure } from '../scaffold/measure.ts';

const { values } = parseArgs({
  options: { from: { type: 'string', default: '0' }, 'up-to': { type: 'string', default: '10000' } },
});

const SIZES = [10, 60, 100, 300, 1000, 3000, 10_000];

/** With `changed`, every tenth table has a wider column, and its neighbour one more. */
function schemaOf(tables: number, changed: boolean): string {
  const statements = Array.from({ length: tables }, (_, at) => {
    const name = changed && at % 10 === 0 ? 'text' : 'varchar(50)';
    const parent = at === 0 ? '' : ` REFERENCES t${at - 1} (id)`;
    const extra = changed && at % 10 === 1 ? ', extra jsonb' : '';
    return [
      `CREATE TABLE t${at} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name ${name} NOT NULL,`,
      "  state text DEFAULT 'new' CHECK (state <> ''), total numeric(10,2),",
      `  at timestamptz NOT NULL DEFAULT now(), prev bigint${parent}${extra});`,
      `CREATE INDEX t${at}_name ON t${at} (name);`,
      `CREATE INDEX t${at}_prev ON t${at} (prev);`,
      at % 10 === 0 ? `CREATE VIEW v${at} AS SELECT id, name, state FROM t${at} WHERE total > 0;` : '',
    ].join('\n');
  });
  return statements.join('\n');
}

const folder = mkdtempSync(join(tmpdir(), 'database-growth-'));
process.env['XDG_CACHE_HOME'] = join(folder, 'no-cache');

async function row(label: string, tables: number, from: string, to: string): Promise<void> {
  const command = ['db', 'diff', from, '--to', to, '--allow', 'data-loss', '--budget', '600'];
  const { cpu, peak, failed, output } = await measure(
    'dist/cli/main.js',
    [...command, '--output', join(folder, `out-${label}`)],
    '.',
    { limitSeconds: 3600 },
  );
  const end = failed ? (/this failed: .*/.exec(output)?.[0] ?? 'failed') : 'proved';
  console.log(
    `| ${label} | ${cpu.toFixed(1)} | ${((cpu / tables) * 1000).toFixed(0)} | ${peak.toFixed(0)} | ${end} |`,
  );
}

const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

try {
  console.log('| change | CPU s | ms a table | peak MB | end |');
  console.log('| --- | ---: | ---: | ---: | --- |');
  const before = write('before.sql', schemaOf(60, false));
  const [least, most] = [Number(values.from), Number(values['up-to'])];
  if (least <= 60)
    await row('60 tables, 12 of them changed', 60, before, write('after.sql', schemaOf(60, true)));
  for (const tables of SIZES.filter((size) => size >= least && size <= most)) {
    await row(`none to ${tables}`, tables, 'pglite:', write(`${tables}.sql`, schemaOf(tables, false)));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
