import { quoteName } from '../quote.ts';
import type { Statement } from './statements.ts';

/** A statement with what its file has set for the session before it, on which its meaning depends. */
export interface PlacedStatement {
  readonly statement: Statement;
  /** In their order; one and the same list for statements between which nothing is set. */
  readonly settings: readonly Statement[];
}

/** What loading itself sets: functions may name what is not there yet, and notices tell nobody anything. */
export const LOADING = 'SET check_function_bodies = off; SET client_min_messages = error';

/**
 * Statements with their settings. What one file sets ends with it, as it does where every file is run by its own psql or
 * its own migration; what SET LOCAL sets and tables that are there ON COMMIT DROP end with their transaction, though the
 * transaction itself is not begun: what takes them back is put between.
 */
export function placeStatements(statements: readonly Statement[]): PlacedStatement[] {
  const placed: PlacedStatement[] = [];
  let file = new FileSettings();
  let name: string | undefined;
  let last: Statement | undefined;
  const put = (all: readonly Statement[]): void => {
    for (const statement of all) placed.push({ statement, settings: file.settings });
  };
  for (const statement of statements) {
    if (statement.location.file !== name) {
      if (last !== undefined) put([...takeBack(file.names, last), ...file.dropTemporary(last)]);
      file = new FileSettings();
      name = statement.location.file;
    }
    last = statement;
    const own = file.read(statement);
    put([own]);
    if (isEnd(statement)) put(file.endTransaction(statement));
  }
  return placed;
}

/** Everything that the statements set. */
export const settingsIn = (placed: readonly PlacedStatement[]): ReadonlySet<string> =>
  new Set(placed.flatMap(({ statement }) => nameOfSetting(statement) ?? []));

/** What brings a session, in which any of these may be set, to the settings of a statement that is run out of its order. */
export const settingsAgain = (
  names: ReadonlySet<string>,
  { statement, settings }: PlacedStatement,
): readonly Statement[] => [...takeBack(names, statement), ...settings];

/** What a file has set so far. */
class FileSettings {
  readonly names = new Set<string>();
  settings: readonly Statement[] = [];
  #locals = new Set<Statement>();
  #temporary = new Set<string>();

  /** Takes note of what a statement sets, and hands it over as it has to be run. */
  read(statement: Statement): Statement {
    const table = droppedOnCommit(statement);
    if (table !== undefined) {
      this.#temporary.add(table);
      return { ...statement, text: statement.text.replace(/\bON\s+COMMIT\s+DROP\b/gi, '') };
    }
    const name = nameOfSetting(statement);
    if (name === undefined) return statement;
    this.names.add(name);
    const own = isLocal(statement)
      ? { ...statement, text: statement.text.replace(/^SET\s+LOCAL\b/i, 'SET') }
      : statement;
    if (own !== statement) this.#locals.add(own);
    this.settings = [...this.settings, own];
    return own;
  }

  /** What gives back the values from before a transaction to what was set within it alone. */
  endTransaction(end: Statement): readonly Statement[] {
    const gone = this.dropTemporary(end);
    const names = new Set([...this.#locals].flatMap((one) => nameOfSetting(one) ?? []));
    if (names.size === 0) return gone;
    const lasting = this.settings.filter((one) => !this.#locals.has(one));
    this.#locals = new Set();
    this.settings = lasting;
    const again = lasting.filter((one) => names.has(nameOfSetting(one) ?? ''));
    return [...gone, ...takeBack(names, end), ...again];
  }

  dropTemporary(end: Statement): readonly Statement[] {
    const names = [...this.#temporary];
    this.#temporary = new Set();
    return names.map((name) => ({
      ...between(end),
      text: `DROP TABLE IF EXISTS pg_temp.${quoteName(name)}`,
      node: 'DropStmt',
    }));
  }
}

const takeBack = (names: ReadonlySet<string>, last: Statement): readonly Statement[] =>
  names.size === 0
    ? []
    : [...[...names].map((name) => `RESET ${name}`), ...LOADING.split('; ')].map((text) => ({
        ...between(last),
        text,
      }));

/** What stands in no file, behind a statement that does. */
const between = ({ location }: Statement): Statement => ({
  text: '',
  node: 'VariableSetStmt',
  tree: {},
  location,
});

const isLocal = ({ node, tree }: Statement): boolean =>
  node === 'VariableSetStmt' && (tree as { is_local?: boolean }).is_local === true;

/** The temporary table that a statement makes for the length of its transaction. */
function droppedOnCommit({ node, tree }: Statement): string | undefined {
  const made = tree as {
    oncommit?: string;
    relation?: Relation;
    into?: { onCommit?: string; rel?: Relation };
  };
  if (node === 'CreateStmt' && made.oncommit === 'ONCOMMIT_DROP') return made.relation?.relname;
  if (node === 'CreateTableAsStmt' && made.into?.onCommit === 'ONCOMMIT_DROP') return made.into.rel?.relname;
  return undefined;
}

interface Relation {
  readonly relname?: string;
}

/** COMMIT and ROLLBACK by any of their names, but not of a savepoint. */
const isEnd = ({ node, tree }: Statement): boolean =>
  node === 'TransactionStmt' &&
  ['TRANS_STMT_COMMIT', 'TRANS_STMT_ROLLBACK'].includes((tree as { kind?: string }).kind ?? '');

/** The setting that SET, RESET or SELECT set_config(...) names, as SQL. */
function nameOfSetting({ node, tree }: Statement): string | undefined {
  if (node === 'VariableSetStmt') {
    const { kind, name } = tree as { kind?: string; name?: string };
    return name === undefined || kind === 'VAR_SET_MULTI' ? undefined : asSql(name);
  }
  if (node !== 'SelectStmt') return undefined;
  const { targetList = [] } = tree as { targetList?: readonly Target[] };
  const call = targetList[0]?.ResTarget?.val?.FuncCall;
  const name = call?.args?.[0]?.A_Const?.sval?.sval;
  return call?.funcname?.at(-1)?.String?.sval === 'set_config' && name !== undefined
    ? asSql(name)
    : undefined;
}

/** The piece of the tree of `SELECT pg_catalog.set_config('search_path', '', false)` that says what is set. */
interface Target {
  readonly ResTarget?: {
    readonly val?: {
      readonly FuncCall?: {
        readonly funcname?: readonly { readonly String?: { readonly sval?: string } }[];
        readonly args?: readonly { readonly A_Const?: { readonly sval?: { readonly sval?: string } } }[];
      };
    };
  };
}

/** `app.tenant` has two parts. */
const asSql = (name: string): string => name.toLowerCase().split('.').map(quoteName).join('.');
