// Leads every state of a family to every other one and back, on a real server: each file of a folder is a family of
// states of one schema. A file holds what all have, then `-- state: name` and the rest of each.
//   node bench/run.mjs bench/database/states.ts [--folder bench/database/states] [--only FAMILY] [--pair 'a > b'] [--dumps] [--show]
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Difference, SchemaDiff } from '../../src/database/index.ts';
import { diffLocations, EMPTY, file } from '../../test/support/database.ts';
import { compareDumps } from '../../test/support/independent.ts';
import { startPostgres } from '../../test/support/postgres-server.ts';

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: 'bench/database/states' },
    only: { type: 'string' },
    pair: { type: 'string' },
    dumps: { type: 'boolean' },
    show: { type: 'boolean' },
    embedded: { type: 'boolean' },
  },
});

interface State {
  readonly name: string;
  readonly text: string;
}

function statesOf(path: string): State[] {
  const [shared = '', ...rest] = readFileSync(path, 'utf8').split(/^-- state: /m);
  return rest.map((text) => {
    const end = text.indexOf('\n');
    return { name: text.slice(0, end).trim(), text: `${shared}\n${text.slice(end)}` };
  });
}

const server = await startPostgres();
const folder = mkdtempSync(join(tmpdir(), 'states-'));
const where = values.embedded === true ? {} : { scratchUrl: server.url() };

const printPlan = ({ plan, rollback }: SchemaDiff): void => {
  for (const one of [plan, rollback]) {
    for (const { transactional, statements } of one.segments) {
      console.log(transactional ? '  BEGIN' : '  ALONE');
      for (const { sql } of statements) console.log(`    ${sql.replaceAll('\n', '\n      ')}`);
    }
    console.log('  ----');
  }
};

async function judge(from: State | undefined, to: State, dumps: boolean): Promise<string | undefined> {
  writeFileSync(join(folder, 'b.sql'), to.text);
  if (from !== undefined) writeFileSync(join(folder, 'a.sql'), from.text);
  const [source, target] = [
    from === undefined ? EMPTY : file(join(folder, 'a.sql')),
    file(join(folder, 'b.sql')),
  ];
  const diff = await diffLocations(source, target, where);
  if (values.show === true) printPlan(diff);
  const last = diff.proof.steps.at(-1);
  if (!diff.proof.proved) {
    const { failed, differences = [], lost } = last ?? {};
    const what =
      failed === undefined
        ? differences.map(said).join('; ').slice(0, 400)
        : `${failed.message} <- ${failed.statement.sql}`;
    return `not proved ${last?.name}: ${what} ${lost?.join(', ')}`;
  }
  const plain = diff.notes.find(({ code }) => code === 'DB021');
  if (plain !== undefined) return `plain form: ${plain.message}`;
  const unmodelled = diff.notes.find(({ code }) => code === 'DB016');
  if (unmodelled !== undefined) return unmodelled.message;
  if (!dumps) return undefined;
  const { forward, back } = await compareDumps(source, target, diff, server);
  return forward.length + back.length === 0
    ? undefined
    : `dumps differ: ${[...forward, ...back].join(' | ').slice(0, 800)}`;
}

const said = (difference: Difference): string =>
  difference.action === 'set'
    ? `${difference.after.id} ${difference.changes.map(({ name }) => `${name} is ${JSON.stringify(difference.before.attributes[name])} not ${JSON.stringify(difference.after.attributes[name])}`).join(', ')}`
    : `${difference.action === 'add' ? 'lacks' : 'has'} ${difference.id}`;

const counts = { right: 0, wrong: 0 };
async function check(name: string, from: State | undefined, to: State): Promise<void> {
  if (values.pair !== undefined && !name.includes(values.pair)) return;
  const problem = await judge(from, to, values.dumps === true).catch((error: unknown) =>
    error instanceof Error
      ? `${error.message} ${JSON.stringify((error as { location?: unknown }).location ?? '')}`
      : String(error),
  );
  counts[problem === undefined ? 'right' : 'wrong'] += 1;
  if (problem !== undefined) console.log(`WRONG ${name}: ${problem}`);
}

try {
  for (const path of readdirSync(values.folder).sort()) {
    const family = basename(path, '.sql');
    if (values.only !== undefined && !family.includes(values.only)) continue;
    const states = statesOf(join(values.folder, path));
    const before = { ...counts };
    for (const state of states) await check(`${family}: empty > ${state.name}`, undefined, state);
    // A rollback is the plan of the pair turned round.
    for (const [place, from] of states.entries()) {
      for (const to of states.slice(place + 1)) await check(`${family}: ${from.name} > ${to.name}`, from, to);
    }
    console.log(
      `| ${family} | ${states.length} | ${counts.right - before.right} | ${counts.wrong - before.wrong} | ${((process.cpuUsage().user + process.cpuUsage().system) / 1e6).toFixed(0)} |`,
    );
  }
} finally {
  await server.stop();
  rmSync(folder, { recursive: true });
}
