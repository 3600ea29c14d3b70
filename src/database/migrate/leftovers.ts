import type { Session } from '../engines/session.ts';
import { quoteName, quoteText } from '../quote.ts';
import type { ScriptStatement } from './script.ts';

/** What became of a statement that was announced but not recorded as done. */
export type Outcome = 'done' | 'again' | 'unknown';

/**
 * How to tell what became of one kind of statement that runs outside a transaction. `before` notes what is
 * there before it runs; `settle` compares, removes what an attempt that failed has left, and says.
 */
interface Settler {
  readonly before: (session: Session, tree: Tree) => Promise<readonly string[]>;
  readonly settle: (work: Settling) => Promise<Outcome>;
}

interface Settling {
  readonly session: Session;
  readonly tree: Tree;
  readonly before: readonly string[];
  /** Told of every index that is removed to be built again. */
  readonly removed: (index: string) => void;
}

type Tree = Readonly<Record<string, unknown>>;

interface RangeVar {
  readonly schemaname?: string;
  readonly relname?: string;
}

/** An index as the catalog has it. */
interface IndexRow {
  readonly oid: string;
  readonly name: string;
  readonly relname: string;
  readonly valid: boolean;
  /** Whether somebody is building it now. */
  readonly building: boolean;
}

const nameOf = ({ schemaname, relname = '' }: RangeVar): string =>
  schemaname === undefined ? quoteName(relname) : `${quoteName(schemaname)}.${quoteName(relname)}`;

const regclass = (name: string): string => `pg_catalog.to_regclass(${quoteText(name)})`;

const INDEXES = (where: string): string => `
  SELECT i.indexrelid::int8::text AS oid, pg_catalog.format('%I.%I', n.nspname, c.relname) AS name, c.relname, i.indisvalid AS valid,
    EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid) AS building
  FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE ${where}`;

const indexesOf = (session: Session, tree: Tree): Promise<IndexRow[]> =>
  session.rows<IndexRow>(INDEXES(`i.indrelid = ${regclass(nameOf(tree['relation'] as RangeVar))}`));

const oidsOf = (rows: readonly { readonly oid: string }[]): string[] => rows.map(({ oid }) => oid);

async function removeIndexes({ session, removed }: Settling, rows: readonly IndexRow[]): Promise<void> {
  for (const { name } of rows) {
    removed(name);
    await session.run(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`);
  }
}

/** An index that was not there before is this statement's; an invalid one of its name is of no use to anybody. */
const createIndex: Settler = {
  before: async (session, tree) => oidsOf(await indexesOf(session, tree)),
  settle: async (work) => {
    const { idxname } = work.tree as { idxname?: string };
    const named = (await indexesOf(work.session, work.tree)).filter(({ relname, oid }) =>
      idxname === undefined ? !work.before.includes(oid) : relname === idxname,
    );
    if (named.some(({ valid, oid }) => valid && !work.before.includes(oid))) return 'done';
    await removeIndexes(
      work,
      named.filter(({ valid, building }) => !valid && !building),
    );
    return 'again';
  },
};

const droppedName = (tree: Tree): string => {
  const [first] = tree['objects'] as { List?: { items?: { String?: { sval?: string } }[] } }[];
  return (first?.List?.items ?? []).map(({ String: part }) => quoteName(part?.sval ?? '')).join('.');
};

const dropIndex: Settler = {
  before: (session, tree) => oidsNamed(session, droppedName(tree)),
  settle: async ({ session, tree, before }) => {
    const now = await oidsNamed(session, droppedName(tree));
    return before.length > 0 && !now.includes(before[0] ?? '') ? 'done' : 'again';
  },
};

async function oidsNamed(session: Session, name: string): Promise<string[]> {
  const rows = await session.rows<{ oid: string }>(
    `SELECT c.oid::int8::text AS oid FROM pg_catalog.pg_class c WHERE c.oid = ${regclass(name)}`,
  );
  return oidsOf(rows);
}

/** The names that REINDEX CONCURRENTLY gives to what it has not finished. */
const UNFINISHED = `NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$'`;

const reindex: Settler = {
  before: async (session) => oidsOf(await session.rows<IndexRow>(INDEXES(UNFINISHED))),
  settle: async (work) => {
    const rows = await work.session.rows<IndexRow>(INDEXES(UNFINISHED));
    await removeIndexes(
      work,
      rows.filter(({ oid, building }) => !work.before.includes(oid) && !building),
    );
    return 'again';
  },
};

interface Attached {
  readonly oid: string;
  readonly pending: boolean;
}

function attached(session: Session, tree: Tree): Promise<Attached[]> {
  const [command] = tree['cmds'] as { AlterTableCmd?: { def?: { PartitionCmd?: { name?: RangeVar } } } }[];
  const child = nameOf(command?.AlterTableCmd?.def?.PartitionCmd?.name ?? {});
  return session.rows<Attached>(
    `SELECT inhrelid::int8::text AS oid, inhdetachpending AS pending FROM pg_catalog.pg_inherits
     WHERE inhparent = ${regclass(nameOf(tree['relation'] as RangeVar))} AND inhrelid = ${regclass(child)}`,
  );
}

const detachPartition: Settler = {
  before: async (session, tree) => oidsOf(await attached(session, tree)),
  settle: async ({ session, tree, before }) => {
    const [now] = await attached(session, tree);
    if (now === undefined) return before.length > 0 ? 'done' : 'again';
    if (!now.pending) return 'again';
    const [command] = tree['cmds'] as { AlterTableCmd: { def: { PartitionCmd: { name: RangeVar } } } }[];
    const [parent, child] = [tree['relation'] as RangeVar, command?.AlterTableCmd.def.PartitionCmd.name];
    await session.run(`ALTER TABLE ${nameOf(parent)} DETACH PARTITION ${nameOf(child ?? {})} FINALIZE`);
    return 'done';
  },
};

const none = async (): Promise<string[]> => [];

/** Running it twice is running it once. */
const repeatable: Settler = { before: none, settle: async () => 'again' };

/** Something that is made or dropped whole: whether it is there tells. */
function whole(wanted: boolean, query: (tree: Tree) => string): Settler {
  const isThere = async (session: Session, tree: Tree): Promise<string[]> =>
    (await session.rows<{ name: string }>(query(tree))).map(({ name }) => name);
  return {
    before: isThere,
    settle: async ({ session, tree, before }) => {
      const now = await isThere(session, tree);
      return now.length > 0 === wanted && before.length > 0 !== wanted ? 'done' : 'again';
    },
  };
}

const inCatalog = (catalog: string, column: string, key: string) => (tree: Tree) =>
  `SELECT ${column} AS name FROM pg_catalog.${catalog} WHERE ${column} = ${quoteText(String(tree[key]))}`;

const SETTLERS: Readonly<Record<string, Settler>> = {
  IndexStmt: createIndex,
  DropStmt: dropIndex,
  ReindexStmt: reindex,
  AlterTableStmt: detachPartition,
  VacuumStmt: repeatable,
  ClusterStmt: repeatable,
  AlterSystemStmt: repeatable,
  AlterDatabaseStmt: repeatable,
  AlterSubscriptionStmt: repeatable,
  CreatedbStmt: whole(true, inCatalog('pg_database', 'datname', 'dbname')),
  DropdbStmt: whole(false, inCatalog('pg_database', 'datname', 'dbname')),
  CreateTableSpaceStmt: whole(true, inCatalog('pg_tablespace', 'spcname', 'tablespacename')),
  DropTableSpaceStmt: whole(false, inCatalog('pg_tablespace', 'spcname', 'tablespacename')),
  CreateSubscriptionStmt: whole(true, inCatalog('pg_subscription', 'subname', 'subname')),
  DropSubscriptionStmt: whole(false, inCatalog('pg_subscription', 'subname', 'subname')),
};

/** Notes what is there before a statement runs. */
export async function lookBefore(
  session: Session,
  { node, tree }: ScriptStatement,
): Promise<readonly string[]> {
  return (await SETTLERS[node]?.before(session, tree as Tree)) ?? [];
}

/** Finds out what became of an announced statement and removes what it has left half done. */
export async function settle(
  session: Session,
  { node, tree }: ScriptStatement,
  before: readonly string[],
  removed: (index: string) => void,
): Promise<Outcome> {
  const settler = SETTLERS[node];
  return settler === undefined ? 'unknown' : settler.settle({ session, tree: tree as Tree, before, removed });
}

/** Drops an invalid index that stands in the place of one that is to be made. */
export async function clearTheWay(
  session: Session,
  statement: ScriptStatement,
  removed: (index: string) => void,
): Promise<void> {
  if (statement.node !== 'IndexStmt') return;
  const { idxname } = statement.tree as { idxname?: string };
  if (idxname === undefined) return;
  const rows = await indexesOf(session, statement.tree as Tree);
  const broken = rows.filter(({ relname, valid, building }) => relname === idxname && !valid && !building);
  await removeIndexes({ session, tree: statement.tree as Tree, before: [], removed }, broken);
}
