// Compares what --dry-run says of every corpus pair with what the real run then does, and the checksums of catalog, rows and
// sequences before and after the dry run. The locks of the real run are read from pg_locks right before each COMMIT, by a
// statement that is slipped in on the wire. What was found is kept, and a run that is cut off is taken up by the same line.
//   node bench/run.mjs bench/migrate/dry-run.ts [--only NAME] [--seconds 800] [--anew]
// Needs ../shared/corpus/postgres.
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { Client } from 'pg';
import { diffModels } from '../../src/database/diff.ts';
import { connect } from '../../src/database/engines/postgres.ts';
import { inspect } from '../../src/database/inspect/inspect.ts';
import { checksumsOf, withoutAutovacuum } from '../../test/support/checksums.ts';
import { corpusPairs, type SchemaPair } from '../../test/support/database.ts';
import { ALLOW_ALL, start, through } from '../../test/support/migrate-lab.ts';
import { startPostgres } from '../../test/support/postgres-server.ts';
import { openProxy } from '../../test/support/wire-proxy.ts';
import { openLedger } from '../ledger.ts';
import { bySize, readyPair } from './ready-pair.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    seconds: { type: 'string', default: '800' },
    anew: { type: 'boolean', default: false },
  },
});

interface DryRun {
  readonly live: boolean;
  readonly outcome: string;
  readonly files: readonly {
    readonly statements: readonly {
      readonly sql: string;
      readonly transactional: boolean;
      readonly locks: readonly { readonly table: string; readonly lock: string }[];
      readonly rewrites: readonly string[];
    }[];
    readonly differences: readonly { readonly id: string; readonly action: string }[];
  }[];
}

/** What came of one pair; lists name what is on one side only. */
interface Row {
  readonly pair: string;
  readonly left: string;
  readonly statements: number;
  readonly live: boolean;
  /** Catalog tables, tables and sequences that are not as they were. */
  readonly changed: readonly string[];
  readonly outcome: string;
  readonly exit: number | null;
  readonly differences: number;
  readonly otherDifferences: readonly string[];
  readonly rewrites: number;
  readonly otherRewrites: readonly string[];
  readonly locks: number;
  readonly otherLocks: readonly string[];
}

const NOTHING = {
  left: '',
  statements: 0,
  live: false,
  changed: [],
  outcome: '',
  exit: null,
  differences: 0,
  otherDifferences: [],
  rewrites: 0,
  otherRewrites: [],
  locks: 0,
  otherLocks: [],
} satisfies Omit<Row, 'pair'>;

const FILES = `SELECT format('%I.%I', n.nspname, c.relname) AS name, c.relfilenode::int8::text AS file, c.oid::int8::text AS oid
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'm', 'p') AND c.oid >= 16384`;

interface Look {
  readonly files: readonly { readonly name: string; readonly file: string; readonly oid: string }[];
  readonly model: Awaited<ReturnType<typeof inspect>>;
}

async function look(url: string): Promise<Look> {
  const engine = await connect({ url, budgetMs: 120_000 });
  try {
    return { files: await engine.rows(FILES), model: await inspect(engine) };
  } finally {
    await engine.close();
  }
}

/** Weakest first, as pg_locks writes them. */
const MODES = [
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
];

/** Tells by NOTIFY, which leaves nothing in the schema, what the transaction has locked. */
const SLIPPED_IN = `SELECT pg_notify('bench', relation::int8 || ' ' || mode) FROM pg_locks
  WHERE locktype = 'relation' AND pid = pg_backend_pid() AND granted AND relation >= 16384 AND mode <> 'AccessShareLock'`;

/** Runs `work` through a proxy and says which lock each table, by oid, was held under: the strongest of any transaction. */
async function locksDuring(url: string, work: (url: string) => Promise<void>): Promise<Map<string, number>> {
  const strongest = new Map<string, number>();
  const listener = new Client({ connectionString: url });
  await listener.connect();
  listener.on('notification', ({ payload = '' }) => {
    const [oid = '', mode = ''] = payload.split(' ');
    strongest.set(oid, Math.max(strongest.get(oid) ?? -1, MODES.indexOf(mode)));
  });
  await listener.query('LISTEN bench');
  const proxy = await openProxy(Number(new URL(url).port), undefined, (sql) =>
    sql.replace(/\n;\nCOMMIT$/, `\n;\n${SLIPPED_IN};\nCOMMIT`),
  );
  await work(through(url, proxy.port));
  await listener.query('SELECT 1');
  await proxy.close();
  await listener.end();
  return strongest;
}

const modeOf = (lock: string): string =>
  `${lock
    .split(' ')
    .map((word) => `${word[0]}${word.slice(1).toLowerCase()}`)
    .join('')}Lock`;

/** What is in one list and not in the other. */
function onlyOne(said: readonly string[], done: readonly string[]): string[] {
  return [
    ...said.filter((one) => !done.includes(one)).map((one) => `said: ${one}`),
    ...done.filter((one) => !said.includes(one)).map((one) => `done: ${one}`),
  ];
}

const server = await startPostgres();
await withoutAutovacuum(server.url());
const ledger = openLedger<Row>('migrate-dry-run', values.anew);
const end = Date.now() + Number(values.seconds) * 1000;
for (const pair of bySize(corpusPairs())) {
  if (values.only !== undefined && !pair.name.includes(values.only)) continue;
  if (Date.now() > end || ledger.lines.some((line) => line.pair === pair.name)) continue;
  const row = await compare(pair).catch((error: unknown) => ({ ...NOTHING, left: String(error) }));
  ledger.add({ pair: pair.name, ...row });
}
await server.stop();
report();

async function compare(pair: SchemaPair): Promise<Omit<Row, 'pair'>> {
  const ready = await readyPair(server, pair);
  if (typeof ready === 'string') return { ...NOTHING, left: ready };
  const { lab } = ready;
  const url = server.url(lab.name);
  const [sums, before] = [await checksumsOf(url), await look(url)];
  const dry = await start('migrate', lab.folder, '--connection', url, '--dry-run', '--json', ...ALLOW_ALL)
    .ended;
  const now = await checksumsOf(url);
  const changed = Object.keys({ ...sums, ...now }).filter(
    (name) => !isDeepStrictEqual(sums[name], now[name]),
  );
  const said = JSON.parse(dry.stdout) as DryRun;
  let exit: number | null = null;
  const locked = await locksDuring(url, async (through) => {
    ({ exit } = await start('migrate', lab.folder, '--connection', through, ...ALLOW_ALL).ended);
  });
  const after = await look(url);
  const statements = said.files.flatMap((file) => file.statements);
  return {
    left: '',
    statements: statements.length,
    live: said.live,
    changed,
    outcome: said.outcome,
    exit,
    ...differencesOf(said, before, after),
    ...rewritesOf(statements, before, after),
    ...locksOf(statements, before, locked),
  };
}

function differencesOf({ files }: DryRun, before: Look, after: Look) {
  const done = diffModels(before.model, after.model).map(({ id, action }) => `${action} ${id}`);
  const said = files.flatMap((file) => file.differences.map(({ id, action }) => `${action} ${id}`));
  return { differences: done.length, otherDifferences: onlyOne(said, done) };
}

function rewritesOf(statements: DryRun['files'][number]['statements'], before: Look, after: Look) {
  const filesBefore = new Map(before.files.map(({ oid, file }) => [oid, file]));
  const done = after.files
    .filter(({ oid, file }) => (filesBefore.get(oid) ?? file) !== file)
    .map(({ name }) => name);
  const said = [...new Set(statements.flatMap(({ rewrites }) => rewrites))].filter((table) =>
    after.files.some(({ name }) => name === table),
  );
  return { rewrites: done.length, otherRewrites: onlyOne(said, done) };
}

/** Of transactions alone: outside of them there is no moment to look. Tables that a transaction drops are none any more. */
function locksOf(
  statements: DryRun['files'][number]['statements'],
  before: Look,
  locked: ReadonlyMap<string, number>,
) {
  const strongest = new Map<string, number>();
  for (const { table, lock } of statements
    .filter(({ transactional }) => transactional)
    .flatMap(({ locks }) => locks))
    strongest.set(table, Math.max(strongest.get(table) ?? -1, MODES.indexOf(modeOf(lock))));
  const names = new Map(before.files.map(({ oid, name }) => [oid, name]));
  const done = [...locked].flatMap(([oid, mode]) => {
    const name = names.get(oid);
    return name === undefined ? [] : [`${name} ${MODES[mode]}`];
  });
  const said = [...strongest].map(([table, mode]) => `${table} ${MODES[mode]}`);
  return { locks: done.length, otherLocks: onlyOne(said, done) };
}

function report(): void {
  console.log(
    '| pair | statements | on the database too | catalog, rows, sequences unchanged | ends as said | differs as said (objects) | written anew as said (tables) | locked as said (tables) |\n| --- | ---: | --- | --- | --- | --- | --- | --- |',
  );
  let wrong = 0;
  const word = (other: readonly string[], count: number): string =>
    other.length === 0 ? `yes (${count})` : `NO (${other.length} of ${count})`;
  for (const row of ledger.lines) {
    if (row.left !== '') {
      console.log(`| ${row.pair} | | | | | | | not tried: ${row.left.slice(0, 200)} |`);
      continue;
    }
    const isEnd = (row.outcome === 'failed') === (row.exit !== 0);
    const others = [...row.changed, ...row.otherDifferences, ...row.otherRewrites, ...row.otherLocks];
    if (!isEnd || others.length > 0) wrong += 1;
    for (const other of others.slice(0, 10)) console.error(`${row.pair} ${other}`);
    console.log(
      `| ${row.pair} | ${row.statements} | ${row.live ? 'yes' : 'no'} | ${row.changed.length === 0 ? 'yes' : 'NO'} | ${isEnd ? 'yes' : 'NO'} | ${word(row.otherDifferences, row.differences)} | ${word(row.otherRewrites, row.rewrites)} | ${word(row.otherLocks, row.locks)} |`,
    );
  }
  console.log(`\n${ledger.lines.length} pairs, ${wrong} not as said.`);
  if (wrong > 0) process.exitCode = 1;
}
