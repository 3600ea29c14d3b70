import type { Statement } from '../sources/statements.ts';
import { type DeltaContext, type Finding, fullName, textIn } from './finding.ts';
import { LEAVE_ON } from './safe-ways.ts';
import { commandsOf, hasOption, nodeAt, nodesIn, relationName, someNode, type Tree, wordIn } from './tree.ts';

type StatementRule = (tree: Tree, context: DeltaContext) => readonly Finding[];

/** What neither the catalog nor the locks show: rows that go, numbers that come back, names that are cut. */
export function statementFindings(
  { node, tree, text }: Statement,
  context: DeltaContext,
): readonly Finding[] {
  const root = nodeAt({ tree }, 'tree');
  return [...(RULES[node]?.(root, context) ?? []), ...cascade(root, context), ...longNames(text)];
}

const RULES: Readonly<Record<string, StatementRule>> = {
  TruncateStmt: (tree, context) =>
    tablesIn(tree, context).map((name) => ({
      hazard: 'data-loss',
      about: `all rows of ${name}`,
      tables: [name],
    })),
  IndexStmt: (tree) =>
    tree['concurrent'] === true && tree['if_not_exists'] === true
      ? [{ hazard: 'invalid-index', about: wordIn(tree, 'idxname'), tables: [] }]
      : [],
  AlterSeqStmt: (tree) => {
    const name = relationName(nodeAt(tree, 'sequence'));
    const options = nodesIn(tree, 'options');
    return hasOption(options, 'restart') || hasOption(options, 'cycle') ? restart(name) : [];
  },
  AlterTableStmt: (tree) =>
    commandsOf(tree).flatMap((command) =>
      wordIn(command, 'subtype') === 'AT_SetIdentity' &&
      hasOption(nodesIn(nodeAt(command, 'def', 'List'), 'items'), 'restart')
        ? restart(`${relationName(nodeAt(tree, 'relation'))}.${wordIn(command, 'name')}`)
        : [],
    ),
  SelectStmt: (tree) => [
    ...(callsSetval(tree) ? restart('setval') : []),
    ...(says(tree, 'set_config') && says(tree, ROLE) && says(tree, 'replica') ? REPLICA : []),
  ],
  VariableSetStmt: (tree) => (wordIn(tree, 'name') === ROLE && says(tree['args'], 'replica') ? REPLICA : []),
};

/** Decides whether triggers fire, and with them foreign keys. */
const ROLE = 'session_replication_role';

const REPLICA: readonly Finding[] = [
  {
    hazard: 'weaker-rules',
    about: 'foreign keys and triggers of every table, for this session',
    tables: [],
    safeWay: LEAVE_ON,
  },
];

const says = (tree: unknown, wanted: string): boolean =>
  someNode(tree, (name, value) => name === 'sval' && String(value).toLowerCase() === wanted);

const restart = (about: string): Finding[] => [{ hazard: 'sequence-restart', about, tables: [] }];

const callsSetval = (tree: Tree): boolean =>
  someNode(tree, (name, value) => name === 'sval' && value === 'setval');

const tableOf = (range: Tree, { oldTable }: DeltaContext): readonly string[] =>
  [oldTable(wordIn(range, 'schemaname'), wordIn(range, 'relname')) ?? []].flat();

/** The tables that a TRUNCATE names. */
export const tablesIn = (tree: Tree, context: DeltaContext): readonly string[] =>
  nodesIn(tree, 'relations').flatMap((relation) => tableOf(nodeAt(relation, 'RangeVar'), context));

/** Whether the statement says CASCADE of what it drops. */
const saysCascade = (tree: Tree): boolean =>
  wordIn(tree, 'behavior') === 'DROP_CASCADE' ||
  commandsOf(tree).some((command) => wordIn(command, 'behavior') === 'DROP_CASCADE');

/** Names that the statement itself gives to what it drops. */
function droppedNames(tree: Tree): ReadonlySet<string> {
  const names = new Set<string>();
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(collect);
    else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) {
        if (['sval', 'name', 'relname'].includes(name) && typeof inner === 'string') names.add(inner);
        else collect(inner);
      }
    }
  };
  collect(tree['objects'] ?? tree['relations'] ?? tree['cmds']);
  return names;
}

/** `"my t"` and `public."my t"` without schema and quotes, as a parse tree has it. */
const bare = (name: string): string =>
  (/("(?:[^"]|"")*"|[^.(]+)(?:\(.*)?$/.exec(name)?.[1] ?? name).replace(/^"|"$/g, '').replaceAll('""', '"');

function cascade(tree: Tree, { delta, isOld }: DeltaContext): readonly Finding[] {
  if (!saysCascade(tree)) return [];
  const names = droppedNames(tree);
  const isNamed = (name: string): boolean => names.has(bare(name));
  const taken = delta.removed.filter(
    (fact) =>
      isOld(fact) &&
      !isNamed(fact.name) &&
      !(fact.of !== null && isNamed(fact.of)) &&
      !(fact.kind === 'relation' && textIn(fact, 'kind') === 'S') &&
      !delta.removed.some((whole) => whole.name === fact.of && whole !== fact) &&
      !(fact.kind === 'index'),
  );
  if (taken.length === 0) return [];
  const list = taken.map(fullName).sort();
  const more = list.length > SHOWN ? ` and ${list.length - SHOWN} more` : '';
  return [{ hazard: 'cascade', about: `${list.slice(0, SHOWN).join(', ')}${more}`, tables: [] }];
}

const SHOWN = 8;

/** NAMEDATALEN - 1: https://www.postgresql.org/docs/current/limits.html */
const LONGEST_NAME = 63;

/** Names as they were written: the parser has already cut those in the tree. */
function longNames(text: string): readonly Finding[] {
  const code = text.replaceAll(NOT_CODE, ' ');
  const names = [...code.matchAll(/"((?:[^"]|"")+)"|[\p{L}_][\p{L}\p{N}_$]*/gu)].map(
    ([all, quoted]) => quoted ?? all,
  );
  const long = new Set(names.filter((name) => Buffer.byteLength(name) > LONGEST_NAME));
  return [...long].map((about) => ({ hazard: 'long-name', about, tables: [] }));
}

/** Comments, strings and dollar quotes. */
const NOT_CODE = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|(\$\w*\$)[\s\S]*?\1/g;
