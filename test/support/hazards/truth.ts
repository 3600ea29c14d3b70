import { Client } from 'pg';
import type { Hazard } from '../../../src/database/index.ts';
import type { StatementCase } from './statements.ts';

/** Table or index of the case's schema, by oid: names change, oids stay. */
interface Relation {
  readonly oid: number;
  readonly name: string;
  readonly kind: string;
  readonly file: string;
  readonly table: number;
}

interface Column {
  readonly key: string;
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly values: string | null;
}

interface Snapshot {
  readonly relations: readonly Relation[];
  readonly scans: ReadonlyMap<number, number>;
  readonly columns: readonly Column[];
}

const STRONG = ['ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'];

/**
 * What a statement does on a real server with rows in its tables, seen from a second session: which
 * locks it holds there, which files are new, what was scanned, which values can no longer be read.
 * Nothing of the product is used. The schema named must hold the case's tables and rows.
 */
export async function measureTruth(
  url: string,
  schema: string,
  { sql }: StatementCase,
): Promise<readonly Hazard[]> {
  const [runner, observer] = [new Client({ connectionString: url }), new Client({ connectionString: url })];
  await Promise.all([runner.connect(), observer.connect()]);
  try {
    await runner.query(
      `SET search_path = ${schema}; SET enable_indexscan = off; SET enable_bitmapscan = off`,
    );
    const pid = await pidOf(runner);
    await runner.query('BEGIN');
    const before = await snapshot(runner, schema);
    try {
      await runner.query(sql);
    } catch (error) {
      await runner.query('ROLLBACK');
      if ((error as { code?: string }).code !== '25001') throw error;
      return await measureOutside({ runner, observer, pid, schema, sql, url, before });
    }
    const locks = await locksOf(observer, pid);
    const after = await snapshot(runner, schema, before.columns);
    await runner.query('ROLLBACK');
    return judge(before, after, locks);
  } finally {
    await Promise.all([runner.end(), observer.end()]);
  }
}

interface Outside {
  readonly runner: Client;
  readonly observer: Client;
  readonly pid: number;
  readonly schema: string;
  readonly sql: string;
  readonly url: string;
  readonly before: Snapshot;
}

/** A statement that commits by itself is looked at while a writer makes it wait. */
async function measureOutside({
  runner,
  observer,
  pid,
  schema,
  sql,
  url,
  before,
}: Outside): Promise<readonly Hazard[]> {
  const writer = new Client({ connectionString: url });
  await writer.connect();
  await writer.query('BEGIN');
  for (const { name, kind } of before.relations) {
    if (['r', 'p'].includes(kind)) await writer.query(`LOCK TABLE ${schema}.${name} IN ROW EXCLUSIVE MODE`);
  }
  let isDone = false;
  const running = runner.query(sql).finally(() => {
    isDone = true;
  });
  const locks = new Map<number, string[]>();
  for (let waits = 0; !isDone && waits < 3; ) {
    for (const [oid, modes] of await locksOf(observer, pid))
      locks.set(oid, [...(locks.get(oid) ?? []), ...modes]);
    const { rows } = await observer.query(
      'SELECT wait_event_type AS wait FROM pg_stat_activity WHERE pid = $1',
      [pid],
    );
    if (rows[0]?.wait === 'Lock') waits += 1;
  }
  await writer.query('COMMIT');
  await writer.end();
  await running;
  return judge(before, await snapshot(runner, schema, before.columns), locks);
}

const pidOf = async (client: Client): Promise<number> =>
  (await client.query('SELECT pg_backend_pid() AS pid')).rows[0].pid;

/** The modes held or waited for, by relation, as everybody else sees them. */
async function locksOf(observer: Client, pid: number): Promise<ReadonlyMap<number, readonly string[]>> {
  const { rows } = await observer.query(
    "SELECT relation::int8 AS oid, array_agg(mode) AS modes FROM pg_locks WHERE pid = $1 AND locktype = 'relation' GROUP BY 1",
    [pid],
  );
  return new Map(rows.map(({ oid, modes }) => [Number(oid), modes]));
}

async function snapshot(client: Client, schema: string, old?: readonly Column[]): Promise<Snapshot> {
  const relations = await client.query(
    `SELECT c.oid::int8 AS oid, quote_ident(c.relname) AS name, c.relkind AS kind, pg_relation_filenode(c.oid)::text AS file,
       coalesce(x.indrelid, c.oid)::int8 AS table
     FROM pg_class c LEFT JOIN pg_index x ON x.indexrelid = c.oid
     WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('r', 'p', 'm', 'i')`,
    [schema],
  );
  // Reading the columns counts as well: scans are counted behind it before the statement, ahead of it after.
  const early = old === undefined ? undefined : await scansOf(client);
  const columns = await columnsOf(client, schema, new Map((old ?? []).map(({ key, type }) => [key, type])));
  return {
    relations: relations.rows.map((row) => ({ ...row, oid: Number(row.oid), table: Number(row.table) })),
    scans: early ?? (await scansOf(client)),
    columns,
  };
}

async function scansOf(client: Client): Promise<ReadonlyMap<number, number>> {
  const { rows } = await client.query(
    'SELECT relid::int8 AS oid, seq_scan AS scans FROM pg_stat_xact_user_tables',
  );
  return new Map(rows.map(({ oid, scans }) => [Number(oid), Number(scans)]));
}

/** The values of every column as text, in the type it had before: a value that came through unhurt comes back. */
async function columnsOf(
  client: Client,
  schema: string,
  types: ReadonlyMap<string, string>,
): Promise<Column[]> {
  const { rows } = await client.query(
    `SELECT c.oid || '/' || a.attnum AS key, quote_ident(c.relname) AS table, quote_ident(a.attname) AS name, format_type(a.atttypid, a.atttypmod) AS type
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = $1::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''`,
    [schema],
  );
  const columns: Column[] = [];
  for (const { key, table, name, type } of rows) {
    const value = `${name}::${types.get(key) ?? type}::text`;
    const answer = await client.query(
      `SELECT string_agg(v, E'\\n' ORDER BY v) AS values FROM (SELECT ${value} AS v FROM ${schema}.${table}) q`,
    );
    columns.push({ key, table, name, type, values: answer.rows[0].values });
  }
  return columns;
}

function judge(
  before: Snapshot,
  after: Snapshot,
  locks: ReadonlyMap<number, readonly string[]>,
): readonly Hazard[] {
  const isLocked = (oid: number): boolean => locks.get(oid)?.some((mode) => STRONG.includes(mode)) === true;
  const then = new Map(before.relations.map((relation) => [relation.oid, relation]));
  const files = new Set(before.relations.map(({ file }) => file));
  const kept = after.relations.filter(({ oid }) => then.has(oid));
  const hasRows = (oid: number): boolean =>
    after.columns.some(({ key, values }) => key.startsWith(`${oid}/`) && values !== null);
  const isNewFile = ({ oid, file }: Relation): boolean => then.get(oid)?.file !== file;
  const rewritten = kept.filter(
    (one) => one.kind === 'r' && isNewFile(one) && hasRows(one.oid) && isLocked(one.oid),
  );
  const refreshed = kept.filter((one) => one.kind === 'm' && isNewFile(one) && isLocked(one.oid));
  const isRewritten = (oid: number): boolean => rewritten.some((one) => one.oid === oid);
  const built = after.relations.filter(
    ({ kind, file, table }) =>
      kind === 'i' &&
      !files.has(file) &&
      then.has(table) &&
      isLocked(table) &&
      !isRewritten(table) &&
      hasRows(table),
  );
  const scanned = kept.filter(
    ({ oid, kind }) =>
      kind === 'r' &&
      (after.scans.get(oid) ?? 0) > (before.scans.get(oid) ?? 0) &&
      isLocked(oid) &&
      hasRows(oid) &&
      !isRewritten(oid) &&
      !built.some(({ table }) => table === oid),
  );
  return [
    ...(rewritten.length > 0 ? (['table-rewrite'] as const) : []),
    ...(scanned.length > 0 ? (['blocking-scan'] as const) : []),
    ...(built.length > 0 ? (['blocking-build'] as const) : []),
    ...(refreshed.length > 0 ? (['blocking-refresh'] as const) : []),
    ...(isLost(before, after) ? (['data-loss'] as const) : []),
    ...(isRenamed(before, after) ? (['renames'] as const) : []),
  ];
}

function isLost(before: Snapshot, after: Snapshot): boolean {
  const now = new Map(after.columns.map((column) => [column.key, column]));
  return before.columns.some(({ key, values }) => values !== null && now.get(key)?.values !== values);
}

function isRenamed(before: Snapshot, after: Snapshot): boolean {
  const relations = new Map(after.relations.map(({ oid, name }) => [oid, name]));
  const columns = new Map(after.columns.map(({ key, name }) => [key, name]));
  return (
    before.relations.some(({ oid, name, kind }) => kind !== 'i' && (relations.get(oid) ?? name) !== name) ||
    before.columns.some(({ key, name }) => (columns.get(key) ?? name) !== name)
  );
}
